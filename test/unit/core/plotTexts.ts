import { parse, View } from 'vega';
import { compile, type TopLevelSpec } from 'vega-lite';
import { type PlotData, type PlotSpec, ROWS } from '../../../src/core/plots/plot';
import { vegaConfig } from '../../../src/core/plots/spec';
import { theme } from './plotTheme';

export interface Box {
  readonly text: string;
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
  /** It is longer than it may be, and drawn with an ellipsis. */
  readonly cut: boolean;
}

interface Item {
  readonly items?: Item[];
  readonly marktype?: string;
  readonly x?: number;
  readonly y?: number;
  readonly dx?: number;
  readonly dy?: number;
  readonly text?: unknown;
  readonly align?: string;
  readonly baseline?: string;
  readonly opacity?: number;
  readonly fontSize?: number;
  readonly lineHeight?: number;
  readonly limit?: number;
}

/** Pixels of a letter, of the font's size: a text's width where there is no canvas to measure it. */
const LETTER = 0.55;

function boxOf(
  { x = 0, y = 0, dx = 0, dy = 0, text, align, baseline, fontSize = 11, lineHeight = fontSize + 2, limit = 0 }: Item,
  at: [number, number],
): Box {
  const lines = Array.isArray(text) ? text.map(String) : [String(text)];
  const width = Math.max(...lines.map((line) => line.length)) * fontSize * LETTER;
  const left = at[0] + x + dx - (align === 'right' ? width : align === 'center' ? width / 2 : 0);
  const below = baseline === 'top' ? fontSize : baseline === 'middle' ? fontSize / 2 : 0;
  // What stands below each other goes down from the first line, a name above a frame up from the last.
  const more = (lines.length - 1) * lineHeight;
  const bottom = at[1] + y + dy + below + (baseline === 'bottom' || baseline === undefined ? 0 : more);
  return {
    text: lines.join(' '),
    left,
    right: left + width,
    top: bottom - fontSize - more,
    bottom,
    cut: limit > 0 && width > limit,
  };
}

/** Where the texts of a picture stand. */
export async function texts(spec: PlotSpec, { rows, params }: PlotData): Promise<Box[]> {
  const full = { ...spec, config: vegaConfig(theme), data: { name: ROWS, values: rows } };
  const view = new View(parse(compile(full as unknown as TopLevelSpec).spec), { renderer: 'none' });
  for (const [name, value] of Object.entries(params)) view.signal(name, value);
  await view.runAsync();
  const found: Box[] = [];
  const visit = (item: Item, at: [number, number], kind: string | undefined) => {
    if (item.items === undefined) {
      if (kind === 'text' && item.opacity !== 0 && String(item.text ?? '') !== '') found.push(boxOf(item, at));
      return;
    }
    const inside: [number, number] = item.marktype === undefined ? [at[0] + (item.x ?? 0), at[1] + (item.y ?? 0)] : at;
    for (const each of item.items) visit(each, inside, item.marktype);
  };
  visit((view.scenegraph() as unknown as { root: Item }).root, [0, 0], undefined);
  view.finalize();
  return found;
}

export const overlapping = (boxes: readonly Box[]): string[] =>
  boxes.flatMap((a, i) =>
    boxes
      .slice(i + 1)
      .filter((b) => a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom)
      .map((b) => `${a.text} / ${b.text}`),
  );
