import type { Model, SourceRange } from '../../core/model/model';
import type { FunctionValue, InstanceValue, Library, Machine, Value } from '../interpret/values';

/** A value that is, or may become, a model, with where a person would look for it. */
export interface ModelCandidate {
  readonly value: Value;
  /** The class, function or variable. */
  readonly name: string;
  readonly source: SourceRange;
  /** The function of the module that made it. */
  readonly within?: FunctionValue | undefined;
}

/** What the reader needs of one framework beside its library. */
export interface ModelFramework {
  readonly library: Library;
  /** First parts of the import paths that the library answers for: `torch`; `keras`, `tensorflow`, `tf_keras`. */
  readonly roots: readonly string[];
  /** Whether a class of the file with this base is a model, or a layer that models are made of. */
  modelBase(path: string): boolean;
  /**
   * The graph of a candidate; undefined where it is no model (a single layer, an optimizer, a list of tensors).
   * Instances of the file's classes are called here with an input of unknown shape where the code has not done it.
   */
  graphOf(candidate: ModelCandidate, machine: Machine): Model | undefined;
  /** The graph of a function of one argument that leads it through layers which no model has. */
  graphOfFunction?(candidate: ModelCandidate, machine: Machine): Model | undefined;
  /** The graph between inputs and outputs that a function gives back, of which the file makes no model. */
  graphOfResult?(candidate: ModelCandidate, machine: Machine): Model | undefined;
  /** Whether code fills an object's weights itself: of several of a class such a one shows most. */
  isFilled?(value: Value): boolean;
  /** True for what is only a part of another model, which shows it: no candidate of its own. */
  isPart?(value: Value): boolean;
}

/** Whether an object's class says how it goes from input to output, readable or not. */
export const hasWay = (instance: InstanceValue, machine: Machine): boolean =>
  ['call', '__call__', 'forward'].some((name) => machine.member(instance, name)?.kind === 'function');
