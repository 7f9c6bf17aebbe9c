import { formatDuration, formatKeras, formatPercent, formatPlain } from '../core/format/numbers';

/** What a line of progress says of one network. */
export interface ProgressFacts {
  readonly name: string;
  /** Columns that names take: those of the longest. */
  readonly nameWidth: number;
  /** 0 … 1 */
  readonly share: number;
  readonly epoch: number;
  readonly epochs: number;
  /** Undefined before there is something to go by. */
  readonly secondsLeft: number | undefined;
  /** A word instead of the time: the network trains no more. */
  readonly over: string | undefined;
  /** Of the last step; undefined before the first. */
  readonly loss: number | undefined;
  readonly accuracy: number | undefined;
}

/** How fast a network trains, from its first steps on: what came before was a backend's start and no training. */
export class Pace {
  #first: { readonly count: number; readonly at: number } | undefined;

  /** Of `total` steps `count` are done at `now`, in milliseconds; undefined before there is something to go by. */
  secondsLeft(count: number, total: number, now: number): number | undefined {
    if (count === 0) return undefined;
    this.#first ??= { count, at: now };
    const { count: from, at } = this.#first;
    return count > from ? (((now - at) / 1000) * (total - count)) / (count - from) : undefined;
  }
}

const bar = { least: 8, most: 40 };

const shortened = (text: string, most: number): string =>
  text.length <= most ? text : `${text.slice(0, Math.max(1, most - 1))}…`;

function timeText({ over, secondsLeft }: ProgressFacts): string {
  if (over !== undefined) return over;
  return secondsLeft === undefined ? 'starting' : `${formatDuration(secondsLeft)} left`;
}

/**
 * One line of progress that is not longer than `columns`. Where there is little room the bar gets shorter, then the loss is
 * left out, then the time, then the epoch, then the bar; the accuracy stays.
 */
export function progressLine(facts: ProgressFacts, columns: number): string {
  const { epoch, epochs, loss, accuracy, share } = facts;
  const name = shortened(facts.name, Math.floor(columns / 3)).padEnd(
    Math.min(facts.nameWidth, Math.floor(columns / 3)),
  );
  // Numbers keep their places while they change.
  const texts = {
    epoch: `epoch ${String(epoch).padStart(String(epochs).length)}/${epochs}`,
    time: timeText(facts).padStart(11),
    loss: `loss ${(loss === undefined ? '–' : formatKeras(loss, 4, formatPlain)).padStart(9)}`,
    accuracy: `accuracy ${(accuracy === undefined ? '–' : formatPercent(accuracy)).padStart(5)}`,
  };
  const said = [
    [texts.epoch, texts.time, texts.loss, texts.accuracy],
    [texts.epoch, texts.time, texts.accuracy],
    [texts.epoch, texts.accuracy],
    [texts.accuracy],
  ].map((parts) => parts.join(' · '));
  for (const text of said) {
    const room = columns - name.length - text.length - 2;
    if (room < bar.least) continue;
    const size = Math.min(bar.most, room);
    const done = Math.round(size * Math.max(0, Math.min(1, share)));
    return `${name} ${'█'.repeat(done)}${'░'.repeat(size - done)} ${text}`;
  }
  return shortened(`${name} ${texts.accuracy}`, columns);
}
