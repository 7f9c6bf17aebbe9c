import { type ExperimentConfig, paperConfig, parseConfig } from '../core/experiment/config';
import { splitList } from '../core/format/list';
import { readWidths } from '../core/format/widths';
import { readInitializer } from '../core/frameworks/initializerNames';
import { initializerForms } from '../core/initializers/initializer';

/** An argument is not usable; the message is one line that names it. Ends the command with exit code 2. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** The compare command's options as the command line gives them. */
export interface CompareArguments {
  data: string;
  activations: readonly string[];
  hidden: string;
  init: string;
  biasInit: string;
  optimizer: string;
  lr: string;
  batch: string;
  epochs: string;
  seed: string;
  seeds: string;
  backend: string;
  json?: boolean;
  report?: string;
}

export const compareDefaults: CompareArguments = {
  data: 'digits',
  activations: paperConfig.activations,
  hidden: '128',
  init: 'normal:1,1',
  biasInit: 'zeros',
  optimizer: paperConfig.optimizer,
  lr: String(paperConfig.learningRate),
  batch: String(paperConfig.batchSize),
  epochs: String(paperConfig.epochs),
  seed: String(paperConfig.seed),
  seeds: String(paperConfig.seeds),
  backend: paperConfig.backend,
};

const flags: Record<keyof ExperimentConfig, string> = {
  data: '--data',
  activations: '--activations',
  hidden: '--hidden',
  kernelInitializer: '--init',
  biasInitializer: '--bias-init',
  optimizer: '--optimizer',
  learningRate: '--lr',
  batchSize: '--batch',
  epochs: '--epochs',
  seed: '--seed',
  seeds: '--seeds',
  backend: '--backend',
};

function toNumber(flag: string, text: string): number {
  const value = text.trim() === '' ? Number.NaN : Number(text);
  if (Number.isNaN(value)) throw new UsageError(`${flag}: "${text}" is not a number.`);
  return value;
}

function toInitializer(flag: string, text: string) {
  const initializer = readInitializer(text);
  if (!initializer) throw new UsageError(`${flag}: "${text}" is not an initialiser; expected ${initializerForms}.`);
  return initializer;
}

/** Checks the arguments; throws {@link UsageError} at the first that is not usable. */
export function configFromArguments(args: CompareArguments): ExperimentConfig {
  const hidden = readWidths(args.hidden);
  if (!hidden)
    throw new UsageError(`--hidden: "${args.hidden}" is not a list of widths; expected 128, 128x10 or 256,128,64.`);
  const activations = args.activations.flatMap(splitList);
  if (args.backend === 'webgl' || args.backend === 'webgpu') {
    throw new UsageError(`--backend: ${args.backend} needs a browser; expected wasm, cpu or auto.`);
  }
  const result = parseConfig({
    data: args.data === 'digits' ? { kind: 'digits' } : { kind: 'folder', folder: args.data },
    activations,
    hidden,
    kernelInitializer: toInitializer('--init', args.init),
    biasInitializer: toInitializer('--bias-init', args.biasInit),
    optimizer: args.optimizer,
    learningRate: toNumber('--lr', args.lr),
    batchSize: toNumber('--batch', args.batch),
    epochs: toNumber('--epochs', args.epochs),
    seed: toNumber('--seed', args.seed),
    seeds: toNumber('--seeds', args.seeds),
    backend: args.backend,
  });
  if ('config' in result) return result.config;
  const problem = result.problems[0]!;
  throw new UsageError(`${flags[problem.field]}: ${problem.message}`);
}
