import { meant } from '../../activations/nearest';
import { messageOf } from '../../format/errors';
import { formatInteger } from '../../format/numbers';
import { nodeOf } from '../build';
import type { LossUse, Model, ModelNode, Operation } from '../model';
import * as field from './fields';
import { type Field, Mismatch, type Reading } from './fields';
import { isOperationKind, operationFields, operationKinds, takesActivation } from './operations';

/**
 * A model as JSON, for files and for the way between rooms:
 *
 * ```json
 * { "version": 1, "framework": "torch", "input": [28, 28, 1], "layers": [
 *   { "kind": "convolution", "filters": 16, "kernelSize": 3, "activation": "relu" },
 *   { "kind": "pooling", "mode": "max", "size": 2 },
 *   { "kind": "flatten" },
 *   { "kind": "dense", "units": 10 } ] }
 * ```
 *
 * A layer takes the one before it, or those that its `inputs` name: by `name`, or by number from 1, where 0 is `input`.
 * What is left out is the framework's own.
 */
export const MODEL_VERSION = 1;

/** What a model is called that has no name. */
export const UNNAMED = 'model';

/** More layers than anybody writes. */
const MOST_LAYERS = 20_000;

export type ModelReading = { readonly model: Model } | { readonly problem: string };

/** Ends the reading; {@link parseModel} makes it an answer. */
class Unreadable extends Error {}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const shown = (value: unknown): string => {
  const text = JSON.stringify(value) ?? String(value);
  return text.length > 60 ? `${text.slice(0, 57)}…` : text;
};

const named = (key: string, value: unknown): string => (value === undefined ? `no ${key}` : `${key} ${shown(value)}`);

/** Reads one field of `where`, "layer 3 (conv1)". @throws Unreadable with a sentence */
function readField<T>(
  object: Readonly<Record<string, unknown>>,
  key: string,
  { read, usual }: Field<T>,
  where: string,
  of: Reading,
): T {
  const value = object[key];
  if (value === undefined) {
    if (usual) return usual.value;
    throw new Unreadable(`${where} has no ${key}.`);
  }
  try {
    return read(value, of);
  } catch (error) {
    if (!(error instanceof Mismatch)) throw error;
    const { found, expected } = error;
    throw new Unreadable(
      found === undefined
        ? `${where} has ${key} ${shown(value)}; expected ${expected}.`
        : `${where} has ${key} ${found}; ${expected}`,
    );
  }
}

function refuseUnknown(object: Readonly<Record<string, unknown>>, known: readonly string[], where: string): void {
  const strange = Object.keys(object).find((key) => !known.includes(key));
  if (strange !== undefined)
    throw new Unreadable(`${where} has "${strange}", which is not known; ${meant(strange, known)}`);
}

const modelKeys = [
  'version',
  'name',
  'framework',
  'library',
  'source',
  'input',
  'layers',
  'outputs',
  'loss',
  'symbols',
] as const;
const layerKeys = ['kind', 'name', 'type', 'inputs', 'shape', 'weights', 'certain', 'source', 'applied'] as const;

/** A model from JSON that was parsed; with a sentence where it is none: what was found, what was expected. */
export function parseModel(json: unknown): ModelReading {
  try {
    return { model: read(json) };
  } catch (error) {
    if (error instanceof Unreadable) return { problem: error.message };
    throw error;
  }
}

/** The same from a file's text. */
export function parseModelText(text: string): ModelReading {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    return { problem: `The model is no JSON (${messageOf(error)}).` };
  }
  return parseModel(json);
}

function read(json: unknown): Model {
  if (!isObject(json)) throw new Unreadable(`The model is ${shown(json)}; expected {"version": 1, "layers": […]}.`);
  if (json.version !== MODEL_VERSION) {
    const newer = typeof json.version === 'number' && json.version > MODEL_VERSION;
    throw new Unreadable(
      `The model has ${named('version', json.version)}; expected ${MODEL_VERSION}.${newer ? ' A newer Gradient Lens reads it.' : ''}`,
    );
  }
  refuseUnknown(json, modelKeys, 'The model');
  const framework = readField(json, 'framework', field.withUsual(field.framework, 'keras'), 'The model', {
    framework: 'keras',
  });
  const of: Reading = { framework };
  const library = readField(json, 'library', field.optional(field.library), 'The model', of);
  const layers = json.layers;
  if (!Array.isArray(layers) || layers.length === 0 || layers.length > MOST_LAYERS)
    throw new Unreadable(
      `The model has ${named('layers', layers)}; expected a list of 1 to ${formatInteger(MOST_LAYERS)} layers.`,
    );
  const inputShape = readField(json, 'input', field.optional(field.shape), 'The model', of);
  const nodes = new Nodes(of, inputShape);
  for (const [at, layer] of layers.entries()) nodes.add(layer, at + 1);
  const outputs = nodes.references(json.outputs, 'The model', 'outputs', [layers.length]);
  const inputs = nodes.list.filter(({ operation }) => operation.kind === 'input').map(({ id }) => id);
  return {
    name: readField(json, 'name', field.withUsual(field.text, UNNAMED), 'The model', of),
    framework,
    ...(library === undefined ? {} : { library }),
    source: readField(json, 'source', field.source, 'The model', of),
    nodes: nodes.list,
    inputs,
    outputs,
    inputShape: inputShape ?? nodes.list[inputs[0] ?? -1]?.shape,
    loss: lossFrom(json.loss, of),
    symbols: symbolsFrom(json.symbols, of),
  };
}

/** The nodes as they come; a layer of the file makes one, or two with its activation. */
class Nodes {
  readonly list: ModelNode[] = [];
  /** What stands for the output of each layer of the file; `input` first. */
  readonly #ends: (number | undefined)[] = [undefined];
  /** Null where several layers have one name: numbers tell them apart. */
  readonly #names = new Map<string, number | null>();

  constructor(
    private readonly of: Reading,
    inputShape: Model['inputShape'],
  ) {
    if (inputShape === undefined) return;
    this.#ends[0] = this.#push({ kind: 'input' }, [], { type: 'input', shape: inputShape });
    this.#names.set('input', 0);
  }

  #push(operation: Operation, inputs: readonly number[], more: Partial<ModelNode>): number {
    return this.list.push(nodeOf(this.list.length, operation, inputs, more)) - 1;
  }

  add(layer: unknown, number: number): void {
    const { of } = this;
    if (!isObject(layer)) throw new Unreadable(`Layer ${number} is ${shown(layer)}; expected {"kind": …}.`);
    const where = `Layer ${number}${typeof layer.name === 'string' ? ` (${layer.name})` : ''}`;
    const { kind } = layer;
    if (!isOperationKind(kind)) {
      const end =
        typeof kind === 'string' ? meant(kind, operationKinds) : `expected one of ${operationKinds.join(', ')}.`;
      throw new Unreadable(`${where} has kind ${shown(kind)}, which is not known; ${end}`);
    }
    const fields = operationFields[kind] as Readonly<Record<string, Field<unknown>>>;
    const own = takesActivation(kind) ? ['activation'] : [];
    refuseUnknown(layer, [...layerKeys, ...Object.keys(fields), ...own], where);
    const entries = Object.entries(fields)
      .map(([key, each]) => [key, readField(layer, key, each, where, of)] as const)
      .filter(([, value]) => value !== undefined || kind === 'recurrent' || kind === 'transformerEncoder');
    const operation = { kind, ...Object.fromEntries(entries) } as Operation;
    const inputs =
      kind === 'input'
        ? []
        : this.references(layer.inputs, where, 'inputs', this.#ends[number - 1] === undefined ? [] : [number - 1]);
    const name = readField(layer, 'name', field.optional(field.text), where, of);
    const weights = readField(layer, 'weights', field.optional(field.index), where, of);
    const applied = readField(layer, 'applied', field.optional(field.source), where, of);
    const source = readField(layer, 'source', field.source, where, of);
    const certain = readField(layer, 'certain', field.withUsual(field.flag, true), where, of);
    let end = this.#push(operation, inputs, {
      type: readField(layer, 'type', field.withUsual(field.text, kind), where, of),
      ...(name === undefined ? {} : { name }),
      ...(weights === undefined ? {} : { weights }),
      ...(applied === undefined ? {} : { applied }),
      shape: readField(layer, 'shape', field.optional(field.shape), where, of),
      source,
      certain,
    });
    if (own.length > 0 && layer.activation !== undefined && layer.activation !== null) {
      const activation = readField(layer, 'activation', field.activation, where, of);
      end = this.#push({ kind: 'activation', activation }, [end], {
        type: activation.spelled,
        source: activation.source,
        certain,
      });
    }
    this.#ends[number] = end;
    if (name !== undefined) this.#names.set(name, this.#names.has(name) ? null : end);
  }

  /** What a list of names and numbers refers to. */
  references(given: unknown, where: string, key: string, usual: readonly number[]): number[] {
    const all = given === undefined ? usual : given;
    if (!Array.isArray(all))
      throw new Unreadable(`${where} has ${key} ${shown(given)}; expected a list of names or numbers of layers.`);
    return all.map((each): number => {
      const found =
        typeof each === 'string' ? this.#names.get(each) : typeof each === 'number' ? this.#ends[each] : undefined;
      if (found === null)
        throw new Unreadable(
          `${where} has ${key} ${shown(given)}, but several layers are called ${shown(each)}; expected a number.`,
        );
      if (found !== undefined) return found;
      throw new Unreadable(
        `${where} has ${key} ${shown(given)}, where ${shown(each)} is no layer before it; expected names, or numbers from 1, with 0 for the model's input.`,
      );
    });
  }
}

const lossFields = {
  kind: field.oneOf([
    'categoricalCrossEntropy',
    'binaryCrossEntropy',
    'negativeLogLikelihood',
    'meanSquaredError',
    'meanAbsoluteError',
    'huber',
    'hinge',
    'other',
  ]),
  wants: field.optional(
    field.oneOf<'logits' | 'probabilities' | 'logProbabilities'>(['logits', 'probabilities', 'logProbabilities']),
  ),
  spelled: field.optional(field.text),
  source: field.source,
  applied: field.optional(field.activations),
  assumed: field.optional(field.flag),
} as const;

function lossFrom(json: unknown, of: Reading): LossUse | undefined {
  if (json === undefined) return undefined;
  const where = 'The model’s loss';
  const given = typeof json === 'string' ? { kind: json } : json;
  if (!isObject(given)) throw new Unreadable(`${where} is ${shown(json)}; expected {"kind": …}.`);
  refuseUnknown(given, Object.keys(lossFields), where);
  const kind = readField(given, 'kind', lossFields.kind, where, of);
  const applied = readField(given, 'applied', lossFields.applied, where, of);
  const assumed = readField(given, 'assumed', lossFields.assumed, where, of);
  return {
    kind,
    wants: readField(given, 'wants', lossFields.wants, where, of),
    spelled: readField(given, 'spelled', lossFields.spelled, where, of) ?? kind,
    source: readField(given, 'source', lossFields.source, where, of),
    ...(applied === undefined ? {} : { applied }),
    ...(assumed === undefined ? {} : { assumed }),
  };
}

function symbolsFrom(json: unknown, of: Reading): Model['symbols'] {
  if (json === undefined) return [];
  if (!Array.isArray(json)) throw new Unreadable(`The model has symbols ${shown(json)}; expected a list.`);
  return json.map((each, at) => {
    const where = `Symbol ${at + 1}`;
    const given = typeof each === 'string' ? { name: each } : each;
    if (!isObject(given)) throw new Unreadable(`${where} is ${shown(each)}; expected {"name": …}.`);
    return {
      name: readField(given, 'name', field.text, where, of),
      source: readField(given, 'source', field.source, where, of),
    };
  });
}

/** Leaves out what is undefined, as JSON does. */
const object = (entries: readonly (readonly [string, unknown])[]): Record<string, unknown> =>
  Object.fromEntries(entries.filter(([, value]) => value !== undefined));

/** A model as {@link parseModel} reads it back: the same layers, sizes, functions and places. */
export function modelOut(model: Model): Record<string, unknown> {
  const of: Reading = { framework: model.framework };
  const { name, framework, library, nodes, outputs, source, loss, symbols } = model;
  const numbers = (ids: readonly number[]) => ids.map((id) => id + 1);
  return object([
    ['version', MODEL_VERSION],
    ['name', name],
    ['framework', framework],
    ['library', library],
    ['source', field.source.write(source, of)],
    ['layers', nodes.map((node) => nodeOut(node, of, numbers))],
    ['outputs', numbers(outputs)],
    [
      'loss',
      loss &&
        object([
          ['kind', loss.kind],
          ['wants', loss.wants],
          ['spelled', loss.spelled],
          ['source', field.source.write(loss.source, of)],
          ['applied', loss.applied && field.activations.write(loss.applied, of)],
          ['assumed', loss.assumed],
        ]),
    ],
    [
      'symbols',
      symbols.length === 0
        ? undefined
        : symbols.map((each) =>
            object([
              ['name', each.name],
              ['source', field.source.write(each.source, of)],
            ]),
          ),
    ],
  ]);
}

function nodeOut(node: ModelNode, of: Reading, numbers: (ids: readonly number[]) => number[]): Record<string, unknown> {
  const { id, operation, inputs, type, name, source, applied, shape, weights, certain } = node;
  const fields = operationFields[operation.kind] as Readonly<Record<string, Field<unknown>>>;
  const values = operation as unknown as Readonly<Record<string, unknown>>;
  const follows = operation.kind === 'input' || (inputs.length === 1 && inputs[0] === id - 1);
  return object([
    ['kind', operation.kind],
    ['name', name],
    ['type', type === operation.kind ? undefined : type],
    ...Object.entries(fields).map(
      ([key, each]) => [key, values[key] === undefined ? undefined : each.write(values[key], of)] as const,
    ),
    ['inputs', follows ? undefined : numbers(inputs)],
    ['shape', shape && field.shape.write(shape, of)],
    ['weights', weights],
    ['certain', certain ? undefined : false],
    ['source', field.source.write(source, of)],
    ['applied', applied && field.source.write(applied, of)],
  ]);
}
