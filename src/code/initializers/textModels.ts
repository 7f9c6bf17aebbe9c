import type { Model } from '../../core/model/model';
import type { NotebookContext, ParsedDocument } from '../document';
import { type ModelDocument, type ModelReadingOptions, readModels } from '../models/read';

/** The whole notebook, or the file. */
const documentsOf = (document: ParsedDocument, { before, after }: NotebookContext): ModelDocument[] =>
  [...before, document, ...after].map((each, cell) => ({ document: each, cell }));

interface Reading {
  readonly documents: readonly ModelDocument[];
  readonly options: string;
  readonly models: readonly Model[];
}

/** The latest reading of each text, by its first cell. */
const kept = new WeakMap<ParsedDocument, Reading>();

const isSameText = (a: readonly ModelDocument[], b: readonly ModelDocument[]): boolean =>
  a.length === b.length && a.every(({ document }, k) => document === b[k]!.document);

/** The models of a text; read once for each version of its cells. */
export function modelsOf(
  document: ParsedDocument,
  context: NotebookContext,
  options: ModelReadingOptions,
): readonly Model[] {
  const documents = documentsOf(document, context);
  const key = JSON.stringify([options.tensorflowKeras, [...(options.symbols ?? [])]]);
  const first = documents[0]!.document;
  const former = kept.get(first);
  if (former !== undefined && former.options === key && isSameText(former.documents, documents)) return former.models;
  const { models } = readModels(documents, options);
  kept.set(first, { documents, options: key, models });
  return models;
}
