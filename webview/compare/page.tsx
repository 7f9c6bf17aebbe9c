import { render, type VNode } from 'preact';
import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import type { ExperimentConfig } from '../../src/core/experiment/config';
import { type Preset, presetOf } from '../../src/core/experiment/presets';
import { ErrorBanner } from '../kit/banner';
import { Disclosure } from '../kit/disclosure';
import { LiveRegion } from '../kit/liveRegion';
import { PageFooter } from '../kit/pageFooter';
import type { Store } from '../kit/store';
import { Button, registerToolkit } from '../kit/toolkit';
import { useStore } from '../kit/useStore';
import { EpochTableView } from '../run/epochTable';
import { PlotGrid } from '../run/plotGrid';
import { VerdictList } from '../run/verdicts';
import { type Draft, draftOf, readDraft } from './draft';
import { ExportButtons } from './exports';
import { Header } from './header';
import { announcement } from './live';
import { ProgressLine } from './progress';
import { SettingsForm } from './settings';
import type { ErrorAction, PageActions, PageState } from './state';
import './page.css';

// "Run again" is the header's name: here it must not be taken for it.
const waysOut: Record<ErrorAction, string> = {
  chooseFolder: 'Choose folder…',
  useDigits: 'Use drawn digits',
  useWasm: 'Use wasm',
  downloadMnist: 'Download MNIST',
  runAgain: 'Try again',
  showLog: 'Show log',
};

const sameConfig = (a: ExperimentConfig, b: ExperimentConfig): boolean => draftKey(draftOf(a)) === draftKey(draftOf(b));
const draftKey = (draft: Draft): string => JSON.stringify(draft);

function Page({ store, actions }: { store: Store<PageState>; actions: PageActions }): VNode {
  const state = useStore(store);
  const { run, phase } = state;
  const [draft, setDraft] = useState(() => draftOf(state.config));
  const [settingsOpen, setSettingsOpen] = useState(false);
  const [complain, setComplain] = useState(false);
  const settings = useRef<HTMLElement>(null);

  // The host may set other settings (a run opened from elsewhere): then the form follows.
  const shownConfig = useRef(state.config);
  useEffect(() => {
    if (sameConfig(shownConfig.current, state.config)) return;
    shownConfig.current = state.config;
    setDraft(draftOf(state.config));
  }, [state.config]);

  const reading = useMemo(() => readDraft(draft), [draft]);
  const config = 'config' in reading ? reading.config : undefined;
  const problems = 'problems' in reading ? reading.problems : [];
  const change = (part: Partial<Draft>) => setDraft((old) => ({ ...old, ...part }));

  const startWith = (next: ExperimentConfig) => {
    setComplain(false);
    setDraft(draftOf(next));
    actions.start(next);
  };
  const start = () => {
    if (config !== undefined) return startWith(config);
    setComplain(true);
    setSettingsOpen(true);
  };
  // A Start that cannot be: show the first wrong field instead.
  useEffect(() => {
    if (!complain || !settingsOpen) return;
    setComplain(false);
    const first = problems[0]?.field;
    const field = settings.current?.querySelector<HTMLElement>(`[data-setting="${first}"]`);
    field?.scrollIntoView({ block: 'center' });
    field?.querySelector<HTMLElement>('vscode-text-field, vscode-dropdown, vscode-checkbox')?.focus();
  }, [complain, settingsOpen, problems]);

  const mend = async (action: ErrorAction) => {
    const base = config ?? run?.config ?? state.config;
    switch (action) {
      case 'chooseFolder': {
        const folder = await actions.chooseFolder();
        if (folder !== null) startWith({ ...base, data: { kind: 'folder', folder } });
        return;
      }
      case 'useDigits':
        return startWith({ ...base, data: { kind: 'digits' } });
      case 'useWasm':
        return startWith({ ...base, backend: 'wasm' });
      case 'downloadMnist':
        return actions.downloadMnist();
      case 'runAgain':
        return run === undefined ? startWith(base) : actions.runAgain();
      case 'showLog':
        return actions.showLog();
    }
  };

  const choose = (preset: Preset) => {
    const { data, seed, seeds, backend } = config ?? state.config;
    setDraft(draftOf({ ...preset.config, data, seed, seeds, backend }));
  };
  const preset = config === undefined ? undefined : presetOf(config);
  const changed = run !== undefined && (config === undefined || !sameConfig(config, run.config));

  return (
    <main class="page">
      <LiveRegion>{announcement(state)}</LiveRegion>
      <Header {...{ state, actions, preset, changed }} onPreset={choose} onStart={start} />
      {state.error !== undefined && (
        <ErrorBanner
          message={state.error.message}
          actions={state.error.actions.map((action, i) => ({
            text: waysOut[action],
            primary: i === 0,
            onSelect: () => void mend(action),
          }))}
          onDismiss={() => actions.dismissError()}
        />
      )}
      {run === undefined ? (
        <EmptyState state={state} preset={preset} onStart={start} />
      ) : (
        <>
          <VerdictList run={run} verdicts={state.verdicts} onTry={startWith} />
          <ProgressLine state={state} />
          <PlotGrid run={run} revision={state.revision} verdicts={state.verdicts} actions={actions} />
          <EpochTableView run={run} />
        </>
      )}
      <PageFooter>
        <section class={settingsOpen ? 'settings open' : 'settings'} ref={settings} aria-label="Settings">
          <Disclosure open={settingsOpen} controls="settings" onToggle={() => setSettingsOpen(!settingsOpen)}>
            Settings
            {problems.length > 0 && (
              <span class="problem">{problems.length === 1 ? '1 problem' : `${problems.length} problems`}</span>
            )}
            {problems.length === 0 && changed && !settingsOpen && (
              <span class="quiet">changed; Start trains with them</span>
            )}
          </Disclosure>
          <div id="settings" hidden={!settingsOpen}>
            {settingsOpen && <SettingsForm {...{ draft, problems, state, actions }} onChange={change} />}
          </div>
        </section>
        {run !== undefined && phase !== 'loading' && (
          <ExportButtons run={run} verdicts={state.verdicts} actions={actions} />
        )}
      </PageFooter>
    </main>
  );
}

function EmptyState({
  state,
  preset,
  onStart,
}: {
  state: PageState;
  preset: Preset | undefined;
  onStart(): void;
}): VNode {
  if (state.phase === 'loading') return <ProgressLine state={state} />;
  return (
    <section class="empty" data-testid="phase" data-phase={state.phase}>
      <p>
        {preset?.description ?? 'Train networks that differ in nothing but their activation, side by side.'} Loss,
        accuracy and the gradient of every layer are drawn here while they train.
      </p>
      <Button appearance="primary" icon="play" onClick={onStart}>
        Start
      </Button>
    </section>
  );
}

/** Draws the page into `root` and keeps it up to date with the store, until the returned function is called. */
export function mountPage(root: HTMLElement, store: Store<PageState>, actions: PageActions): () => void {
  registerToolkit();
  render(<Page store={store} actions={actions} />, root);
  return () => render(null, root);
}
