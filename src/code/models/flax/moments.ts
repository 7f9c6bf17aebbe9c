import type { Machine, Site } from '../../interpret/values';
import type { Moment } from '../tracing/step';

export const at = (machine: Machine, site: Site): Moment => ({ machine, site });
const nowhere: Site = { source: { cell: 0, from: 0, to: 0 } };
export const anywhere = (machine: Machine): Moment => at(machine, nowhere);
