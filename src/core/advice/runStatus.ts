import type { ExperimentConfig } from '../experiment/config';
import { capital } from '../format/cases';
import { currentEpoch, recordedSteps, runProgress } from '../runs/progress';
import type { RunRecord } from '../runs/record';
import { runStateOf, runStates } from '../runs/runState';
import { judgeAll } from './judge';

/** A run's state as people meet it: before there is one, and while its data load, too. */
export const runPhases = ['idle', 'loading', ...runStates] as const;
export type RunPhase = (typeof runPhases)[number];

/** It trains, or is about to. */
export const isActive = (phase: RunPhase): boolean => phase === 'loading' || phase === 'running' || phase === 'paused';

/**
 * Whether a status bar shows it. The last run of an earlier window is no news, unless there is something to go on with.
 *
 * @param trained something has been trained in this window
 */
export const isNews = ({ phase, resumable }: Pick<RunStatus, 'phase' | 'resumable'>, trained: boolean): boolean =>
  trained ? phase !== 'idle' : resumable;

/** A way out that a problem offers as a button. */
export const waysOut = [
  'chooseFolder',
  'useDigits',
  'useWasm',
  'downloadMnist',
  'continueRun',
  'runAgain',
  'showLog',
] as const;
export type WayOut = (typeof waysOut)[number];

/** What went wrong, as a sentence, and what mends it; the first is the one to try. */
export interface Problem {
  readonly message: string;
  readonly waysOut: readonly WayOut[];
}

/** What of a run fits on a status bar. Pages, status bar and tests all read this one. */
export interface RunStatus {
  readonly phase: RunPhase;
  /** Epoch in progress or last, from 1; 0 before the first. */
  readonly epoch: number;
  readonly epochs: number;
  /** 0 … 1 over all networks */
  readonly progress: number;
  readonly secondsLeft?: number | undefined;
  /** Of all networks together. */
  readonly stepsPerSecond?: number | undefined;
  /** One sentence: the verdicts when over, the progress before. */
  readonly text: string;
  /** What is being waited for while `loading`. */
  readonly loadingText?: string | undefined;
  /** Why it trains on its backend, as sentences. */
  readonly backendNote?: string | undefined;
  readonly problem?: Problem | undefined;
  /** There is something to go on with. */
  readonly resumable: boolean;
}

export interface Situation {
  readonly run: RunRecord | undefined;
  /** Of the current run, or of the next one. */
  readonly config: ExperimentConfig;
  /** A page trains it, or is about to. */
  readonly training: boolean;
  /** It was asked to stop: once its networks have, only their last checkpoints are waited for. */
  readonly stopping?: boolean | undefined;
  /** What is being waited for before the first step; empty where nothing is. */
  readonly loadingText: string;
  /** Why it trains on its backend; empty where there is nothing to say. */
  readonly backendNote?: string;
  readonly problem: Problem | undefined;
  readonly resumable: boolean;
}

/** What every surface says of a run: computed here, once. */
export function statusOf(situation: Situation): RunStatus {
  const { run, config, loadingText, backendNote, problem, resumable } = situation;
  const phase = phaseOf(situation);
  const epochs = config.epochs;
  if (run === undefined) {
    const text = problem?.message ?? (loadingText || 'No comparison has been started.');
    return {
      phase,
      epoch: 0,
      epochs,
      progress: 0,
      text,
      resumable,
      ...(loadingText ? { loadingText } : {}),
      ...(problem ? { problem } : {}),
    };
  }
  const progress = runProgress(run);
  const epoch = currentEpoch(run);
  const steps = recordedSteps(run);
  const moves = phase === 'running' || phase === 'paused';
  return {
    phase,
    epoch,
    epochs,
    progress,
    // Before that there is nothing to go by.
    ...(moves && progress > 0.005 ? { secondsLeft: (run.seconds * (1 - progress)) / progress } : {}),
    ...(steps > 0 && run.seconds > 0 ? { stepsPerSecond: steps / run.seconds } : {}),
    text: textOf(run, phase, epoch, problem, loadingText),
    resumable,
    ...(backendNote ? { backendNote } : {}),
    ...(loadingText ? { loadingText } : {}),
    ...(problem ? { problem } : {}),
  };
}

function phaseOf({ run, training, stopping = false, loadingText, problem }: Situation): RunPhase {
  if (training && (loadingText !== '' || run === undefined)) return 'loading';
  if (run === undefined) return problem === undefined ? 'idle' : 'failed';
  const state = runStateOf(run);
  // Between two networks, or before the first, none may be told to run.
  if (training && !stopping && !isActive(state)) return 'running';
  return state;
}

function textOf(
  run: RunRecord,
  phase: RunPhase,
  epoch: number,
  problem: Problem | undefined,
  loadingText: string,
): string {
  if (problem !== undefined) return problem.message;
  if (phase === 'loading') return loadingText;
  if (isActive(phase)) return `Epoch ${epoch} of ${run.config.epochs}.`;
  const sentences = [...judgeAll(run).values()].map(({ text }) => text).join(' ');
  const where = epoch === 0 ? 'before the first step' : `in epoch ${epoch} of ${run.config.epochs}`;
  const place = phase === 'finished' ? '' : `${capital(phase)} ${where}. `;
  return `${place}${sentences}`.trim() || `${capital(phase)}.`;
}
