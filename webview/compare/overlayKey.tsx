import type { VNode } from 'preact';
import { labelOf } from '../../src/core/activations/catalogue';
import type { RunPhase } from '../../src/core/advice/runStatus';
import { formatInteger } from '../../src/core/format/numbers';
import { differences, epochsText } from '../../src/core/report/overlayNames';
import { type NamedRun, overlaidRuns } from '../../src/core/runs/overlay';
import { currentEpoch } from '../../src/core/runs/progress';
import type { RunRecord } from '../../src/core/runs/record';
import { runStateOf } from '../../src/core/runs/runState';
import { DashSwatch } from '../kit/swatch';
import { unbroken } from '../kit/unbroken';
import './overlayKey.css';

/** How far a run came, and all in which it differs from the others that its name does not say. */
function factsOf({ run, name }: NamedRun, differing: readonly string[]): string {
  const { config, dataset } = run;
  // Before its data are there a run has no number, and no name in a list.
  const state = run.id === '' ? 'loading' : runStateOf(run);
  const named = name.split(', ');
  const data = dataset.train === 0 ? dataset.name : `${dataset.name} ${formatInteger(dataset.train)}`;
  return [
    `epoch ${currentEpoch(run)}/${config.epochs}`,
    ...(state === 'finished' ? [] : [state]),
    config.activations.map(labelOf).join(', '),
    ...differing.filter((each) => each !== dataset.name && each !== epochsText(run) && !named.includes(each)),
    data,
  ].join(' · ');
}

/** Which run has which dash, and how far each came: in an overlay this stands where one run has its progress. */
export function OverlayKey({
  run,
  phase,
}: {
  run: RunRecord;
  /** undefined where a run has its progress besides. */
  phase: RunPhase | undefined;
}): VNode {
  const runs = overlaidRuns(run);
  const differing = differences(runs.map((each) => each.run));
  return (
    <ul class="overlay-key" aria-label="Runs" data-testid={phase && 'phase'} data-phase={phase}>
      {runs.map((each, group) => (
        <li key={each.name}>
          <DashSwatch group={group} />
          <span>
            <strong>{each.name}</strong>{' '}
            <span class="quiet overlay-facts">{unbroken(factsOf(each, differing[group] ?? []))}</span>
          </span>
        </li>
      ))}
    </ul>
  );
}
