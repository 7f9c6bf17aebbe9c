import type { ComponentChildren, VNode } from 'preact';
import { type Preset, presets } from '../../src/core/experiment/presets';
import { PageHeader, PresetPicker } from '../kit/pageHeader';
import { Button } from '../kit/toolkit';
import { RunControls } from '../run/controls';
import { ExportMenu } from './exports';
import type { PageActions, PageState } from './state';
import './header.css';

/** Title, preset, the controls of the run, and what is done with all of the page. */
export function Header({
  state,
  actions,
  preset,
  changed,
  onPreset,
  onStart,
  children,
}: {
  state: PageState;
  actions: PageActions;
  /** The preset whose settings stand in the form. */
  preset: Preset | undefined;
  /** The form differs from the run: then it can be started beside running that run again. */
  changed: boolean;
  onPreset(preset: Preset): void;
  onStart(): void;
  /** Buttons before the menu. */
  children?: ComponentChildren;
}): VNode {
  const { run, kept, training } = state;
  // Without a run the page is empty, and the Start button stands there. A kept run ends no training of another one.
  const over = run !== undefined && !training;
  // Several runs have no settings in common: only those of the form can be started.
  const overlaid = kept.length > 1;
  const again = kept.length === 1 ? 'Reproduce' : 'Run again';
  return (
    <PageHeader title="Compare activations">
      <PresetPicker presets={presets} value={preset} onChoose={onPreset} />
      <RunControls
        status={state.status}
        actions={actions}
        again={over && !overlaid ? again : undefined}
        quiet={changed}
      >
        {over && (changed || overlaid) && (
          <Button appearance={changed ? 'primary' : 'secondary'} icon="play" onClick={onStart}>
            Start
          </Button>
        )}
      </RunControls>
      <div class="tools">
        {children}
        <span class={run === undefined || state.status.phase === 'loading' ? 'unused' : undefined}>
          <ExportMenu run={run} verdicts={state.verdicts} actions={actions} />
        </span>
      </div>
    </PageHeader>
  );
}
