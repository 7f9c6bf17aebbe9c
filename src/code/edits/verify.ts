import type { Model } from '../../core/model/model';
import { graphFlow, isUnknownFlow } from '../../core/theory/graph';
import { modelVerdict } from '../../core/verdicts/model';
import { type ModelDocument, type ModelReadingOptions, readModels } from '../models/read';
import { essence } from './essence';
import { merged, type TextEdit, withTextEdits } from './textEdit';

/** What a fix makes of a graph: of the model itself, and of any other that is made by the same code. */
export type Change = (graph: Model) => Model;

/** A file's models, to hold edits against. */
export class Verification {
  readonly models: readonly Model[];
  private readonly position: number;

  constructor(
    readonly model: Model,
    readonly documents: readonly ModelDocument[],
    private readonly options: ModelReadingOptions,
  ) {
    this.models = readModels(documents, options).models;
    this.position = this.models.findIndex(
      ({ name, source }) =>
        name === model.name && source.cell === model.source.cell && source.from === model.source.from,
    );
  }

  /** The same models after edits; undefined where there are others, or more, or fewer, or where it is no code any more. */
  reread(edits: readonly TextEdit[]): readonly Model[] | undefined {
    if (this.position < 0) return undefined;
    const documents = withTextEdits(this.documents, edits);
    if (errorsIn(documents) > errorsIn(this.documents)) return undefined;
    const { models, problems } = readModels(documents, this.options);
    const fits =
      problems.length === 0 &&
      models.length === this.models.length &&
      models.every(
        ({ name, framework }, k) => name === this.models[k]!.name && framework === this.models[k]!.framework,
      );
    return fits ? models : undefined;
  }

  /** The model after edits. */
  rereadModel(edits: readonly TextEdit[]): Model | undefined {
    return this.reread(edits)?.[this.position];
  }

  /**
   * The edits and what the model is after them, where reading the edited text gives exactly what the change promises; of
   * other models that the same code makes, too, and their flow must not get worse. Undefined otherwise.
   */
  confirmed(
    proposed: readonly TextEdit[],
    change: Change,
  ): { readonly edits: readonly TextEdit[]; readonly model: Model } | undefined {
    const edits = merged(proposed);
    if (edits === undefined || edits.length === 0) return undefined;
    const after = this.reread(edits);
    if (after === undefined) return undefined;
    const holds = this.models.every((before, k) => {
      const now = essence(after[k]!);
      if (now === essence(before)) return k !== this.position;
      return now === essence(change(before)) && (k === this.position || !isWorse(before, after[k]!));
    });
    return holds ? { edits, model: after[this.position]! } : undefined;
  }
}

/** Places that the languages do not allow. */
export function errorsIn(documents: readonly ModelDocument[]): number {
  let count = 0;
  for (const { document } of documents) {
    document.tree.iterate({
      enter: ({ type }) => {
        if (type.isError) count++;
      },
    });
  }
  return count;
}

const distance = (graph: Model): number | undefined => {
  const flow = graphFlow(graph);
  return isUnknownFlow(flow) || modelVerdict(flow) === 'dead' ? undefined : Math.abs(Math.log(flow.ratio));
};

function isWorse(before: Model, after: Model): boolean {
  const [was, is] = [distance(before), distance(after)];
  return was !== undefined && (is === undefined || is > was + 1e-9);
}
