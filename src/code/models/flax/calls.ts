import { type CallArguments, list, type Value } from '../../interpret/values';
import { type Moment, opaqueStep, tensorsIn } from '../tracing/step';
import { makeContainer } from './containers';
import { callFunction } from './functions';
import { haikuCall, overTime } from './haiku';
import { initializerCall, isInitializerPath } from './initializer';
import { isLayerPath, kindOf } from './kinds/kinds';
import { layerValue, newLayer, reweighted } from './layer';
import { wrapped } from './lifted';
import { lossCall } from './loss';
import { draw, nnxParameter, noteDraw } from './parameters';
import { foreign, lastPart, readingOf, tensorValue } from './state';

/** Functions that give back what they are given, as far as a model goes. */
const wrappers =
  /^(jax\.(jit|checkpoint|remat|named_call|named_scope|custom_jvp|custom_vjp|block_until_ready|device_put|ad_checkpoint\.checkpoint)|flax\.linen\.((transforms|module)\.)?(remat|checkpoint|jit|compact|nowrap|with_partitioning|with_logical_partitioning|named_call|add_metadata_axis)|flax\.(experimental\.)?nnx\.(jit|remat|checkpoint|clone|with_partitioning|with_metadata|data|static|cached_partial|pure|as_pure|view|eval_mode|train_mode)|flax\.linen\.share_scope|equinox\.(filter_jit|filter_checkpoint|field|nn\.inference_mode|tree_inference)|haiku\.(without_apply_rng|without_state|remat|jit))$/;

/** Layers around another one, whose kernel they divide by a norm of it. */
const normalisesWeights =
  /^(flax\.(linen\.(normalization\.)?|(experimental\.)?nnx\.(nn\.normalization\.)?)|equinox\.nn\.)(SpectralNorm|WeightNorm)$/;

/** What is not known leads on from the arrays that went into it. */
export function opaque(callee: string, args: CallArguments, moment: Moment): Value | undefined {
  const inputs = [...args.positional, ...args.named.values()]
    .flatMap((value) => tensorsIn(value))
    .filter((tensor) => tensor.constant !== true);
  if (inputs.length === 0) return undefined;
  if (callee.startsWith('einops.')) {
    const found = callFunction(callee, args, moment);
    if (found !== undefined) return found;
  }
  const name = lastPart(/^[\w.]+/.exec(callee)?.[0] ?? callee);
  return tensorValue(opaqueStep(name, inputs, moment));
}

/** `graphdef, params, rest = nnx.split(model, nnx.Param, ...)`: of what the model was its definition still knows. */
function split(model: Value, { positional }: CallArguments, { machine }: Moment): Value {
  const states = Array.from({ length: Math.max(1, positional.length - 1) }, () => machine.unknown('state'));
  return list([foreign('graphdef', { model }), ...states], 'tuple');
}

export function call(path: string, args: CallArguments, moment: Moment): Value | undefined {
  const { machine } = moment;
  const [first] = args.positional;
  if (isInitializerPath(path)) {
    return initializerCall(path, args) ?? draw({ kind: 'path', path }, args, moment);
  }
  if (wrappers.test(path)) return first ?? args.named.get('target') ?? args.named.get('fn') ?? args.named.get('f');
  if (path.startsWith('haiku.')) {
    const found = haikuCall(path, args, moment);
    if (found !== undefined) return found;
  }
  if (path === 'equinox.partition' && first !== undefined) return list([first, first], 'tuple');
  if (path === 'equinox.combine') return first;
  // A layer, or an object, in which something is replaced: mostly weights.
  if (path === 'equinox.tree_at') return reweighted(args.positional[1] ?? args.named.get('pytree'), path, moment);
  if (path === 'jax.lax.scan') return overTime(args, moment);
  if (/initialize_carry$/.test(path)) return machine.unknown('carry');
  if (/^flax\.linen\.(module\.)?merge_param$/.test(path)) {
    const known = args.positional.slice(1).find((value) => value.kind !== 'constant' || value.value !== null);
    return known ?? machine.unknown('flag');
  }
  if (/^flax\.(experimental\.)?nnx\.split$/.test(path) && first !== undefined) return split(first, args, moment);
  if (/^flax\.(experimental\.)?nnx\.merge$/.test(path) && first?.kind === 'foreign' && first.type === 'graphdef')
    return (first.data as { readonly model: Value }).model;
  if (/^flax\.(experimental\.)?nnx\.Param$/.test(path)) return nnxParameter(args, moment);
  if (/^flax\.(experimental\.)?nnx\.(Rngs|RngStream)$/.test(path)) return foreign('rngs', {});
  if (
    /^flax\.(experimental\.)?nnx\.(Optimizer|ModelAndOptimizer|MultiMetric|Variable|BatchStat|metrics\.\w+)$/.test(path)
  )
    return machine.unknown(lastPart(path));
  if (/^flax\.linen\.(summary\.)?tabulate$/.test(path) && first !== undefined)
    return foreign('tabulate', { model: first });
  if (lossCall(path, args, moment)) {
    return readingOf(machine).depth > 0 ? undefined : machine.unknown(lastPart(path));
  }
  if (path.startsWith('optax.')) return undefined;
  const found = wrapped(path, args) ?? makeContainer(path, args, moment);
  if (found !== undefined) return found;
  if (normalisesWeights.test(path))
    return reweighted(first ?? args.named.get('layer_instance') ?? args.named.get('layer'), path, moment);
  const kind = kindOf(path);
  if (kind !== undefined) return layerValue(newLayer(path, kind, args, moment));
  const value = callFunction(path, args, moment);
  noteDraw(path, args, value, moment);
  if (value !== undefined) return value;
  // A class of Flax's layers that is not known is a layer all the same.
  return isLayerPath(path) ? layerValue(newLayer(path, undefined, args, moment)) : undefined;
}
