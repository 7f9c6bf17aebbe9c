import type { VNode } from 'preact';
import { Button, Icon } from './toolkit';
import './banner.css';

/** A way out of what went wrong. */
export interface BannerAction {
  readonly text: string;
  readonly primary?: boolean;
  onSelect(): void;
}

/** What went wrong, with the buttons that mend it. */
export function ErrorBanner({
  message,
  actions,
  onDismiss,
}: {
  message: string;
  actions: readonly BannerAction[];
  onDismiss(): void;
}): VNode {
  return (
    <div class="banner" role="alert" data-testid="error">
      <Icon name="error" />
      <span class="banner-text">{message}</span>
      <span class="banner-actions">
        {actions.map(({ text, primary, onSelect }) => (
          <Button key={text} appearance={primary === true ? 'primary' : 'secondary'} onClick={onSelect}>
            {text}
          </Button>
        ))}
        <Button appearance="icon" icon="close" label="Dismiss" onClick={onDismiss} />
      </span>
    </div>
  );
}
