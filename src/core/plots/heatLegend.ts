import type { LogAxis } from './axes';
import { type HeatLayout, ROOM } from './heatLayout';
import type { PlotRow, PlotSpec, PlotTheme } from './plot';

/** A heat strip's legend: the swatch of zero, then the ramp. */

export const SWATCH = { width: 12, gap: 14, height: 7 } as const;
const RAMP = 180;
/** Pixels between two of its labels. */
const TICK = 28;

/** Where the legend's parts stand: under the strip, in a narrow place under the names too. */
export function legendPlace({ right }: HeatLayout): { readonly swatch: number; readonly ramp: number } {
  const swatch = right < ROOM.right ? 10 - ROOM.left : 0;
  return { swatch, ramp: swatch + SWATCH.width + SWATCH.gap };
}

/** The ramp's pixels: the strip's width may change under a spec. */
export const rampWidth = (ramp: number): string => `min(${RAMP}, width - ${ramp})`;
export const rampPixels = (layout: HeatLayout): number => Math.min(RAMP, layout.width - legendPlace(layout).ramp);

export const legendMark = (mark: PlotSpec): PlotSpec => ({
  mark: { aria: false, tooltip: null, ...mark },
  encoding: {},
});

/** The swatch of zero, and the ramp beside it. */
export const legendMarks = (
  ramp: readonly string[],
  zero: string,
  theme: PlotTheme,
  legendTop: number,
  place: ReturnType<typeof legendPlace>,
): PlotSpec[] => [
  legendMark({
    type: 'rect',
    x: place.swatch,
    x2: place.swatch + SWATCH.width,
    y: legendTop,
    y2: legendTop + SWATCH.height,
    color: zero,
  }),
  legendMark({
    type: 'rule',
    x: place.swatch,
    x2: place.swatch + SWATCH.width,
    y: legendTop + SWATCH.height / 2,
    color: theme.canvas,
    strokeWidth: 1,
  }),
  legendMark({
    type: 'text',
    text: '0',
    baseline: 'middle',
    x: place.swatch + SWATCH.width / 2,
    y: legendTop + SWATCH.height + 9,
    color: theme.muted,
  }),
  legendMark({
    type: 'rect',
    x: place.ramp,
    x2: { expr: `${place.ramp} + ${rampWidth(place.ramp)}` },
    y: legendTop,
    y2: legendTop + SWATCH.height,
    color: {
      gradient: 'linear',
      x1: 0,
      y1: 0,
      x2: 1,
      y2: 0,
      stops: ramp.map((color, i) => ({ offset: i / 3, color })),
    },
  }),
];

/** Sizes beneath the ramp, as many as do not lie over each other: the greatest, and from the least up. */
export function legendRows(axis: LogAxis, share: (value: number) => number, pixels: number): PlotRow[] {
  const { values, labels } = axis.ticks(4);
  const all = values.map((value, i): PlotRow & { readonly t: number } => {
    return { i: `tick ${value}`, k: 'tick', t: share(value), text: labels[i] };
  });
  const last = all.at(-1);
  const kept: typeof all = [];
  for (const tick of all.slice(0, -1)) {
    const isFree = (other: { readonly t: number } | undefined) =>
      other === undefined || Math.abs(other.t - tick.t) * pixels >= TICK;
    if (isFree(kept.at(-1)) && isFree(last)) kept.push(tick);
  }
  return last === undefined ? kept : [...kept, last];
}
