import type { VNode } from 'preact';
import { isActive } from '../../src/core/advice/runStatus';
import { formatDuration, formatInteger, formatRate } from '../../src/core/format/numbers';
import { ProgressBar } from '../kit/progressBar';
import { unbroken } from '../kit/unbroken';
import type { MirroredRun } from './mirror';
import './runProgress.css';

/** Where the run stands, in one line: epoch, bar, time, backend, speed, data. It keeps its place in every phase. */
export function RunProgress({ state }: { state: Pick<MirroredRun, 'status' | 'run'> }): VNode {
  const { run, status } = state;
  const { phase, epoch, epochs, progress, secondsLeft, stepsPerSecond } = status;
  const backend = run?.networks.find((network) => network.backend !== undefined)?.backend;
  const facts: string[] = [];
  if (phase === 'finished' && run !== undefined) facts.push(`finished in ${formatDuration(run.seconds)}`);
  else if (phase === 'running') {
    facts.push(secondsLeft === undefined ? 'measuring the time left' : `${formatDuration(secondsLeft)} left`);
  } else facts.push(phase === 'loading' ? (status.loadingText ?? 'Preparing…') : phase);
  if (backend !== undefined) facts.push(backend);
  if (stepsPerSecond !== undefined && phase === 'running') facts.push(`${formatRate(stepsPerSecond)} steps/s`);
  if (run !== undefined) facts.push(`${run.dataset.name} ${formatInteger(run.dataset.train)}`);
  return (
    <div class="progress" data-testid="phase" data-phase={phase}>
      <span class="progress-epoch">
        epoch {epoch}/{epochs}
      </span>
      <ProgressBar
        label="Training"
        share={progress}
        text={`epoch ${epoch} of ${epochs}`}
        still={!isActive(phase) || phase === 'paused'}
      />
      <span class="progress-facts">{unbroken(facts.join(' · '))}</span>
    </div>
  );
}
