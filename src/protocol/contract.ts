import * as v from 'valibot';

type AnySchema = v.GenericSchema<unknown, unknown>;
type ArgumentSchemas = readonly AnySchema[];

/** A method that one side serves: what it takes, what it answers, and how long the caller waits. */
export interface Method<Args extends ArgumentSchemas = ArgumentSchemas, Result extends AnySchema = AnySchema> {
  readonly args: Args;
  readonly result: Result;
  /** Milliseconds until the request fails; undefined waits until the channel closes. */
  readonly timeout: number | undefined;
  /** An event is sent without asking for an answer. */
  readonly event: boolean;
}

export type Contract = Readonly<Record<string, Method>>;

type Values<Args extends ArgumentSchemas> = { -readonly [K in keyof Args]: v.InferOutput<Args[K]> };

/** The calls that a contract allows, seen from the caller. */
export type Remote<C extends Contract> = {
  readonly [K in keyof C]: (...args: Values<C[K]['args']>) => Promise<v.InferOutput<C[K]['result']>>;
};

/** What the serving side must provide. */
export type Service<C extends Contract> = {
  readonly [K in keyof C]: (
    ...args: Values<C[K]['args']>
  ) => v.InferOutput<C[K]['result']> | Promise<v.InferOutput<C[K]['result']>>;
};

/** A request that is answered within `timeout` ms or fails. */
export function request<const Args extends ArgumentSchemas, Result extends AnySchema>(
  args: Args,
  result: Result,
  timeout = 10_000,
): Method<Args, Result> {
  return { args, result, timeout, event: false };
}

/** A request whose work may take as long as it takes (a training, a download, a dialog); fails when the channel closes. */
export function longRequest<const Args extends ArgumentSchemas, Result extends AnySchema>(
  args: Args,
  result: Result,
): Method<Args, Result> {
  return { args, result, timeout: undefined, event: false };
}

/** News that needs no answer. */
export function event<const Args extends ArgumentSchemas>(...args: Args): Method<Args, v.VoidSchema<undefined>> {
  return { args, result: v.void(), timeout: undefined, event: true };
}
