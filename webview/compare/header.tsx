import type { VNode } from 'preact';
import { type Preset, presets } from '../../src/core/experiment/presets';
import { PageHeader, PresetPicker } from '../kit/pageHeader';
import { Button } from '../kit/toolkit';
import type { PageActions, PageState } from './state';
import './header.css';

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
  // Without a run the page is empty, and the Start button stands there.
  const over = run !== undefined && phase !== 'running' && phase !== 'paused' && phase !== 'loading';
  return (
    <PageHeader title="Compare activations">
      <PresetPicker presets={presets} value={preset} onChoose={onPreset} />
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
    </PageHeader>
  );
}
