import { gainSquared } from '../../../core/frameworks/torch/initializers';
import type { LossUse } from '../../../core/model/model';
import { namespace } from '../../interpret/classes/instances';
import { type CallArguments, constant, list, type Machine, type Value } from '../../interpret/values';
import { argumentsWith, numberOf, product, shapeOf as shapeGiven, textOf, unknownSize } from '../given';
import { type Moment, newStep, opaqueStep, tensorIn, tensorsIn } from '../tracing/step';
import { containerKind, fillContainer } from './containers';
import { distribution } from './draws';
import { callFunction } from './functions';
import { initCall, setUnknown } from './initialise';
import { kindOf } from './kinds/kinds';
import { pretrainedEmbedding } from './kinds/weighted';
import { layerIn, layerValue, newContainer, newLayer } from './layer';
import { isLossFunction, lossUse, noteLoss } from './loss';
import { copied, fillUnknown, isModule } from './modules';
import { parameter } from './parameters';
import {
  foreign,
  keyOf,
  lastPart,
  none,
  type Parameter,
  parameterIn,
  readingOf,
  sizeValue,
  tensorValue,
  torchLibrary,
} from './state';

const isUpperCase = (text: string): boolean => /^[A-Z]/.test(text);

/** Modules, containers and what takes their place; undefined for any other path. */
function make(path: string, args: CallArguments, moment: Moment): Value | undefined {
  const container = containerKind(path);
  if (container !== undefined) {
    const layer = newContainer(container, path, moment);
    fillContainer(layer, args, moment);
    return layerValue(layer);
  }
  if (/^torch\.nn\.(modules\.(sparse\.)?)?Embedding\.from_pretrained$/.test(path)) {
    return layerValue(newLayer(path.replace(/\.from_pretrained$/, ''), pretrainedEmbedding, args, moment));
  }
  const kind = kindOf(path);
  if (kind !== undefined) return layerValue(newLayer(path, kind, args, moment));
  if (/^torchvision\.models\.(\w+\.)*\w+$/.test(path) && !/weights$/i.test(path)) {
    return layerValue(newLayer(path, undefined, args, moment));
  }
  return undefined;
}

/** Functions that give a model back as it is, or nearly. */
const wrappers =
  /^torch\.(nn\.(DataParallel|parallel\.(DataParallel|DistributedDataParallel))|compile|jit\.script|jit\.trace|nn\.utils\.(parametrizations\.)?weight_norm|nn\.utils\.fuse_conv_bn_eval|quantization\.\w+)$/;

/** Of a layer whose weights are divided by their largest singular value. */
function spectral(value: Value | undefined, moment: Moment): Value | undefined {
  const layer = layerIn(value);
  const weight = layer?.parameters.get('weight');
  if (weight !== undefined) setUnknown(weight, moment);
  return value;
}

/** `summary(model, (1, 28, 28))`: torchsummary without the batch, torchinfo with it. */
function summary(path: string, args: CallArguments, { machine }: Moment): Value {
  const [model, written = args.named.get('input_size')] = args.positional;
  const key = model && keyOf(model);
  const sizes = written?.kind === 'list' && written.items[0]?.kind === 'list' ? written.items[0] : written;
  const shape = shapeGiven(sizes);
  if (key !== undefined && shape !== undefined) {
    const whole = path.startsWith('torchinfo') ? shape : [unknownSize, ...shape];
    const { uses } = readingOf(machine);
    uses.set(key, { inputs: uses.get(key)?.inputs ?? [whole] });
  }
  return none;
}

/** `rearrange(x, 'b c h w -> b (h w) c')` of einops: numbers move. */
function einops(path: string, args: CallArguments, moment: Moment): Value | undefined {
  const name = lastPart(path);
  if (isUpperCase(name))
    return layerValue(
      newLayer(
        path,
        {
          names: [],
          make: () => ({ plans: [{ operation: () => ({ kind: name === 'Rearrange' ? 'rearrange' : 'opaque' }) }] }),
        },
        args,
        moment,
      ),
    );
  const inputs = tensorsIn(args.positional[0]);
  const [input] = inputs;
  if (input === undefined) return undefined;
  const { machine, site } = moment;
  if (name === 'rearrange' || name === 'repeat') {
    return tensorValue({
      ...newStep({ operation: { kind: 'rearrange' }, inputs: [input], type: name, source: site.source }, machine),
      ...(input.constant ? { constant: true } : {}),
    });
  }
  return undefined;
}

/** What a function is called that fills weights: `layer_init`, `weights_init`, `initialize_parameters`. */
export const isFilling = (callee: string): boolean =>
  /^(?!__)(\w+_)?init(ialize|ialise|ialization)?_*(weights?|params?|parameters|net|network|model|layers?|modules?)?(\(.*)?$/s.test(
    lastPart(callee),
  );

/** `trunc_normal_(m.weight, std=.02)` of another file. */
const isFillingWeights = (callee: string): boolean =>
  /[^_]_$|(^|_)(init\w*|fill\w*|normal|uniform|orthogonal|xavier\w*|kaiming\w*|glorot\w*)(_|$)/.test(
    lastPart(/^[\w.]+/.exec(callee)?.[0] ?? callee),
  );

/** `train(net, data, criterion)` of another file: one model and its loss. */
function noteHanded(args: CallArguments, { machine }: Moment): void {
  const given = new Set([...args.positional, ...args.named.values()]);
  const [model, ...models] = [...given].filter((value) => isModule(value));
  const [loss, ...others] = [...given].filter((value) => value.kind === 'foreign' && value.type === 'loss');
  const key = model && keyOf(model);
  if (key === undefined || models.length > 0 || loss?.kind !== 'foreign' || others.length > 0) return;
  readingOf(machine).handed.push({ model: key, use: loss.data as LossUse });
}

/** Objects of other modules whose parts are among the arguments lead on, opaque. */
export function opaque(callee: string, args: CallArguments, moment: Moment): Value | undefined {
  const [first] = args.positional;
  noteHanded(args, moment);
  // `layer_init(nn.Linear(4, 2))`, `init_weights(self)` of another file fills the weights, and gives it back.
  if (first !== undefined && isModule(first) && isFilling(callee)) {
    fillUnknown(first, moment);
    return first;
  }
  const weight = parameterIn(first) ?? parameterIn(args.named.get('tensor'));
  if (weight !== undefined && !readingOf(moment.machine).trained && isFillingWeights(callee)) {
    setUnknown(weight, moment);
    return first;
  }
  // `ModelOutput(loss=…, logits=…)` only holds what it is given.
  if (/^(\w+\.)*[A-Z]\w*Output\w*$/.test(callee) && args.positional.length === 0 && args.named.size > 0)
    return namespace(args.named, lastPart(callee), moment.site);
  const inputs = [...args.positional, ...args.named.values()].flatMap((value) => tensorsIn(value));
  const parts = inputs.filter((tensor) => !tensor.constant);
  if (parts.length === 0) return undefined;
  // `mylib.pool`, `FancyAttention(heads=4)`: the name alone.
  const name = lastPart(/^[\w.]+/.exec(callee)?.[0] ?? callee);
  return tensorValue(opaqueStep(name, parts, moment));
}

/** How many numbers a unit is computed from, and how many it goes into, as `nn.init` counts them. */
function fans(weight: Parameter | undefined, machine: Machine): Value {
  const [outputs = unknownSize, inputs = unknownSize, ...kernel] = weight?.shape ?? [];
  return list(
    [
      [inputs, ...kernel],
      [outputs, ...kernel],
    ].map((sizes) => sizeValue(product(sizes), machine)),
    'tuple',
  );
}

export function call(path: string, args: CallArguments, moment: Moment): Value | undefined {
  const { machine } = moment;
  const [first] = args.positional;
  if (path.startsWith('copy.')) {
    return first !== undefined && keyOf(first) !== undefined && path === 'copy.deepcopy' && isOurs(first)
      ? copied(first, moment)
      : undefined;
  }
  if (path.startsWith('einops.')) return einops(path, args, moment);
  if (/^(torchsummary|torchinfo|torchsummaryX)\.summary$/.test(path)) return summary(path, args, moment);
  if (/^torch\.nn\.(parameter\.)?Parameter$/.test(path)) return parameter(args, moment);
  if (/^torch\.nn\.init\.calculate_gain$/.test(path)) {
    const gain = gainSquared(textOf(first) ?? '', numberOf(args.positional[1] ?? args.named.get('param')));
    return gain === undefined ? undefined : constant(Math.sqrt(gain));
  }
  if (/^torch\.nn\.init\._calculate_fan_in_and_fan_out$/.test(path)) return fans(parameterIn(first), machine);
  if (wrappers.test(path)) return first ?? args.named.get('module');
  if (/spectral_norm$/.test(path)) return spectral(first, moment);
  if (/^torch\.nn\.utils\.rnn\.pack_padded_sequence$/.test(path)) return first ?? args.named.get('input');
  if (/^torch\.nn\.utils\.rnn\.pad_packed_sequence$/.test(path))
    return list([first ?? none, machine.unknown('lengths')], 'tuple');
  if (/^torch\.utils\.checkpoint\.checkpoint$/.test(path) && first !== undefined) {
    return machine.call(first, argumentsWith(args.positional.slice(1), moment), moment.site);
  }
  if (/^torch\.nn\.parallel\.(data_parallel\.)?data_parallel$/.test(path) && first !== undefined) {
    const inputs = [args.positional[1] ?? args.named.get('inputs')].filter((value) => value !== undefined);
    return machine.call(first, argumentsWith(inputs, moment), moment.site);
  }
  if (path === 'torch.autograd.Variable' && first !== undefined && tensorIn(first) !== undefined) return first;
  const use = lossUse(path, machine.text({ ...moment.site.source, to: args.list.from }), moment);
  if (use !== undefined) {
    if (!isLossFunction(path)) {
      readingOf(machine).criteria.push(use);
      return foreign('loss', use);
    }
    noteLoss(use, args, moment);
    return machine.unknown(lastPart(path));
  }
  return (
    distribution(path, args, moment) ??
    initCall(path, args, moment) ??
    make(path, args, moment) ??
    callFunction(path, args, moment) ??
    // A class of torch.nn that is not known is a layer all the same.
    (/^torch\.nn\.(modules\.(\w+\.)?)?[A-Z]\w*$/.test(path)
      ? layerValue(newLayer(path, undefined, args, moment))
      : undefined)
  );
}

const isOurs = (value: Value): boolean =>
  value.kind === 'foreign'
    ? value.library === torchLibrary
    : value.kind === 'instance' && value.foreign?.library === torchLibrary;
