import type { Shape } from '../../../core/model/model';
import type { CallArguments, Value } from '../../interpret/values';
import { flagOf, givenBy, isNone, shapeOf, sizeOf, textOf, unknownSize } from '../given';
import { opaqueStep, tensorValue } from './apply';
import { inputTensor } from './input';
import { tensorIn } from './model';
import { type ModelData, newModel } from './modelData';
import { type Moment, modelDoubt } from './state';

/** Channels that keras.applications' models without their top end in, from their documentation (keras.io/api/applications). */
const channels: readonly (readonly [RegExp, number])[] = [
  [/^VGG/, 512],
  [/^ResNet(50|101|152)/, 2048],
  [/^(Xception|InceptionV3)$/, 2048],
  [/^InceptionResNetV2$/, 1536],
  [/^MobileNet$/, 1024],
  [/^MobileNetV2$/, 1280],
  [/^MobileNetV3Small$/, 576],
  [/^MobileNetV3Large$/, 960],
  [/^DenseNet121$/, 1024],
  [/^DenseNet169$/, 1664],
  [/^DenseNet201$/, 1920],
  [/^EfficientNet(V2)?B[01]$/, 1280],
  [/^EfficientNetB2$/, 1408],
  [/^EfficientNetB3$/, 1536],
  [/^EfficientNetB4$/, 1792],
  [/^EfficientNetB5$/, 2048],
  [/^EfficientNetB6$/, 2304],
  [/^EfficientNetB7$/, 2560],
  [/^NASNetMobile$/, 1056],
  [/^NASNetLarge$/, 4032],
];

/** A pretrained model: one opaque step whose output's shape is known. */
export function application(name: string, args: CallArguments, id: ModelData['id'], moment: Moment): ModelData {
  const given = givenBy(
    args,
    ['include_top', 'weights', 'input_tensor', 'input_shape', 'pooling', 'classes'],
    moment.machine.language,
  );
  const source = moment.site.source;
  const top = flagOf(given.value('include_top'), true);
  const shape = shapeOf(given.value('input_shape'));
  const input = tensorIn(given.value('input_tensor')) ?? inputTensor(shape, source, moment);
  const width = channels.find(([pattern]) => pattern.test(name))?.[1] ?? unknownSize;
  const pooled = textOf(given.value('pooling'));
  let output: Shape | undefined;
  if (top === true) output = [sizeOf(given.value('classes'), 1000)];
  else if (top === false)
    output = pooled !== undefined || !isNone(given.value('pooling')) ? [width] : [unknownSize, unknownSize, width];
  const made = opaqueStep(name, [input], moment, output);
  const model = newModel({
    kind: 'functional',
    type: name,
    id,
    source,
    name: moment.site.assignedTo,
    doubt: modelDoubt(moment),
    body: { inputs: [input], outputs: tensorValue(made, moment) as Value },
    inside: true,
  });
  made.step.owner = model;
  return model;
}
