import type { Problem } from '../../src/core/advice/runStatus';
import type { FlowConfig } from '../../src/core/calculation/config';
import type { ExperimentConfig } from '../../src/core/experiment/config';
import type { RunRecord } from '../../src/core/runs/record';
import type { DownloadProgress } from '../../src/protocol/pages/runs';
import type { ModelReference } from '../../src/protocol/schemas';
import type { MirroredRun } from '../run/mirror';
import type { DroppedFile } from './droppedRuns';

/** All that the page draws: the current run, or kept ones laid over each other. */
export interface PageState extends MirroredRun {
  /** Names of the kept runs that are shown; none where the current run is. */
  readonly kept: readonly string[];
  /** The shown run is a remedy of another, which is kept: both lie over each other in `run`, or this one stands there alone. */
  readonly before: 'over' | 'apart' | undefined;
  /** The run that the shown one is a remedy of. */
  readonly earlier: RunRecord | undefined;
  /** The one run that is shown, or that lies over the one before it; undefined where several kept ones are shown. */
  readonly alone: (Pick<MirroredRun, 'verdicts'> & { readonly run: RunRecord }) | undefined;
  /** Settings of a link that was followed, in the form until they are started or dismissed. */
  readonly proposed: ExperimentConfig | undefined;
  /** The current run trains: a kept one may be looked at meanwhile. */
  readonly training: boolean;
  /** Enlarged for a projector, without what only one person at the keyboard needs. */
  readonly presenting: boolean;
  /** What this page itself could not do. */
  readonly problem: Problem | undefined;
  readonly download: DownloadProgress | undefined;
  readonly mnistStored: boolean;
}

/** What a person can ask for. */
export interface PageActions {
  start(config: ExperimentConfig): void;
  /** Starts what a verdict recommends for the shown run, which stays in sight: the new one is laid over it. */
  tryRemedy(config: ExperimentConfig): void;
  /** Lays the shown run over the one that it is a remedy of, or shows it alone. */
  overlayBefore(over: boolean): void;
  pause(): void;
  resume(): void;
  stop(): void;
  /** The shown run's settings once more. */
  runAgain(): void;
  /** Goes on from the last checkpoint. */
  continueRun(): void;
  /** Goes back from kept runs to the current one. */
  showCurrent(): void;
  /** The chosen folder's URI, or null. */
  chooseFolder(): Promise<string | null>;
  downloadMnist(): void;
  /** False where it could not be copied. */
  copyText(text: string): Promise<boolean>;
  openCalculator(config: FlowConfig): void;
  /** Opens the runs of files that were dropped. */
  openRunFiles(files: readonly DroppedFile[]): void;
  openRunAddresses(addresses: readonly string[]): void;
  saveFile(name: string, content: string | Uint8Array): void;
  showLog(): void;
  /** What is shown could not be drawn. */
  broke(error: unknown): void;
  dismissProblem(): void;
  setPresenting(on: boolean): void;
  /** The link is read; its settings stay in the form. */
  dismissProposal(): void;
  /** Where the network comes from is read. */
  /** Lists the layers of the model in code that is trained; going through them goes through the code. */
  showCode(model: ModelReference): void;
  dismissOrigin(): void;
}
