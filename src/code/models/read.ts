import { messageOf } from '../../core/format/errors';
import { excerpt } from '../../core/format/excerpt';
import { formatInteger } from '../../core/format/numbers';
import { withInputShape } from '../../core/model/input';
import type { Model, ModelNode, Shape } from '../../core/model/model';
import { inferShapes } from '../../core/model/shapes';
import type { ReadingOptions } from '../codeActivation';
import type { ParsedDocument } from '../document';
import { interpreting } from '../interpret/interpret';
import type { Cell } from '../interpret/interpreter';
import type { Program } from '../program/ast';
import { programSteps } from '../program/program';
import { inOneGo, type Steps } from '../steps';
import type { Filled } from './candidates/openArguments';
import { CandidateSearch } from './candidates/search';
import { type Definitions, definitionsOf } from './definitions';
import { flaxFramework } from './flax/flax';
import type { ModelFramework } from './framework';
import { withoutGaps } from './gaps';
import { kerasFramework } from './keras/keras';
import { Recorder } from './recorder';
import { withShortNames } from './shortNames';
import { tfjsFramework } from './tfjs/tfjs';
import { torchFramework } from './torch/torch';

/** A file, or a cell of a notebook. */
export interface ModelDocument {
  readonly document: ParsedDocument;
  /** Number of the cell, from 0; 0 for a file. */
  readonly cell: number;
}

export interface ModelReadingOptions extends ReadingOptions {
  /** What a person filled in for arguments that the code does not tell, by name. */
  readonly symbols?: Filled;
  /**
   * What a person says of inputs whose shape the code does not tell: without the batch, channels last. Models that it
   * contradicts stay as they are.
   */
  readonly input?: readonly number[] | undefined;
}

export interface ModelsRead {
  /** In the order of the text. */
  readonly models: readonly Model[];
  /** What could not be read, one sentence each. */
  readonly problems: readonly string[];
  /** Names of the arguments that the code does not tell, those that were filled in among them. */
  readonly asked: readonly string[];
  /** Whether there was code that could not be looked at at all. */
  readonly unread: boolean;
}

const nothing: ModelsRead = { models: [], problems: [], asked: [], unread: false };

/** Characters of all cells that are read: enough for any code that a person writes, and lowered in half a second. */
const MOST_TEXT = 400_000;

const TOO_LONG =
  'The code takes too many steps to follow it to its end; models may be missing. Shorter loops, or fewer models in one file, help.';

const pythonHint =
  /\b(keras(?:_applications|_utils)?|tensorflow|tf_keras|torch|flax|equinox|haiku|fastai2?|fastbook|fastxtend|miniai)\b/;
const javascriptHint = /@tensorflow\/tfjs|\btf\b|\bdanfojs\b|\bdfd\b/;

/** Texts that name no framework are not run. */
export const mayHoldModels = ({ language, text }: Pick<ParsedDocument, 'language' | 'text'>): boolean =>
  (language === 'python' ? pythonHint : javascriptHint).test(text);

/** The last program of each document, from version to version. */
const programs = new WeakMap<object, { readonly document: ParsedDocument; readonly program: Program }>();

/** A document's program: found once, and from its former version as far as that still stands. */
export const lowered = (document: ParsedDocument): Program => inOneGo(lowering(document));

function* lowering(document: ParsedDocument): Steps<Program> {
  const { lineage } = document;
  const former = programs.get(lineage);
  if (former?.document === document) return former.program;
  const program = yield* programSteps(document, former?.program);
  programs.set(lineage, { document, program });
  return program;
}

/** The cells of a program. A text that stands in two of them is lowered twice: what it defines is two things. */
function* cellsOf(documents: readonly ModelDocument[]): Steps<Cell[]> {
  const seen = new Set<object>();
  const cells: Cell[] = [];
  for (const { document, cell } of documents) {
    const program = yield* seen.has(document.lineage) ? programSteps(document) : lowering(document);
    seen.add(document.lineage);
    cells.push({ program, text: document.text, cell });
  }
  return cells;
}

/**
 * The models in a file, or in a notebook: its cells share one module. Nothing is executed; texts that cannot be read
 * give no model, and never an exception.
 */
export const readModels = (documents: readonly ModelDocument[], options: ModelReadingOptions): ModelsRead =>
  inOneGo(readingModels(documents, options));

/** The same in steps: a long text takes seconds. */
export function* readingModels(documents: readonly ModelDocument[], options: ModelReadingOptions): Steps<ModelsRead> {
  const python = documents.filter(({ document }) => document.language === 'python');
  const javascript = documents.filter(({ document }) => document.language !== 'python');
  const parts: ModelsRead[] = [];
  if (python.length > 0)
    parts.push(yield* readOne(python, [kerasFramework(options), torchFramework, flaxFramework], options));
  if (javascript.length > 0) parts.push(yield* readOne(javascript, [tfjsFramework()], options));
  const { input } = options;
  const told = (model: Model): Model => {
    const filled = input === undefined ? model : withInputShape(model, input);
    return 'problem' in filled ? model : filled;
  };
  return {
    models: parts.flatMap(({ models }) => models).map(told),
    problems: parts.flatMap(({ problems }) => problems),
    asked: parts.flatMap(({ asked }) => asked),
    unread: parts.some(({ unread }) => unread),
  };
}

function* readOne(
  documents: readonly ModelDocument[],
  frameworks: readonly ModelFramework[],
  { symbols = new Map() }: ModelReadingOptions,
): Steps<ModelsRead> {
  if (!documents.some(({ document }) => mayHoldModels(document))) return nothing;
  const length = documents.reduce((sum, { document }) => sum + document.text.length, 0);
  if (length > MOST_TEXT) {
    const found = `The text has ${formatInteger(length)} characters; models are looked for in at most ${formatInteger(MOST_TEXT)}.`;
    return { ...nothing, problems: [`${found} Move the model into a file of its own.`], unread: true };
  }
  const cells = yield* cellsOf(documents);
  const recorder = new Recorder();
  try {
    const ran = yield* interpreting(
      cells,
      frameworks.map((framework) => ({ roots: framework.roots, library: recorder.watch(framework) })),
    );
    const definitions: Definitions[] = [];
    for (const { program, cell } of cells) definitions.push(yield* definitionsOf(program, cell));
    const search = new CandidateSearch({ ...ran, names: ran.module.names, definitions, frameworks, recorder }, symbols);
    const models: Model[] = [];
    for (const found of yield* search.graphs()) {
      const graph = withShortNames(withShapes(found));
      models.push(ran.machine.language === 'python' ? withoutGaps(graph, cells) : graph);
      yield;
    }
    return {
      models,
      problems: search.isCut || ran.left() === 0 ? [TOO_LONG] : [],
      asked: [...search.asked],
      unread: false,
    };
  } catch (error) {
    // Somebody's code must never break the editor; what went wrong is told instead.
    return {
      ...nothing,
      problems: [`The models could not be read: ${excerpt(messageOf(error), 200)}.`],
      unread: true,
    };
  }
}

/** Shapes that the frameworks' readers left open. */
function withShapes(graph: Model): Model {
  const shapes: readonly (Shape | undefined)[] = inferShapes(graph.nodes);
  const nodes = graph.nodes.map(
    (node, k): ModelNode => (node.shape === undefined ? { ...node, shape: shapes[k] } : node),
  );
  return { ...graph, nodes };
}
