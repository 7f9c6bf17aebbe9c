import * as v from 'valibot';
import { activationEntryNames, findActivation } from '../activations/catalogue';
import { formatInteger } from '../format/numbers';
import { type Initializer, initializerSchema } from '../initializers/initializer';

/** Ranges of the settings, shared by the settings form, the terminal command and the checks. */
export const limits = {
  activations: { min: 1, max: 6 },
  hiddenLayers: { min: 1, max: 50 },
  width: { min: 1, max: 4096 },
  learningRate: { min: 1e-8, max: 10 },
  batchSize: { min: 1, max: 4096 },
  epochs: { min: 1, max: 1000 },
  seed: { min: 0, max: 4294967295 },
  seeds: { min: 1, max: 20 },
} as const;

export const optimizerNames = ['sgd', 'momentum', 'rmsprop', 'adam'] as const;
export type OptimizerName = (typeof optimizerNames)[number];

/** What an optimiser keeps for each parameter: a moving mean of gradients first, of their squares second. */
export const optimizerSlots: Readonly<Record<OptimizerName, { readonly first: boolean; readonly second: boolean }>> = {
  sgd: { first: false, second: false },
  momentum: { first: true, second: false },
  rmsprop: { first: false, second: true },
  adam: { first: true, second: true },
};

export const backendNames = ['auto', 'wasm', 'webgl', 'webgpu', 'cpu'] as const;
export type BackendChoice = (typeof backendNames)[number];
export type BackendName = Exclude<BackendChoice, 'auto'>;

/** What is on a GPU may be lost at any time. */
export const isOnGpu = (backend: BackendName): boolean => backend === 'webgl' || backend === 'webgpu';

const shown = (input: unknown): string =>
  typeof input === 'string' ? `"${input}"` : (JSON.stringify(input) ?? 'nothing');

function whole(name: string, range: { min: number; max: number }) {
  const expected = `a whole number from ${range.min} to ${formatInteger(range.max)}`;
  return v.pipe(
    v.number((issue) => `${name} is ${shown(issue.input)}; expected ${expected}.`),
    v.check(
      (n) => Number.isInteger(n) && n >= range.min && n <= range.max,
      (issue) => `${name} is ${shown(issue.input)}; expected ${expected}.`,
    ),
  );
}

function real(name: string, range: { min: number; max: number }) {
  const expected = `a number from ${range.min} to ${range.max}`;
  return v.pipe(
    v.number((issue) => `${name} is ${shown(issue.input)}; expected ${expected}.`),
    v.check(
      (x) => x >= range.min && x <= range.max,
      (issue) => `${name} is ${shown(issue.input)}; expected ${expected}.`,
    ),
  );
}

/** Any spelling goes in; the catalogue's own name comes out. */
const activation = v.pipe(
  v.string(),
  v.check(
    (name) => findActivation(name) !== undefined,
    (issue) =>
      `activation ${shown(issue.input)} is not known; expected one of ${activationEntryNames.join(', ')}, or one with parameters such as leaky_relu(negative_slope=0.3).`,
  ),
  v.transform((name) => findActivation(name)?.name ?? name),
);

/** Where the images come from. `folder` holds a path (terminal) or a URI (editor). */
export const dataSourceSchema = v.variant('kind', [
  v.object({ kind: v.literal('digits') }),
  v.object({ kind: v.literal('mnist') }),
  v.object({
    kind: v.literal('folder'),
    folder: v.pipe(v.string(), v.minLength(1, 'the data folder is empty; expected a folder with IDX files.')),
  }),
]);
export type DataSource = v.InferOutput<typeof dataSourceSchema>;

/** Everything that decides the numbers of a comparison. The same config and backend give the same numbers again. */
export const experimentConfigSchema = v.object({
  data: dataSourceSchema,
  activations: v.pipe(
    v.array(activation),
    v.check(
      (names) => names.length >= limits.activations.min && names.length <= limits.activations.max,
      (issue) =>
        `activations lists ${(issue.input as string[]).length}; expected ${limits.activations.min} to ${limits.activations.max}.`,
    ),
    v.check((names) => new Set(names).size === names.length, 'activations names one twice; expected different ones.'),
  ),
  hidden: v.pipe(
    v.array(whole('a hidden width', limits.width)),
    v.check(
      (widths) => widths.length >= limits.hiddenLayers.min && widths.length <= limits.hiddenLayers.max,
      (issue) =>
        `hidden has ${(issue.input as number[]).length} layers; expected ${limits.hiddenLayers.min} to ${limits.hiddenLayers.max}.`,
    ),
  ),
  kernelInitializer: initializerSchema('the kernel initialiser'),
  biasInitializer: initializerSchema('the bias initialiser'),
  optimizer: v.picklist(
    optimizerNames,
    (issue) => `optimizer is ${shown(issue.input)}; expected one of ${optimizerNames.join(', ')}.`,
  ),
  learningRate: real('the learning rate', limits.learningRate),
  batchSize: whole('the batch size', limits.batchSize),
  epochs: whole('epochs', limits.epochs),
  seed: whole('the seed', limits.seed),
  seeds: whole('the number of seeds', limits.seeds),
  backend: v.picklist(
    backendNames,
    (issue) => `backend is ${shown(issue.input)}; expected one of ${backendNames.join(', ')}.`,
  ),
});
export type ExperimentConfig = v.InferOutput<typeof experimentConfigSchema>;

/** The paper's program: 784-128-10, kernels RandomNormal(1, 1), biases zero, Adam, batch 128, 10 epochs. */
export const paperConfig: ExperimentConfig = {
  data: { kind: 'digits' },
  activations: ['sigmoid', 'relu'],
  hidden: [128],
  kernelInitializer: { kind: 'normal', mean: 1, stddev: 1 } satisfies Initializer,
  biasInitializer: { kind: 'zeros' },
  optimizer: 'adam',
  learningRate: 0.001,
  batchSize: 128,
  epochs: 10,
  seed: 0,
  seeds: 1,
  backend: 'wasm',
};

export interface ConfigProblem {
  /** The setting's key in {@link ExperimentConfig}. */
  readonly field: keyof ExperimentConfig;
  /** One sentence: what was found, what was expected. */
  readonly message: string;
}

/** Checks a config from outside; all problems at once, so that a form can show each beside its field. */
export function parseConfig(input: unknown): { config: ExperimentConfig } | { problems: ConfigProblem[] } {
  const result = v.safeParse(experimentConfigSchema, input);
  if (result.success) return { config: result.output };
  const problems = result.issues.map((issue) => ({
    field: (issue.path?.[0]?.key ?? 'data') as keyof ExperimentConfig,
    // The schema library's own words where a key is missing or of another kind altogether.
    message: issue.message.startsWith('Invalid')
      ? `The settings are incomplete or malformed. ${issue.message}.`
      : issue.message,
  }));
  return { problems: problems.filter((p, i) => problems.findIndex((q) => q.field === p.field) === i) };
}

/** Networks that train: each activation with each seed. */
export const networkCount = ({ activations, seeds }: Pick<ExperimentConfig, 'activations' | 'seeds'>): number =>
  activations.length * seeds;

/** True where every setting that the paper fixes has the paper's value (its data, seeds and backend are free). */
export function isPaperTraining(config: ExperimentConfig): boolean {
  const own = config.kernelInitializer;
  return (
    config.hidden.length === 1 &&
    config.hidden[0] === 128 &&
    own.kind === 'normal' &&
    own.mean === 1 &&
    own.stddev === 1 &&
    config.biasInitializer.kind === 'zeros' &&
    config.optimizer === 'adam' &&
    config.learningRate === 0.001 &&
    config.batchSize === 128
  );
}
