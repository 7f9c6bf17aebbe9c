import type { VNode } from 'preact';
import { Button, Icon } from '../kit/toolkit';
import './lineAbove.css';
import './originLine.css';

/** Says what is trained where another surface has handed it over, and what of it is not. */
export function OriginLine({ origin, onDismiss }: { origin: string; onDismiss(): void }): VNode {
  return (
    <div class="line-above origin" role="note" data-testid="origin">
      <Icon name="arrow-small-right" />
      <span class="origin-text" title={origin}>
        {origin}
      </span>
      <Button appearance="icon" icon="close" label="Dismiss" onClick={onDismiss} />
    </div>
  );
}
