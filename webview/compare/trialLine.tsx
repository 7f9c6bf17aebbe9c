import type { VNode } from 'preact';
import { trialOf } from '../../src/core/report/trial';
import type { RunRecord } from '../../src/core/runs/record';
import { paperTitleFor } from '../../src/core/words/paper';
import { LinkButton } from '../kit/linkButton';
import './trialLine.css';

/** What is on trial and why, in a line. Of a remedy it says where the run before is. */
export function TrialLine({
  run,
  before,
  onOverlay,
}: {
  run: RunRecord;
  /** Of a remedy: the run before lies under it, or is only kept. */
  before: 'over' | 'apart' | undefined;
  onOverlay(over: boolean): void;
}): VNode {
  const { who, how, why } = trialOf(run);
  return (
    <p class="trial" data-testid="trial">
      <strong>{who}</strong> {how}.{' '}
      {before !== undefined ? (
        <span data-testid="before">
          <span class="quiet">{before === 'over' ? 'The run before lies under it.' : 'The run before is kept.'}</span>{' '}
          <LinkButton onClick={() => onOverlay(before === 'apart')}>
            {before === 'over' ? 'Show this run alone' : 'Overlay with the run before'}
          </LinkButton>
        </span>
      ) : (
        <span class="trial-why quiet" title={paperTitleFor(why)}>
          {why}
        </span>
      )}
    </p>
  );
}
