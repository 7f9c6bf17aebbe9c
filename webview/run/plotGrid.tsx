import type { ComponentChildren, VNode } from 'preact';
import { useMemo, useState } from 'preact/hooks';
import { AccuracyPlot, LossPlot, type LossScale } from '../../src/core/plots/curves';
import { describePlot } from '../../src/core/plots/describe';
import { PlotFeed } from '../../src/core/plots/feed';
import { GradientPlot, type SaturationMeasure, SaturationPlot } from '../../src/core/plots/layers';
import {
  facetLayout,
  margins,
  type PlotKind,
  type PlotLayout,
  type PlotSpec,
  type PlotTheme,
} from '../../src/core/plots/plot';
import { PreactivationPlot } from '../../src/core/plots/preactivation';
import type { RunRecord } from '../../src/core/runs/record';
import type { Verdict } from '../../src/core/verdicts/verdict';
import { Menu } from '../kit/menu';
import { Segments } from '../kit/segments';
import { Swatch } from '../kit/swatch';
import { picture, selfContained } from '../plots/embed';
import { theme } from '../plots/theme';
import { fullSpec, type PlotSource, VegaPlot } from '../plots/VegaPlot';
import { fileStem } from './fileStem';

interface ExportActions {
  copyText(text: string): void;
  saveFile(name: string, content: string | Uint8Array): void;
}

/** A source that can also draw itself to stand alone, with title and legend. */
interface PageSource extends PlotSource {
  alone(theme: PlotTheme, layout: PlotLayout): PlotSpec;
}

/** Width of an exported picture's frame, whatever the panel's. */
const EXPORT_WIDTH = 720;

function PlotFigure({
  kind,
  title,
  caption,
  wide,
  run,
  revision,
  verdicts,
  source,
  actions,
  children,
}: {
  kind: PlotKind;
  title: string;
  caption: ComponentChildren;
  wide?: boolean;
  run: RunRecord;
  revision: number;
  verdicts: ReadonlyMap<string, Verdict>;
  source: PageSource;
  actions: ExportActions | undefined;
  children?: ComponentChildren;
}): VNode {
  const standalone = () => {
    const layout = source.layout(EXPORT_WIDTH);
    return selfContained(fullSpec(source.alone(theme(), layout), theme()), source.data(layout));
  };
  const save = async (format: 'png' | 'svg') =>
    actions?.saveFile(`${fileStem(run)}-${kind}.${format}`, await picture(standalone(), format));
  return (
    <figure class={wide ? 'plot wide' : 'plot'}>
      <div class="plot-head">
        <h2>{title}</h2>
        <div class="plot-tools">
          {children}
          {actions !== undefined && (
            <Menu
              label={`Save or copy: ${title}`}
              icon="ellipsis"
              items={[
                { text: 'Save PNG…', onSelect: () => void save('png') },
                { text: 'Save SVG…', onSelect: () => void save('svg') },
                {
                  text: 'Copy Vega-Lite spec',
                  onSelect: () => actions.copyText(JSON.stringify(standalone(), null, 2)),
                },
              ]}
            />
          )}
        </div>
      </div>
      <figcaption class="plot-caption">{caption}</figcaption>
      <VegaPlot kind={kind} source={source} revision={revision} label={describePlot(kind, run, verdicts)} />
    </figure>
  );
}

const Legend = ({ run }: { run: RunRecord }): VNode => (
  <>
    {run.config.activations.map((name) => (
      <span class="legend-entry" key={name}>
        <Swatch activation={name} />
        {name}
      </span>
    ))}
  </>
);

/** All plots of a run, live: does it learn, does the gradient arrive, and why not. */
export function PlotGrid({
  run,
  revision,
  verdicts,
  actions,
}: {
  run: RunRecord;
  revision: number;
  verdicts: ReadonlyMap<string, Verdict>;
  actions?: ExportActions;
}): VNode {
  const [scale, setScale] = useState<LossScale>('log');
  const [measure, setMeasure] = useState<SaturationMeasure>('saturated');
  const plots = useMemo(() => {
    const feed = new PlotFeed(run);
    return {
      loss: new LossPlot(feed),
      accuracy: new AccuracyPlot(feed),
      gradient: new GradientPlot(feed),
      saturation: new SaturationPlot(feed),
      preactivation: new PreactivationPlot(run),
    };
  }, [run]);

  const count = run.config.activations.length;
  const sources = useMemo(() => {
    const single = (width: number): PlotLayout => ({
      columns: 1,
      width: width - margins.left - margins.right,
      height: 190,
    });
    const { loss, accuracy, gradient, saturation, preactivation } = plots;
    const loss_: PageSource = {
      key: `${run.id} loss ${scale}`,
      layout: single,
      spec: (look, layout) => loss.spec(look, layout, scale),
      alone: (look, layout) => loss.spec(look, layout, scale, true),
      data: () => loss.data(scale),
    };
    const accuracy_: PageSource = {
      key: `${run.id} accuracy`,
      layout: single,
      spec: (look, layout) => accuracy.spec(look, layout),
      alone: (look, layout) => accuracy.spec(look, layout, true),
      data: () => accuracy.data(),
    };
    const gradient_: PageSource = {
      key: `${run.id} gradient`,
      layout: (width) => facetLayout(width, count, { one: 200, several: 150 }, margins.left, margins.labels),
      spec: (look, layout) => gradient.spec(look, layout),
      alone: (look, layout) => gradient.spec(look, layout, true),
      data: (layout) => gradient.data(layout),
    };
    const saturation_: PageSource = {
      key: `${run.id} saturation ${measure}`,
      layout: (width) => facetLayout(width, count, { one: 170, several: 120 }, margins.left, margins.labels),
      spec: (look, layout) => saturation.spec(look, layout, measure),
      alone: (look, layout) => saturation.spec(look, layout, measure, true),
      data: (layout) => saturation.data(layout, measure),
    };
    const preactivation_: PageSource = {
      key: `${run.id} preactivation`,
      layout: (width) =>
        facetLayout(width, count, { one: preactivation.height, several: preactivation.height }, margins.lanes, 14),
      spec: (look, layout) => preactivation.spec(look, layout),
      alone: (look, layout) => preactivation.spec(look, layout, true),
      data: () => preactivation.data(),
    };
    return {
      loss: loss_,
      accuracy: accuracy_,
      gradient: gradient_,
      saturation: saturation_,
      preactivation: preactivation_,
    };
  }, [plots, run, count, scale, measure]);

  const shared = { run, revision, verdicts, actions };
  const several = run.config.seeds > 1;
  return (
    <div class="plots">
      <PlotFigure
        {...shared}
        kind="loss"
        title="Loss"
        caption={
          <>
            <Legend run={run} />{' '}
            <span>
              line: training · marker: test{several && ' · band: seeds'} · grey: ln {run.dataset.classes}
            </span>
          </>
        }
        source={sources.loss}
      >
        <Segments<LossScale>
          label="Scale of the loss"
          value={scale}
          choices={[
            ['log', 'log'],
            ['linear', 'linear'],
          ]}
          onChange={setScale}
        />
      </PlotFigure>
      <PlotFigure
        {...shared}
        kind="accuracy"
        title="Accuracy"
        caption={
          <>
            <Legend run={run} />{' '}
            <span>line: training · marker: test{several && ' · band: seeds'} · grey: guessing</span>
          </>
        }
        source={sources.accuracy}
      />
      <PlotFigure
        {...shared}
        wide
        kind="gradient"
        title="Gradient norm per layer"
        caption="Does the gradient arrive? Bold: first layer; dashed: output. An exact zero lies on the line “0” under the axis."
        source={sources.gradient}
      />
      <PlotFigure
        {...shared}
        wide={count > 2}
        kind="saturation"
        title={measure === 'saturated' ? 'Saturated units' : 'Mean φ′'}
        caption={
          measure === 'saturated'
            ? 'Units whose φ′ stays below 1 % of its maximum on the whole batch'
            : 'Mean of φ′ over units and batch, as a share of its maximum'
        }
        source={sources.saturation}
      >
        <Segments<SaturationMeasure>
          label="Measure of saturation"
          value={measure}
          choices={[
            ['saturated', 'saturated'],
            ['derivative', 'mean φ′'],
          ]}
          onChange={setMeasure}
        />
      </PlotFigure>
      <PlotFigure
        {...shared}
        wide={count > 2}
        kind="preactivation"
        title="Pre-activations on φ′"
        caption="Hill: φ′. Bar: z of each layer now, mean ± deviation; hollow: first batch"
        source={sources.preactivation}
      />
    </div>
  );
}
