import { render, type VNode } from 'preact';
import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import { calculate } from '../../src/core/advice/calculate';
import type { FlowConfig } from '../../src/core/calculation/config';
import { type FlowPreset, flowPresets } from '../../src/core/calculation/presets';
import { corrections } from '../../src/core/explain/flowWords';
import { calculatorLink } from '../../src/core/links/link';
import { flowSettings } from '../../src/core/report/flowTable';
import type { MeasuredFlow } from '../../src/core/theory/measured';
import { paperTitleFor } from '../../src/core/words/paper';
import { ErrorBanner } from '../kit/banner';
import { Boundary } from '../kit/boundary';
import { Disclosure } from '../kit/disclosure';
import { LiveRegion } from '../kit/liveRegion';
import { PageFooter } from '../kit/pageFooter';
import { PageHeader, PresetPicker } from '../kit/pageHeader';
import type { Store } from '../kit/store';
import { Button, registerToolkit } from '../kit/toolkit';
import { UndoButton } from '../kit/undoButton';
import { useSettled } from '../kit/useSettled';
import { useFrame } from '../kit/useStore';
import { Words } from '../kit/words';
import { Controls } from './controls';
import { MeasurementLine } from './measurement';
import { CurvesPlot, FlowPlot } from './plots';
import { Remedies } from './remedies';
import { ShareButtons } from './share';
import { appliedRemedy, beforeRemedies, type CalculatorActions, type CalculatorPageState, type Place } from './state';
import { FlowTable } from './table';
import { FlowVerdicts } from './verdicts';
import { WalkThrough } from './walkthrough';
import './page.css';

const NOTHING_MEASURED: readonly MeasuredFlow[] = [];
/** Milliseconds of rest before a verdict is read out. */
const SPEAK_AFTER = 1000;

function presetOf(present: FlowConfig): FlowPreset | undefined {
  const text = JSON.stringify(present);
  return flowPresets.find(({ config }) => JSON.stringify(config) === text);
}

function Header({ state, actions }: { state: CalculatorPageState; actions: CalculatorActions }): VNode {
  const { present, past } = state.history;
  const preset = presetOf(present);
  const last = past.at(-1)?.label;
  const text = preset?.description ?? flowSettings(present);
  return (
    <PageHeader title="Gradient flow">
      <PresetPicker
        presets={flowPresets}
        value={preset}
        onChoose={({ config }) => actions.change(config, '', 'preset')}
      />
      <UndoButton label={last} onUndo={() => actions.undo()} />
      {/* Always there: what stands below must not move while a slider is dragged away from a preset. */}
      <p class="caption preset-text" title={paperTitleFor(text)}>
        {text}
      </p>
    </PageHeader>
  );
}

/** Ctrl+Z where no text is being edited: fields have an undo of their own. */
function useUndoKey(undo: () => void): void {
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent) => {
      const inText = event.composedPath().some((each) => each instanceof HTMLInputElement && each.type === 'text');
      if (inText || event.key !== 'z' || !(event.ctrlKey || event.metaKey) || event.shiftKey) return;
      event.preventDefault();
      undo();
    };
    addEventListener('keydown', onKeyDown);
    return () => removeEventListener('keydown', onKeyDown);
  }, [undo]);
}

/** Tells when the pointer is pressed and let go, wherever in the page. */
function useHold(hold: (held: boolean) => void): void {
  useEffect(() => {
    const onDown = () => hold(true);
    const onUp = () => hold(false);
    addEventListener('pointerdown', onDown, true);
    addEventListener('pointerup', onUp, true);
    addEventListener('pointercancel', onUp, true);
    return () => {
      removeEventListener('pointerdown', onDown, true);
      removeEventListener('pointerup', onUp, true);
      removeEventListener('pointercancel', onUp, true);
    };
  }, [hold]);
}

/** What trains these networks: the comparison, or VS Code where the page stands outside. */
function TrainButton({
  config,
  actions,
  place,
}: {
  config: FlowConfig;
  actions: CalculatorActions;
  place: Place;
}): VNode {
  if (place.kind === 'editor') {
    return (
      <Button icon="graph-line" onClick={() => actions.compare()}>
        Train these
      </Button>
    );
  }
  return (
    <a class="open-link" href={calculatorLink(config)} title="Needs VS Code with the extension Gradient Lens">
      Open in VS Code
    </a>
  );
}

interface CalculatorProps {
  readonly store: Store<CalculatorPageState>;
  readonly actions: CalculatorActions;
  readonly place: Place;
}

function CalculatorPage({ store, actions, place }: CalculatorProps): VNode {
  const state = useFrame(store);
  const { history, measurement } = state;
  const config = history.present;
  const flows = useMemo(() => calculate(config), [config]);
  const before = useMemo(() => {
    const changed = beforeRemedies(history);
    return changed && calculate(changed);
  }, [history]);
  const measured = measurement.phase === 'done' ? measurement.flows : NOTHING_MEASURED;
  const [open, setOpen] = useState(false);
  const body = useRef<HTMLDivElement>(null);
  // Unfolded where the page is narrow, settings stand under the answer, which stays in sight with them.
  useEffect(() => {
    if (open) body.current?.scrollIntoView({ block: 'start' });
  }, [open]);
  const undo = useMemo(() => () => actions.undo(), [actions]);
  useUndoKey(undo);
  useHold(useMemo(() => (held: boolean) => actions.hold(held), [actions]));
  const verdicts = flows.map(({ label, verdict }) => `${label}: ${verdict.text}`).join(' ');
  const spoken = useSettled(verdicts, SPEAK_AFTER);
  const change: CalculatorActions['change'] = (...all) => actions.change(...all);
  const byMean = flows.some(({ stack }) => stack.layers.some(({ kernelMean }) => kernelMean !== 0));
  return (
    <main class="page calculator">
      <LiveRegion>
        {state.announcement} {spoken}
      </LiveRegion>
      <Header state={state} actions={actions} />
      {state.problem !== undefined && (
        <ErrorBanner
          message={state.problem}
          actions={place.kind === 'editor' ? [{ text: 'Show log', onSelect: () => actions.showLog() }] : []}
          onDismiss={() => actions.dismissProblem()}
        />
      )}
      <div class={open ? 'calculator-body adjusting' : 'calculator-body'} ref={body}>
        <section class="calculator-controls" aria-label="Settings">
          <Disclosure open={open} controls="calculator-settings" onToggle={() => setOpen(!open)}>
            Settings
            {/* Without a preset the header says them. */}
            {!open && presetOf(config) !== undefined && <span class="quiet">{flowSettings(config)}</span>}
          </Disclosure>
          <div id="calculator-settings" class="calculator-settings">
            <Controls config={config} onChange={change} />
          </div>
        </section>
        <div class="calculator-results">
          <div class="calculator-answer">
            <FlowVerdicts flows={flows} measured={measured} networks={config.networks} />
            <FlowPlot {...{ flows, before, measured, actions }} measure={state.measure} />
          </div>
          <MeasurementLine {...{ config, flows, measurement, actions }} />
          {byMean && <p class="note">{corrections.paperInitialiser}</p>}
          <CurvesPlot flows={flows} layer={state.layer} actions={actions} />
          <Remedies config={config} flows={flows} applied={appliedRemedy(history)} onChange={change} onUndo={undo} />
          <FlowTable
            flows={flows}
            measured={measured}
            measures={config.networks > 0}
            onCode={state.code?.layers === config.widths.length ? (layer) => actions.revealLayer(layer) : undefined}
          />
          <WalkThrough walk={state.walk} actions={actions} />
          <Words />
          <PageFooter>
            <TrainButton config={config} actions={actions} place={place} />
            <ShareButtons report={{ config, flows, measured }} actions={actions} place={place} />
          </PageFooter>
        </div>
      </div>
    </main>
  );
}

/** Draws the page into `root` and keeps it up to date with the store. */
export function mountCalculator(
  root: HTMLElement,
  store: Store<CalculatorPageState>,
  actions: CalculatorActions,
  place: Place = { kind: 'editor' },
): () => void {
  registerToolkit();
  render(
    <Boundary
      page="The calculator"
      changes={store}
      waysBack={() => [{ text: 'Start from the paper’s settings', primary: true, onSelect: () => actions.startOver() }]}
      onBroken={(error) => actions.broke(error)}
    >
      <CalculatorPage store={store} actions={actions} place={place} />
    </Boundary>,
    root,
  );
  return () => render(null, root);
}
