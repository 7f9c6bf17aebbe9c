import type { Machine, Site } from '../../interpret/values';
import type { Moment } from '../tracing/step';
import { nowhere } from './state';

export const at = (machine: Machine, site: Site): Moment => ({ machine, site });
export const anywhere = (machine: Machine): Moment => at(machine, { source: nowhere });
