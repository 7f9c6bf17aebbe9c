import { createBirpc } from 'birpc';
import * as v from 'valibot';
import type { Contract, Method, Remote, Service } from './contract';
import { PROTOCOL_VERSION } from './version';

/** Anything that carries messages both ways: a webview, a worker, a port. */
export interface Transport {
  post(message: unknown): void;
  /** Calls back with every message that arrives, until the returned function is called. */
  listen(receive: (message: unknown) => void): () => void;
}

export interface Channel<C extends Contract> {
  readonly remote: Remote<C>;
  /** Fails every open request with this reason; later requests fail too. */
  close(reason?: string): void;
}

/** A message or an answer broke its contract, or the other end speaks another version. */
export class ProtocolError extends Error {
  override readonly name = 'ProtocolError';
}

/** What a person reads where a request was not answered in time. */
const lateText = (other: string, seconds: number): string =>
  `${other} did not answer within ${seconds} s: it is busy, or gone. Try again; if that does not help, reload the window (what is recorded is kept).`;

interface Envelope {
  /** Marks our messages among those of VS Code and of the browser's tools. */
  readonly gradientLens: number;
  readonly body: Body;
}

/** Names a request and its answer; ours have 21 letters. */
const idSchema = v.pipe(v.string(), v.minLength(1), v.maxLength(64));

/** A question, or an event where nobody waits for an answer; or an answer. What else a body holds is left out. */
const bodySchema = v.variant('t', [
  v.object({ t: v.literal('q'), m: v.string(), a: v.array(v.unknown()), i: v.optional(idSchema) }),
  v.object({ t: v.literal('s'), i: idSchema, r: v.optional(v.unknown()), e: v.optional(v.unknown()) }),
]);
type Body = v.InferOutput<typeof bodySchema>;

const envelopeSchema = v.object({ gradientLens: v.number(), body: bodySchema });

function check<S extends v.GenericSchema<unknown, unknown>>(schema: S, value: unknown, what: string): v.InferOutput<S> {
  const result = v.safeParse(schema, value);
  if (result.success) return result.output;
  const issue = result.issues[0];
  const path = issue.path?.map((item) => String(item.key)).join('.');
  throw new ProtocolError(`${what}${path ? `, ${path}` : ''}: ${issue.message}`);
}

function checkArguments(name: string, method: Method, args: readonly unknown[]): unknown[] {
  if (args.length > method.args.length)
    throw new ProtocolError(`${name}: ${args.length} arguments, expected ${method.args.length}`);
  return method.args.map((schema, i) => check(schema, args[i], `${name}, argument ${i + 1}`));
}

/** Left out, not undefined: VS Code carries messages as JSON, which would make null of it. */
function withoutAbsent(args: readonly unknown[]): readonly unknown[] {
  return args.slice(0, args.findLastIndex((argument) => argument !== undefined) + 1);
}

/** Errors do not survive every transport: name and message do. */
const toPlain = (error: unknown) =>
  error instanceof Error ? { name: error.name, message: error.message } : { name: 'Error', message: String(error) };

function toError(plain: unknown): Error {
  const { name, message } = (plain ?? {}) as { name?: unknown; message?: unknown };
  const error = new Error(typeof message === 'string' ? message : 'The other side failed without saying why.');
  if (typeof name === 'string') error.name = name;
  return error;
}

/**
 * Joins the two ends of a transport. Arguments and answers are checked on both ends, a request is answered, fails or
 * times out, and a message of another protocol version is refused with a sentence.
 *
 * @param onProblem hears of messages that cannot be answered (a broken envelope, a failing event), and which request was
 * not answered in time
 * @param other who is at the other end, as a sentence to a person begins
 */
export function connect<Serves extends Contract, Calls extends Contract>(
  transport: Transport,
  serves: Serves,
  service: Service<Serves>,
  calls: Calls,
  onProblem: (error: Error) => void,
  other = 'The other side',
): Channel<Calls> {
  let stopListening: (() => void) | undefined;
  const seal = (body: Body): Envelope => ({
    gradientLens: PROTOCOL_VERSION,
    body: body.t === 'q' || body.e === undefined ? body : { ...body, e: toPlain(body.e) },
  });
  const report = (error: unknown) => onProblem(error instanceof Error ? error : new Error(String(error)));
  /** Says no to whoever waits for an answer, and in the log. */
  const refuse = (body: Body, text: string) => {
    const error = new ProtocolError(text);
    onProblem(error);
    if (body.t !== 'q' || body.i === undefined) return;
    try {
      transport.post(seal({ t: 's', i: body.i, e: error }));
    } catch (problem) {
      report(problem);
    }
  };

  // Without a prototype: no name but those of the contract finds a function.
  const functions: Record<string, (...args: unknown[]) => Promise<unknown>> = Object.create(null);
  for (const [name, method] of Object.entries(serves)) {
    functions[name] = async (...args) => {
      try {
        const result = await service[name]!(...(checkArguments(name, method, args) as never));
        return check(method.result, result, `${name}, answer`);
      } catch (error) {
        if (method.event) report(error);
        throw error;
      }
    };
  }

  const rpc = createBirpc<Record<string, (...args: unknown[]) => unknown>, typeof functions>(functions, {
    post: (data) => transport.post(seal(data as Body)),
    on: (receive) => {
      stopListening = transport.listen((message) => {
        if (typeof message !== 'object' || message === null || !('gradientLens' in message)) return;
        const parsed = v.safeParse(envelopeSchema, message);
        if (!parsed.success) {
          onProblem(new ProtocolError(`a message without a valid body: ${parsed.issues[0].message}`));
          return;
        }
        const { gradientLens, body } = parsed.output;
        if (gradientLens !== PROTOCOL_VERSION) {
          refuse(body, `This side speaks protocol ${PROTOCOL_VERSION}, the other ${gradientLens}. Reload the window.`);
          return;
        }
        if (body.t === 'q' && !Object.hasOwn(serves, body.m)) {
          refuse(body, `${JSON.stringify(body.m.slice(0, 60))} is nothing that this side is asked.`);
          return;
        }
        const heard = body.t === 'q' || body.e === undefined ? body : { ...body, e: toError(body.e) };
        // What cannot be answered, since posting fails, is nobody's else.
        Promise.resolve(receive(heard)).catch(report);
      });
    },
    off: () => stopListening?.(),
    timeout: -1,
    // A request that fails here, too late, is forgotten: an answer that comes after all finds nothing.
    onRequest: ({ m }, send) => {
      const method = calls[m]!;
      return withTimeout(send(), method.timeout, (seconds) => {
        // The log tells what the person need not know.
        onProblem(new ProtocolError(`${m} was not answered within ${seconds} s.`));
        return new ProtocolError(lateText(other, seconds));
      });
    },
  });

  const remote: Record<string, (...args: unknown[]) => Promise<unknown>> = {};
  for (const [name, method] of Object.entries(calls)) {
    remote[name] = async (...args) => {
      checkArguments(name, method, args);
      const sent = withoutAbsent(args);
      if (method.event) return rpc.$callEvent(name, ...sent);
      return check(method.result, await rpc.$call(name, ...sent), `${name}, answer`);
    };
  }
  return {
    remote: remote as Remote<Calls>,
    close: (reason = 'The channel was closed.') => rpc.$close(new Error(reason)),
  };
}

async function withTimeout<T>(
  answer: Promise<T>,
  milliseconds: number | undefined,
  error: (seconds: number) => Error,
): Promise<T> {
  if (milliseconds === undefined) return answer;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(error(milliseconds / 1000)), milliseconds);
  });
  try {
    return await Promise.race([answer, late]);
  } finally {
    clearTimeout(timer);
  }
}
