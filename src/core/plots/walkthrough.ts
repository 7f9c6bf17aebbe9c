import type { Activation } from '../activations/catalogue';
import { formatTable } from '../format/numbers';
import { type ChainGradient, chainGradient } from '../theory/chain';
import {
  laneRule,
  lineStyles,
  ownColour,
  ownShape,
  sizeAxis,
  sizeAxisParams,
  steppedAxis,
  wholeTicks,
} from './flowParts';
import type { PlotData, PlotLayout, PlotRow, PlotSpec, PlotTheme } from './plot';
import { brokenLayer, frame, hoverLayer, only } from './spec';

/** The paper's chain of neurons: what is left of ∂C/∂a on its way back, against the best case: φ′ at its largest everywhere. */

export interface WalkLine {
  readonly phi: Activation;
  readonly chain: ChainGradient;
}

/** The same neuron `count` times in a row. */
export const walkLine = (
  phi: Activation,
  neuron: { readonly weight: number; readonly bias: number },
  count: number,
  sample: { readonly input: number; readonly target: number },
): WalkLine => ({
  phi,
  chain: chainGradient(
    phi,
    Array.from({ length: count }, () => neuron),
    sample,
  ),
});

const isDrawn = (x: number): boolean => x > 0 && Number.isFinite(x);

/** ∏ |w|·max|φ′| from each neuron to the last: the same steps as the line's, every slope at its largest. */
export function chainBest({ phi, chain }: WalkLine): number[] {
  const largest = phi.derivativeMax.value;
  let product = 1;
  return chain.steps
    .map(({ weight }) => weight)
    .reverse()
    .map((weight) => {
      product = weight === 0 || largest === 0 ? 0 : product * Math.abs(weight) * largest;
      return product;
    })
    .reverse();
}

export function walkData(line: WalkLine, layout: PlotLayout, background: PlotTheme['background']): PlotData {
  const { phi, chain } = line;
  const best = chainBest(line);
  const sizes = chain.steps.map(({ runningProduct }) => Math.abs(runningProduct));
  const axis = steppedAxis([...best, ...sizes]);
  const style = lineStyles([phi.name], background)[0]!;
  const count = sizes.length;
  const everyMark = Math.ceil(count / 25);
  let broken = false;
  const rows = sizes.flatMap((size, i): PlotRow[] => {
    const x = i + 1;
    const { preActivation, slope, factor } = chain.steps[i]!;
    const own: PlotRow[] = [
      { i: `best ${i}`, k: 'best', x, y: isDrawn(best[i]!) ? best[i] : null },
      { i: `line ${i}`, k: 'line', ...style, x, y: isDrawn(size) ? size : null },
      {
        i: `hover ${i}`,
        k: 'hover',
        x1: x - 0.5,
        x2: x + 0.5,
        tip: {
          neuron: `${x} of ${count}`,
          z: formatTable(preActivation),
          'φ′(z)': formatTable(slope),
          'w·φ′(z)': formatTable(factor),
          'product to the end': size === 0 ? 'exactly 0' : formatTable(size),
          'best case': formatTable(best[i]!),
        },
      },
    ];
    if (i % everyMark === 0 && (size === 0 || isDrawn(size))) {
      own.push({ i: `mark ${i}`, k: 'mark', ...style, x, y: size === 0 ? axis.zeroAt : size });
    }
    if (!broken && !Number.isFinite(size)) {
      broken = true;
      own.push({ i: 'broken', k: 'broken', x, t: formatTable(size) });
    }
    return own;
  });
  return {
    rows,
    params: {
      ...sizeAxisParams(axis, 5),
      xMax: count + 0.5,
      xTicks: wholeTicks(count, Math.max(3, Math.min(20, Math.floor(layout.width / 34)))),
    },
    points: count,
  };
}

export function walkSpec(line: WalkLine, theme: PlotTheme, layout: PlotLayout, alone = false): PlotSpec {
  const x = {
    field: 'x',
    type: 'quantitative',
    scale: { domain: { expr: '[0.5, xMax]' }, nice: false, zero: false },
    axis: {
      title: 'neuron, from the input',
      titlePadding: 2,
      values: { expr: 'xTicks' },
      format: 'd',
      labelOverlap: 'greedy',
      // Of many layers the last stands at the very edge: its label stays inside, as the picture keeps its size.
      labelFlush: 10,
    },
  };
  const y = sizeAxis;
  return frame(
    {
      ...(alone ? { title: `What ${line.phi.label} leaves of a gradient along a chain of neurons`, padding: 12 } : {}),
      width: layout.width,
      height: layout.height,
      layer: [
        laneRule(theme),
        {
          transform: [only('best')],
          mark: { type: 'line', color: theme.muted, strokeWidth: 1, clip: true },
          encoding: { x, y: { ...y, field: 'y' } },
        },
        {
          transform: [only('line')],
          mark: { type: 'line', strokeWidth: 1.75, clip: true },
          encoding: { x, y: { ...y, field: 'y' }, color: ownColour },
        },
        {
          transform: [only('mark')],
          mark: { type: 'point', filled: true, size: 42, opacity: 1 },
          encoding: { x, y: { ...y, field: 'y' }, color: ownColour, shape: ownShape },
        },
        brokenLayer(x, theme),
        hoverLayer(x, theme),
      ],
    },
    walkData(line, layout, theme.background).params,
  );
}

/** The plot in words. */
export function describeWalk(line: WalkLine): string {
  const { phi, chain } = line;
  const left = Math.abs(chain.steps[0]!.runningProduct);
  const size = left === 0 ? 'exactly 0' : formatTable(left);
  return `Product of w·φ′(z) along ${chain.steps.length} neurons of ${phi.label}, logarithmic: ${size} reaches the input, at best ${formatTable(chainBest(line)[0]!)}.`;
}
