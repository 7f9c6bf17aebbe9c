import { epochsLack } from '../runs/lacking';
import { layerInWords } from '../runs/layerWords';
import { isOverlay, seriesOf } from '../runs/overlay';
import type { RunRecord } from '../runs/record';
import { shownLayers } from './feed';
import type { SaturationMeasure } from './layers';
import type { PlotKind } from './plot';

/** What stands with a plot: what its marks are. */
export interface PlotWords {
  /** In a line under its title, where names and colours are told beside it. */
  readonly caption: string;
  /** All of it, for a picture that stands alone. */
  readonly note: string;
}

const measureWords: Record<SaturationMeasure, string> = {
  saturated: 'Units that are flat (φ′ below 1 % of its maximum) on the whole batch',
  derivative: 'Mean of φ′ over units and batch, as a share of its maximum',
};

/** What lines, bands and markers of a run's plot mean. Layers are called as at their lines. */
export function plotWords(kind: PlotKind, run: RunRecord, measure: SaturationMeasure = 'saturated'): PlotWords {
  const several = run.config.seeds > 1;
  const band = ` Band: ${several ? 'from the least seed to the greatest' : 'range of the steps behind each point'}.`;
  const series = seriesOf(run);
  const names = [...new Set(series.flatMap(({ layers }) => layers.slice(0, 1)))];
  const first = names.length === 1 ? names[0]! : 'first hidden';
  const deep = series.some(({ layers }) => layers.length > 2);
  // Many lines have no bands: see the plots.
  const banded = (most: number, besides: number) =>
    series.some(({ layers }) => shownLayers(layers.length - besides).length <= most) ? band : '';
  const later = deep ? '; the later, the fainter' : '';
  const zero = 'An exact zero lies on the line “0” under the axis.';
  switch (kind) {
    case 'gradient':
      return {
        caption: `Does the gradient arrive? Bold: ${first}; double: output. ${zero}`,
        note: `‖∂C/∂W‖ of each layer's kernel. Bold: ${first}${later}; double line: output.${banded(3, 0)} ${zero}`,
      };
    case 'accuracy':
    case 'loss': {
      const tested = !epochsLack(run.networks, kind === 'loss' ? 'testLoss' : 'testAccuracy');
      const overlaid = isOverlay(run);
      const classes = [...new Set(series.map((each) => each.run.dataset.classes))];
      const guessing = kind === 'loss' ? `guessing, ${classes.map((n) => `ln ${n}`).join(', ')} nats` : 'guessing';
      return {
        caption: [
          'line: training',
          ...(tested ? ['marker: test'] : []),
          ...(overlaid ? ['dashes: which run'] : []),
          ...(several ? ['band: seeds'] : []),
          `grey: ${guessing}`,
        ].join(' · '),
        note: [
          `Line: training${overlaid ? '; its dashes say which run' : ''}.`,
          ...(tested ? ['Marker: test set at the end of an epoch.'] : []),
          band.trim(),
          `Grey line: ${guessing}.`,
        ].join(' '),
      };
    }
    case 'saturation':
      return {
        caption: measureWords[measure],
        note: `${measureWords[measure]}.${deep ? ` Bold: ${first}${later}.` : ''}${banded(2, 1)}`,
      };
    case 'preactivation':
      return {
        caption: 'Hill: φ′. Bar: z of each layer now, mean ± deviation; hollow: first batch',
        note: `Hill: φ′ as a share of its maximum. Bar: the pre-activations z of each layer, mean ± standard deviation; hollow: at the first batch. Dotted: φ′ at the mean of ${names.length === 1 ? layerInWords(first) : 'the first hidden layer'}.`,
      };
  }
}
