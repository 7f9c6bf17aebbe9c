import { render, type VNode } from 'preact';
import { useMemo } from 'preact/hooks';
import { modelCalculation } from '../../src/core/advice/modelCalculation';
import { graphRemedies } from '../../src/core/advice/modelRemedies';
import { modelSentence } from '../../src/core/advice/modelSentence';
import { withInputShape } from '../../src/core/model/build';
import { fittingInput } from '../../src/core/model/input';
import { modelOut } from '../../src/core/model/json/json';
import type { Model } from '../../src/core/model/model';
import type { FlowMeasure } from '../../src/core/plots/flow';
import { unknownFrom } from '../../src/core/plots/modelFlow';
import { knownPart, modelCsv, modelLayers, modelMarkdown, modelSettings } from '../../src/core/report/modelTable';
import { type GraphFlow, graphFlow, isUnknownFlow } from '../../src/core/theory/graph';
import { ErrorBanner } from '../kit/banner';
import { Boundary } from '../kit/boundary';
import { copy } from '../kit/copied';
import { Exports } from '../kit/exports';
import { LiveRegion } from '../kit/liveRegion';
import { PageFooter } from '../kit/pageFooter';
import { PageHeader } from '../kit/pageHeader';
import type { Store } from '../kit/store';
import { Button, registerToolkit } from '../kit/toolkit';
import { UndoButton } from '../kit/undoButton';
import { useFrame } from '../kit/useStore';
import { Words } from '../kit/words';
import { InputShape } from './inputShape';
import { ModelMeasurementLine } from './measurement';
import { ModelPlot, STEM } from './plot';
import { ModelRemedies } from './remedies';
import type { ModelActions, ModelPageState } from './state';
import { ModelTable } from './table';
import { ModelVerdict } from './verdict';
import './page.css';

/** Remedies in the list. */
const SHOWN = 6;

/** What was predicted of the layers as they were opened, beside those as they are. */
function beforeChanges(flow: GraphFlow, measure: FlowMeasure, layers: number): (number | undefined)[] {
  const before = knownPart(flow)?.layers ?? [];
  return Array.from({ length: layers }, (_, l) => (measure === 'delta' ? before[l]?.delta : before[l]?.kernelGradient));
}

function ModelBody({
  opened,
  model,
  flow,
  state,
  actions,
}: {
  opened: Model;
  model: Model;
  flow: GraphFlow;
  state: ModelPageState;
  actions: ModelActions;
}): VNode {
  const { measure, measurement, history } = state;
  const flowBefore = useMemo(() => graphFlow(opened), [opened]);
  const remedies = useMemo(() => graphRemedies(model, flow), [model, flow]);
  const calculation = useMemo(() => modelCalculation(model, flow), [model, flow]);
  const measured = measurement.phase === 'done' ? measurement.plan : undefined;
  const layers = useMemo(() => modelLayers(model, flow, measured), [model, flow, measured]);
  const input = useMemo(
    () => ({
      layers,
      before: model === opened ? undefined : beforeChanges(flowBefore, measure, layers.length),
      unknownFrom: unknownFrom(model, flow),
    }),
    [layers, model, opened, flow, flowBefore, measure],
  );
  const change = (next: Model, label: string) => actions.change(next, label);
  const fitting = useMemo(() => fittingInput(model), [model]);
  const report = { model, flow, measured };
  return (
    <>
      <ModelVerdict model={model} flow={flow} measured={measured} remedies={remedies} />
      {measurement.phase === 'impossible' && measurement.asks !== undefined && (
        <InputShape
          key={String(fitting)}
          told={measurement.asks.inputShape}
          fitting={fitting}
          onShape={(shape) => change(withInputShape(model, shape), 'the input’s shape')}
        />
      )}
      <ModelPlot input={input} measure={measure} actions={actions} />
      <ModelMeasurementLine flow={flow} measurement={measurement} actions={actions} />
      {!isUnknownFlow(flow) && (
        <ModelRemedies
          model={model}
          found={remedies.slice(0, SHOWN)}
          applied={history.past.at(-1)?.label}
          onChange={change}
          onUndo={() => actions.undo()}
        />
      )}
      <ModelTable
        layers={layers}
        measures={measurement.phase !== 'impossible'}
        asked={state.layer}
        onCode={state.code?.layers === layers.length ? (layer) => actions.revealLayer(layer) : undefined}
      />
      <Words />
      <PageFooter>
        <Button icon="folder-opened" onClick={() => actions.openModel()}>
          Open another…
        </Button>
        {calculation !== undefined && (
          <Button icon="pulse" onClick={() => actions.openCalculator(calculation)}>
            Open in calculator
          </Button>
        )}
        <Exports
          onCopyTable={() => void copy(actions, modelMarkdown(report), 'Markdown table')}
          menu="Share"
          items={[
            {
              text: 'Copy model (JSON)',
              onSelect: () => void copy(actions, JSON.stringify(modelOut(model), null, 2), 'model'),
            },
            {
              text: 'Save model (JSON)…',
              onSelect: () => actions.saveFile(`${STEM}.json`, JSON.stringify(modelOut(model), null, 2)),
            },
            { text: 'Save CSV…', onSelect: () => actions.saveFile(`${STEM}.csv`, modelCsv(report)) },
            { text: 'Save Markdown…', onSelect: () => actions.saveFile(`${STEM}.md`, modelMarkdown(report)) },
          ]}
        />
      </PageFooter>
    </>
  );
}

function ModelPage({ store, actions }: { store: Store<ModelPageState>; actions: ModelActions }): VNode {
  const state = useFrame(store);
  const { opened, history, problem } = state;
  const model = history.present;
  const last = history.past.at(-1)?.label;
  const flow = useMemo(() => (model === undefined ? undefined : graphFlow(model)), [model]);
  return (
    <main class="page model">
      <LiveRegion>
        {state.announcement} {model !== undefined && flow !== undefined && modelSentence(model, flow)}
      </LiveRegion>
      <PageHeader title="Gradient flow of a model">
        <UndoButton label={last} onUndo={() => actions.undo()} />
        {model !== undefined && <p class="caption model-settings">{modelSettings(model)}</p>}
      </PageHeader>
      {problem !== undefined && (
        <ErrorBanner
          message={problem}
          actions={[{ text: 'Show log', onSelect: () => actions.showLog() }]}
          onDismiss={() => actions.dismissProblem()}
        />
      )}
      {opened !== undefined && model !== undefined && flow !== undefined && (
        <ModelBody opened={opened} model={model} flow={flow} state={state} actions={actions} />
      )}
    </main>
  );
}

/** Draws the page into `root` and keeps it up to date with the store. */
export function mountModel(root: HTMLElement, store: Store<ModelPageState>, actions: ModelActions): () => void {
  registerToolkit();
  render(
    <Boundary
      page="The page of the model"
      changes={store}
      waysBack={() => [
        { text: 'Open another model', primary: true, onSelect: () => actions.openModel() },
        { text: 'Show log', onSelect: () => actions.showLog() },
      ]}
      onBroken={(error) => actions.broke(error)}
    >
      <ModelPage store={store} actions={actions} />
    </Boundary>,
    root,
  );
  return () => render(null, root);
}
