import type { Activation } from '../activations/catalogue';
import { numeral } from '../activations/formula';
import { activationColour } from '../plots/palette';

/** What the picture is drawn on: one of VS Code's kinds of theme. */
export const pictureThemes = ['light', 'dark', 'high-contrast-light', 'high-contrast-dark'] as const;
export type PictureTheme = (typeof pictureThemes)[number];

interface Ink {
  readonly text: string;
  readonly axis: string;
  readonly width: number;
}

const inks: Readonly<Record<PictureTheme, Ink>> = {
  light: { text: '#3b3b3b', axis: '#9a9a9a', width: 2 },
  dark: { text: '#cccccc', axis: '#7a7a7a', width: 2 },
  'high-contrast-light': { text: '#000000', axis: '#292929', width: 2.5 },
  'high-contrast-dark': { text: '#ffffff', axis: '#ffffff', width: 2.5 },
};

/** Pixels. */
export const pictureSize = { width: 312, height: 100 } as const;
const panel = { width: 120, height: 62, top: 20, left: [44, 186] } as const;
const SAMPLES = 240;

interface Scale {
  readonly x: (x: number) => number;
  readonly y: (y: number) => number;
  readonly low: number;
  readonly high: number;
}

/** Wide enough to show every kink, and where saturation sets in. */
function domain(phi: Activation): number {
  const farthest = Math.max(0, ...phi.breaks.filter((at) => Math.abs(at) < 15).map(Math.abs));
  return Math.max(6, Math.ceil(farthest * 1.3));
}

function scaleOf(left: number, edge: number, low: number, high: number): Scale {
  return {
    low,
    high,
    x: (x) => left + (panel.width * (x + edge)) / (2 * edge),
    y: (y) => panel.top + panel.height * (1 - (y - low) / (high - low)),
  };
}

const r = (value: number): string => String(Math.round(value * 10) / 10);

/** Strokes between the breaks, so that a jump stays a jump; what leaves the panel is cut off by its frame. */
function strokes(f: (x: number) => number, breaks: readonly number[], edge: number, scale: Scale): string {
  const stops = [-edge, ...breaks.filter((at) => Math.abs(at) < edge), edge];
  const height = scale.high - scale.low;
  return stops
    .slice(1)
    .map((to, i) => {
      const from = stops[i]!;
      const count = Math.max(2, Math.round((SAMPLES * (to - from)) / (2 * edge)));
      const inset = (to - from) * 1e-9;
      const points = Array.from({ length: count + 1 }, (_, k) => {
        const x = from + inset + ((to - from - 2 * inset) * k) / count;
        // Far outside, numbers would only make the picture longer.
        const y = Math.min(scale.high + height, Math.max(scale.low - height, f(x)));
        return `${r(scale.x(x))},${r(scale.y(y))}`;
      });
      return `M${points.join('L')}`;
    })
    .join('');
}

function extremes(f: (x: number) => number, edge: number): [number, number] {
  let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (let k = 0; k <= SAMPLES; k++) {
    const y = f(-edge + (2 * edge * k) / SAMPLES);
    if (Number.isFinite(y)) [low, high] = [Math.min(low, y), Math.max(high, y)];
  }
  return [low, high];
}

/** Beyond this an exponential would press everything else flat. */
const TALLEST_SLOPE = 4;

/**
 * φ on the left and φ′ on the right, for −6 … 6 or more. The scale of φ′ always reaches 1, where a gradient keeps its
 * size, so that two pictures compare: the sigmoid's derivative fills a quarter of it. The maximum of |φ′| is marked.
 *
 * @returns an SVG document; its texts say what it shows
 */
export function activationPicture(phi: Activation, theme: PictureTheme): string {
  const ink = inks[theme];
  const colour = activationColour(phi.name, theme.endsWith('light') ? 'light' : 'dark');
  const edge = domain(phi);

  const [low, high] = extremes(phi.value, edge);
  const top = Math.min(high, edge);
  const bottom = Math.max(low, -edge);
  const space = 0.08 * Math.max(top - bottom, 1e-6);
  const left = scaleOf(panel.left[0], edge, Math.min(bottom, 0) - space, Math.max(top, 0) + space);

  const [flattest, steepest] = extremes(phi.derivative, edge);
  const tallest = Math.min(TALLEST_SLOPE, Math.max(1, steepest, phi.derivativeMax.value));
  const lowest = Math.max(-TALLEST_SLOPE, Math.min(0, flattest));
  const right = scaleOf(panel.left[1], edge, lowest - 0.06 * (tallest - lowest), tallest + 0.16 * (tallest - lowest));

  const max = phi.derivativeMax;
  const summary = Number.isFinite(max.value) ? `at most ${numeral(round(max.value))}` : 'unbounded';
  const frames = [left, right].map((scale, i) => axes(scale, panel.left[i]!, edge, ink));
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${pictureSize.width}" height="${pictureSize.height}" viewBox="0 0 ${pictureSize.width} ${pictureSize.height}" role="img" font-family="-apple-system,'Segoe UI',Ubuntu,'Droid Sans',sans-serif" font-size="11" fill="${ink.text}">`,
    `<title>${phi.label}: φ on the left, φ′ on the right, ${summary}</title>`,
    ...frames,
    clip(0, left, panel.left[0]),
    clip(1, right, panel.left[1]),
    `<path d="${strokes(phi.value, phi.breaks, edge, left)}" clip-path="url(#c0)" fill="none" stroke="${ink.text}" stroke-width="${ink.width - 0.5}"/>`,
    ends(phi, left, ink),
    reference(right, ink),
    `<path d="${strokes(phi.derivative, phi.breaks, edge, right)}" clip-path="url(#c1)" fill="none" stroke="${colour}" stroke-width="${ink.width}"/>`,
    marker(phi, right, edge, colour, ink),
    `<text x="${panel.left[0]}" y="12" font-weight="600">φ(x)</text>`,
    `<text x="${panel.left[1]}" y="12" font-weight="600" fill="${colour}">φ′(x)</text>`,
    '</svg>',
  ].join('');
}

const round = (x: number): number => Number(x.toPrecision(3));

const clip = (id: number, scale: Scale, x: number): string =>
  `<clipPath id="c${id}"><rect x="${x}" y="${r(scale.y(scale.high))}" width="${panel.width}" height="${panel.height}"/></clipPath>`;

function axes(scale: Scale, x: number, edge: number, ink: Ink): string {
  const bottom = panel.top + panel.height;
  const zero = scale.y(0);
  const line = (x1: number, y1: number, x2: number, y2: number) =>
    `<path d="M${r(x1)},${r(y1)}L${r(x2)},${r(y2)}" stroke="${ink.axis}" stroke-width="1"/>`;
  const ticks = [-edge, 0, edge].map(
    (at) => `<text x="${r(scale.x(at))}" y="${bottom + 13}" text-anchor="middle">${numeral(at)}</text>`,
  );
  return [line(x, zero, x + panel.width, zero), line(scale.x(0), panel.top, scale.x(0), bottom), ...ticks].join('');
}

/** The ends of a bounded range, beside the panel of φ. */
const ends = (phi: Activation, scale: Scale, ink: Ink): string =>
  phi.range
    .filter((end) => end > scale.low && end < scale.high)
    .map(
      (end) =>
        `<path d="M${panel.left[0] - 3},${r(scale.y(end))}h3" stroke="${ink.axis}"/>` +
        `<text x="${panel.left[0] - 5}" y="${r(scale.y(end) + 4)}" text-anchor="end">${numeral(round(end))}</text>`,
    )
    .join('');

/** The dashed line at φ′ = 1. */
const reference = (scale: Scale, ink: Ink): string =>
  `<path d="M${panel.left[1]},${r(scale.y(1))}h${panel.width}" stroke="${ink.axis}" stroke-dasharray="3 3"/>` +
  `<text x="${panel.left[1] - 4}" y="${r(scale.y(1) + 4)}" text-anchor="end">1</text>`;

/** A dot at the maximum of |φ′| with its value; at the edge where the maximum lies beyond. */
function marker(phi: Activation, scale: Scale, edge: number, colour: string, ink: Ink): string {
  const { x, value } = phi.derivativeMax;
  const right = panel.left[1] + panel.width;
  if (value === 0) return `<text x="${right}" y="${r(scale.y(0) - 6)}" text-anchor="end">0 everywhere</text>`;
  if (!Number.isFinite(value)) return '';
  const at = Math.max(-edge, Math.min(edge, x));
  const beside = ['left', 'right'] as const;
  const slopes = beside.map((side) => phi.slopeBeside(at, side));
  const slope = slopes.reduce((best, each) => (Math.abs(each) > Math.abs(best) ? each : best));
  const y = scale.y(Math.max(scale.low, Math.min(scale.high, slope)));
  // Approached, not reached: the label says the limit, the dot is hollow.
  const reached = Number.isFinite(x);
  const label = `${reached ? '' : '→ '}${numeral(round(value))}`;
  const nearRight = scale.x(at) > right - 40;
  return (
    `<circle cx="${r(scale.x(at))}" cy="${r(y)}" r="3.5" fill="${reached ? colour : 'none'}" stroke="${colour}" stroke-width="1.5"/>` +
    `<text x="${r(scale.x(at) + (nearRight ? -6 : 7))}" y="${r(y - 6)}" text-anchor="${nearRight ? 'end' : 'start'}" font-weight="600" fill="${ink.text}">${label}</text>`
  );
}
