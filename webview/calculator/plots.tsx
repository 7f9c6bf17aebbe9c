import type { VNode } from 'preact';
import { useMemo } from 'preact/hooks';
import type { CandidateFlow } from '../../src/core/advice/calculate';
import { corrections } from '../../src/core/explain/flowWords';
import { beforeLabel, describeFlow, drawsBest, type FlowMeasure, flowData, flowSpec } from '../../src/core/plots/flow';
import { curvesData, curvesLayout, curvesSpec, describeCurves, FLAT } from '../../src/core/plots/flowCurves';
import type { MeasuredFlow } from '../../src/core/theory/measured';
import { Figure } from '../kit/figure';
import { Legend } from '../kit/legend';
import { MeasureChoice } from '../kit/measureChoice';
import { Slider } from '../kit/slider';
import { single, useRevision, useSource } from '../kit/source';
import { theme, useTheme } from '../plots/theme';
import type { CalculatorActions } from './state';
import './plots.css';

/** What the names of saved plots begin with. */
export const STEM = 'gradient-flow';

/** Prediction, measurement and best case of every candidate, layer by layer. */
export function FlowPlot({
  flows,
  before,
  measured,
  measure,
  actions,
}: {
  flows: readonly CandidateFlow[];
  /** The same candidates before a remedy was applied. */
  before: readonly CandidateFlow[] | undefined;
  measured: readonly MeasuredFlow[];
  measure: FlowMeasure;
  actions: CalculatorActions;
}): VNode {
  const lines = useMemo(
    () => flows.map((flow, i) => ({ flow, measured: measured[i], before: before?.[i] })),
    [flows, before, measured],
  );
  const best = drawsBest(flows, measure);
  const source = useSource(`flow ${measure}`, lines, (latest) => ({
    layout: single(260),
    spec: (look, layout) => flowSpec(latest(), measure, look, layout),
    alone: (look, layout) => flowSpec(latest(), measure, look, layout, true),
    data: (layout) => flowData(latest(), measure, layout, theme().background),
  }));
  return (
    <Figure
      stem={STEM}
      pace="drag"
      kind="flow"
      note={[
        'Dotted, hollow: predicted.',
        ...(measure === 'delta' ? ['Band: 90 % of networks.'] : []),
        'Filled, with a bar: measured, nine in ten networks.',
        ...(before ? ['Thin: before the change.'] : []),
        ...(best ? ['Thin grey: at best, the same steps with every slope at its largest.'] : []),
      ].join(' ')}
      title="How much gradient reaches each layer"
      caption={
        <>
          <Legend
            lines={[
              ...flows.map(({ name, label }) => ({ activation: name, label })),
              ...(before ?? []).map((flow) => ({ activation: flow.name, label: beforeLabel(flow) })),
            ]}
          />
          <span>
            dotted: predicted{measure === 'delta' && ' · band: 90 % of networks'} · filled: measured
            {before && ' · thin: before the change'}
            <span class={best ? undefined : 'absent'} title={corrections.atBest}>
              {' '}
              · grey: at best, every slope at its largest
            </span>
          </span>
        </>
      }
      source={source}
      revision={useRevision(lines)}
      label={describeFlow(lines, measure)}
      actions={actions}
    >
      <MeasureChoice value={measure} onChange={(next) => actions.setMeasure(next)} />
    </Figure>
  );
}

/** φ, φ′ and where a layer's pre-activations lie. */
export function CurvesPlot({
  flows,
  layer: wanted,
  actions,
}: {
  flows: readonly CandidateFlow[];
  layer: number;
  actions: CalculatorActions;
}): VNode {
  const depth = flows[0]?.phis.length ?? 1;
  const layer = Math.min(wanted, depth);
  const { background } = useTheme();
  const input = useMemo(() => ({ flows, layer }), [flows, layer]);
  const source = useSource(`curves ${flows.length} ${background}`, input, (latest) => ({
    layout: (width) => curvesLayout(width, latest().flows.length),
    spec: (look, layout) => curvesSpec(latest().flows, latest().layer, look, layout),
    alone: (look, layout) => curvesSpec(latest().flows, latest().layer, look, layout, true),
    data: (layout) => curvesData(latest().flows, latest().layer, layout, theme().background),
  }));
  return (
    <Figure
      stem={STEM}
      pace="drag"
      kind="curves"
      note={`Grey: φ. Colour: φ′. Hill: pre-activations, normal with mean m and variance q, shaded where flat: φ′ below ${100 * FLAT} % of its maximum.`}
      title="Why: where the pre-activations lie on φ′"
      caption={
        <span>
          grey: φ · colour: φ′ · hill: pre-activations, normal with mean m and variance q, shaded where flat: φ′ below{' '}
          {100 * FLAT} % of its maximum
        </span>
      }
      source={source}
      revision={useRevision(input)}
      label={describeCurves(flows, layer)}
      actions={actions}
    >
      <span class="layer-choice">
        <span class="caption">{depth === 1 ? 'the hidden layer' : `hidden layer ${layer} of ${depth}`}</span>
        <Slider
          label="Layer whose pre-activations are shown"
          name="layer"
          value={layer}
          min={1}
          max={depth}
          disabled={depth === 1}
          onInput={(next) => actions.setLayer(next)}
        />
      </span>
    </Figure>
  );
}
