import * as v from 'valibot';
import { request } from '../contract';
import { deskContract } from './desk';
import { runsHostContract, runsPageContract } from './runs';

/** Served by the extension host for the training view. */
export const trainingHostContract = {
  ...runsHostContract,
  /** The comparison's panel, beside the editor. */
  openPanel: request([], v.void()),
  /** Lets the person choose activations to train next. */
  chooseActivations: request([], v.void()),
  openCalculator: request([], v.void()),
  ...deskContract,
};

/** Served by the training view for the extension host. */
export const trainingPageContract = runsPageContract;
