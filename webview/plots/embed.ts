import { changeset, parse, View } from 'vega';
import embed from 'vega-embed';
import { expressionInterpreter } from 'vega-interpreter';
import { compile, type TopLevelSpec } from 'vega-lite';
import { type PlotData, type PlotRow, ROWS } from '../../src/core/plots/plot';
import { tooltip } from './tooltip';

/** A canvas is quicker; an SVG stays sharp, and hits what is pointed at, in a page that is zoomed. */
export type Renderer = 'canvas' | 'svg';

/** A view in the page. */
export interface EmbeddedPlot {
  readonly element: HTMLElement;
  update(data: PlotData, width: number): Promise<void>;
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

  /** undefined where nothing changed. */
  change(rows: readonly PlotRow[]) {
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

/**
 * Embeds a spec without `eval`: Vega's expressions are interpreted, as the page's policy demands. The element is not in the page yet;
 * the first picture is already drawn.
 */
export async function embedPlot(
  spec: TopLevelSpec,
  data: PlotData,
  width: number,
  renderer: Renderer,
): Promise<EmbeddedPlot> {
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
    for (const [name, value] of Object.entries(next.params)) setSignal(view, name, value);
    for (const name of widthSignals) setSignal(view, name, nextWidth, true);
    await view.runAsync();
  };
  await update(data, width);
  for (const canvas of element.querySelectorAll('canvas, svg')) canvas.setAttribute('aria-hidden', 'true');
  for (const child of element.querySelectorAll('[role]')) child.removeAttribute('role');
  element.removeAttribute('role');
  return {
    element,
    update,
    finalise() {
      tooltip.hide();
      finalize();
    },
  };
}

function setSignal(view: View, name: string, value: unknown, optional = false): void {
  let old: unknown;
  try {
    old = view.signal(name);
  } catch (error) {
    if (optional) return;
    throw error;
  }
  if (JSON.stringify(old) !== JSON.stringify(value)) view.signal(name, value);
}

/** The spec with its data inside: a file of its own that any Vega-Lite editor opens. */
export function selfContained(spec: TopLevelSpec, data: PlotData): TopLevelSpec {
  const { params = [], ...rest } = spec as unknown as { params?: { name: string; value?: unknown }[] } & Record<
    string,
    unknown
  >;
  return {
    ...rest,
    params: params.map((param) => (param.name in data.params ? { ...param, value: data.params[param.name] } : param)),
    data: { name: ROWS, values: data.rows.map(({ i: _i, ...row }) => row) },
  } as unknown as TopLevelSpec;
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
