import type { VNode } from 'preact';
import type { ErrorAction, PageState } from '../state';
import { Button, Icon } from './toolkit';

// "Run again" is the header's name: here it must not be taken for it.
const texts: Record<ErrorAction, string> = {
  chooseFolder: 'Choose folder…',
  useDigits: 'Use drawn digits',
  useWasm: 'Use wasm',
  downloadMnist: 'Download MNIST',
  runAgain: 'Try again',
  showLog: 'Show log',
};

/** What went wrong, with the buttons that mend it. */
export function ErrorBanner({
  error,
  onAction,
  onDismiss,
}: {
  error: NonNullable<PageState['error']>;
  onAction(action: ErrorAction): void;
  onDismiss(): void;
}): VNode {
  return (
    <div class="banner" role="alert" data-testid="error">
      <Icon name="error" />
      <span class="banner-text">{error.message}</span>
      <span class="banner-actions">
        {error.actions.map((action, i) => (
          <Button key={action} appearance={i === 0 ? 'primary' : 'secondary'} onClick={() => onAction(action)}>
            {texts[action]}
          </Button>
        ))}
        <Button appearance="icon" icon="close" label="Dismiss" onClick={onDismiss} />
      </span>
    </div>
  );
}
