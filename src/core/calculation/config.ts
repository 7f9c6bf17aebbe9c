import * as v from 'valibot';
import { type ActivationName, activationEntryNames, findActivation } from '../activations/catalogue';
import { formatInteger } from '../format/numbers';
import { frameworkIds } from '../frameworks/framework';
import { initializerSchema } from '../initializers/initializer';

/** Ranges of a calculation's settings, shared by the panel, the terminal and the checks. */
export const flowLimits = {
  candidates: { min: 1, max: 4 },
  layers: { min: 1, max: 100 },
  width: { min: 1, max: 4096 },
  inputs: { min: 1, max: 65536 },
  biasStd: { min: 0, max: 100 },
  dropout: { min: 0, max: 0.95 },
  inputVariance: { min: 1e-6, max: 1e6 },
  networks: { min: 0, max: 1000 },
  seed: { min: 0, max: 4294967295 },
} as const;

/** JSON would call NaN and Infinity null. */
const shown = (input: unknown): string => {
  if (typeof input === 'number') return String(input);
  return typeof input === 'string' ? `"${input}"` : (JSON.stringify(input) ?? 'nothing');
};

function whole(name: string, { min, max }: { readonly min: number; readonly max: number }) {
  const expected = `a whole number from ${min} to ${formatInteger(max)}`;
  return v.pipe(
    v.number((issue) => `${name} is ${shown(issue.input)}; expected ${expected}.`),
    v.check(
      (n) => Number.isInteger(n) && n >= min && n <= max,
      (issue) => `${name} is ${shown(issue.input)}; expected ${expected}.`,
    ),
  );
}

function real(name: string, { min, max }: { readonly min: number; readonly max: number }) {
  const expected = `a number from ${min} to ${max}`;
  return v.pipe(
    v.number((issue) => `${name} is ${shown(issue.input)}; expected ${expected}.`),
    v.check(
      (x) => x >= min && x <= max,
      (issue) => `${name} is ${shown(issue.input)}; expected ${expected}.`,
    ),
  );
}

/** Any spelling goes in; the catalogue's own name comes out. */
const activation = v.pipe(
  v.string((issue) => `an activation is ${shown(issue.input)}; expected a name.`),
  v.check(
    (name) => findActivation(name) !== undefined,
    (issue) =>
      `activation ${shown(issue.input)} is not known; expected one of ${activationEntryNames.join(', ')}, or one with parameters such as leaky_relu(negative_slope=0.3).`,
  ),
  v.transform((name) => findActivation(name)?.name ?? name),
);

/** One line of the main plot. */
const candidateSchema = v.object({
  /** One for all hidden layers, or one for each. */
  activations: v.pipe(v.array(activation), v.minLength(1, 'a candidate has no activation; expected at least one.')),
});

export const normalisations = ['none', 'batch', 'layer'] as const;
export const flowInputs = ['gaussian', 'digits'] as const;

/** Everything that decides a calculation. Hidden layers only: the output layer is not among them. */
export const flowConfigSchema = v.pipe(
  v.object({
    /** Whose defaults and whose way of drawing weights. */
    framework: v.picklist(
      frameworkIds,
      (issue) => `framework is ${shown(issue.input)}; expected one of ${frameworkIds.join(', ')}.`,
    ),
    candidates: v.pipe(
      v.array(candidateSchema),
      v.check(
        (list) => list.length >= flowLimits.candidates.min && list.length <= flowLimits.candidates.max,
        (issue) => `candidates lists ${(issue.input as unknown[]).length}; expected 1 to ${flowLimits.candidates.max}.`,
      ),
    ),
    /** Units of each hidden layer. */
    widths: v.pipe(
      v.array(whole('a width', flowLimits.width)),
      v.check(
        (list) => list.length >= flowLimits.layers.min && list.length <= flowLimits.layers.max,
        (issue) => `widths lists ${(issue.input as unknown[]).length} layers; expected 1 to ${flowLimits.layers.max}.`,
      ),
    ),
    /** Input components; null for as many as the first width. */
    inputs: v.nullable(whole('inputs', flowLimits.inputs)),
    /** Null for the framework's default. */
    kernelInitializer: v.nullable(initializerSchema('the kernel initialiser')),
    /** Standard deviation of the biases, whose mean is 0; null for the framework's default. */
    biasStd: v.nullable(real('the standard deviation of the biases', flowLimits.biasStd)),
    normalisation: v.picklist(
      normalisations,
      (issue) => `normalisation is ${shown(issue.input)}; expected none, batch or layer.`,
    ),
    /** Share of the activations that dropout sets to 0. */
    dropout: real('the dropout rate', flowLimits.dropout),
    /** x + F(x) wherever a layer is as wide as the one before. */
    residual: v.boolean((issue) => `residual is ${shown(issue.input)}; expected true or false.`),
    /** E[x²] of one input component. */
    inputVariance: real('the variance of the inputs', flowLimits.inputVariance),
    /** Networks to measure; 0 for none. */
    networks: whole('the number of networks', flowLimits.networks),
    /** What the measured networks see. */
    data: v.picklist(flowInputs, (issue) => `data is ${shown(issue.input)}; expected gaussian or digits.`),
    seed: whole('the seed', flowLimits.seed),
  }),
  v.rawCheck(({ dataset, addIssue }) => {
    if (!dataset.typed) return;
    const { candidates, widths } = dataset.value;
    const wrong = candidates.find(
      ({ activations }) => activations.length !== 1 && activations.length !== widths.length,
    );
    if (wrong) {
      addIssue({
        message: `a candidate lists ${wrong.activations.length} activations for ${widths.length} layers; expected one, or one for each layer.`,
      });
    }
  }),
);
export type FlowConfig = v.InferOutput<typeof flowConfigSchema>;

/** One line of the main plot: its hidden layers' activations, one for all or one for each. */
export type FlowCandidate = FlowConfig['candidates'][number];

/** The activation of a hidden layer, counted from 0. */
export const activationAt = ({ activations }: FlowCandidate, layer: number): ActivationName =>
  activations.length === 1 ? activations[0]! : activations[layer]!;

/** The paper's comparison: ten layers of sigmoid, and of tanh. */
export const paperFlow: FlowConfig = {
  framework: 'keras',
  candidates: [{ activations: ['sigmoid'] }, { activations: ['tanh'] }],
  widths: Array.from({ length: 10 }, () => 128),
  inputs: null,
  kernelInitializer: null,
  biasStd: null,
  normalisation: 'none',
  dropout: 0,
  residual: false,
  inputVariance: 1,
  networks: 40,
  data: 'gaussian',
  seed: 0,
};

/** A setting that cannot be used. */
export interface FlowProblem {
  readonly field: keyof FlowConfig;
  /** One sentence: what was found, what was expected. */
  readonly message: string;
}

/** Checks a calculation from outside; all problems at once. What is left out is the paper's. */
export function parseFlowConfig(input: unknown): { config: FlowConfig } | { problems: FlowProblem[] } {
  const given = typeof input === 'object' && input !== null ? input : {};
  const result = v.safeParse(flowConfigSchema, { ...paperFlow, ...given });
  if (result.success) return { config: result.output };
  const problems = result.issues.map((issue) => ({
    field: (issue.path?.[0]?.key ?? 'candidates') as keyof FlowConfig,
    message: issue.message.startsWith('Invalid')
      ? `The calculation is incomplete or malformed. ${issue.message}.`
      : issue.message,
  }));
  return { problems: problems.filter((p, i) => problems.findIndex((q) => q.field === p.field) === i) };
}
