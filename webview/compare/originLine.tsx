import type { VNode } from 'preact';
import type { ModelReference, Origin } from '../../src/protocol/schemas';
import { LinkButton } from '../kit/linkButton';
import { Button, Icon } from '../kit/toolkit';
import './lineAbove.css';
import './originLine.css';

/** Says what is trained where another surface has handed it over, and what of it is not. */
export function OriginLine({
  origin: { text, code },
  onDismiss,
  onCode,
}: {
  origin: Origin;
  onDismiss(): void;
  /** Shows the layers of the model that is trained, each with its line. */
  onCode(model: ModelReference): void;
}): VNode {
  return (
    <div class="line-above origin" role="note" data-testid="origin">
      <Icon name="arrow-small-right" />
      <span class="origin-text" title={text}>
        {text} {code !== undefined && <LinkButton onClick={() => onCode(code)}>Show in code</LinkButton>}
      </span>
      <Button appearance="icon" icon="close" label="Dismiss" onClick={onDismiss} />
    </div>
  );
}
