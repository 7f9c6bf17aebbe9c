import type { ActivationName } from '../../core/activations/catalogue';
import type { Spelling } from '../../core/frameworks/framework';
import { publicPath } from '../../core/frameworks/paths';
import { expressionOf } from '../expression';
import { at } from '../place';
import { resolvePath } from '../resolve';
import { textOf } from '../syntax';
import type { Names } from './names';
import type { Site } from './sites';
import { type NewSpelling, spelledAs } from './spelled';
import type { TextEdit } from './textEdit';
import { argumentList, type CellPlace, plainArguments, quoteNear, type WrittenArgument } from './tree';

/** Another activation at a site, in the site's own form; undefined where the framework has no way to write it there. */
export function activationEdits(site: Site, wanted: ActivationName, names: Names): readonly TextEdit[] | undefined {
  switch (site.kind) {
    case 'string': {
      const [first] = spelledAs(site.id, 'string', wanted);
      return first && [{ cell: site.place.cell, ...site.content, text: first.name }];
    }
    case 'name': {
      const ways = spelledAs(site.spelling.framework, site.spelling.form, wanted).filter(
        (way) => way.arguments.length === 0,
      );
      return renamed(site.place, ways, names)?.edits;
    }
    case 'call':
      return site.spelling.form === 'layer' ? layerEdits(site, wanted, names) : functionEdits(site, wanted, names);
    case 'method':
      return methodEdits(site, wanted, names);
  }
}

const inPlace = (name: string): boolean => name.endsWith('_');

interface Renamed {
  readonly way: NewSpelling;
  readonly edits: readonly TextEdit[];
}

/** tf.keras and keras are one library under two roots. */
const rootless = (module: string): string => module.replace(/^tf\.(?=keras\.)/, '');

/** Another name for an imported one: in the same module where that has it. */
function renamed(place: CellPlace, ways: readonly NewSpelling[], names: Names): Renamed | undefined {
  const path = publicPath(resolvePath(place) ?? '');
  const module = path.slice(0, path.lastIndexOf('.'));
  const { cell, document, node } = place;
  const expression = expressionOf(document, node);
  const inModule = ways.find((way) => rootless(way.module) === rootless(module));
  if (inModule !== undefined && expression.kind === 'member') {
    const { from, to } = expression.property;
    return { way: inModule, edits: [{ cell, from, to, text: inModule.name }] };
  }
  const beside = expression.kind === 'name' ? expression.name : undefined;
  const named = (way: NewSpelling, where: string) => {
    const name = names.for(place, `${where}.${way.name}`, beside);
    return name === undefined ? [] : [{ way, name }];
  };
  const all = ways.flatMap((way) => named(way, way.module));
  // What is imported already goes before what is not, and the shorter before the longer.
  all.sort((x, y) => x.name.edits.length - y.name.edits.length || x.name.text.length - y.name.text.length);
  const [best] = [...(inModule === undefined ? [] : named(inModule, module)), ...all];
  if (best === undefined) return undefined;
  return { way: best.way, edits: [{ cell, from: node.from, to: node.to, text: best.name.text }, ...best.name.edits] };
}

/** What every layer takes, whatever its activation is. */
const common: ReadonlySet<string> = new Set(
  'name dtype trainable input_shape inputShape batch_input_shape batchInputShape input_dim device'.split(' '),
);

/** The arguments of the old spelling that mean the same in the new one. */
function kept(
  given: readonly WrittenArgument[],
  old: Spelling,
  next: Spelling | undefined,
  document: CellPlace['document'],
): string[] {
  return given.flatMap(({ name, from, to }, position) => {
    const text = document.text.slice(from, to);
    if (name !== undefined && common.has(name)) return [text];
    const parameter = name === undefined ? old.parameters[position] : old.parameters.find((each) => each.name === name);
    const lives = next?.parameters.some((each) => each.name === parameter?.name && each.ignored);
    if (parameter?.ignored !== true || lives !== true) return [];
    return [name === undefined ? `${parameter.name}=${text}` : text];
  });
}

/** Replaces what stands between a call's brackets, or in its object of options. */
function withArguments(call: CellPlace, written: readonly string[]): TextEdit | undefined {
  const list = argumentList(call);
  if (list === undefined) return undefined;
  const before = textOf(call.document, list);
  const options = list.name === 'ObjectExpression';
  const inside = written.join(', ');
  if (options && inside === '') {
    const outer = call.node.getChild('ArgList')!;
    return { cell: call.cell, from: outer.from, to: outer.to, text: '()' };
  }
  const text = options ? `{ ${inside} }` : `(${inside})`;
  return text === before ? undefined : { cell: call.cell, from: list.from, to: list.to, text };
}

function layerEdits(
  { place, callee, spelling }: Site & { kind: 'call' },
  wanted: ActivationName,
  names: Names,
): readonly TextEdit[] | undefined {
  const given = plainArguments(place);
  if (given === undefined) return undefined;
  const own = renamed(callee, spelledAs(spelling.framework, 'layer', wanted), names);
  if (own !== undefined) {
    const list = withArguments(place, [
      ...kept(given, spelling, own.way.spelling, place.document),
      ...own.way.arguments,
    ]);
    return [...own.edits, ...(list === undefined ? [] : [list])];
  }
  return namedLayer({ place, callee, spelling }, given, wanted, names);
}

/** Keras's layer that takes the activation's name: `Activation('tanh')`, `tf.layers.activation({ activation: 'tanh' })`. */
function namedLayer(
  { place, callee, spelling }: Pick<Site & { kind: 'call' }, 'place' | 'callee' | 'spelling'>,
  given: readonly WrittenArgument[],
  wanted: ActivationName,
  names: Names,
): readonly TextEdit[] | undefined {
  const [string] = spelledAs(spelling.framework, 'string', wanted);
  if (string === undefined) return undefined;
  const javascript = place.document.language !== 'python';
  const way: NewSpelling = { ...string, module: spelling.module, name: javascript ? 'activation' : 'Activation' };
  const path = publicPath(resolvePath(callee) ?? '');
  const own = renamed(callee, [{ ...way, module: path.slice(0, path.lastIndexOf('.')) }], names);
  if (own === undefined) return undefined;
  const quote = quoteNear(place.document, place.node.from, place.node.to);
  const name = `${quote}${string.name}${quote}`;
  const rest = kept(given, spelling, undefined, place.document);
  if (!javascript) {
    const list = withArguments(place, [name, ...rest]);
    return [...own.edits, ...(list === undefined ? [] : [list])];
  }
  const { cell, node } = place;
  const outer = node.getChild('ArgList');
  if (outer === null) return undefined;
  const text = `({ ${[`activation: ${name}`, ...rest].join(', ')} })`;
  return [...own.edits, { cell, from: outer.from, to: outer.to, text }];
}

function functionEdits(
  { place, callee, spelling }: Site & { kind: 'call' },
  wanted: ActivationName,
  names: Names,
): readonly TextEdit[] | undefined {
  const given = plainArguments(place);
  const [tensor, ...rest] = given ?? [];
  if (tensor === undefined) return undefined;
  const ways = spelledAs(spelling.framework, 'function', wanted).filter(
    ({ name }) => inPlace(name) === inPlace(spelling.name),
  );
  const own = renamed(callee, ways, names);
  if (own === undefined) return undefined;
  const more = [...kept(rest, spelling, own.way.spelling, place.document), ...own.way.arguments];
  const last = rest.at(-1);
  if (last === undefined && more.length === 0) return own.edits;
  const text = more.map((each) => `, ${each}`).join('');
  return [...own.edits, { cell: place.cell, from: tensor.to, to: last?.to ?? tensor.to, text }];
}

function methodEdits(
  { place, receiver, property, spelling }: Site & { kind: 'method' },
  wanted: ActivationName,
  names: Names,
): readonly TextEdit[] | undefined {
  const given = plainArguments(place);
  if (given === undefined) return undefined;
  const { cell, document, node } = place;
  const fits = ({ name }: NewSpelling): boolean => inPlace(name) === inPlace(spelling.name);
  const [method] = spelledAs(spelling.framework, 'method', wanted).filter(fits);
  if (method !== undefined) {
    const list = given.length > 0 ? withArguments(place, method.arguments) : undefined;
    return [{ cell, from: property.from, to: property.to, text: method.name }, ...(list === undefined ? [] : [list])];
  }
  for (const way of spelledAs(spelling.framework, 'function', wanted).filter(fits)) {
    const name = names.for(place, `${way.module}.${way.name}`);
    if (name === undefined) continue;
    const text = `${name.text}(${[textOf(document, at(place, receiver).node), ...way.arguments].join(', ')})`;
    return [{ cell, from: node.from, to: node.to, text }, ...name.edits];
  }
  return undefined;
}
