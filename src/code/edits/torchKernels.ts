import type { Initializer } from '../../core/initializers/initializer';
import type { ModelNode } from '../../core/model/model';
import { expressionOf } from '../expression';
import { at } from '../place';
import { resolvePath } from '../resolve';
import { textOf } from '../syntax';
import type { Names } from './names';
import type { TextEdit } from './textEdit';
import { EACH, freeName, placeAfter, type Reach, reachOf, scopeText } from './torchReach';
import { type CellPlace, lineBreak, plainArguments, type Texts } from './tree';

/** A layer with the initialiser that it shall have. */
export interface NewKernel {
  readonly node: ModelNode;
  readonly initializer: Initializer;
}

interface Filler {
  readonly name: string;
  readonly more: string;
}

/** What torch.nn.init calls an initialiser. LeCun's is Kaiming's with a gain of 1. */
function fillerOf({ kind }: Initializer): Filler | undefined {
  const [family, shape] = kind.split('_');
  if (shape !== 'normal' && shape !== 'uniform') return undefined;
  switch (family) {
    case 'he':
      return { name: `kaiming_${shape}_`, more: ", nonlinearity='relu'" };
    case 'lecun':
      return { name: `kaiming_${shape}_`, more: ", nonlinearity='linear'" };
    case 'glorot':
      return { name: `xavier_${shape}_`, more: '' };
    default:
      return undefined;
  }
}

const quoted = (place: CellPlace, text: string): string =>
  place.document.text.split('"').length > place.document.text.split("'").length ? text.replaceAll("'", '"') : text;

/** The functions that the code calls already give way to others; undefined where one of the layers has none. */
export function otherFillers(
  kernels: readonly NewKernel[],
  texts: Texts,
  names: Names,
): readonly TextEdit[] | undefined {
  const edits: TextEdit[] = [];
  for (const { node, initializer } of kernels) {
    const filler = fillerOf(initializer);
    const written = 'kernel' in node.operation ? node.operation.kernel : undefined;
    if (filler === undefined || written === undefined || written.kind === 'default') return undefined;
    const call = texts.exactly(written.source);
    const callee = call?.node.firstChild;
    const weight = call && filledBy(call);
    if (call === undefined || !callee || weight === undefined) return undefined;
    const name = names.for(call, `torch.nn.init.${filler.name}`);
    if (name === undefined) return undefined;
    const { from, to } = call.node;
    edits.push(
      { cell: call.cell, from, to, text: `${name.text}(${weight}${quoted(call, filler.more)})` },
      ...name.edits,
    );
  }
  return edits;
}

/** The weight that a call fills: `m.weight` of `nn.init.normal_(m.weight.data, 0, 1)` and `m.weight.data.normal_(0, 1)`. */
function filledBy(call: CellPlace): string | undefined {
  const expression = expressionOf(call.document, call.node);
  if (expression.kind !== 'call') return undefined;
  const path = resolvePath(at(call, expression.callee));
  const callee = expressionOf(call.document, expression.callee);
  const given = plainArguments(call);
  const node = path?.startsWith('torch.nn.init.')
    ? (given?.find(({ name }) => name === 'tensor') ?? given?.find(({ name }) => name === undefined))?.value
    : callee.kind === 'member'
      ? callee.object
      : undefined;
  return node && textOf(call.document, node).replace(/\.data$/, '');
}

interface Member {
  readonly reach: Reach;
  readonly filler: Filler;
}

/** Layers whose lines stand together. */
type Group = [Member, ...Member[]];

/**
 * Lines that fill the kernels, after the layers are made: at the end of the constructor, after the variable that holds
 * them, or in the loop that makes them. Undefined where a layer cannot be reached by a name.
 *
 * @param butLast whether loops leave out the last layer, which is the output
 */
export function newFillers(
  kernels: readonly NewKernel[],
  texts: Texts,
  names: Names,
  butLast = false,
): readonly TextEdit[] | undefined {
  const groups = new Map<string, Group>();
  const seen = new Set<string>();
  for (const { node, initializer } of kernels) {
    const place = texts.exactly(node.source);
    const filler = fillerOf(initializer);
    const reach = place && reachOf(place);
    if (reach === undefined || filler === undefined) return undefined;
    const key = `${place!.cell} ${place!.node.from} ${filler.name}${filler.more}`;
    // One call makes several layers in a loop.
    if (seen.has(key)) continue;
    seen.add(key);
    const at = placeAfter(reach);
    if (at === undefined) return undefined;
    const where = `${reach.place.cell} ${at.offset} ${at.indent}`;
    const group = groups.get(where);
    if (group === undefined) groups.set(where, [{ reach, filler }]);
    else group.push({ reach, filler });
  }
  const edits: TextEdit[] = [];
  // Where an inner block ends with an outer one, its own lines come first.
  const depth = ([{ reach }]: Group): number => placeAfter(reach)!.indent.length;
  for (const group of [...groups.values()].sort((a, b) => depth(b) - depth(a))) {
    const { place, statement, owner, returned } = group[0].reach;
    const { offset, indent } = placeAfter(group[0].reach)!;
    const lines: string[] = [];
    for (const part of inOrder(group)) {
      const name = names.for(place, `torch.nn.init.${part.filler.name}`);
      if (name === undefined) return undefined;
      edits.push(...name.edits);
      lines.push(...linesFor(part, name.text, place, scopeText(place, statement), butLast));
    }
    const { text } = place.document;
    if (returned) {
      const { from } = statement;
      edits.push({ cell: place.cell, from, to: from + 'return'.length, text: `${owner} =` });
      lines.push(`return ${owner}`);
    }
    const inserted = lines.map((line) => lineBreak(text) + indent + line).join('');
    edits.push({ cell: place.cell, from: offset, to: offset, text: inserted });
  }
  return edits;
}

const unitOf = (text: string): string => /^(\t| {2,8})\S/m.exec(text)?.[1] ?? '    ';

interface Part {
  readonly owner: string;
  readonly ways: readonly (readonly string[])[];
  readonly filler: Filler;
}

/** Layers of one owner that differ in one index alone stand together. */
function inOrder(group: Group): Part[] {
  const parts: { owner: string; ways: (readonly string[])[]; filler: Filler }[] = [];
  for (const { reach, filler } of group) {
    const last = parts.at(-1);
    const single = (way: readonly string[]) => way.length === 1 && way[0] !== EACH;
    const together =
      last !== undefined &&
      last.owner === reach.owner &&
      last.filler.name === filler.name &&
      last.filler.more === filler.more &&
      single(reach.way) &&
      last.ways.every(single);
    if (together) last.ways.push(reach.way);
    else parts.push({ owner: reach.owner, ways: [reach.way], filler });
  }
  return parts;
}

function linesFor(
  { owner, ways, filler }: Part,
  name: string,
  place: CellPlace,
  scope: string,
  butLast: boolean,
): string[] {
  const unit = unitOf(place.document.text);
  const call = (layer: string): string => `${name}(${layer}.weight${quoted(place, filler.more)})`;
  if (ways.length > 2) {
    const index = freeName(scope, 'index');
    const indices = ways.map(([way]) => way!.slice(1, -1)).join(', ');
    return [`for ${index} in (${indices}):`, `${unit}${call(`${owner}[${index}]`)}`];
  }
  return ways.flatMap((way) => {
    const lines: string[] = [];
    let at = owner;
    let indent = '';
    for (const step of way) {
      if (step === EACH) {
        const layer = freeName(scope, indent === '' ? 'layer' : 'inner');
        lines.push(`${indent}for ${layer} in ${at}${butLast ? '[:-1]' : ''}:`);
        at = layer;
        indent += unit;
      } else at += step;
    }
    return [...lines, indent + call(at)];
  });
}
