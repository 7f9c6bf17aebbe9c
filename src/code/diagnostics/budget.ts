import type { SyntaxNode } from '@lezer/common';
import { excerpt } from '../../core/format/excerpt';
import type { Model, SourceRange } from '../../core/model/model';
import type { ParsedDocument } from '../document';
import type { ModelDocument } from '../models/read';
import { isComment, type Range, textOf } from '../syntax';
import { lensComments } from './comments';

/** What has to reach a model's first layer at least. */
export interface Budget {
  readonly value: number;
  /** The comment that says so; undefined for a setting. */
  readonly range: SourceRange | undefined;
}

export interface Budgets {
  /** By model; a model without one is not held to any. */
  readonly of: ReadonlyMap<Model, Budget>;
  /** Comments that hold no model to anything, with the reason as a sentence. */
  readonly problems: readonly { readonly range: SourceRange; readonly message: string }[];
}

interface BudgetComment extends Range {
  readonly comment: SyntaxNode;
  /** Undefined where it cannot be read. */
  readonly value: number | undefined;
}

const marker =
  /^([ \t]*(?:#+|\/{2,}|\/\*+|\*)?[ \t]*gradient-lens:[ \t]*)(flow(?![\w-]).*?)[ \t]*(?:\*\/)?[ \t\r]*$/gim;
const limit = /^flow[ \t]*(?:>=|≥)[ \t]*((?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?)(?![\w.])/i;

/** A share of a gradient as a person writes it; undefined for what is none: it lies above 0, and 1 is all. */
export function readBudget(text: string): number | undefined {
  const value = limit.exec(`flow >= ${text.trim()}`)?.[1] === text.trim() ? Number(text) : Number.NaN;
  return value > 0 && value <= 1 ? value : undefined;
}

function budgetComments(document: ParsedDocument): BudgetComment[] {
  return lensComments(document).flatMap((comment) =>
    [...textOf(document, comment).matchAll(marker)].map((match): BudgetComment => {
      const [, before = '', written = ''] = match;
      const from = comment.from + match.index + before.length;
      return { comment, from, to: from + written.length, value: readBudget(limit.exec(written)?.[1] ?? '') };
    }),
  );
}

const blocks: ReadonlySet<string> = new Set(['Script', 'Body', 'Block', 'ClassBody']);

/** The statement that defines a model: with its decorators, and with `export`. */
function statementAt(document: ParsedDocument, at: number): SyntaxNode {
  let node = document.tree.resolveInner(at, 1);
  while (node.parent !== null && !blocks.has(node.parent.name)) node = node.parent;
  return node;
}

/** A model with the stretch of text in which it is written. */
interface Written {
  readonly model: Model;
  readonly statement: SyntaxNode;
  /** From the statement to the last one beside it that adds to the model. */
  readonly span: Range;
}

function writtenAt({ document, cell }: ModelDocument, model: Model): Written {
  const statement = statementAt(document, model.source.from);
  const span = { from: statement.from, to: statement.to };
  // What a class or a function makes stands in it.
  if (!/Class|Function|Decorated/.test(`${statement.name} ${statement.lastChild?.name}`)) {
    const sources = model.nodes.filter(({ source }) => source.cell === cell).map(({ source }) => source.from);
    for (let next = statement.nextSibling; next !== null; next = next.nextSibling) {
      const { from, to } = next;
      if (sources.some((at) => at >= from && at < to)) span.to = to;
    }
  }
  return { model, statement, span };
}

const columnOf = (text: string, at: number): number => at - (text.lastIndexOf('\n', at - 1) + 1);

/** The end of the code before a comment, and the start of the code after it. */
function codeAround(document: ParsedDocument, comment: SyntaxNode): Range {
  const { text } = document;
  const isIn = (at: number): SyntaxNode | undefined => {
    const node = document.tree.resolveInner(at, 1);
    return isComment(node) ? node : undefined;
  };
  let from = comment.from;
  while (from > 0) {
    const own = isIn(from - 1);
    if (own) from = own.from;
    else if (/\s/.test(text[from - 1]!)) from--;
    else break;
  }
  let to = comment.to;
  while (to < text.length) {
    const own = isIn(to);
    if (own) to = own.to;
    else if (/\s/.test(text[to]!)) to++;
    else break;
  }
  return { from, to };
}

/** The models that a comment speaks of: those below it, or in whose definition it stands. */
function modelsAt(document: ParsedDocument, comment: SyntaxNode, written: readonly Written[]): readonly Model[] {
  const { text } = document;
  const { from: before, to: after } = codeAround(document, comment);
  const alone = text.slice(before, comment.from).includes('\n') || before === 0;
  if (alone) {
    const below = written.filter(({ statement }) => statement.from === after);
    if (below.length > 0) return below.map(({ model }) => model);
  }
  const column = columnOf(text, comment.from);
  const around = written.filter(({ statement: { from, to }, span }) => {
    if (comment.from >= span.from && comment.to <= span.to) return true;
    // A comment at the end of a body or of a line is not a part of the statement before it.
    return before > from && before <= Math.max(to, span.to) && (!alone || column > columnOf(text, from));
  });
  const length = ({ span }: Written): number => span.to - span.from;
  const least = Math.min(...around.map(length));
  return around.filter((each) => length(each) === least).map(({ model }) => model);
}

const opening = /^(?:import\b|from\b|['"`]|(?:const|let|var)\b[^;]*\brequire\b|@)|^$/;

/** Whether nothing but imports and descriptions stands before a place. */
function isTop(document: ParsedDocument, at: number): boolean {
  for (let child = document.tree.topNode.firstChild; child !== null && child.from < at; child = child.nextSibling) {
    if (child.to > at) return false;
    if (!isComment(child) && !opening.test(textOf(document, child))) return false;
  }
  return true;
}

/**
 * The budgets that comments set: `gradient-lens: flow >= 1e-3` above a model, in its definition, or at the top of the
 * file (of the notebook) for all that have none of their own.
 *
 * @param usual for models of which no comment speaks
 */
export function budgetsIn(models: readonly Model[], documents: readonly ModelDocument[], usual?: number): Budgets {
  const own = new Map<Model, Budget>();
  const problems: { range: SourceRange; message: string }[] = [];
  let wide: Budget | undefined;
  let atTop = true;
  for (const each of [...documents].sort((a, b) => a.cell - b.cell)) {
    const { document, cell } = each;
    const comments = budgetComments(document);
    const written =
      comments.length === 0
        ? []
        : models.filter(({ source }) => source.cell === cell).map((model) => writtenAt(each, model));
    for (const { comment, from, to, value } of comments) {
      const range = { cell, from, to };
      const quoted = `"${excerpt(document.text.slice(from, to))}"`;
      const meant = modelsAt(document, comment, written);
      if (value === undefined) {
        problems.push({
          range,
          message: `${quoted} is no budget, so nothing is held to it; expected flow >= with a number above 0 and at most 1, for instance flow >= 1e-3.`,
        });
      } else if (meant.length > 0) {
        for (const model of meant) if (!((own.get(model)?.value ?? 0) > value)) own.set(model, { value, range });
      } else if (atTop && isTop(document, comment.from)) {
        if (!((wide?.value ?? 0) > value)) wide = { value, range };
      } else {
        problems.push({
          range,
          message: `${quoted} stands at no model, so nothing is held to it; expected above a model, in its class or function, or at the top of the file for all.`,
        });
      }
    }
    atTop &&= isTop(document, document.text.length);
  }
  const fallback = wide ?? (usual === undefined ? undefined : { value: usual, range: undefined });
  if (fallback !== undefined) for (const model of models) if (!own.has(model)) own.set(model, fallback);
  return { of: own, problems };
}
