import { strFromU8, strToU8 } from 'fflate';
import * as v from 'valibot';
import { crc32 } from '../math/crc32';
import { boundsOf, lacksItsEnd, newsProblem, type RunBounds } from './check';
import { NewerRunError, RunFileError } from './fileError';
import { applyNews, type RunNews } from './news';
import { createRunRecord, isOver, networkStates, type RunRecord } from './record';
import { newsSince, startOf } from './since';
import {
  backendName,
  count,
  duration,
  FORMAT,
  headEntries,
  issueText,
  probesOut,
  probesSchema,
  rowOut,
  rowSchema,
  stepsEntries,
  stepsOut,
} from './wire';

/**
 * A run's file is a log: lines of JSON that are only ever added to. First the head (what was asked for), then news, and
 * `end` once nothing more is to come; a run that goes on later adds news and another `end`.
 *
 * Each line is `<CRC-32 of the rest, 8 hex digits> <number of the line> <JSON>`. A file that was cut or damaged is read up
 * to the first line that does not fit. A line whose number has been read already is passed over, so that pieces of a log
 * may overlap. The first line keeps this form in every version.
 */
export const LOG_VERSION = 2;

export type LogEntry = { readonly kind: 'head'; readonly run: RunRecord } | RunNews | { readonly kind: 'end' };

/** The lines of some entries, each with its line break; the first has the number `first`. */
export function logLines(entries: Iterable<LogEntry>, first: number): Uint8Array[] {
  const lines: Uint8Array[] = [];
  for (const entry of entries) lines.push(line(first + lines.length, JSON.stringify(entryOut(entry))));
  return lines;
}

/**
 * A run as the lines of a log, to be joined by whoever writes them.
 *
 * @param ended whether nothing more is to come
 */
export function runLog(run: RunRecord, ended = true): Uint8Array[] {
  const lines = logLines([{ kind: 'head', run }], 0);
  for (const news of newsSince(run, startOf(run))) lines.push(...logLines([news], lines.length));
  return ended ? [...lines, ...logLines([{ kind: 'end' }], lines.length)] : lines;
}

function line(number: number, json: string): Uint8Array {
  const body = strToU8(`${number} ${json}`);
  const bytes = new Uint8Array(body.length + 10);
  bytes.set(strToU8(crc32(body).toString(16).padStart(8, '0')));
  bytes[8] = SPACE;
  bytes.set(body, 9);
  bytes[bytes.length - 1] = LINE_BREAK;
  return bytes;
}

const SPACE = 32;
const LINE_BREAK = 10;

function entryOut(entry: LogEntry): unknown {
  switch (entry.kind) {
    case 'head': {
      const { id, startedAt, config, dataset } = entry.run;
      return { format: FORMAT, version: LOG_VERSION, id, startedAt, config, dataset };
    }
    case 'recorded': {
      const { kind, network, steps, probes } = entry;
      return { kind, network, steps: { firstStep: steps.firstStep, ...stepsOut(steps) }, probes: probesOut(probes) };
    }
    case 'epochEnded':
      return { ...entry, row: rowOut(entry.row) };
    default:
      return entry;
  }
}

const network = v.string();
const entrySchema = v.variant('kind', [
  v.object({
    kind: v.literal('recorded'),
    network,
    steps: v.object({ firstStep: count, ...stepsEntries }),
    probes: probesSchema,
  }),
  v.object({ kind: v.literal('epochEnded'), network, row: rowSchema }),
  v.object({
    kind: v.literal('state'),
    network,
    state: v.picklist(networkStates),
    seconds: duration,
    backend: v.optional(backendName),
    message: v.optional(v.string()),
  }),
  v.object({ kind: v.literal('clock'), seconds: duration }),
  v.object({ kind: v.literal('end') }),
]);
const formatSchema = v.object({ format: v.literal(FORMAT), version: v.number() });
const headSchema = v.object(headEntries);

export interface ReadRun {
  /** Networks that were not over are `interrupted`. */
  readonly run: RunRecord;
  /** False for a half: it has no end, or something is wrong with it. */
  readonly whole: boolean;
  /** What is wrong, as a sentence; a half may be just unfinished. */
  readonly problem?: string;
  /** Lines read, which is the number of the next one. */
  readonly lines: number;
  /** Bytes of each piece that could be read. */
  readonly good: readonly number[];
}

/**
 * Reads a log, whole or in pieces one after the other.
 *
 * @throws NewerRunError where a newer version wrote it
 * @throws RunFileError where it is not a run's log, or is damaged at its beginning
 */
export function readRunLog(input: Uint8Array | readonly Uint8Array[]): ReadRun {
  const reader = new LogReader();
  const good: number[] = [];
  for (const piece of input instanceof Uint8Array ? [input] : input) good.push(reader.take(piece));
  return { ...reader.result(), good };
}

class LogReader {
  #run: RunRecord | undefined;
  #bounds: RunBounds | undefined;
  #lines = 0;
  #ended = false;
  #problem: string | undefined;

  /** Reads a piece; how many of its bytes are good. */
  take(bytes: Uint8Array): number {
    let at = 0;
    while (at < bytes.length && this.#problem === undefined) {
      const end = bytes.indexOf(LINE_BREAK, at);
      this.#problem = end < 0 ? 'it is cut off in the middle of a line' : this.#line(bytes.subarray(at, end));
      if (this.#problem === undefined) at = end + 1;
    }
    return at;
  }

  result(): Omit<ReadRun, 'good'> {
    const run = this.#run;
    if (run === undefined || this.#bounds === undefined) {
      throw new RunFileError(`This is not a stored run of Gradient Lens: ${this.#problem ?? 'it is empty'}.`);
    }
    for (const record of run.networks) {
      if (lacksItsEnd(record, this.#bounds)) {
        this.#problem ??= `${record.id} is said to have finished, but has ${record.steps.count} of ${this.#bounds.steps} steps and ${record.epochs.length} of ${this.#bounds.epochs} epochs`;
        record.state = 'interrupted';
      }
      if (!isOver(record.state)) record.state = 'interrupted';
    }
    const whole = this.#ended && this.#problem === undefined;
    const read = { run, whole, lines: this.#lines };
    if (this.#problem === undefined) return read;
    const problem = `The stored run is damaged after line ${this.#lines}: ${this.#problem}. What comes before is shown.`;
    return { ...read, problem };
  }

  /** What is wrong with a line; undefined where it was taken, or passed over. */
  #line(bytes: Uint8Array): string | undefined {
    const body = bytes.subarray(9);
    if (bytes[8] !== SPACE || strFromU8(bytes.subarray(0, 8), true) !== crc32(body).toString(16).padStart(8, '0')) {
      return 'a line does not have its checksum';
    }
    const [, digits, json] = /^(\d{1,9}) (.*)$/s.exec(strFromU8(body)) ?? [];
    if (digits === undefined || json === undefined) return 'a line has no number';
    const number = Number(digits);
    if (number < this.#lines) return undefined;
    if (number > this.#lines) return `the lines from ${this.#lines} to ${number - 1} are missing`;
    let value: unknown;
    try {
      value = JSON.parse(json);
    } catch {
      return 'a line is not JSON';
    }
    const problem = this.#run === undefined ? this.#head(value) : this.#entry(value, this.#run);
    if (problem === undefined) this.#lines++;
    return problem;
  }

  #head(value: unknown): string | undefined {
    const format = v.safeParse(formatSchema, value);
    if (!format.success) return 'it does not begin as one';
    const { version } = format.output;
    if (version > LOG_VERSION) throw new NewerRunError(version, LOG_VERSION);
    if (version !== LOG_VERSION) return `its format ${version} is not known`;
    const head = v.safeParse(headSchema, value);
    if (!head.success) return `its beginning is damaged${issueText(head.issues[0])}`;
    const { id, startedAt, config, dataset } = head.output;
    this.#run = createRunRecord(id, startedAt, config, dataset);
    this.#bounds = boundsOf(this.#run);
    return undefined;
  }

  #entry(value: unknown, run: RunRecord): string | undefined {
    const entry = v.safeParse(entrySchema, value);
    if (!entry.success) return `a line cannot be read${issueText(entry.issues[0])}`;
    const news = entry.output;
    this.#ended = news.kind === 'end';
    if (news.kind === 'end') return undefined;
    const problem = newsProblem(news, run, this.#bounds!);
    if (problem === undefined) applyNews(run, news);
    return problem;
  }
}
