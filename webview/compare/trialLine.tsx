import type { VNode } from 'preact';
import { beforeText, trialOf } from '../../src/core/report/trial';
import type { RunRecord } from '../../src/core/runs/record';
import { paperTitleFor } from '../../src/core/words/paper';
import { LinkButton } from '../kit/linkButton';
import { unbroken } from '../kit/unbroken';
import './trialLine.css';

/** What is on trial and why, in a line. Of a remedy it says where the run before is. */
export function TrialLine({
  run,
  before,
  earlier,
  onOverlay,
}: {
  run: RunRecord;
  /** Of a remedy: the run before lies under it, or is only kept. */
  before: 'over' | 'apart' | undefined;
  earlier: RunRecord | undefined;
  onOverlay(over: boolean): void;
}): VNode {
  const { who, how, why } = trialOf(run);
  return (
    <p class="trial" data-testid="trial">
      <strong>{who}</strong> {unbroken(how)}.{' '}
      {before !== undefined && earlier !== undefined ? (
        <span class="trial-before" data-testid="before">
          <span class="quiet">{beforeText(earlier, before)}</span>{' '}
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
