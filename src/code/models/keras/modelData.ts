import type { FrameworkId } from '../../../core/frameworks/framework';
import type { LossUse, Shape, SourceRange } from '../../../core/model/model';
import type { Value } from '../../interpret/values';
import type { Step, Tensor } from './tensor';

/** An input's shape, and where it is told. */
export interface GivenShape {
  readonly shape: Shape;
  readonly source: SourceRange;
}

/** From what to what a model computes. */
export interface Body {
  readonly inputs: readonly Tensor[];
  /** Names of the inputs, where they were given as a dict. */
  readonly outputs: Value;
}

/** A model of the program; what it holds may change until it is looked at. */
export interface ModelData {
  readonly kind: 'sequential' | 'functional' | 'subclass';
  readonly type: string;
  readonly id: FrameworkId;
  readonly source: SourceRange;
  readonly name: string | undefined;
  /** Of a Sequential: layers, models, objects of the file's classes, inputs. */
  readonly items: { readonly value: Value; readonly source: SourceRange; readonly doubt: number }[];
  /** Of a Sequential: false where items are not known. */
  complete: boolean;
  /** A function that is not here was given the model, and may have added to it. */
  handed: { readonly to: string; readonly source: SourceRange } | undefined;
  body: Body | undefined;
  /** How many open conditions it was made under. */
  readonly doubt: number;
  loss: LossUse | undefined;
  /** What was done with it: whether its loss counts hangs on it. */
  readonly used: Set<'fitted' | 'predicted' | 'loaded'>;
  /** Told by `build` or by the first call. */
  inputShape: GivenShape | undefined;
  /** False until `build` of a class of the file has run. */
  built: boolean;
  /** Of an object of a class of the file: what the class is derived from. */
  readonly base: { readonly path: string; readonly kind: 'model' | 'sequential' | 'layer' | 'ready' } | undefined;
  /** True once it is a part of another model. */
  inside: boolean;
  /** Models that may stand in its place: where a choice is not known, it stands for all. */
  readonly others: Set<ModelData>;
  /** True where another model, which cannot be read, may hold it. */
  mayBePart: boolean;
  /** What it gave where it was applied to something of which nobody knows whether it comes from an input; the first ones. */
  readonly results: Step[];
}

export const newModel = (
  given: Pick<ModelData, 'kind' | 'type' | 'id' | 'source' | 'name' | 'doubt'> & Partial<ModelData>,
): ModelData => ({
  items: [],
  complete: true,
  handed: undefined,
  body: undefined,
  loss: undefined,
  used: new Set(),
  inputShape: undefined,
  built: false,
  inside: false,
  base: undefined,
  others: new Set(),
  mayBePart: false,
  results: [],
  ...given,
});
