import type { Shape, SourceRange } from '../../../core/model/model';
import { type Given, givenBy, isNone, shapeOf, sizeOf } from '../given';
import { newStep } from './apply';
import type { GivenShape } from './modelData';
import type { Moment } from './state';
import type { Tensor } from './tensor';

/** The shape that a layer's arguments give to its input: `input_shape=`, `input_dim=`, `batch_input_shape=`. */
export function givenShape(given: Given): GivenShape | undefined {
  const plain = given.first('input_shape', 'shape');
  if (plain !== undefined) return shaped(shapeOf(given.value(plain)), given.source(plain));
  const batch = given.first('batch_input_shape', 'batch_shape');
  if (batch !== undefined) return shaped(shapeOf(given.value(batch))?.slice(1), given.source(batch));
  return undefined;
}

const shaped = (shape: Shape | undefined, source: SourceRange): GivenShape | undefined => shape && { shape, source };

/** As `givenShape`, with `input_dim=`, which for an embedding is something else. */
export function givenInput(given: Given, isEmbedding: boolean): GivenShape | undefined {
  const found = givenShape(given);
  if (found !== undefined || isEmbedding || isNone(given.value('input_dim'))) return found;
  const length = given.value('input_length');
  const shape = [...(length === undefined ? [] : [sizeOf(length)]), sizeOf(given.value('input_dim'))];
  return { shape, source: given.source('input_dim') };
}

/** A model's input of a shape, or of one that is not known. */
export const inputTensor = (
  shape: Shape | undefined,
  source: SourceRange,
  moment: Moment,
  type = 'Input',
  name?: string,
): Tensor => newStep({ operation: { kind: 'input' }, inputs: [], type, name, source, shape }, moment);

export const inputNames = ['shape', 'batch_size', 'dtype', 'sparse', 'batch_shape', 'name', 'tensor'] as const;

export const inputGiven = (args: Parameters<typeof givenBy>[0], { machine }: Moment): Given =>
  givenBy(args, inputNames, machine.language);
