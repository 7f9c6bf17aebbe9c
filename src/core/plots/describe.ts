import { formatPercent, formatTable } from '../format/numbers';
import { layerInWords } from '../runs/layerWords';
import { networkName } from '../runs/overlay';
import type { NetworkRecord, RunRecord } from '../runs/record';
import { type Verdict, verdictWord } from '../verdicts/verdict';
import { lacksPlot } from './leftOut';
import type { PlotKind } from './plot';

const titles: Record<PlotKind, string> = {
  loss: 'Loss over epochs',
  accuracy: 'Accuracy over epochs',
  gradient: 'Gradient norm of each layer over epochs, logarithmic',
  saturation: 'Share of saturated units of each hidden layer over epochs',
  preactivation: 'Where the pre-activations sit on the derivative of the activation',
};

function endValue(kind: PlotKind, network: NetworkRecord): string | undefined {
  const { steps, probes, layers } = network;
  const last = steps.count - 1;
  const probe = probes.count - 1;
  if (last < 0) return undefined;
  const norm = (layer: number) => {
    const value = steps.gradientNorms?.at(last, layer) ?? Number.NaN;
    return value === 0 ? 'exactly 0' : formatTable(value, 2);
  };
  if (lacksPlot(kind, network)) return 'not recorded';
  switch (kind) {
    case 'loss':
      return `loss ${formatTable(network.epochs.at(-1)?.loss ?? steps.loss.at(last))}`;
    case 'accuracy':
      return `${formatPercent(network.epochs.at(-1)?.accuracy ?? steps.accuracy?.at(last) ?? Number.NaN)} right`;
    case 'gradient':
      return `${layerInWords(layers[0]!)} ${norm(0)}, ${layerInWords(layers.at(-1)!)} ${norm(layers.length - 1)}`;
    case 'saturation': {
      const { saturatedShare, meanDerivative } = probes;
      const [first, last] =
        saturatedShare === undefined
          ? [0, layers.length - 2].map((layer) => `mean φ′ ${formatTable(meanDerivative!.at(probe, layer), 2)}`)
          : [0, layers.length - 2].map((layer) => formatPercent(saturatedShare.at(probe, layer)));
      const what = saturatedShare === undefined ? '' : ' saturated';
      return layers.length === 2
        ? `${first}${what}`
        : `${layerInWords(layers[0]!)} ${first}, ${layerInWords(layers.at(-2)!)} ${last}${what}`;
    }
    case 'preactivation':
      return `${layerInWords(layers[0]!)} around ${formatTable(probes.preActivationMean?.at(probe, 0) ?? Number.NaN, 2)} ± ${formatTable(probes.preActivationStddev?.at(probe, 0) ?? Number.NaN, 2)} (standard deviation over units and batch)`;
  }
}

/** A plot in words, for those who do not see it: for each network its verdict and where the line stands. */
export function describePlot(kind: PlotKind, run: RunRecord, verdicts: ReadonlyMap<string, Verdict>): string {
  const networks = run.networks.flatMap((network) => {
    const value = endValue(kind, network);
    if (value === undefined) return [];
    const verdict = verdicts.get(network.id);
    return [`${networkName(run, network)}${verdict === undefined ? '' : ` (${verdictWord(verdict.kind)})`}: ${value}`];
  });
  return `${titles[kind]}. ${networks.length === 0 ? 'Nothing recorded yet' : networks.join('; ')}.`;
}
