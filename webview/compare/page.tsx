import { render, type VNode } from 'preact';
import { useEffect, useLayoutEffect, useMemo, useRef, useState } from 'preact/hooks';
import type { RunPhase, WayOut } from '../../src/core/advice/runStatus';
import { flowOfExperiment } from '../../src/core/calculation/fromExperiment';
import { type ExperimentConfig, paperConfig } from '../../src/core/experiment/config';
import { type Preset, presetOf } from '../../src/core/experiment/presets';
import { isOverlay, seriesOf } from '../../src/core/runs/overlay';
import { Boundary } from '../kit/boundary';
import { LiveRegion } from '../kit/liveRegion';
import type { Store } from '../kit/store';
import { Button, registerToolkit } from '../kit/toolkit';
import { useMedia } from '../kit/useMedia';
import { useStore } from '../kit/useStore';
import { Words } from '../kit/words';
import { announcement } from '../run/announcement';
import { EpochTableView } from '../run/epochTable';
import { expectedRun } from '../run/expectedRun';
import { mend } from '../run/mend';
import { PlotGrid } from '../run/plotGrid';
import { ProblemBanner } from '../run/problemBanner';
import { RunProgress } from '../run/runProgress';
import { VerdictList } from '../run/verdicts';
import { type Draft, draftOf, readDraft } from './draft';
import { DropHint } from './dropHint';
import { useFileDrop } from './fileDrop';
import { Header } from './header';
import { KeptLine } from './keptLine';
import { OriginLine } from './originLine';
import { OverlayKey } from './overlayKey';
import { PresentButton } from './presentButton';
import { usePresentMode } from './presentMode';
import { ProposalLine } from './proposalLine';
import { SettingsForm } from './settings';
import { ROOM_FOR_COLUMN, SettingsPlace } from './settingsPlace';
import type { PageActions, PageState } from './state';
import { TrialLine } from './trialLine';
import './page.css';

const sameConfig = (a: ExperimentConfig, b: ExperimentConfig): boolean => draftKey(draftOf(a)) === draftKey(draftOf(b));
const draftKey = (draft: Draft): string => JSON.stringify(draft);

function Page({ store, actions }: { store: Store<PageState>; actions: PageActions }): VNode {
  const state = useStore(store);
  const { run, status, kept } = state;
  const loading = status.phase === 'loading';
  const [draft, setDraft] = useState(() => draftOf(state.config));
  const column = useMedia(ROOM_FOR_COLUMN);
  const [opened, setOpened] = useState({ column: true, sheet: false });
  const settingsOpen = column ? opened.column : opened.sheet;
  const setSettingsOpen = (open: boolean) => setOpened((old) => ({ ...old, [column ? 'column' : 'sheet']: open }));
  const [complain, setComplain] = useState(false);
  const settings = useRef<HTMLDivElement>(null);

  // The host may set other settings (a run opened from elsewhere): then the form follows.
  const shownConfig = useRef(state.config);
  useEffect(() => {
    if (sameConfig(shownConfig.current, state.config)) return;
    shownConfig.current = state.config;
    setDraft(draftOf(state.config));
  }, [state.config]);

  // A link's settings stand in the form, for the person to start.
  useEffect(() => {
    if (state.proposed !== undefined) setDraft(draftOf(state.proposed));
  }, [state.proposed]);

  const reading = useMemo(() => readDraft(draft), [draft]);
  const config = 'config' in reading ? reading.config : undefined;
  const problems = 'problems' in reading ? reading.problems : [];
  const change = (part: Partial<Draft>) => setDraft((old) => ({ ...old, ...part }));

  const take = (next: ExperimentConfig) => {
    setComplain(false);
    setDraft(draftOf(next));
    setOpened((old) => ({ ...old, sheet: false }));
  };
  const startWith = (next: ExperimentConfig) => {
    take(next);
    actions.start(next);
  };
  const tryRemedy = (next: ExperimentConfig) => {
    take(next);
    actions.tryRemedy(next);
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

  // What begins, or is opened, is read from its first line.
  useLayoutEffect(() => scrollTo(0, 0), [loading, kept.join('\n')]);

  const goOut = (way: WayOut) => {
    const base = config ?? state.config;
    const runAgain = () => (run === undefined ? startWith(base) : actions.runAgain());
    void mend(way, base, {
      start: startWith,
      runAgain,
      chooseFolder: () => actions.chooseFolder(),
      downloadMnist: () => actions.downloadMnist(),
      continueRun: () => actions.continueRun(),
      showLog: () => actions.showLog(),
    });
  };

  const choose = (preset: Preset) => {
    const { data, seed, seeds, backend } = config ?? state.config;
    setDraft(draftOf({ ...preset.config, data, seed, seeds, backend }));
  };
  const problem = state.problem ?? status.problem;
  const preset = config === undefined ? undefined : presetOf(config);
  const overlaid = run !== undefined && isOverlay(run);
  // A remedy over the run before it: what is done with one run is done with the remedy's.
  const beside = state.before === 'over';
  const own = { run: state.alone?.run, verdicts: state.alone?.verdicts ?? new Map() };
  const several = overlaid && !beside;
  const expected = useMemo(() => expectedRun(state.config), [state.config]);
  const shown = run ?? (loading ? expected : undefined);
  // From a kept run nothing is started that would end the training of another.
  const trainsBehind = kept.length > 0 && state.training;
  const changed = run !== undefined && (config === undefined || !sameConfig(config, state.config));

  const startButton = !state.training && (
    <Button appearance="primary" icon="play" onClick={start}>
      Start
    </Button>
  );
  const flow = () => actions.openCalculator(flowOfExperiment((beside ? undefined : shown?.config) ?? state.config));

  // What a training tells is not its business: it stays as it is while the plots beside it move.
  const form = useMemo(
    () => <SettingsForm {...{ draft, problems, state, actions }} onChange={change} />,
    [draft, reading, state.download, state.mnistStored, actions],
  );

  const { presenting } = state;
  const mended = beside ? own.run : undefined;
  const networkStates = shown?.networks.map((network) => network.state).join();
  // Steps that decide nothing leave it as it is.
  const verdictList = useMemo(
    () =>
      shown && (
        <VerdictList
          brief
          presented={presenting}
          run={shown}
          verdicts={state.verdicts}
          mended={mended}
          onTry={trainsBehind ? undefined : { start: tryRemedy, stops: state.training }}
        />
      ),
    [shown, state.verdicts, networkStates, presenting, mended, trainsBehind, state.training, actions],
  );
  const many = shown !== undefined && seriesOf(shown).length > 4;
  const dragged = useFileDrop(actions);
  const withColumn = column && settingsOpen && !presenting;
  const zoom = usePresentMode(presenting, many, () => actions.setPresenting(false));

  return (
    <main class={presenting ? 'page presenting' : 'page'} style={{ zoom: String(zoom) }}>
      {dragged && <DropHint />}
      <LiveRegion>{announcement(beside ? { ...state, ...own } : state)}</LiveRegion>
      <Header {...{ state, actions, preset, changed }} onPreset={choose} onStart={start}>
        {!presenting && (
          <Button
            icon="settings-gear"
            label="Settings"
            class={problems.length > 0 ? 'marked wrong' : changed ? 'marked' : ''}
            onClick={() => setSettingsOpen(!settingsOpen)}
          >
            <span class="tool-text">Settings</span>
          </Button>
        )}
        <PresentButton presenting={presenting} onToggle={() => actions.setPresenting(!presenting)} />
      </Header>
      <div class={withColumn ? 'page-body with-column' : 'page-body'}>
        <div class="page-main">
          {problem !== undefined && (
            <ProblemBanner problem={problem} onMend={goOut} onDismiss={() => actions.dismissProblem()} />
          )}
          {kept.length > 0 && (
            <KeptLine {...{ kept, training: state.training, onLeave: () => actions.showCurrent() }} />
          )}
          {state.proposed !== undefined && (
            <ProposalLine
              config={state.proposed}
              training={state.training}
              onStart={run === undefined ? undefined : start}
              onDismiss={() => actions.dismissProposal()}
            />
          )}
          {state.origin !== undefined && (
            <OriginLine
              origin={state.origin}
              onDismiss={() => actions.dismissOrigin()}
              onCode={(model) => actions.showCode(model)}
            />
          )}
          {shown === undefined ? (
            <EmptyState phase={status.phase} preset={preset} onStart={start} />
          ) : (
            <>
              {!several && (
                <TrialLine
                  run={beside ? (own.run ?? expected) : shown}
                  before={state.before}
                  earlier={state.earlier}
                  onOverlay={(over) => actions.overlayBefore(over)}
                />
              )}
              {overlaid && <OverlayKey run={shown} phase={several ? status.phase : undefined} />}
              {verdictList}
              {!several && <RunProgress state={beside ? { status, run: own.run } : state} />}
              <PlotGrid
                run={shown}
                revision={state.revision}
                verdicts={state.verdicts}
                actions={actions}
                onTheory={several ? undefined : flow}
                presented={presenting}
              />
              <EpochTableView run={shown} />
              <Words />
            </>
          )}
        </div>
        {settingsOpen && !presenting && (
          <SettingsPlace
            column={column}
            changed={run === undefined || several ? undefined : changed}
            problems={problems.length}
            start={startButton}
            onClose={() => setSettingsOpen(false)}
          >
            <div ref={settings}>{form}</div>
          </SettingsPlace>
        )}
      </div>
    </main>
  );
}

function EmptyState({
  phase,
  preset,
  onStart,
}: {
  phase: RunPhase;
  preset: Preset | undefined;
  onStart(): void;
}): VNode {
  return (
    <section class="empty" data-testid="phase" data-phase={phase}>
      <p>
        {preset?.description ?? 'Train networks that differ in nothing but their activation, side by side.'} Loss,
        accuracy and the gradient of every layer are drawn here while they train.
      </p>
      <Button appearance="primary" icon="play" onClick={onStart}>
        Start
      </Button>
      <p class="quiet">
        A run that was saved as JSON opens where its file is dropped here; from VS Code’s explorer hold Shift.
      </p>
    </section>
  );
}

/** Draws the page into `root` and keeps it up to date with the store, until the returned function is called. */
export function mountPage(root: HTMLElement, store: Store<PageState>, actions: PageActions): () => void {
  registerToolkit();
  const wayBack = () =>
    store.get().kept.length > 0
      ? { text: 'Show the current run', onSelect: () => actions.showCurrent() }
      : { text: 'Start from the paper’s settings', onSelect: () => actions.start(paperConfig) };
  render(
    <Boundary
      page="The comparison"
      waysBack={() => [
        { ...wayBack(), primary: true },
        { text: 'Show log', onSelect: () => actions.showLog() },
      ]}
      onBroken={(error) => actions.broke(error)}
    >
      <Page store={store} actions={actions} />
    </Boundary>,
    root,
  );
  return () => render(null, root);
}
