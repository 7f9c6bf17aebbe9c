import * as v from 'valibot';
import { flowConfigSchema } from '../../core/calculation/config';
import { experimentConfigSchema } from '../../core/experiment/config';
import { request } from '../contract';
import { bytes, modelReference } from '../schemas';
import { deskContract } from './desk';
import { runsHostContract, runsPageContract } from './runs';

/** A run from the list, to be looked at beside whatever trains. */
export const keptRunSchema = v.object({
  id: v.string(),
  title: v.string(),
  /** As `serialiseRun` writes it. */
  run: v.string(),
});
export type KeptRun = v.InferOutput<typeof keptRunSchema>;

/** Served by the extension host for the comparison's page. */
export const compareHostContract = {
  ...runsHostContract,
  /** The page is up: which kept runs it shows; none is the current run. */
  kept: request([], v.array(keptRunSchema)),
  /** The page is up: the settings of a link that was followed, once. */
  proposed: request([], v.nullable(experimentConfigSchema)),
  /** The page is up: whether it is shown on a projector. */
  presenting: request([], v.boolean()),
  /** The person has entered or left present mode in the page. */
  setPresenting: request([v.boolean()], v.void()),
  /** The page shows the current run again. */
  leaveKept: request([], v.void()),
  /** Takes in the runs of files that were dropped on the page, and shows them; what is wrong with a file is told. */
  openRunFiles: request([v.array(v.object({ name: v.string(), bytes }))], v.void()),
  /** … of files by their addresses. */
  openRunAddresses: request([v.array(v.string())], v.void()),
  /** Lists the layers of the model in code that is trained; going through them goes through the code. */
  showCode: request([modelReference], v.void()),
  /** Shows what the theory says of the networks. */
  openCalculator: request([flowConfigSchema], v.void()),
  ...deskContract,
};

/** Served by the comparison's page for the extension host. */
export const comparePageContract = {
  ...runsPageContract,
  /** Shows kept runs, several over each other; none goes back to the current run. */
  showKept: request([v.array(keptRunSchema)], v.void()),
  /** Enlarges what is shown, for a projector, or shows it as ever. */
  present: request([v.boolean()], v.void()),
  /** Puts the settings of a link into the form, for the person to start. */
  propose: request([experimentConfigSchema], v.void()),
};
