import type { WayOut } from '../../src/core/advice/runStatus';
import type { ExperimentConfig } from '../../src/core/experiment/config';

/** What the ways out of a problem ask of a page. */
export interface MendingActions {
  start(config: ExperimentConfig): void;
  /** The chosen folder's URI, or null. */
  chooseFolder(): Promise<string | null>;
  downloadMnist(): void;
  continueRun(): void;
  runAgain(): void;
  showLog(): void;
}

/** Goes a way out of a problem: where it changes settings, a run begins with those of `base` otherwise. */
export async function mend(way: WayOut, base: ExperimentConfig, actions: MendingActions): Promise<void> {
  switch (way) {
    case 'chooseFolder': {
      const folder = await actions.chooseFolder();
      if (folder !== null) actions.start({ ...base, data: { kind: 'folder', folder } });
      break;
    }
    case 'useDigits':
      actions.start({ ...base, data: { kind: 'digits' } });
      break;
    case 'useWasm':
      actions.start({ ...base, backend: 'wasm' });
      break;
    default:
      actions[way]();
  }
}
