import type { VNode } from 'preact';
import { formatDuration, formatInteger, formatRate } from '../../src/core/format/numbers';
import { ProgressBar } from '../kit/progressBar';
import type { PageState } from './state';
import './progress.css';

const ends: Partial<Record<PageState['phase'], string>> = {
  paused: 'paused',
  stopped: 'stopped',
  failed: 'failed',
};

/** Where the run stands, in one line: epoch, bar, time, backend, speed, data. It keeps its place in every phase. */
export function ProgressLine({ state }: { state: PageState }): VNode {
  const { run, phase } = state;
  const epochs = run?.config.epochs ?? state.config.epochs;
  const backend = run?.networks.find((network) => network.backend !== undefined)?.backend;
  const interrupted = state.restored && run?.networks.some((network) => network.state === 'interrupted') === true;
  const facts: string[] = [];
  if (interrupted) facts.push('interrupted');
  else if (phase === 'finished' && run !== undefined) facts.push(`finished in ${formatDuration(run.seconds)}`);
  else if (ends[phase] !== undefined) facts.push(ends[phase]);
  else if (phase === 'running') {
    facts.push(
      state.secondsLeft === undefined ? 'measuring the time left' : `${formatDuration(state.secondsLeft)} left`,
    );
  }
  if (backend !== undefined) facts.push(backend);
  if (state.stepsPerSecond !== undefined && phase === 'running')
    facts.push(`${formatRate(state.stepsPerSecond)} steps/s`);
  if (run !== undefined) facts.push(`${run.dataset.name} ${formatInteger(run.dataset.train)}`);
  return (
    <div class="progress" data-testid="phase" data-phase={phase}>
      {phase === 'loading' ? (
        <span class="progress-facts">{state.loadingText}</span>
      ) : (
        <>
          <span class="progress-epoch">
            epoch {state.epoch}/{epochs}
          </span>
          <ProgressBar
            label="Training"
            share={state.progress}
            text={`epoch ${state.epoch} of ${epochs}`}
            still={phase !== 'running'}
          />
          <span class="progress-facts">{facts.join(' · ')}</span>
        </>
      )}
    </div>
  );
}
