import { MultiBar, Presets, type SingleBar } from 'cli-progress';
import { formatKeras, formatPlain } from '../core/format/numbers';
import { networkName } from '../core/runs/overlay';
import { stepsPerEpoch } from '../core/runs/progress';
import { isOver, type NetworkRecord, type RunRecord } from '../core/runs/record';
import { printError } from './output';
import { Pace, type ProgressFacts, progressLine } from './progressLine';

/** Tells how a run comes on. */
export interface Progress {
  update(run: RunRecord): void;
  end(): void;
}

const FALLBACK_COLUMNS = 80;

/** How wide a terminal is; undefined for a file or a pipe. */
export const columnsOf = ({ isTTY, columns }: NodeJS.WriteStream): number | undefined =>
  isTTY ? columns || FALLBACK_COLUMNS : undefined;

/** A bar for each network, with the time that is left. */
export class BarProgress implements Progress {
  readonly #bars = new Map<string, SingleBar>();
  readonly #pace = new Map<string, Pace>();
  readonly #multi = new MultiBar(
    {
      format: (_options, _params, facts: ProgressFacts) =>
        // The last column stays free: some terminals wrap at it.
        progressLine(facts, (columnsOf(process.stderr) ?? FALLBACK_COLUMNS) - 1),
      hideCursor: true,
      clearOnComplete: false,
    },
    Presets.shades_classic,
  );

  update(run: RunRecord): void {
    const total = stepsPerEpoch(run) * run.config.epochs;
    const nameWidth = Math.max(...run.networks.map((record) => networkName(run, record).length));
    for (const record of run.networks) {
      if (record.state === 'waiting') continue;
      const { id, steps } = record;
      const pace = this.#pace.get(id) ?? new Pace();
      this.#pace.set(id, pace);
      const secondsLeft = pace.secondsLeft(steps.count, total, Date.now());
      const facts = { ...factsOf(record, run, total), secondsLeft, nameWidth };
      const bar = this.#bars.get(id);
      if (bar) bar.update(steps.count, facts);
      else this.#bars.set(id, this.#multi.create(total, 0, facts));
    }
  }

  end(): void {
    this.#multi.stop();
  }
}

function factsOf(
  record: NetworkRecord,
  run: RunRecord,
  total: number,
): Omit<ProgressFacts, 'secondsLeft' | 'nameWidth'> {
  const { steps, epochs, state } = record;
  const { count } = steps;
  return {
    name: networkName(run, record),
    share: count / total,
    epoch: Math.min(run.config.epochs, epochs.length + 1),
    epochs: run.config.epochs,
    over: isOver(state) ? state : undefined,
    loss: count > 0 ? steps.loss.at(count - 1) : undefined,
    accuracy: count > 0 ? steps.accuracy?.at(count - 1) : undefined,
  };
}

/** A line for each epoch of each network, where there is no terminal to draw in; results alone go to the standard output. */
export class LineProgress implements Progress {
  readonly #told = new Map<string, number>();

  constructor(private readonly quiet: boolean) {}

  update(run: RunRecord): void {
    if (this.quiet) return;
    for (const record of run.networks) this.#tell(record, run);
  }

  #tell(record: NetworkRecord, run: RunRecord): void {
    const name = networkName(run, record);
    for (let i = this.#told.get(record.id) ?? 0; i < record.epochs.length; i++) {
      const { epoch, loss, accuracy, testLoss, testAccuracy } = record.epochs[i]!;
      const figures = Object.entries({ loss, accuracy, 'test loss': testLoss, 'test accuracy': testAccuracy });
      const said = figures.flatMap(([name, x]) =>
        x === undefined ? [] : [`${name} ${formatKeras(x, 4, formatPlain)}`],
      );
      printError(`${name}, epoch ${epoch} of ${run.config.epochs}: ${said.join(', ')}`);
      this.#told.set(record.id, epoch);
    }
    if (isOver(record.state) && record.state !== 'finished' && !this.#told.has(`${record.id} end`)) {
      // Why one failed has been said when it did.
      const why = record.message === undefined || record.state === 'failed' ? '' : `. ${record.message}`;
      printError(`${name}: ${record.state}${why}`);
      this.#told.set(`${record.id} end`, 1);
    }
  }

  end(): void {}
}
