import { formatTable } from '../format/numbers';
import type { FloatColumns } from '../runs/floatColumns';
import { layersInWords } from '../runs/layerWords';
import { seriesName } from '../runs/overlay';
import type { NetworkRecord } from '../runs/record';
import type { PlotFeed, Point } from './feed';
import type { GradientHeat } from './heat';

/** A heat strip for those who do not see it. */

/** Where a layer's gradient stands: how long it has been exactly 0 or not finite, or its last size. */
function standing(feed: PlotFeed, network: NetworkRecord, norms: FloatColumns, layer: number): string {
  const norm = (step: number) => norms.at(step, layer);
  const last = norms.rows - 1;
  const kept = (test: (value: number) => boolean, whole: (point: Point) => boolean): number => {
    // Whole buckets first: a long run is not read again step by step.
    const points = feed.points('gradient', seriesName(network), layer);
    let first = last + 1;
    for (let i = points.length - 1; i >= 0 && whole(points[i]!); i--) {
      first = points[i]!.firstStep;
    }
    while (first > 0 && test(norm(first - 1))) first--;
    return first + 1;
  };
  const value = norm(last);
  if (value === 0) {
    return `exactly 0 since step ${kept(
      (x) => x === 0,
      ({ zero }) => zero === 'all',
    )}`;
  }
  if (!Number.isFinite(value)) {
    return `${formatTable(value)} since step ${kept(
      (x) => !Number.isFinite(x),
      ({ y, zero }) => Number.isNaN(y) && zero === 'none',
    )}`;
  }
  return `${formatTable(value, 2)} at the last step`;
}

/** At most so many groups of layers are told of: the first and the last, and evenly between. */
const TOLD = 6;

/** Where a run lacks what a strip is made of. */
export const noGradientNorms = 'No gradient norms were recorded.';

/** The strip in words: "gradient of hidden: exactly 0 since step 1; output: 1.1 at the last step". */
export function describeHeat({ feed, network }: GradientHeat): string {
  const title = `Gradient norm of each layer over epochs, ${seriesName(network)}, logarithmic`;
  const { count, gradientNorms } = network.steps;
  if (count === 0) return `${title}. Nothing recorded yet.`;
  if (gradientNorms === undefined) return `${title}. ${noGradientNorms}`;
  const groups: { first: string; last: string; text: string }[] = [];
  for (const [layer, name] of network.layers.entries()) {
    const text = standing(feed, network, gradientNorms, layer);
    const group = groups.at(-1);
    if (group?.text === text) group.last = name;
    else groups.push({ first: name, last: name, text });
  }
  const some = groups.filter((_, i) => {
    if (groups.length <= TOLD || i === groups.length - 1) return true;
    return i % Math.ceil((groups.length - 1) / (TOLD - 1)) === 0;
  });
  const told = some.map(({ first, last, text }) => `${layersInWords(first, last)}: ${text}`);
  return `${title}. Gradient of ${told.join('; ')}.`;
}
