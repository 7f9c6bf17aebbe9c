import { isPaperTraining } from '../experiment/config';
import { paperActivations, paperData } from '../experiment/paper';
import { formatInteger } from '../format/numbers';
import { seriesOf } from '../runs/overlay';
import { stepsPerEpoch } from '../runs/progress';
import type { RunRecord } from '../runs/record';
import { paperInFull } from '../words/paper';

const isPrinted = (activation: string): boolean => paperActivations.some((each) => each === activation);

/** The runs, of an overlay each, that the paper's figures stand beside though their data are others than the paper's. */
const onOtherData = (run: RunRecord): RunRecord[] => {
  const compared = seriesOf(run).filter((each) => isPaperTraining(each.run.config) && isPrinted(each.activation));
  return compared.map((each) => each.run).filter(({ config }) => config.data.kind !== 'mnist');
};

/** What the paper's columns are called beside a run: with the name of its data where the run has others. */
export const paperTitle = (run: RunRecord): string =>
  onOtherData(run).length === 0 ? 'paper' : `paper (${paperData.name})`;

/** Which paper that is; and where the run has other data, what the paper's figures are of and what the run's. */
export function paperNote(run: RunRecord): readonly string[] {
  const others = onOtherData(run);
  const [first] = others;
  if (first === undefined) return [paperInFull];
  const size = (train: number): string => {
    const steps = stepsPerEpoch({ ...first, dataset: { ...first.dataset, train } });
    return `${formatInteger(train)} images, ${formatInteger(steps)} steps an epoch.`;
  };
  const own = others.map(({ dataset: { name, train } }) => `Here: ${name}, ${size(train)}`);
  return [paperInFull, `The paper’s figures are of ${paperData.name}: ${size(paperData.train)}`, ...new Set(own)];
}
