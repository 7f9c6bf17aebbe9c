import { parse } from '../../../../src/code/document';
import { readModels } from '../../../../src/code/models/read';
import type { Model } from '../../../../src/core/model/model';

/** The one model in a Python text. */
export function modelIn(...lines: string[]): Model {
  const document = parse(lines.join('\n'), 'python');
  const { models } = readModels([{ document, cell: 0 }], { tensorflowKeras: 3 });
  if (models.length !== 1) throw new Error(`${models.length} models were read; expected one`);
  return models[0]!;
}

/** An `nn.Sequential` called `m`. */
export const torchModel = (...layers: string[]): Model =>
  modelIn('from torch import nn', `m = nn.Sequential(${layers.join(', ')})`);

/** A `keras.Sequential` called `m` on 64 inputs. */
export const kerasModel = (...layers: string[]): Model =>
  modelIn(
    'import keras',
    'from keras import layers',
    `m = keras.Sequential([keras.Input((64,)), ${layers.map((layer) => `layers.${layer}`).join(', ')}])`,
  );
