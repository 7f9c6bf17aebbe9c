import { camelCase } from '../format/cases';
import type { Initializer, VarianceScaling, VarianceScalingName } from '../initializers/initializer';
import type { FrameworkId } from './framework';

/** torch.nn.init's name for variance scaling. LeCun's is Kaiming's with a gain of 1. */
export const torchScalingNames: Readonly<Record<VarianceScalingName, string>> = {
  glorot_uniform: 'xavier_uniform_',
  glorot_normal: 'xavier_normal_',
  he_uniform: 'kaiming_uniform_',
  he_normal: 'kaiming_normal_',
  lecun_uniform: 'kaiming_uniform_(nonlinearity="linear")',
  lecun_normal: 'kaiming_normal_(nonlinearity="linear")',
};

/** As the strings of Keras and TensorFlow.js say it: `he_normal`, `heNormal`, `leCunNormal`. */
export const scalingString = (kind: VarianceScalingName, id: FrameworkId): string =>
  id === 'tfjs' ? camelCase(kind).replace('lecun', 'leCun') : kind;

const number = (x: number): string => String(Number(x.toPrecision(6)));

function kerasName(initializer: Initializer): string {
  switch (initializer.kind) {
    case 'zeros':
      return 'zeros';
    case 'constant':
      return initializer.value === 1 ? 'ones' : `Constant(${number(initializer.value)})`;
    case 'normal':
      return `RandomNormal(${number(initializer.mean)}, ${number(initializer.stddev)})`;
    case 'truncated_normal':
      return `TruncatedNormal(${number(initializer.mean)}, ${number(initializer.stddev)})`;
    case 'uniform':
      return `RandomUniform(${number(initializer.min)}, ${number(initializer.max)})`;
    case 'orthogonal':
      return initializer.gain === 1 ? 'orthogonal' : `Orthogonal(${number(initializer.gain)})`;
    case 'variance_scaling': {
      const { scale, mode, distribution } = initializer;
      return `VarianceScaling(${number(scale)}, "${mode}", "${distribution}")`;
    }
    default:
      return initializer.kind;
  }
}

function tfjsName(initializer: Initializer): string | undefined {
  switch (initializer.kind) {
    case 'zeros':
      return 'zeros';
    case 'constant':
      return initializer.value === 1 ? 'ones' : `constant({value: ${number(initializer.value)}})`;
    case 'normal':
      return `randomNormal({mean: ${number(initializer.mean)}, stddev: ${number(initializer.stddev)}})`;
    case 'truncated_normal':
      return `truncatedNormal({mean: ${number(initializer.mean)}, stddev: ${number(initializer.stddev)}})`;
    case 'uniform':
      return `randomUniform({minval: ${number(initializer.min)}, maxval: ${number(initializer.max)}})`;
    case 'orthogonal':
      return initializer.gain === 1 ? 'orthogonal' : `orthogonal({gain: ${number(initializer.gain)}})`;
    case 'variance_scaling': {
      const { scale, distribution } = initializer;
      if (distribution === 'untruncated_normal') return undefined;
      const shape = distribution === 'uniform' ? 'uniform' : 'normal';
      return `varianceScaling({scale: ${number(scale)}, mode: '${camelCase(initializer.mode)}', distribution: '${shape}'})`;
    }
    default:
      return scalingString(initializer.kind, 'tfjs');
  }
}

/** Kaiming's gain is √(2/(1 + a²)), which `a` brings down; Xavier has a gain of its own. */
function torchScaling({ scale, mode, distribution }: VarianceScaling): string | undefined {
  const shape = distribution === 'uniform' ? 'uniform' : 'normal';
  if (mode === 'fan_avg') return `xavier_${shape}_(gain=${number(Math.sqrt(scale))})`;
  if (scale > 2 || scale <= 0) return undefined;
  const slope = Math.sqrt(2 / scale - 1);
  const given = [
    ...(slope === 0 ? [] : [`a=${Math.abs(slope ** 2 - 5) < 1e-9 ? '√5' : number(slope)}`]),
    ...(mode === 'fan_out' ? ['mode="fan_out"'] : []),
  ];
  return `kaiming_${shape}_${given.length > 0 ? `(${given.join(', ')})` : ''}`;
}

function torchName(initializer: Initializer): string | undefined {
  switch (initializer.kind) {
    case 'zeros':
      return 'zeros_';
    case 'constant':
      return initializer.value === 1 ? 'ones_' : `constant_(${number(initializer.value)})`;
    case 'normal':
      return `normal_(mean=${number(initializer.mean)}, std=${number(initializer.stddev)})`;
    case 'truncated_normal': {
      const { mean, stddev } = initializer;
      return `trunc_normal_(mean=${number(mean)}, std=${number(stddev)}, a=${number(mean - 2 * stddev)}, b=${number(mean + 2 * stddev)})`;
    }
    case 'uniform':
      return `uniform_(${number(initializer.min)}, ${number(initializer.max)})`;
    case 'orthogonal':
      return initializer.gain === 1 ? 'orthogonal_' : `orthogonal_(gain=${number(initializer.gain)})`;
    case 'variance_scaling':
      return torchScaling(initializer);
    default:
      return torchScalingNames[initializer.kind];
  }
}

function jaxName(initializer: Initializer): string | undefined {
  switch (initializer.kind) {
    case 'zeros':
      return 'zeros';
    case 'constant':
      return initializer.value === 1 ? 'ones' : `constant(${number(initializer.value)})`;
    case 'normal':
      return initializer.mean === 0 ? `normal(${number(initializer.stddev)})` : undefined;
    case 'truncated_normal':
      return initializer.mean === 0 ? `truncated_normal(${number(initializer.stddev)})` : undefined;
    case 'uniform':
      return initializer.min === 0 ? `uniform(${number(initializer.max)})` : undefined;
    case 'orthogonal':
      return `orthogonal(${initializer.gain === 1 ? '' : number(initializer.gain)})`;
    case 'variance_scaling': {
      const { scale, mode, distribution } = initializer;
      const shape = distribution === 'untruncated_normal' ? 'normal' : distribution;
      return `variance_scaling(${number(scale)}, "${mode}", "${shape}")`;
    }
    default:
      return `${initializer.kind}()`;
  }
}

/** How a framework writes an initialiser; undefined where none of its own has these numbers. */
export function initializerName(initializer: Initializer, id: FrameworkId): string | undefined {
  switch (id) {
    case 'keras':
    case 'tf2':
      return kerasName(initializer);
    case 'torch':
      return torchName(initializer);
    case 'jax':
      return jaxName(initializer);
    case 'tfjs':
      return tfjsName(initializer);
  }
}
