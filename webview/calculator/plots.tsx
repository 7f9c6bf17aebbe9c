import type { ComponentChildren, VNode } from 'preact';
import { useMemo, useRef } from 'preact/hooks';
import type { CandidateFlow } from '../../src/core/flow/calculate';
import type { FlowConfig } from '../../src/core/flow/config';
import type { MeasuredFlow } from '../../src/core/flow/measured';
import { corrections } from '../../src/core/flow/words';
import { describeFlow, type FlowMeasure, flowData, flowSpec } from '../../src/core/plots/flow';
import { curvesData, curvesLayout, curvesSpec, describeCurves, SATURATED } from '../../src/core/plots/flowCurves';
import { margins, type PlotLayout, type PlotSpec, type PlotTheme } from '../../src/core/plots/plot';
import { Menu } from '../kit/menu';
import { Segments } from '../kit/segments';
import { Swatch } from '../kit/swatch';
import { picture, selfContained } from '../plots/embed';
import { theme, useTheme } from '../plots/theme';
import { fullSpec, type PlotSource, VegaPlot } from '../plots/VegaPlot';
import { Slider } from './fields';
import { MeasurementLine } from './measurement';
import type { CalculatorActions, MeasurementState } from './state';

/** A source that can also draw itself to stand alone, with title and legend. */
export interface StandingSource extends PlotSource {
  alone(theme: PlotTheme, layout: PlotLayout): PlotSpec;
}

type ExportActions = Pick<CalculatorActions, 'copyText' | 'saveFile'>;

/** Width of an exported picture's frame, whatever the panel's. */
const EXPORT_WIDTH = 720;

/**
 * A source that stays the same while what it draws changes, so that its plot is fed and not made anew.
 * @param key changes where the spec does
 */
export function useSource<T>(
  key: string,
  input: T,
  make: (input: () => T) => Omit<StandingSource, 'key'>,
): StandingSource {
  const latest = useRef(input);
  latest.current = input;
  return useMemo(() => ({ key, ...make(() => latest.current) }), [key]);
}

/** Raised whenever the input is another one. */
export function useRevision(input: unknown): number {
  const seen = useRef({ input, revision: 0 });
  if (seen.current.input !== input) seen.current = { input, revision: seen.current.revision + 1 };
  return seen.current.revision;
}

export const single =
  (height: number) =>
  (width: number): PlotLayout => ({ columns: 1, width: width - margins.left - margins.right, height });

/** A plot under its title, with what it can be saved as. */
export function Figure({
  kind,
  title,
  caption,
  source,
  revision,
  label,
  actions,
  children,
}: {
  kind: string;
  title: string;
  caption: ComponentChildren;
  source: StandingSource;
  revision: number;
  label: string;
  actions: ExportActions;
  children?: ComponentChildren;
}): VNode {
  const standalone = () => {
    const layout = source.layout(EXPORT_WIDTH);
    return selfContained(fullSpec(source.alone(theme(), layout), theme()), source.data(layout));
  };
  const save = async (format: 'png' | 'svg') =>
    actions.saveFile(`gradient-flow-${kind}.${format}`, await picture(standalone(), format));
  return (
    <figure class="plot">
      <div class="plot-head">
        <h2>{title}</h2>
        <div class="plot-tools">
          {children}
          <Menu
            label={`Save or copy: ${title}`}
            icon="ellipsis"
            items={[
              { text: 'Save PNG…', onSelect: () => void save('png') },
              { text: 'Save SVG…', onSelect: () => void save('svg') },
              {
                text: 'Copy Vega-Lite spec',
                onSelect: () => actions.copyText(JSON.stringify(standalone(), null, 2), 'Vega-Lite spec'),
              },
            ]}
          />
        </div>
      </div>
      <figcaption class="plot-caption">{caption}</figcaption>
      <VegaPlot kind={kind} source={source} revision={revision} label={label} pace="drag" />
    </figure>
  );
}

const Legend = ({ flows }: { flows: readonly CandidateFlow[] }): VNode => (
  <>
    {flows.map(({ name, label }, i) => (
      <span class="legend-entry" key={i}>
        <Swatch activation={name} />
        {label}
      </span>
    ))}
  </>
);

/** Bound, prediction and measurement of every candidate, layer by layer. */
export function FlowPlot({
  config,
  flows,
  measured,
  measure,
  measurement,
  actions,
}: {
  config: FlowConfig;
  flows: readonly CandidateFlow[];
  measured: readonly MeasuredFlow[];
  measure: FlowMeasure;
  measurement: MeasurementState;
  actions: CalculatorActions;
}): VNode {
  const lines = useMemo(() => flows.map((flow, i) => ({ flow, measured: measured[i] })), [flows, measured]);
  const source = useSource(`flow ${measure}`, lines, (latest) => ({
    layout: single(260),
    spec: (look, layout) => flowSpec(latest(), measure, look, layout),
    alone: (look, layout) => flowSpec(latest(), measure, look, layout, true),
    data: (layout) => flowData(latest(), measure, layout, theme().background),
  }));
  return (
    <>
      <Figure
        kind="flow"
        title="How much gradient reaches each layer"
        caption={
          <>
            <Legend flows={flows} />
            <span>
              dotted: predicted{measure === 'delta' && ' · band: 90 % of networks'} · filled: measured
              {measure === 'delta' && (
                <span title={corrections.bound}> · grey: bound ∏ max|φ′|, one derivative more than the steps</span>
              )}
            </span>
          </>
        }
        source={source}
        revision={useRevision(lines)}
        label={describeFlow(lines, measure)}
        actions={actions}
      >
        <Segments<FlowMeasure>
          label="What is drawn"
          value={measure}
          choices={[
            ['delta', '‖δ‖'],
            ['kernel', '‖∂C/∂W‖'],
          ]}
          onChange={(next) => actions.setMeasure(next)}
        />
      </Figure>
      <MeasurementLine config={config} flows={flows} measurement={measurement} actions={actions} />
    </>
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
      kind="curves"
      title="Why: where the pre-activations lie on φ′"
      caption={
        <span>
          grey: φ · colour: φ′ · hill: pre-activations, N(m, q); dark where φ′ is below {100 * SATURATED} % of its
          maximum
        </span>
      }
      source={source}
      revision={useRevision(input)}
      label={describeCurves(flows, layer)}
      actions={actions}
    >
      {depth > 1 && (
        <span class="layer-choice">
          <span class="caption">
            layer {layer} of {depth}
          </span>
          <Slider
            label="Layer whose pre-activations are shown"
            name="layer"
            value={layer}
            min={1}
            max={depth}
            onInput={(next) => actions.setLayer(next)}
          />
        </span>
      )}
    </Figure>
  );
}
