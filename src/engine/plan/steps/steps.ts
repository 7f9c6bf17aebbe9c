import type * as tf from '@tensorflow/tfjs-core';
import type { PlanStep } from '../../../core/model/plan/plan';
import { convolution } from './convolution';
import { dropout } from './dropout';
import { normalisation } from './normalisation';
import * as plain from './plain';
import { globalPooling, pooling } from './pooling';
import { recurrent } from './recurrent';
import type { StepContext, StepPass } from './step';

/** One step of a plan, forward; its pass knows the way back. */
export function pass(step: PlanStep, inputs: readonly tf.Tensor[], context: StepContext): StepPass {
  const x = inputs[0]!;
  switch (step.kind) {
    case 'input':
      return { output: x, backward: () => [] };
    case 'dense':
      return plain.dense(step, x, context);
    case 'convolution':
      return convolution(step, x, context);
    case 'pooling':
      return pooling(step, x);
    case 'globalPooling':
      return globalPooling(step, x);
    case 'reshape':
      return plain.reshape(step, x);
    case 'permute':
      return plain.permute(step, x);
    case 'padding':
      return plain.padding(step, x);
    case 'repeat':
      return plain.repeat(step, x);
    case 'embedding':
      return plain.embedding(step, x, context);
    case 'normalisation':
      return normalisation(step, x, context);
    case 'dropout':
      return dropout(step, x, context);
    case 'activation':
      return plain.activation(step, x);
    case 'softmax':
      return plain.softmax(step, x);
    case 'recurrent':
      return recurrent(step, x, context);
    case 'add':
      return plain.add(step, inputs);
    case 'multiply':
      return plain.multiply(step, inputs);
    case 'concatenate':
      return plain.concatenate(step, inputs);
  }
}
