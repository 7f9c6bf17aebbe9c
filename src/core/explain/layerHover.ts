import { numeral } from '../activations/formula';
import { formatPower } from '../format/numbers';
import { framework } from '../frameworks/all';
import type { FrameworkId } from '../frameworks/framework';
import { type DefaultedKind, defaultBias, defaultedKind, defaultKernel } from '../frameworks/layerDefaults';
import type { LayerDefaults, Library } from '../frameworks/layerShelf';
import type { Cell, LayerSignature } from '../frameworks/layerSignature';
import { counterpart } from '../frameworks/layers';
import { type Initializer, initializerInWords } from '../initializers/initializer';
import { EXAMPLE_WIDTH, exampleFans } from './exampleNetwork';
import { initializerFigures, type LayerFans } from './initializerFigures';
import {
  cellOf,
  defaultsOf,
  deviationFormula,
  familyOf,
  type InitializerHoverOptions,
  type InitializerMention,
  initializerRows,
  labelOf,
  type NetworkBeside,
  networkLinks,
  networkOf,
  otherFamilies,
  rowsTable,
  writtenAt,
} from './initializerHover';
import { inModelSentence, type LayersInModel } from './modelLayer';
import { code, markdown, withCode } from './quote';
import type { NumberFormat } from './sentences';

/** A layer as a text makes it, whose weights or numbers have defaults. */
export interface LayerMention {
  readonly framework: FrameworkId;
  /** Whose it is where it is not the framework's own. */
  readonly library?: Library | undefined;
  /** As written: `Linear`, `conv2d`. */
  readonly name: string;
  readonly signature: LayerSignature;
  /** Null where nothing is written: the framework's default. Undefined for one that cannot be told. */
  readonly kernel: Initializer | null | undefined;
  /** What its biases start with: null where there are none, undefined for the framework's default. */
  readonly bias: Initializer | null | undefined;
  /** Of the layers that the place makes, different ones; empty where the code does not tell the fan-in. */
  readonly fans: readonly LayerFans[];
  /** NaN where the code does not tell them. */
  readonly units: number;
  /** Of a batch normalisation, where the code has to say it: the share of its moving averages that a step leaves. */
  readonly kept?: number | undefined;
  readonly beside?: NetworkBeside | undefined;
  /** The framework's own page. */
  readonly docs: string;
}

export interface LayerHoverOptions extends InitializerHoverOptions {
  /** Links to the layer's own model, where that is known. */
  readonly model?: { readonly compare: string; readonly calculator: string } | undefined;
}

type Figure = (x: number) => string;

/** Layers that a hover has something to say of. */
export const hasDefaults = (signature: LayerSignature): boolean =>
  defaultedKind(signature) !== undefined || signature.kind === 'normalisation';

const unitsOf = ({ units }: LayerMention): number => (Number.isFinite(units) ? units : EXAMPLE_WIDTH);

/** Gates whose kernels one matrix holds side by side, where a framework draws them so. */
const gates = { simple: 1, lstm: 4, gru: 3 } as const;

/** The fans of the first layer that the place makes, as a framework counts them; an example where they are not told. */
function fansIn(defaults: LayerDefaults, mention: LayerMention): LayerFans {
  const [told] = mention.fans;
  const { signature } = mention;
  const units = unitsOf(mention);
  if (signature.kind !== 'recurrent') return told ?? { fanIn: EXAMPLE_WIDTH, fanOut: units };
  const { gatewise } = defaults.recurrent;
  const state = meetsBoth(defaults, signature) ? units : 0;
  return { fanIn: (told?.fanIn ?? EXAMPLE_WIDTH) + state, fanOut: (gatewise ? 1 : gates[signature.cell]) * units };
}

/** Whether a recurrent layer's input and state meet one matrix. */
const meetsBoth = ({ recurrent }: LayerDefaults, signature: LayerSignature): boolean =>
  signature.kind === 'recurrent' && (recurrent.joined?.includes(signature.cell) ?? false);

const cellIn = (signature: LayerSignature): Cell => (signature.kind === 'recurrent' ? signature.cell : 'simple');

/** What a layer's kernel starts with in a framework or a library where nothing is written. */
const usualKernel = (of: FrameworkId | LayerDefaults, kind: DefaultedKind, mention: LayerMention): Initializer =>
  defaultKernel(of, kind, unitsOf(mention), cellIn(mention.signature));

const fansOf = (mention: LayerMention): LayerFans => fansIn(defaultsOf(mention), mention);

type Home = Pick<LayerMention, 'framework' | 'library'>;

const nameOf = (initializer: Initializer, home: Home): string => {
  const { kernel } = defaultsOf(home);
  return initializer === kernel.initializer
    ? kernel.name
    : (writtenAt(home, rounded(initializer)) ?? initializerInWords(rounded(initializer)));
};

/** A bound such as 1/√units has few digits in a sentence. */
const rounded = (initializer: Initializer): Initializer =>
  initializer.kind === 'uniform'
    ? { ...initializer, min: Number(initializer.min.toPrecision(3)), max: Number(initializer.max.toPrecision(3)) }
    : initializer;

/** "standard deviation 0.0206 = 1/√(3·fan_in) at fan-in 784"; an example where the code does not tell it. */
function deviation(mention: LayerMention, initializer: Initializer, cell: Figure): string {
  const fans = fansOf(mention);
  const found = initializerFigures(initializer, mention.framework, fans);
  if (found.scaling === undefined) return `standard deviation ${cell(found.stddev)}`;
  const out = found.scaling.mode === 'fan_in' ? '' : `, fan-out ${numeral(fans.fanOut)}`;
  const example = mention.fans.length > 0 ? '' : ', as an example: the code does not tell it';
  return `standard deviation ${deviationFormula(found, cell)} at fan-in ${numeral(fans.fanIn)}${out}${example}`;
}

/** What a layer's kernel starts with, as written or by default; undefined where the code does not tell. */
const kernelIn = (mention: LayerMention, kind: DefaultedKind): Initializer | undefined =>
  mention.kernel === null ? usualKernel(defaultsOf(mention), kind, mention) : mention.kernel;

function startSentence(mention: LayerMention, kind: DefaultedKind, cell: Figure): string {
  const initializer = kernelIn(mention, kind);
  if (initializer === undefined) return 'What its kernel starts with cannot be told from the code.';
  const whose = mention.kernel === null ? `${labelOf(mention)}’s default` : 'as the code says';
  return `It starts with ${nameOf(initializer, mention)}, ${whose}: ${deviation(mention, initializer, cell)}.`;
}

/** "0", "±0.0357", what a layer's biases start with in a framework. */
function biasIn(home: Home, kind: DefaultedKind, fans: LayerFans, units: number, cell: Figure): string {
  const initializer = defaultBias(defaultsOf(home), kind, units);
  if (initializer.kind === 'zeros') return '0';
  const [low, high] = initializerFigures(initializer, home.framework, fans).range;
  return low === -high ? `±${cell(high)}` : `${cell(low)} … ${cell(high)}`;
}

/** What the kernel starts with that meets a recurrent layer's state. */
function stateKernel(mention: LayerMention, cell: Figure): string {
  const { signature } = mention;
  const defaults = defaultsOf(mention);
  const units = unitsOf(mention);
  // Its figures stand in the sentence above, with the example's fan-in.
  if (meetsBoth(defaults, signature)) return 'meets the same kernel: its fan-in counts input and state';
  const example = Number.isFinite(mention.units) ? '' : ` at ${EXAMPLE_WIDTH} units`;
  const state = defaults.recurrent.kernel(units, cellIn(signature));
  if (state.kind === 'orthogonal') return `recurrent kernel orthogonal${example}`;
  if (state.kind === 'uniform') return `recurrent kernel ±${cell(1 / Math.sqrt(units))} = 1/√units${example}`;
  const found = initializerFigures(state, mention.framework, { fanIn: units, fanOut: units });
  return `recurrent kernel std ${deviationFormula(found, cell).replace('fan_in', 'units')}${example}`;
}

function recurrentRows(mention: LayerMention, cell: Figure): (readonly [string, string])[] {
  const { signature } = mention;
  const { recurrent } = defaultsOf(mention);
  const units = unitsOf(mention);
  const own = cellIn(signature);
  const forget = recurrent.forgetBias && own === 'lstm' ? '; forget gate 1' : '';
  const { secondBias } = recurrent;
  // Keras and Equinox say by an argument whether a GRU has one.
  const isTwice = secondBias === 'all' || (secondBias === own && own === 'simple');
  const twice = isTwice ? ', and a second one at the state' : '';
  const bias = mention.bias === null ? 'none in the code' : biasIn(mention, 'recurrent', fansOf(mention), units, cell);
  return [
    ['state', stateKernel(mention, cell)],
    ['bias', mention.bias === null ? bias : `${bias}${forget}${twice}`],
  ];
}

/** As an initialiser's hover takes it. */
function asInitializer(mention: LayerMention, initializer: Initializer, kind: DefaultedKind): InitializerMention {
  const isKernel = kind === 'dense' || kind === 'convolution';
  return {
    framework: mention.framework,
    library: mention.library,
    name: mention.name,
    written: [],
    initializer,
    explanation: undefined,
    role: isKernel ? 'kernel' : 'other',
    fans: mention.fans,
    bias: mention.bias,
    beside: mention.beside,
    problems: [],
    docs: mention.docs,
  };
}

function rows(mention: LayerMention, kind: DefaultedKind, format: NumberFormat): (readonly [string, string])[] {
  const initializer = kernelIn(mention, kind);
  if (initializer === undefined) return [];
  const { drawn } = initializer === defaultsOf(mention).kernel.initializer ? defaultsOf(mention).kernel : {};
  const all = initializerRows(asInitializer(mention, initializer, kind), initializer, fansOf(mention), format).map(
    ([name, said]) => [name, name === 'drawn' ? (drawn ?? said) : said] as const,
  );
  // The sentence has the standard deviation of one layer.
  const own = mention.fans.length > 1 ? all : all.filter(([name]) => name !== 'std');
  // It speaks of an initialiser that leaves the biases as they are.
  if (kind !== 'recurrent') return own.map(([name, said]) => [name, said.replace(', which this leaves', '')]);
  return [...own.filter(([name]) => name !== 'gain'), ...recurrentRows(mention, cellOf(format))];
}

/** "The same layer: Keras `Dense` glorot_uniform, std 0.0468, bias 0 · JAX …" */
function elsewhere(mention: LayerMention, kind: DefaultedKind, cell: Figure): string | undefined {
  const units = unitsOf(mention);
  const { signature } = mention;
  // Over one axis it is a dense layer.
  const like: LayerSignature = signature.kind === 'denseGeneral' ? { ...signature, kind: 'dense' } : signature;
  const parts = otherFamilies(mention).flatMap((id) => {
    const name = counterpart(like, id);
    if (name === undefined) return [];
    const fans = fansIn(framework(id).defaults, mention);
    const initializer = usualKernel(id, kind, mention);
    const std = cell(initializerFigures(initializer, id, fans).stddev);
    const bias = kind === 'embedding' ? '' : `, bias ${biasIn({ framework: id }, kind, fans, units, cell)}`;
    return [`${familyOf(id)} ${code(name)} ${markdown(nameOf(initializer, { framework: id }))}, std ${std}${bias}`];
  });
  return parts.length === 0 ? undefined : `Elsewhere by default: ${parts.join(' · ')}`;
}

function normalisationText(mention: LayerMention, place: LayersInModel | undefined, format: NumberFormat): string[] {
  const { signature } = mention;
  const over = signature.kind === 'normalisation' ? signature.over : 'batch';
  const numbers = ({ normalisation }: LayerDefaults): string => {
    const { epsilon, momentum, trained } = normalisation(over);
    const kept = over === 'batch' && !Number.isNaN(momentum) ? `, moving averages keep ${numeral(momentum)}` : '';
    return `ε ${formatPower(epsilon, 1)}${kept}${trained ? '' : ', no scale or shift'}`;
  };
  const others = otherFamilies(mention).flatMap((id) => {
    const name = counterpart(signature, id);
    return name === undefined ? [] : [`${familyOf(id)} ${code(name)} ${numbers(framework(id).defaults)}`];
  });
  const first = place === undefined ? '' : `${withCode(inModelSentence({ ...place, layers: [] }, format, false))} `;
  const said = mention.kept === undefined ? '' : ` The code lets moving averages keep ${numeral(mention.kept)}.`;
  return [
    `${first}${labelOf(mention)}’s default: ${numbers(defaultsOf(mention))}.${said}`,
    ...(others.length === 0 ? [] : [`Elsewhere by default: ${others.join(' · ')}`]),
  ];
}

/** Links to the model; where none is known, of dense layers and convolutions to ten like it. */
function links(mention: LayerMention, options: LayerHoverOptions): string[] {
  const { model } = options;
  if (model !== undefined) {
    return [`[Compare with…](${model.compare})`, `[Open in calculator](${model.calculator})`];
  }
  const { signature } = mention;
  const kind = signature.kind === 'bilinear' ? undefined : defaultedKind(signature);
  if (kind !== 'dense' && kind !== 'convolution') return [];
  const initializer = kernelIn(mention, kind);
  if (initializer === undefined) return [];
  const like = asInitializer(mention, initializer, kind);
  return networkLinks(like, networkOf(like, initializer, mention.fans[0] ?? exampleFans), options);
}

/**
 * The text of a hover on a layer: links, what it does in its model, what it starts with, and what that rests on.
 *
 * @param place its model, where the text's models have it
 */
export function layerMarkdown(mention: LayerMention, options: LayerHoverOptions, place?: LayersInModel): string {
  const label = labelOf(mention);
  const head = [
    `**${markdown(mention.name)}**`,
    label,
    ...links(mention, options),
    `[${label} docs](${mention.docs})`,
  ].join(' · ');
  const kind = defaultedKind(mention.signature);
  if (kind === undefined) return [head, ...normalisationText(mention, place, options.numbers)].join('\n\n');
  const cell = cellOf(options.numbers);
  const sentences = [
    ...(place === undefined ? [] : [inModelSentence(place, options.numbers, false)]),
    startSentence(mention, kind, cell),
  ];
  const table = rowsTable(rows(mention, kind, options.numbers));
  const others = elsewhere(mention, kind, cell);
  return [
    head,
    withCode(sentences.join(' ')).replaceAll(' × ', '\u00a0×\u00a0'),
    ...(table === '' ? [] : [table]),
    ...(others === undefined ? [] : [others]),
  ].join('\n\n');
}
