import type { Tree } from '@lezer/common';
import type { Model, ModelNode, SourceRange } from '../../core/model/model';
import type { Cell } from '../interpret/interpreter';
import type { Part } from '../program/ast';
import { partAt } from '../program/partAt';
import { isAllowed } from '../syntaxErrors';

/** Gaps that an exercise leaves: what does not parse, `...` and blanks in the place of code, "YOUR CODE HERE". */

/** What `...` stands in where it is to be replaced: no index, no annotation, no body of a stub. */
const replaced: ReadonlySet<string> = new Set([
  'AssignStatement',
  'ArgList',
  'ReturnStatement',
  'ArrayExpression',
  'TupleExpression',
  'ParenthesizedExpression',
]);

/** Words of an exercise before nothing that computes: `# TODO: your code here`, then `pass`. */
const words =
  /#[^\n]*\b(?:your|todo|fill|implement|complete|start code)\b[^\n]*\n(?:[ \t]*(?:#[^\n]*)?\r?\n)*[ \t]*(?:pass\b|\.\.\.|raise NotImplementedError|(?:self\.)?\w+ *= *None\b)/i;
/** `hidden = None  # TODO`, `nn.Dense(____)`. */
const blanks = /= *None *#[^\n]*\b(?:your|todo|fill|replace|complete)\b|(?<!\w)_{3,}(?!\w)/i;

function hasGap({ text, tree }: { readonly text: string; readonly tree: Tree }): boolean {
  if (words.test(text) || blanks.test(text)) return true;
  let found = false;
  tree.iterate({
    enter: (node) => {
      if (found) return false;
      if (node.type.isError) found = !isAllowed(text, node);
      if (node.name === 'Ellipsis') found = replaced.has(node.node.parent?.name ?? '');
      return !found;
    },
  });
  return found;
}

const known = new WeakMap<Part, boolean>();

/** Whether a statement of the module has a gap: found once, wherever it stands. */
function isGapped(part: Part): boolean {
  const former = known.get(part);
  if (former !== undefined) return former;
  const answer = 'tree' in part && hasGap(part as Part & { readonly text: string; readonly tree: Tree });
  known.set(part, answer);
  return answer;
}

/** Takes back the certainty of a model's layers that stand in a statement with a gap: nobody knows what will stand there. */
export function withoutGaps(model: Model, cells: readonly Cell[]): Model {
  const inGap = ({ cell, from }: SourceRange): boolean => {
    const part = partAt(cells.find((each) => each.cell === cell)?.program.parts ?? [], from);
    return part !== undefined && isGapped(part.part);
  };
  const nodes = model.nodes.map(
    (node): ModelNode =>
      node.certain && (inGap(node.source) || (node.applied !== undefined && inGap(node.applied)))
        ? { ...node, certain: false }
        : node,
  );
  return { ...model, nodes };
}
