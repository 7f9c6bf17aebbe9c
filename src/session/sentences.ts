import type { BackendName, ExperimentConfig } from '../core/experiment/config';
import { isMemoryError, withoutMemoryErrors } from '../core/experiment/memory';
import { formatInteger } from '../core/format/numbers';
import type { NetworkCheckpoint } from '../core/runs/checkpoint';
import type { NetworkRecord } from '../core/runs/record';

/** What a comparison says of a network that does not simply train to its end. */

/** What a network lacks that says it has finished; undefined where that is nothing. */
export function missingText({ steps, epochs }: NetworkRecord, allSteps: number, allEpochs: number): string | undefined {
  if (steps.count === allSteps && epochs.length === allEpochs) return undefined;
  return `Its worker says that it has finished, but told ${steps.count} of ${allSteps} steps and ${epochs.length} of ${allEpochs} epochs. Run again.`;
}

/** Of a worker that ended by itself. */
export function diedText(reason: string, config: ExperimentConfig): string {
  const text = withoutMemoryErrors(reason, config);
  if (text !== reason) return `${text} What it recorded is kept.`;
  return `The worker that trained it died (${reason}). What it recorded is kept; run again.`;
}

/** Of a worker that ended by itself before its network trained: the backend is to blame where nothing else is known. */
export function diedEarlyText(backend: BackendName, reason: string, config: ExperimentConfig): string {
  const isTooLarge = isMemoryError(reason) && !/instantiate/i.test(reason);
  if (isTooLarge || backend === 'cpu') return diedText(reason, config);
  return `The ${backend} backend does not start on this machine (${reason}). Choose ${backend === 'wasm' ? 'cpu' : 'wasm or cpu'}.`;
}

export const lostText = ({ backend, steps }: NetworkRecord): string =>
  `${backend} lost its GPU after step ${formatInteger(steps.count)}.`;

/** From where another backend goes on. */
export function goesOnText(
  { steps }: NetworkRecord,
  backend: BackendName,
  from: NetworkCheckpoint | undefined,
): string {
  if (from !== undefined) return `It goes on with ${backend} from step ${formatInteger(from.step + 1)}.`;
  return `It begins ${steps.count === 0 ? '' : 'anew '}with ${backend}.`;
}
