import { changeset, parse, pathSymbols, View } from 'vega';
import embed from 'vega-embed';
import { expressionInterpreter } from 'vega-interpreter';
import { compile, type TopLevelSpec } from 'vega-lite';
import { type PlotData, type PlotRow, ROWS } from '../../src/core/plots/plot';
import type { FramePlace, FramePlaces } from './painted/scales';
import type { DrawSymbol } from './painted/symbols';
import type { tooltip as pageTooltip } from './tooltip';

/**
 * All that needs Vega, which is more code than the rest of a page: a bundle of its own where it is loaded when it is wanted
 * ({@link ./vega.ts}), so that nothing here holds a state of the page.
 */

/** Vega's own symbols, at the context's origin. */
export const drawSymbol: DrawSymbol = (context, shape, area) => pathSymbols(shape).draw(context, area);

/** A canvas is quicker; an SVG stays sharp, and hits what is pointed at, in a page that is zoomed. */
export type Renderer = 'canvas' | 'svg';

/** A view in the page. */
export interface EmbeddedPlot {
  readonly element: HTMLElement;
  update(data: PlotData, width: number): Promise<void>;
  /** Where its frames lie, after the last update. */
  frames(): FramePlaces;
  /** Of the picture, in pixels. */
  size(): { readonly width: number; readonly height: number };
  finalise(): void;
}

/** Signals that hold the width of a single frame, and of each of several. */
const widthSignals = ['width', 'child_width'] as const;

const isSame = (a: PlotRow, b: PlotRow): boolean => {
  for (const key in b) if (a[key] !== b[key]) return false;
  return true;
};

/** Rows of a view by their identity: only what changed goes into it, and what no longer is comes out. */
class Rows {
  #held = new Map<string, PlotRow>();
  #last: readonly PlotRow[] = [];

  /** undefined where nothing changed. */
  change(rows: readonly PlotRow[]) {
    if (rows === this.#last) return undefined;
    this.#last = rows;
    const next = new Map<string, PlotRow>();
    const inserted: PlotRow[] = [];
    const removed: PlotRow[] = [];
    for (const row of rows) {
      const old = this.#held.get(row.i);
      if (old !== undefined && isSame(old, row)) {
        next.set(row.i, old);
        continue;
      }
      if (old !== undefined) removed.push(old);
      // Vega marks what it ingests: the copy is its own.
      const own = { ...row };
      inserted.push(own);
      next.set(row.i, own);
    }
    for (const [key, row] of this.#held) if (!next.has(key)) removed.push(row);
    this.#held = next;
    return inserted.length + removed.length === 0 ? undefined : changeset().insert(inserted).remove(removed);
  }
}

/** What is embedded, and how. */
export interface Embedding {
  readonly spec: TopLevelSpec;
  readonly data: PlotData;
  readonly width: number;
  readonly renderer: Renderer;
  /** The page's. */
  readonly tooltip: typeof pageTooltip;
}

/**
 * Embeds a spec without `eval`: Vega's expressions are interpreted, as the page's policy demands. The element is not in the page yet;
 * the first picture is already drawn.
 */
export async function embedPlot({ spec, data, width, renderer, tooltip }: Embedding): Promise<EmbeddedPlot> {
  const element = document.createElement('div');
  const { view, finalize } = await embed(element, spec, {
    mode: 'vega-lite',
    renderer,
    actions: false,
    defaultStyle: false,
    ast: true,
    expr: expressionInterpreter,
    tooltip: tooltip.follow,
  });
  const rows = new Rows();
  const update = async (next: PlotData, nextWidth: number) => {
    const change = rows.change(next.rows);
    if (change !== undefined) view.change(ROWS, change);
    let changed = change !== undefined;
    for (const [name, value] of Object.entries(next.params)) changed = setSignal(view, name, value) || changed;
    for (const name of widthSignals) changed = setSignal(view, name, nextWidth, true) || changed;
    if (!changed) return;
    await view.runAsync();
    frames = undefined;
  };
  let frames: FramePlaces | undefined;
  await update(data, width);
  for (const canvas of element.querySelectorAll('canvas, svg')) canvas.setAttribute('aria-hidden', 'true');
  for (const child of element.querySelectorAll('[role]')) child.removeAttribute('role');
  element.removeAttribute('role');
  return {
    element,
    update,
    frames() {
      frames ??= framesOf(view);
      return frames;
    },
    size() {
      const { left = 0, right = 0, top = 0, bottom = 0 } = paddingOf(view);
      const { _viewWidth: width, _viewHeight: height } = view as unknown as { _viewWidth: number; _viewHeight: number };
      return { width: width + left + right, height: height + top + bottom };
    },
    finalise() {
      tooltip.hide();
      finalize();
    },
  };
}

/** Whether it was another. */
function setSignal(view: View, name: string, value: unknown, optional = false): boolean {
  let old: unknown;
  try {
    old = view.signal(name);
  } catch (error) {
    if (optional) return false;
    throw error;
  }
  if (old === value || JSON.stringify(old) === JSON.stringify(value)) return false;
  view.signal(name, value);
  return true;
}

const paddingOf = (view: View): Partial<Record<'left' | 'right' | 'top' | 'bottom', number>> => {
  const padding = view.padding();
  return typeof padding === 'number' ? { left: padding, right: padding, top: padding, bottom: padding } : padding;
};

/** What of Vega's scene is looked at: groups in groups, each at its place in the one around it. */
interface SceneGroup {
  readonly x?: number;
  readonly y?: number;
  readonly width?: number;
  readonly height?: number;
  readonly datum?: { readonly n?: unknown };
  readonly items?: readonly SceneMark[];
}
interface SceneMark {
  readonly marktype: string;
  /** Vega-Lite calls the frames of a facet so. */
  readonly name?: 'cell' | (string & {});
  readonly items: readonly SceneGroup[];
}

function framesOf(view: View): FramePlaces {
  const scene = view.scenegraph() as unknown as { readonly root: SceneMark };
  const { left = 0, top = 0 } = paddingOf(view);
  const [across, down] = view.origin();
  const cells = new Map<string, FramePlace>();
  const look = (group: SceneGroup, x: number, y: number) => {
    for (const { marktype, name, items } of group.items ?? []) {
      if (marktype !== 'group') continue;
      for (const item of items) {
        const place = { x: x + (item.x ?? 0), y: y + (item.y ?? 0), width: item.width ?? 0, height: item.height ?? 0 };
        if (name === 'cell') cells.set(String(item.datum?.n), place);
        else look(item, place.x, place.y);
      }
    }
  };
  const whole = scene.root.items[0] ?? {};
  const [x, y] = [left + across + (whole.x ?? 0), top + down + (whole.y ?? 0)];
  look(whole, x, y);
  return cells.size > 0
    ? cells
    : new Map([['', { x, y, width: whole.width ?? view.width(), height: whole.height ?? view.height() }]]);
}

/** A picture of a self-contained spec, drawn outside the page. */
export async function picture(spec: TopLevelSpec, format: 'png' | 'svg'): Promise<string | Uint8Array> {
  const view = new View(parse(compile(spec).spec, undefined, { ast: true }), {
    renderer: 'none',
    expr: expressionInterpreter,
  });
  try {
    if (format === 'svg') return await view.toSVG();
    const canvas = (await view.toCanvas(2)) as unknown as HTMLCanvasElement;
    const blob = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, 'image/png'));
    if (blob === null) throw new Error('The picture could not be made.');
    return new Uint8Array(await blob.arrayBuffer());
  } finally {
    view.finalize();
  }
}
