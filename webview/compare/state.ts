import type { ExperimentConfig } from '../../src/core/experiment/config';
import type { FlowConfig } from '../../src/core/flow/config';
import type { RunRecord } from '../../src/core/runs/record';
import type { Verdict } from '../../src/core/verdicts/verdict';
import type { DownloadProgress, RunStatus } from '../../src/protocol/pages/compare';

/** A way out that an error offers as a button. */
export type ErrorAction = 'chooseFolder' | 'useDigits' | 'useWasm' | 'downloadMnist' | 'runAgain' | 'showLog';

/** All that the page draws. Replaced, never changed in place, but for `run`, whose records grow: `revision` counts that. */
export interface PageState {
  readonly phase: RunStatus['phase'];
  /** Settings for the next start; the shown run has its own in `run.config`. */
  readonly config: ExperimentConfig;
  readonly run: RunRecord | undefined;
  /** Raised whenever anything in `run` changed. */
  readonly revision: number;
  /** By network id. Provisional while the network trains; absent before its first probe. */
  readonly verdicts: ReadonlyMap<string, Verdict>;
  /** 0 … 1 over all networks. */
  readonly progress: number;
  /** Epoch in progress or last, from 1; 0 before the first. */
  readonly epoch: number;
  readonly secondsLeft: number | undefined;
  /** Of all networks together. */
  readonly stepsPerSecond: number | undefined;
  /** What is being waited for while `loading`: "Drawing 14,000 digits…". */
  readonly loadingText: string;
  readonly error: { readonly message: string; readonly actions: readonly ErrorAction[] } | undefined;
  readonly download: DownloadProgress | undefined;
  readonly mnistStored: boolean;
  /** The shown run came back from storage after a reload. */
  readonly restored: boolean;
}

/** What a person can ask for. */
export interface PageActions {
  start(config: ExperimentConfig): void;
  pause(): void;
  resume(): void;
  stop(): void;
  /** The shown run's config once more. */
  runAgain(): void;
  /** The chosen folder's URI, or null. */
  chooseFolder(): Promise<string | null>;
  downloadMnist(): void;
  copyText(text: string): void;
  openCalculator(config: FlowConfig): void;
  saveFile(name: string, content: string | Uint8Array): void;
  showLog(): void;
  dismissError(): void;
}
