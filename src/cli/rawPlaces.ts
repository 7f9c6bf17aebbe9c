import { findNodeAtLocation, type Node, parseTree } from 'jsonc-parser';
import type { SourceRange } from '../core/model/model';
import type { FileRead } from './modelFiles';

/** A stretch of what lies on the disk: lines and columns from 1, the end behind the last character. */
export interface RawRegion {
  readonly startLine: number;
  readonly startColumn: number;
  readonly endLine: number;
  readonly endColumn: number;
}

/** Where the characters of a cell's code stand in the notebook's JSON. */
interface RawCell {
  /** Of each character the offset at which its spelling begins and ends: `\n` and `\u00e9` are one. */
  readonly starts: readonly number[];
  readonly ends: readonly number[];
  /** Where more code would go on. */
  readonly end: number;
}

/** Places of a file's code in the file as it lies on the disk; of a notebook, that is JSON. */
export class RawPlaces {
  readonly #lines: readonly number[];
  readonly #cells = new Map<number, RawCell | undefined>();
  #json: Node | undefined;

  constructor(
    private readonly file: FileRead,
    private readonly notebook: boolean,
  ) {
    const lines = [0];
    for (let at = file.text.indexOf('\n'); at >= 0; at = file.text.indexOf('\n', at + 1)) lines.push(at + 1);
    this.#lines = lines;
  }

  /** Undefined where the place is not found in the notebook. */
  region(range: SourceRange): RawRegion | undefined {
    if (!this.notebook) return this.#region(range.from, range.to);
    const cell = this.#cell(range.cell);
    if (cell === undefined) return undefined;
    const from = cell.starts[range.from] ?? cell.end;
    return this.#region(from, range.to > range.from ? (cell.ends[range.to - 1] ?? cell.end) : from);
  }

  /** A text of code as it is spelled in the file. */
  spelled(text: string): string {
    return this.notebook ? JSON.stringify(text).slice(1, -1) : text;
  }

  #region(from: number, to: number): RawRegion {
    const [start, end] = [this.#position(from), this.#position(to)];
    return { startLine: start.line, startColumn: start.column, endLine: end.line, endColumn: end.column };
  }

  #position(offset: number): { line: number; column: number } {
    let [low, high] = [0, this.#lines.length - 1];
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (this.#lines[middle]! <= offset) low = middle;
      else high = middle - 1;
    }
    return { line: low + 1, column: offset - this.#lines[low]! + 1 };
  }

  #cell(number: number): RawCell | undefined {
    if (!this.#cells.has(number)) {
      this.#json ??= parseTree(this.file.text);
      const cell = this.#json && cellAt(this.#json, number);
      const source = cell && (findNodeAtLocation(cell, ['source']) ?? findNodeAtLocation(cell, ['input']));
      this.#cells.set(number, source && rawCell(source, this.file.text));
    }
    return this.#cells.get(number);
  }
}

/** A cell by its number among all: in `cells`, or in the worksheets of nbformat 3. */
function cellAt(json: Node, number: number): Node | undefined {
  const own = findNodeAtLocation(json, ['cells'])?.children;
  if (own) return own[number];
  const sheets = findNodeAtLocation(json, ['worksheets'])?.children ?? [];
  return sheets.flatMap((sheet) => findNodeAtLocation(sheet, ['cells'])?.children ?? [])[number];
}

function rawCell(source: Node, text: string): RawCell | undefined {
  const strings = source.type === 'array' ? (source.children ?? []) : [source];
  const last = strings.at(-1);
  if (last === undefined) return undefined;
  const starts: number[] = [];
  const ends: number[] = [];
  for (const { offset, length } of strings) {
    for (let at = offset + 1; at < offset + length - 1; ) {
      starts.push(at);
      if (text[at] !== '\\') at += 1;
      else at += text[at + 1] === 'u' ? 6 : 2;
      ends.push(at);
    }
  }
  return { starts, ends, end: last.offset + last.length - 1 };
}
