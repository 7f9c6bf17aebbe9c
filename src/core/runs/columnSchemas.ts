import * as v from 'valibot';
import { type ColumnList, forEachOf } from './columns';

/** The entries of an object with what there is of each column of a list. */
export const toldEntries = <T extends ColumnList, S extends v.GenericSchema>(list: T, schema: S) =>
  forEachOf(list, (_, { optional }) => (optional ? v.optional(schema) : schema)) as {
    readonly [K in keyof T]: T[K]['optional'] extends true ? v.OptionalSchema<S, undefined> : S;
  };
