import { isOverlay, seriesOf } from '../runs/overlay';
import type { RunRecord } from '../runs/record';
import { epochTicks } from './axes';
import { CURSOR } from './cursor';
import type { PlotFeed } from './feed';
import { activationStyle, runDash } from './palette';
import { facetParts, type PlotLayout, type PlotRow, type PlotSpec, type PlotTheme, ROWS } from './plot';

/** Parts that all plots share. */

const FONT_SIZE = 11;

/** Look of axes, headers and titles in a theme. */
export function vegaConfig(theme: PlotTheme): PlotSpec {
  return {
    background: theme.canvas,
    font: theme.fontFamily,
    padding: { left: 0, right: 0, top: 1, bottom: 3 },
    // The plot's text alternative says it for all marks: a description of each would only cost time.
    aria: false,
    view: { stroke: null },
    axis: {
      labelColor: theme.muted,
      labelFontSize: FONT_SIZE,
      titleColor: theme.muted,
      titleFontSize: FONT_SIZE,
      titleFontWeight: 'normal',
      domainColor: theme.grid,
      tickColor: theme.grid,
      tickSize: 4,
      gridColor: theme.grid,
      labelPadding: 4,
    },
    axisX: { grid: false },
    axisY: { domain: false, ticks: false },
    header: {
      labelColor: theme.foreground,
      labelFontSize: FONT_SIZE,
      labelFontWeight: 600,
      labelAnchor: 'start',
      labelPadding: 4,
      title: null,
    },
    legend: {
      labelColor: theme.foreground,
      titleColor: theme.muted,
      labelFontSize: FONT_SIZE,
      title: null,
      orient: 'bottom',
    },
    title: {
      color: theme.foreground,
      fontSize: 13,
      fontWeight: 600,
      anchor: 'start',
      offset: 10,
      subtitleColor: theme.muted,
      subtitleFontSize: FONT_SIZE,
      subtitleFontWeight: 'normal',
      subtitlePadding: 4,
      subtitleLineHeight: 15,
    },
    text: { color: theme.foreground, fontSize: FONT_SIZE },
  };
}

/** Wide enough to show a dash; the names of runs are long, and stand below each other. */
const dashLegend = {
  symbolType: 'stroke',
  symbolSize: 700,
  symbolStrokeWidth: 2,
  symbolOpacity: 1,
  labelLimit: 600,
  columns: 1,
};

/** Each activation of the run in its own colour, whatever run of an overlay it is of. */
export function colour(run: RunRecord, theme: PlotTheme, legend: boolean): PlotSpec {
  const series = seriesOf(run);
  const range = series.map(({ activation }) => activationStyle(activation)[theme.background]);
  return {
    field: 'n',
    type: 'nominal',
    scale: { domain: series.map(({ name }) => name), range },
    legend: legend ? (isOverlay(run) ? dashLegend : { symbolOpacity: 1 }) : null,
  };
}

/** … and with its own marker. */
export function shape(run: RunRecord, legend: boolean): PlotSpec {
  const series = seriesOf(run);
  const range = series.map(({ activation }) => activationStyle(activation).shape);
  return {
    field: 'n',
    type: 'nominal',
    scale: { domain: series.map(({ name }) => name), range },
    legend: legend ? { symbolOpacity: 1 } : null,
  };
}

/** Each run of an overlay with its own dash: the same activation of two runs is told apart by it. */
export function dash(run: RunRecord, legend: boolean): PlotSpec {
  const series = seriesOf(run);
  return {
    field: 'n',
    type: 'nominal',
    scale: { domain: series.map(({ name }) => name), range: series.map(({ group }) => runDash(group)) },
    legend: legend ? dashLegend : null,
  };
}

/** Pixels from tick to tick: the last label ends at the axis's end, and so is nearer to the one before it. */
const tickRoom = (epochs: number): number => Math.max(28, 12 + 8 * String(Math.floor(epochs)).length);

/** The epochs of the whole run, since its length is known: the axis moves only where a run ends early. */
export function epochAxis(epochs: number, width: number): PlotSpec {
  return {
    field: 'x',
    type: 'quantitative',
    scale: { domain: [0, epochs], nice: false, zero: true },
    axis: {
      title: 'epoch',
      titlePadding: 2,
      values: epochTicks(epochs, Math.max(2, Math.min(10, Math.floor(width / tickRoom(epochs))))),
      format: epochs < 1 ? '~g' : 'd',
      labelFlush: true,
    },
  };
}

export const only = (kind: string): PlotSpec => ({ filter: `datum.k === '${kind}'` });

/** A place on a line with nothing beside it, which as a line would be nothing at all. */
export const dotMark = {
  transform: [only('dot')],
  mark: { type: 'point', filled: true, shape: 'circle', size: 8, opacity: 1, clip: true },
} as const;

/** Vertical strips, unseen until pointed at, that carry the tooltip of all lines at that place. */
export function hoverLayer(x: unknown, theme: PlotTheme): PlotSpec {
  return {
    transform: [only('hover')],
    params: [{ name: 'hovered', select: { type: 'point', on: 'pointerover', clear: 'pointerout', fields: ['i'] } }],
    mark: { type: 'rect', color: theme.foreground, tooltip: { expr: 'datum.tip' } },
    encoding: {
      x: { ...(x as object), field: 'x1' },
      x2: { field: 'x2' },
      y: { value: 0 },
      y2: { value: 'height' },
      opacity: {
        condition: [
          { test: `datum.i === ${CURSOR}`, value: 0.3 },
          { param: 'hovered', empty: false, value: 0.12 },
        ],
        value: 0,
      },
    },
  };
}

/**
 * Where a value was NaN or infinite: a cross at the upper edge, at the step where it happened.
 * @param place where its text stands, for those that need not be in each other's way
 */
export function brokenLayer(
  x: unknown,
  theme: PlotTheme,
  place: PlotSpec = { align: 'right', dx: -3, y: 6 },
): PlotSpec {
  return {
    transform: [only('broken')],
    layer: [
      { mark: { type: 'rule', color: theme.error, strokeWidth: 1, strokeDash: [2, 2] }, encoding: { x } },
      {
        mark: { type: 'text', ...place, color: theme.error, fontSize: FONT_SIZE, fontWeight: 600 },
        encoding: { x, text: { field: 't' } },
      },
    ],
  };
}

/** Where networks ended before their plan, in words as far as there is room to the right. */
export const stopRows = (feed: PlotFeed): PlotRow[] =>
  feed.stops().map(({ name, x, state }) => ({ i: `stop ${name}`, k: 'stop', n: name, x, t: state }));

/** Pixels of "interrupted" beside its line. */
const STOP_WORD = 66;

export function stopLayer(x: unknown, theme: PlotTheme, feed: PlotFeed, width: number): PlotSpec {
  const room = `(1 - datum.x / ${feed.epochs}) * ${width}`;
  return {
    transform: [only('stop')],
    layer: [
      { mark: { type: 'rule', color: theme.muted, strokeWidth: 1, opacity: 0.6 }, encoding: { x } },
      {
        transform: [{ filter: `${room} > ${STOP_WORD}` }],
        mark: { type: 'text', align: 'left', baseline: 'top', dx: 4, y: 2, color: theme.muted },
        encoding: { x, text: { field: 't' } },
      },
    ],
  };
}

/** Pixels of a letter of a frame's name, and of a line of it. */
const NAME = { letter: 7, line: 13 } as const;

const namesOf = (run: RunRecord): string[] => seriesOf(run).map(({ name }) => name);

const linesOf = (names: readonly string[], room: number): string[][] =>
  names.map((name) => wrapped(name, Math.floor(room / NAME.letter)));

const mostLines = (lines: readonly (readonly string[])[]): number => Math.max(1, ...lines.map((each) => each.length));

/**
 * A layout of frames in which no name is cut: a long one has lines below each other.
 *
 * @param right pixels that a name may stand out over its frame
 */
export function withNames(layout: PlotLayout, run: RunRecord, right: number): PlotLayout {
  const names = linesOf(namesOf(run), layout.width + right);
  const more = NAME.line * (mostLines(names) - 1) * Math.ceil(names.length / layout.columns);
  return more === 0 ? layout : { ...layout, names, outer: (layout.outer ?? layout.height) + more };
}

/**
 * Frames for each series beside and below each other, under its name. In a picture that stands alone no name is cut, either.
 *
 * @param right room after each frame
 * @param room pixels that a name has
 */
export function facets(
  run: RunRecord,
  layout: PlotLayout,
  { right, room, alone }: { readonly right: number; readonly room: number; readonly alone: boolean },
): PlotSpec {
  const names = namesOf(run);
  const lines = layout.names ?? (alone ? linesOf(names, room) : names.map((name) => [name]));
  const most = mostLines(lines);
  const parts = facetParts(layout, right, NAME.line * (most - 1));
  return {
    facet: {
      field: 'n',
      type: 'nominal',
      sort: names,
      header: {
        title: null,
        ...(most === 1
          ? { labelLimit: room }
          : {
              labelLimit: 0,
              labelExpr: `${JSON.stringify(lines)}[indexof(${JSON.stringify(names)}, datum.value)]`,
              labelLineHeight: NAME.line,
            }),
      },
    },
    ...parts,
  };
}

/** A complete spec around layers that share the one dataset. */
export function frame(parts: PlotSpec, params: Readonly<Record<string, unknown>>): PlotSpec {
  return {
    $schema: 'https://vega.github.io/schema/vega-lite/v6.json',
    data: { name: ROWS, values: [] },
    autosize: { type: 'pad', contains: 'content' },
    params: Object.entries({ ...params, [CURSOR]: '' }).map(([name, value]) => ({ name, value })),
    ...parts,
  };
}

/** A line's length that a picture for export has room for. */
const NOTE_LENGTH = 100;

/** Words in lines of at most `most` characters. */
function wrapped(text: string, most: number): string[] {
  const lines: string[] = [];
  for (const word of text.split(' ')) {
    const last = lines.at(-1);
    if (last === undefined || last.length + 1 + word.length > most) lines.push(word);
    else lines[lines.length - 1] = `${last} ${word}`;
  }
  return lines;
}

/** A picture that stands alone, with what its lines, bands and dashes mean under its title. */
export const explained = (spec: PlotSpec, note: string): PlotSpec =>
  typeof spec.title === 'string'
    ? { ...spec, title: { text: spec.title, subtitle: wrapped(note, NOTE_LENGTH) } }
    : spec;
