import type { VNode } from 'preact';
import { type Preset, presets } from '../../src/core/experiment/presets';
import { Button, Dropdown } from '../kit/toolkit';
import type { PageActions, PageState } from './state';

const CUSTOM = 'custom';

/** Title, preset and the controls of the run. */
export function Header({
  state,
  actions,
  preset,
  changed,
  onPreset,
  onStart,
}: {
  state: PageState;
  actions: PageActions;
  /** The preset whose settings stand in the form. */
  preset: Preset | undefined;
  /** The form differs from the shown run: then it can be started beside running that run again. */
  changed: boolean;
  onPreset(preset: Preset): void;
  onStart(): void;
}): VNode {
  const { phase, run } = state;
  const choices = presets.map(({ id, title }) => ({ value: id, text: title }));
  // Without a run the page is empty, and the Start button stands there.
  const over = run !== undefined && phase !== 'running' && phase !== 'paused' && phase !== 'loading';
  return (
    <header class="header">
      <h1>Compare activations</h1>
      <Dropdown
        class="preset"
        label="Preset"
        choices={preset === undefined ? [...choices, { value: CUSTOM, text: 'Your own settings' }] : choices}
        value={preset?.id ?? CUSTOM}
        onChange={(id) => {
          const chosen = presets.find((each) => each.id === id);
          if (chosen !== undefined) onPreset(chosen);
        }}
      />
      <div class="controls">
        {over && changed && (
          <Button appearance="primary" icon="play" onClick={onStart}>
            Start
          </Button>
        )}
        {over && (
          <Button
            appearance={changed ? 'secondary' : 'primary'}
            icon="debug-restart"
            onClick={() => actions.runAgain()}
          >
            Run again
          </Button>
        )}
        {phase === 'running' && (
          <Button icon="debug-pause" onClick={() => actions.pause()}>
            Pause
          </Button>
        )}
        {phase === 'paused' && (
          <Button appearance="primary" icon="debug-continue" onClick={() => actions.resume()}>
            Resume
          </Button>
        )}
        {(phase === 'running' || phase === 'paused' || phase === 'loading') && (
          <Button icon="debug-stop" onClick={() => actions.stop()}>
            Stop
          </Button>
        )}
      </div>
    </header>
  );
}
