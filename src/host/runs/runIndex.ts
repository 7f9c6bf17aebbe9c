import * as v from 'valibot';
import { type RunSummary, runSummarySchema, summaryOut } from '../../core/runs/summary';

/** What the index knows of a run. It saves reading the run's file, and is never more than that. */
export interface IndexEntry {
  readonly summary: RunSummary;
  /** When its name and pin were chosen; 0 where they never were. */
  readonly labelledAt: number;
  /** The pieces of its log when it was summarised: others mean that the summary is old. */
  readonly pieces: string;
}

export interface RunIndex {
  readonly entries: ReadonlyMap<string, IndexEntry>;
  /** When a run was deleted, in milliseconds. */
  readonly deleted: ReadonlyMap<string, number>;
}

export const emptyIndex: RunIndex = { entries: new Map(), deleted: new Map() };

const VERSION = 1;
const milliseconds = v.pipe(v.number(), v.finite(), v.minValue(0));
const entrySchema = v.object({ summary: runSummarySchema, labelledAt: milliseconds, pieces: v.string() });
const indexSchema = v.object({
  format: v.literal('gradient-lens-runs'),
  version: v.literal(VERSION),
  entries: v.array(v.unknown()),
  deleted: v.record(v.string(), milliseconds),
});

/** Of another version, or damaged, it is empty, and made anew from the runs; an entry that is damaged is left out. */
export function parseIndex(bytes: Uint8Array | undefined): RunIndex {
  if (bytes === undefined) return emptyIndex;
  let json: unknown;
  try {
    json = JSON.parse(new TextDecoder().decode(bytes));
  } catch {
    return emptyIndex;
  }
  const index = v.safeParse(indexSchema, json);
  if (!index.success) return emptyIndex;
  const entries = index.output.entries.flatMap((each) => {
    const entry = v.safeParse(entrySchema, each);
    return entry.success ? [[entry.output.summary.id, entry.output] as const] : [];
  });
  return { entries: new Map(entries), deleted: new Map(Object.entries(index.output.deleted)) };
}

export function encodeIndex({ entries, deleted }: RunIndex): Uint8Array {
  const json = {
    format: 'gradient-lens-runs',
    version: VERSION,
    entries: [...entries.values()].map((entry) => ({ ...entry, summary: summaryOut(entry.summary) })),
    deleted: Object.fromEntries(deleted),
  };
  return new TextEncoder().encode(JSON.stringify(json));
}

/** What two windows know of a run: the newer summary, and the newer name and pin. */
export function mergeEntries(a: IndexEntry, b: IndexEntry): IndexEntry {
  const newer = b.summary.changedAt > a.summary.changedAt ? b : a;
  const labelled = b.labelledAt > a.labelledAt ? b : a;
  return withLabel(newer, labelled.summary, labelled.labelledAt);
}

export function withLabel(
  entry: IndexEntry,
  { name, pinned }: { readonly name?: string | undefined; readonly pinned: boolean },
  labelledAt: number,
): IndexEntry {
  const { name: _, ...summary } = entry.summary;
  return { ...entry, labelledAt, summary: { ...summary, ...(name === undefined ? {} : { name }), pinned } };
}

/** Both together; a run that one of them deleted after the other last changed it is deleted. */
export function mergeIndexes(a: RunIndex, b: RunIndex): RunIndex {
  const entries = new Map(a.entries);
  for (const [id, entry] of b.entries) {
    const own = entries.get(id);
    entries.set(id, own === undefined ? entry : mergeEntries(own, entry));
  }
  const deleted = new Map(a.deleted);
  for (const [id, at] of b.deleted) deleted.set(id, Math.max(at, deleted.get(id) ?? 0));
  for (const [id, at] of deleted) {
    const entry = entries.get(id);
    if (entry === undefined) continue;
    if (entry.summary.changedAt > at) deleted.delete(id);
    else entries.delete(id);
  }
  return { entries, deleted };
}
