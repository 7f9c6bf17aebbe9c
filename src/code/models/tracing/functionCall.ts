import type { CallArguments, Value } from '../../interpret/values';
import type { Given } from '../given';
import type { Moment, Tensor } from './step';

/** A function on tensors, or a method of one: the tensor comes first. */
export interface FunctionCall {
  /** As the code writes it. */
  readonly type: string;
  readonly args: CallArguments;
  readonly moment: Moment;
  /** The tensor. */
  readonly input: Tensor;
  given(...names: string[]): Given;
}

export type Handler = (call: FunctionCall) => Value | undefined;
