import { probeColumns, rowWidth, stepColumns } from './columns';
import type { RunNews } from './news';
import type { NetworkRecord, RunRecord } from './record';

/** How far a record has got: what was written of it, or sent. */
export interface RunPosition {
  readonly seconds: number;
  /** In the order of the run's networks. */
  readonly networks: readonly NetworkPosition[];
}

interface NetworkPosition {
  readonly steps: number;
  readonly probes: number;
  readonly epochs: number;
  /** State, seconds, backend and message in one. */
  readonly state: string;
}

const stateOf = ({ state, seconds, backend, message }: NetworkRecord): string =>
  JSON.stringify([state, seconds, backend, message]);

export const positionOf = (run: RunRecord): RunPosition => ({
  seconds: run.seconds,
  networks: run.networks.map((network) => ({
    steps: network.steps.count,
    probes: network.probes.count,
    epochs: network.epochs.length,
    state: stateOf(network),
  })),
});

/** Before the first step of any network. */
export const startOf = (run: RunRecord): RunPosition => ({
  seconds: 0,
  networks: run.networks.map(() => ({ steps: 0, probes: 0, epochs: 0, state: '' })),
});

/** Numbers in one piece of news at most, so that no line or message grows without bound. */
const NUMBERS = 2 ** 18;

/** Of a step and a probe at it. */
const rowWidths = (layers: number): number => rowWidth(stepColumns, layers) + rowWidth(probeColumns, layers);

/**
 * What a record has more than at a position, as few news as that takes. Series are views of the record: use them before
 * it grows. A record that was taken back tells nothing until it has got further than it was.
 */
export function* newsSince(run: RunRecord, from: RunPosition): Generator<RunNews> {
  for (const [i, record] of run.networks.entries()) {
    const known = from.networks[i]!;
    const network = record.id;
    const rows = Math.max(1, Math.floor(NUMBERS / rowWidths(record.layers.length)));
    let probe = known.probes;
    for (let step = known.steps; step < record.steps.count; step += rows) {
      const end = Math.min(step + rows, record.steps.count);
      const firstProbe = probe;
      while (probe < record.probes.count && record.probes.stepOf(probe) < end) probe++;
      const steps = record.steps.block(step, end);
      const probes = record.probes.block(firstProbe, probe);
      yield { kind: 'recorded', network, steps, probes };
    }
    for (const row of record.epochs.slice(known.epochs)) yield { kind: 'epochEnded', network, row };
    if (known.state !== stateOf(record)) {
      const { state, seconds, backend, message } = record;
      yield { kind: 'state', network, state, seconds, backend, message };
    }
  }
  if (run.seconds !== from.seconds) yield { kind: 'clock', seconds: run.seconds };
}
