import type { VNode } from 'preact';
import { type Preset, presets } from '../../src/core/experiment/presets';
import { isActive } from '../../src/core/verdicts/runStatus';
import { PageHeader, PresetPicker } from '../kit/pageHeader';
import { Button } from '../kit/toolkit';
import { RunControls } from '../run/controls';
import type { PageActions, PageState } from './state';

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
  const { run, kept } = state;
  // Without a run the page is empty, and the Start button stands there.
  const over = run !== undefined && !isActive(state.status.phase) && kept.length < 2;
  return (
    <PageHeader title="Compare activations">
      <PresetPicker presets={presets} value={preset} onChoose={onPreset} />
      <RunControls
        status={state.status}
        actions={actions}
        again={over ? (kept.length > 0 ? 'Reproduce' : 'Run again') : undefined}
        quiet={changed}
      >
        {over && changed && (
          <Button appearance="primary" icon="play" onClick={onStart}>
            Start
          </Button>
        )}
      </RunControls>
    </PageHeader>
  );
}
