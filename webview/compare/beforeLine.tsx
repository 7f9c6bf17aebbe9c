import type { VNode } from 'preact';
import { LinkButton } from '../kit/linkButton';
import { Icon } from '../kit/toolkit';
import './lineAbove.css';

/** Says that the run before a remedy was tried is still there, and lays both over each other once the new one is over. */
export function BeforeLine({ training, onOverlay }: { training: boolean; onOverlay(): void }): VNode {
  return (
    <div class="line-above" data-testid="before">
      <Icon name="layers" />
      <span class="line-name">The run before is kept.</span>
      {!training && <LinkButton onClick={onOverlay}>Overlay with the run before</LinkButton>}
    </div>
  );
}
