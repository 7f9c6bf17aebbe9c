import type { VNode } from 'preact';
import { useMemo } from 'preact/hooks';
import type { FlowMeasure } from '../../src/core/plots/flow';
import {
  activationsOf,
  describeModelFlow,
  type ModelFlowInput,
  modelFlowData,
  modelFlowSpec,
} from '../../src/core/plots/modelFlow';
import { Figure } from '../kit/figure';
import { Legend } from '../kit/legend';
import { MeasureChoice } from '../kit/measureChoice';
import { single, useRevision, useSource } from '../kit/source';
import { theme } from '../plots/theme';
import type { ModelActions } from './state';

/** What the names of saved files begin with. */
export const STEM = 'model-gradient-flow';

/** Prediction and measurement of every hidden layer. */
export function ModelPlot({
  input,
  measure,
  actions,
}: {
  input: ModelFlowInput;
  measure: FlowMeasure;
  actions: ModelActions;
}): VNode {
  const shown = useMemo(() => ({ input, measure }), [input, measure]);
  const source = useSource(`model ${measure}`, shown, (latest) => ({
    layout: single(260),
    spec: (look, layout) => modelFlowSpec(latest().input, measure, look, layout),
    alone: (look, layout) => modelFlowSpec(latest().input, measure, look, layout, true),
    data: (layout) => modelFlowData(latest().input, measure, layout, theme().background),
  }));
  const meanings = [
    `dotted, hollow: predicted${measure === 'delta' ? ' · band: 90 % of networks' : ''}`,
    'filled, with a bar: measured, 90 % of networks',
    ...(input.before === undefined ? [] : ['thin grey: before the change']),
    ...(input.unknownFrom === undefined ? [] : [`shaded: unknown from ${input.unknownFrom.replaceAll('`', '')} on`]),
  ];
  return (
    <Figure
      stem={STEM}
      pace="drag"
      kind="model"
      note={`${meanings.join('. ')}.`}
      title="How much gradient reaches each layer"
      caption={
        <>
          <Legend lines={activationsOf(input.layers).map(({ name, label }) => ({ activation: name, label }))} />
          <span>{meanings.join(' · ')}</span>
        </>
      }
      source={source}
      revision={useRevision(shown)}
      label={describeModelFlow(input, measure)}
      actions={actions}
    >
      <MeasureChoice value={measure} onChange={(next) => actions.setMeasure(next)} />
    </Figure>
  );
}
