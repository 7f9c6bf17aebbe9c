import type { FrameworkId } from '../../../core/frameworks/framework';
import { frameworkOfPath, publicPath } from '../../../core/frameworks/paths';
import type { LossUse, SourceRange } from '../../../core/model/model';
import type { ReadingOptions } from '../../codeActivation';
import type { Foreign, Library, Machine, Site } from '../../interpret/values';
import { doubtOf as doubtNow } from '../tracing/step';
import type { ModelData } from './modelData';
import type { Step, Tensor } from './tensor';

/** What a reading knows beside its values. */
export interface Reading {
  readonly options: ReadingOptions;
  readonly library: Library;
  /** Losses that the file makes. */
  readonly losses: LossUse[];
  /** Of these, calls of a function on data, which may be a part of what one of several models is trained by. */
  readonly called: Set<LossUse>;
  /** Objects of the file's model classes. */
  readonly adopted: ModelData[];
  /** Losses that models are compiled with of which it is not known which they are, by place. */
  readonly compiled: Map<string, LossUse>;
  /** All models that were made. */
  readonly models: ModelData[];
  /** Parts of inputs that turned out to be several: by name or position. */
  readonly parts: WeakMap<Step, Map<string | number, Tensor>>;
  /** Models of which nobody knows whether they or others are what is called. */
  readonly eithers: WeakSet<object>;
  /** How many calls of objects of the file's classes are under way. */
  depth: number;
  /** True once a model was trained: weights that are set then are no initialisation. */
  trained: boolean;
  /** `set_image_data_format('channels_first')`. */
  channelsFirst: boolean;
}

/** One moment of it: where something happens. */
export interface Moment {
  readonly reading: Reading;
  readonly machine: Machine;
  readonly site: Site;
}

/**
 * How many conditions that are not known the program stands under just now. What a model is made of is certain where
 * it stands under no more of them than the model itself.
 */
export const doubtOf = ({ machine }: Pick<Moment, 'machine'>): number => doubtNow(machine);

/** The same for a model; 0 where their number is not told, so that nothing passes for certain by that. */
export const modelDoubt = ({ machine }: Pick<Moment, 'machine'>): number => machine.doubtLevel ?? 0;

export const foreign = (reading: Reading, type: string, data: object): Foreign => ({
  kind: 'foreign',
  library: reading.library,
  type,
  data,
});

/** The framework whose semantics a path has: `tensorflow.keras` is Keras 3 from TensorFlow 2.16 on. */
export function frameworkOf(path: string, { options }: Reading, language: 'python' | 'javascript'): FrameworkId {
  const id = frameworkOfPath(path, language) ?? 'keras';
  const own = path.startsWith('tf_keras') || /^tensorflow\.(?!(.*\.)?keras(\.|$))/.test(path);
  return id === 'tf2' && options.tensorflowKeras === 3 && !own ? 'keras' : id;
}

export const lastOf = (path: string): string => path.slice(path.lastIndexOf('.') + 1);

/** Where Keras 1 and 2 have their models and what layers are derived from: `keras.engine.training.Model`. */
const inEngine = /^keras\.engine\.(\w+\.)*(?=\w+$)/;

/** `keras.layers.Dense` for all of its spellings, TensorFlow's own included. */
export function kerasPath(path: string): string {
  const known = publicPath(path).replace(/^tf\.compat\.v[12]\./, 'tf.');
  return (known.startsWith('tf.keras') ? known.slice(3) : known).replace(inEngine, 'keras.');
}

/** An argument as written, without its name. */
export const spelledAt = (machine: Machine, source: SourceRange): string =>
  machine
    .text(source)
    .replace(/^\s*\w+\s*[=:]\s*(?!=)/, '')
    .trim();
