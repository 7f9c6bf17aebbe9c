import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from '../../../../src/code/document';
import type { Language } from '../../../../src/code/language';
import {
  type ModelDocument,
  type ModelReadingOptions,
  type ModelsRead,
  readModels,
} from '../../../../src/code/models/read';
import { formatInitializer } from '../../../../src/core/initializers/initializer';
import type { ActivationUse, Initialization, Model, ModelNode, Shape, Size } from '../../../../src/core/model/model';

/** Models in one line each, as the corpus's `# expect:` comments write them. */

const size = (value: Size): string => {
  if (typeof value === 'number') return String(value);
  return value.kind === 'symbolic' ? value.symbols.map((name) => `$${name}`).join(',') : '?';
};

const sizes = (values: readonly Size[]): string => values.map(size).join('x');

const shape = (value: Shape | undefined): string => (value === undefined ? '' : `:${value.map(size).join('x')}`);

const initializer = (value: Initialization): string | undefined => {
  if (value.kind === 'default') return undefined;
  return value.kind === 'unknown' ? '?' : formatInitializer(value.initializer);
};

function weights({ kernel, bias }: { kernel: Initialization; bias: Initialization | null }): string {
  const biases = bias === null ? undefined : initializer(bias);
  const parts = [initializer(kernel), biases && `b=${biases}`].filter((each) => each !== undefined);
  return `${parts.length > 0 ? `{${parts.join(',')}}` : ''}${bias === null ? '-b' : ''}`;
}

/** `@` with the framework where that is not the model's. */
const activation = (use: ActivationUse | undefined, model: Model): string => {
  if (use === undefined) return 'unknown';
  return `${use.name ?? use.notElementWise ?? 'unknown'}${use.framework === model.framework ? '' : `@${use.framework}`}`;
};

/** One size where all axes have the same: `s2`. */
const along = (letter: string, values: readonly Size[], usual: number): string[] => {
  const first = size(values[0] ?? usual);
  if (values.every((value) => value === usual)) return [];
  return [`${letter}${values.every((value) => size(value) === first) ? first : sizes(values)}`];
};

function operation(node: ModelNode, model: Model): string {
  const { operation: op } = node;
  switch (op.kind) {
    case 'input':
      return `input(${node.name ?? ''})`;
    case 'dense':
      return `dense(${size(op.units)})${weights(op)}`;
    case 'convolution': {
      const parts = [
        size(op.filters),
        sizes(op.kernelSize),
        ...along('s', op.strides, 1),
        ...along('d', op.dilation, 1),
        ...(typeof op.padding === 'string' ? (op.padding === 'same' ? ['same'] : []) : along('p', op.padding, 0)),
        ...(op.groups === 1 ? [] : [`g${size(op.groups)}`]),
      ];
      return `conv${op.rank}d${op.transposed ? 'T' : ''}(${parts.join(',')})${weights(op)}`;
    }
    case 'pooling': {
      if (op.global) return `global${op.mode}`;
      const same = sizes(op.size) === sizes(op.strides);
      const parts = [
        sizes(op.size),
        ...(same ? [] : along('s', op.strides, 0)),
        ...(op.padding === 'same' ? ['same'] : []),
      ];
      return `${op.mode}pool(${parts.join(',')})`;
    }
    case 'embedding': {
      const kernel = initializer(op.kernel);
      return `embedding(${size(op.entries)},${size(op.units)})${kernel === undefined ? '' : `{${kernel}}`}`;
    }
    case 'normalisation':
      return `${op.over}norm`;
    case 'dropout':
      return `dropout(${size(op.rate)}${op.variant === 'plain' ? '' : `,${op.variant}`})`;
    case 'activation':
      return activation(op.activation, model);
    case 'recurrent': {
      const name = op.cell === 'simple' ? 'rnn' : op.cell;
      const phis = [op.activation, ...(op.cell === 'simple' ? [] : [op.recurrentActivation])];
      const parts = [
        size(op.units),
        ...(op.sequences ? ['seq'] : []),
        phis.map((use) => activation(use, model)).join('/'),
      ];
      return `${op.bidirectional ? 'bi-' : ''}${name}(${parts.join(',')})${weights(op)}`;
    }
    case 'attention':
      return `attention(${size(op.heads)},${size(op.units)})`;
    case 'transformerEncoder':
      return `encoder(${size(op.layers)},${size(op.heads)},${size(op.units)},${size(op.feedForward)})`;
    case 'rearrange':
      return `rearrange(${node.type})`;
    case 'opaque':
      return `opaque(${node.type})`;
    case 'concatenate':
      return 'concat';
    default:
      return op.kind;
  }
}

/** Shapes are left out after what never changes them. */
const keepsShape: ReadonlySet<string> = new Set(['activation', 'normalisation', 'dropout']);

function shownNode(node: ModelNode, model: Model): string {
  const first = model.nodes.findIndex(({ weights: number }) => number !== undefined && number === node.weights);
  const shared = first >= 0 && first < node.id ? `=${first}` : '';
  const chained = node.inputs.length === 1 && node.inputs[0] === node.id - 1;
  const edges = chained || node.id === 0 ? '' : `<${node.inputs.join(',')}>`;
  const sized = keepsShape.has(node.operation.kind) ? '' : shape(node.shape);
  return `${operation(node, model)}${shared}${edges}${node.certain ? '' : '~'}${sized}`;
}

/** A model in one line: its name, framework and input, its steps, loss and symbols. */
export function shownModel(model: Model): string {
  const [first, ...others] = model.nodes;
  const steps = (first?.operation.kind === 'input' ? others : model.nodes).map((node) => shownNode(node, model));
  const input = model.inputShape === undefined ? '?' : `[${model.inputShape.map(size).join(',')}]`;
  const { loss } = model;
  const parts = [
    `${model.name} ${model.library ?? model.framework} ${input}: ${steps.join(' ')}`,
    ...(loss === undefined
      ? []
      : [`${loss.kind === 'other' ? 'other' : loss.kind}${loss.wants === undefined ? '' : `/${loss.wants}`}`]),
    ...(model.symbols.length === 0
      ? []
      : [
          `symbols ${model.symbols
            .map(({ name }) => name)
            .sort()
            .join(' ')}`,
        ]),
  ];
  return parts.join(' | ');
}

const languages: Readonly<Record<string, Language>> = {
  py: 'python',
  ipynb: 'python',
  js: 'javascript',
  ts: 'typescript',
  tsx: 'tsx',
};

interface NotebookFile {
  readonly cells: readonly { readonly cell_type: string; readonly source: readonly string[] }[];
}

/** A file's documents: one, or the code cells of a notebook. */
export function documentsOf(path: string, text = readFileSync(path, 'utf8')): ModelDocument[] {
  const language = languages[path.slice(path.lastIndexOf('.') + 1)]!;
  if (!path.endsWith('.ipynb')) return [{ document: parse(text, language), cell: 0 }];
  const { cells } = JSON.parse(text) as NotebookFile;
  return cells.flatMap(({ cell_type, source }, cell) =>
    cell_type === 'code' ? [{ document: parse(source.join(''), language), cell }] : [],
  );
}

export const usual: ModelReadingOptions = { tensorflowKeras: 3 };

/** The models in a text. */
export const modelsIn = (
  text: string,
  language: Language = 'python',
  options: Partial<ModelReadingOptions> = {},
): ModelsRead => readModels([{ document: parse(text, language), cell: 0 }], { ...usual, ...options });

/** A file of the corpus with what its `expect:` comments say. */
export interface CorpusFile {
  readonly name: string;
  readonly documents: readonly ModelDocument[];
  readonly expected: readonly string[];
}

export const corpusFolder = join(import.meta.dirname, '../../../fixtures/models');

export function corpus(folder: string): CorpusFile[] {
  const path = join(corpusFolder, folder);
  return readdirSync(path)
    .sort()
    .map((name) => {
      const documents = documentsOf(join(path, name));
      const expected = documents.flatMap(({ document }) =>
        [...document.text.matchAll(/^(?:#|\/\/) expect: (.*)$/gm)].map((match) => match[1]!.trim()),
      );
      return { name, documents, expected };
    });
}
