import type { VNode } from 'preact';
import { trialOf } from '../../src/core/report/trial';
import type { RunRecord } from '../../src/core/runs/record';
import { LinkButton } from '../kit/linkButton';
import './trialLine.css';

/**
 * What is on trial and why, in a line. Of a remedy it says that the run before is kept, and lays both over each other once the
 * new one is over.
 */
export function TrialLine({
  run,
  before,
  onOverlay,
}: {
  run: RunRecord;
  /** There is a run before. */
  before: boolean;
  /** undefined while it trains: the place of the link is kept. */
  onOverlay: (() => void) | undefined;
}): VNode {
  const { who, how, why } = trialOf(run);
  return (
    <p class="trial" data-testid="trial">
      <strong>{who}</strong> {how}.{' '}
      {before ? (
        <span data-testid="before">
          <span class="quiet">The run before is kept.</span>{' '}
          <span class={onOverlay === undefined ? 'unused' : undefined}>
            <LinkButton onClick={() => onOverlay?.()}>Overlay with the run before</LinkButton>
          </span>
        </span>
      ) : (
        <span class="trial-why quiet">{why}</span>
      )}
    </p>
  );
}
