import type { VNode } from 'preact';
import { isActive } from '../../src/core/advice/runStatus';
import { formatDuration, formatInteger, formatRate } from '../../src/core/format/numbers';
import { backendText } from '../../src/core/runs/backendText';
import { ProgressBar } from '../kit/progressBar';
import { unbroken } from '../kit/unbroken';
import type { MirroredRun } from './mirror';
import './runProgress.css';

/** Where the run stands, in one line: epoch, bar, time, backend, speed, data. It keeps its place in every phase. */
export function RunProgress({ state }: { state: Pick<MirroredRun, 'status' | 'run'> }): VNode {
  const { run, status } = state;
  const { phase, epoch, epochs, progress, secondsLeft, stepsPerSecond } = status;
  const facts: string[] = [];
  if (phase === 'finished' && run !== undefined) facts.push(`finished in ${formatDuration(run.seconds)}`);
  else if (phase === 'running') {
    facts.push(secondsLeft === undefined ? 'measuring the time left' : `${formatDuration(secondsLeft)} left`);
  } else facts.push(phase === 'loading' ? (status.loadingText ?? 'Preparing…') : phase);
  const isKnown = run?.networks.some(({ backend }) => backend !== undefined) === true;
  const after: string[] = [];
  if (stepsPerSecond !== undefined && phase === 'running') after.push(`${formatRate(stepsPerSecond)} steps/s`);
  if (run !== undefined) after.push(`${run.dataset.name} ${formatInteger(run.dataset.train)}`);
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
      <span class="progress-facts">
        {unbroken(facts.join(' · '))}
        {run !== undefined && isKnown && (
          <>
            {' · '}
            <Backend text={backendText(run)} note={status.backendNote} />
          </>
        )}
        {after.length > 0 && unbroken(` · ${after.join(' · ')}`)}
      </span>
    </div>
  );
}

/** The backend; why it is that one, where there is something to say, is there for those who point at it and in the log. */
const Backend = ({ text, note }: { text: string; note: string | undefined }): VNode =>
  note === undefined ? (
    <span>{text}</span>
  ) : (
    <span class="explained" title={note}>
      {text}
      <span class="visually-hidden"> ({note})</span>
    </span>
  );
