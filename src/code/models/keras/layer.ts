import type { FrameworkId } from '../../../core/frameworks/framework';
import type { LayerSignature } from '../../../core/frameworks/layerSignature';
import type { ActivationUse, Operation, Shape, SourceRange } from '../../../core/model/model';
import type { CallArguments, Value } from '../../interpret/values';
import type { Given } from '../given';
import type { GivenShape } from './modelData';
import type { Moment } from './state';
import type { Tensor } from './tensor';

/** What an argument for an activation comes to. */
export type Phi =
  | { readonly kind: 'none' }
  | {
      readonly kind: 'use';
      readonly use: ActivationUse;
      readonly certain: boolean;
      readonly symbols: readonly string[];
    }
  /** A function of the file, a layer: applied to the tensor. */
  | { readonly kind: 'call'; readonly callee: Value; readonly source: SourceRange };

export type Shapes = readonly (Shape | undefined)[];

/** One step of a layer, before it is applied. */
export interface StepPlan {
  readonly operation: Operation | ((inputs: Shapes) => Operation);
  /** Of the output; by the operation where left out. */
  readonly infer?: (inputs: Shapes) => Shape | undefined;
  /** Where one layer makes several: `SeparableConv2D` has two. */
  readonly type?: string;
  readonly weights?: number;
  readonly channelsFirst?: boolean;
  readonly source?: SourceRange;
}

/** A layer of the program. */
export interface LayerData {
  /** As the code writes it: `Dense`. */
  readonly type: string;
  readonly id: FrameworkId;
  readonly name: string | undefined;
  readonly source: SourceRange;
  /** False where it is open which layer this is. */
  readonly certain: boolean;
  /** How many open conditions it was made under. */
  readonly doubt: number;
  /** The first takes all inputs. */
  readonly steps: readonly StepPlan[];
  /** Applied after the steps. */
  readonly phi: Phi | undefined;
  /** Takes the place of the steps: Lambda, TimeDistributed. */
  readonly custom: ((inputs: Value, args: CallArguments, moment: Moment) => Value | undefined) | undefined;
  readonly inputShape: GivenShape | undefined;
  /** `return_state=True`: how many states follow the output, and their size. */
  readonly states: { readonly count: number; readonly shape: Shape } | undefined;
  /** Where it was applied. */
  readonly applications: { readonly inputs: readonly Tensor[]; readonly output: Value }[];
}

/** A call that makes a layer. */
export interface LayerCall {
  readonly path: string;
  /** The path's last part. */
  readonly type: string;
  readonly id: FrameworkId;
  readonly given: Given;
  readonly moment: Moment;
}

/** What a kind of layer tells of itself. */
export interface LayerMeaning {
  readonly steps?: readonly StepPlan[];
  readonly phi?: Phi;
  readonly custom?: LayerData['custom'];
  readonly states?: LayerData['states'];
  readonly certain?: boolean;
  readonly inputShape?: GivenShape | undefined;
}

/** What a call of a layer with this signature makes. */
export type Maker<K extends LayerSignature['kind']> = (
  call: LayerCall,
  signature: Extract<LayerSignature, { kind: K }>,
) => LayerMeaning;

export type Makers = { readonly [K in LayerSignature['kind']]?: Maker<K> };
