import * as v from 'valibot';
import { parseModel } from '../../core/model/json/json';
import { request } from '../contract';
import { codeLayer, codeOnShow } from '../schemas';
import { deskContract, workerAssetsSchema } from './desk';

/** A model in its JSON form, as `modelOut` writes it: checked where it arrives. */
export const modelJsonSchema = v.pipe(
  v.record(v.string(), v.unknown(), 'the model is no object; expected {"version": 1, "layers": […]}.'),
  v.rawCheck(({ dataset, addIssue }) => {
    if (!dataset.typed) return;
    const reading = parseModel(dataset.value);
    if ('problem' in reading) addIssue({ message: reading.problem });
  }),
);
export type ModelJson = v.InferOutput<typeof modelJsonSchema>;

/** What of a model's page survives a reload. */
export const modelStateSchema = v.object({
  /** As it was opened. */
  model: modelJsonSchema,
  /** With the changes that were tried; the same where left out. */
  changed: v.optional(modelJsonSchema),
  /** ‖δ‖ or ‖∂C/∂W‖ in the plot. */
  measure: v.optional(v.picklist(['delta', 'kernel'])),
  /** The model in code that it is. */
  code: v.optional(codeOnShow),
  /** The hidden layer that was asked about, from 1. */
  layer: v.optional(v.pipe(v.number(), v.integer(), v.minValue(1))),
});
export type ModelState = v.InferOutput<typeof modelStateSchema>;

/** Served by the extension host for a model's page. */
export const modelHostContract = {
  /** The page is up: what it should show, and where its worker lies. */
  ready: request([], v.object({ state: modelStateSchema, ...workerAssetsSchema.entries })),
  /** Lets the person choose another model's file. */
  openModel: request([], v.void()),
  /** Shows the line of a hidden layer. */
  revealLayer: request([codeLayer], v.void()),
  /** Opens the calculator on a calculation. */
  openCalculator: request([v.unknown()], v.void()),
  ...deskContract,
};

/** Served by a model's page for the extension host. */
export const modelPageContract = {
  /** Shows another model. */
  show: request([modelStateSchema], v.void()),
};
