import * as v from 'valibot';
import { isActivationName } from '../../core/activations/catalogue';
import { flowConfigSchema, flowLimits } from '../../core/calculation/config';
import { longRequest, request } from '../contract';
import { codeLayer, codeOnShow } from '../schemas';
import { deskContract, workerAssetsSchema } from './desk';

const finite = v.pipe(v.number(), v.finite());

/** The one-neuron walk-through as the person left it. */
export const walkSchema = v.object({
  activation: v.pipe(v.string(), v.check(isActivationName)),
  weight: finite,
  bias: finite,
  /** a_prev and y of each sample; the first is the one whose factors are shown. */
  samples: v.pipe(v.array(v.object({ input: finite, target: finite })), v.minLength(1), v.maxLength(12)),
  /** Neurons of the chain. */
  neurons: v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(flowLimits.layers.max)),
});
export type Walk = v.InferOutput<typeof walkSchema>;

/** What of the calculator survives a reload. */
export const calculatorStateSchema = v.object({
  config: flowConfigSchema,
  /** What was calculated before the remedies that were applied last, and how the last one is called. */
  remedy: v.optional(v.object({ before: flowConfigSchema, label: v.string() })),
  walk: v.optional(walkSchema),
  /** ‖δ‖ or ‖∂C/∂W‖ in the main plot. */
  measure: v.optional(v.picklist(['delta', 'kernel'])),
  /** Whose pre-activations are shown, from 1. */
  layer: v.optional(v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(flowLimits.layers.max))),
  /** The model in code that it was opened on. */
  code: v.optional(codeOnShow),
});
export type CalculatorState = v.InferOutput<typeof calculatorStateSchema>;

/** What a calculator that is open is asked to show. */
const calculatorOpeningSchema = v.pick(calculatorStateSchema, ['config', 'layer', 'code']);
export type CalculatorOpening = v.InferOutput<typeof calculatorOpeningSchema>;

/** Served by the extension host for the calculator's page. */
export const calculatorHostContract = {
  /** The page is up: what it should show, and where its worker lies. */
  ready: request([], v.object({ state: calculatorStateSchema, ...workerAssetsSchema.entries })),
  /** Trains the calculation's networks beside each other in the comparison. */
  compare: request([flowConfigSchema], v.void()),
  /** Shows the line of a hidden layer. */
  revealLayer: request([codeLayer], v.void()),
  /** What the person has copied, to open a calculation that somebody shared. */
  pasteText: request([], v.string()),
  /** Saves the calculator itself, as it stands, as a page of its own; false where cancelled. */
  savePage: longRequest([calculatorStateSchema], v.boolean()),
  ...deskContract,
};

/** Served by the calculator's page for the extension host. */
export const calculatorPageContract = {
  /** Shows another calculation; the one before can be brought back. */
  show: request([calculatorOpeningSchema], v.void()),
};
