import type { VNode } from 'preact';
import { useMemo, useState } from 'preact/hooks';
import { AccuracyPlot, LossPlot, type LossScale } from '../../src/core/plots/curves';
import { describePlot } from '../../src/core/plots/describe';
import { PlotFeed, recordedAs } from '../../src/core/plots/feed';
import { GradientPlot, type SaturationMeasure, SaturationPlot } from '../../src/core/plots/layers';
import { leftOut } from '../../src/core/plots/leftOut';
import { facetLayout, margins, NAME_ROOM, type PlotKind, type PlotLayout } from '../../src/core/plots/plot';
import { PreactivationPlot } from '../../src/core/plots/preactivation';
import { withNames } from '../../src/core/plots/spec';
import { plotWords } from '../../src/core/plots/words';
import { lacksEverywhere } from '../../src/core/runs/lacking';
import { isOverlay, seriesOf } from '../../src/core/runs/overlay';
import type { RunRecord } from '../../src/core/runs/record';
import type { Verdict } from '../../src/core/verdicts/verdict';
import { Figure, type FigureActions } from '../kit/figure';
import { Legend } from '../kit/legend';
import { LinkButton } from '../kit/linkButton';
import { Segments } from '../kit/segments';
import { type FigureSource, single } from '../kit/source';
import { fileStem } from './fileStem';
import { useSteadyEpochs } from './steadyEpochs';
import './plotGrid.css';

const measureChoices: readonly (readonly [SaturationMeasure, string])[] = [
  ['saturated', 'saturated'],
  ['derivative', 'mean φ′'],
];

/**
 * All plots of a run, live: does the gradient arrive, does it learn, and why not. The loss comes after the accuracy, since a
 * stuck network may have the lower one. What was not recorded is left out, and said below.
 */
export function PlotGrid({
  run,
  revision,
  verdicts,
  actions,
  onTheory,
  presented = false,
}: {
  run: RunRecord;
  revision: number;
  verdicts: ReadonlyMap<string, Verdict>;
  actions?: FigureActions;
  /** Shows what the theory says of the gradient; undefined where nothing can. */
  onTheory?: (() => void) | undefined;
  /** Shown to a room. */
  presented?: boolean;
}): VNode {
  const [scale, setScale] = useState<LossScale>('log');
  const [wanted, setMeasure] = useState<SaturationMeasure>('saturated');
  const epochs = useSteadyEpochs(run);
  const left = leftOut(run);
  const measures = measureChoices.filter(([each]) => !lacksEverywhere(run.networks, recordedAs[each]));
  const measure = measures.some(([each]) => each === wanted) ? wanted : (measures[0]?.[0] ?? wanted);
  const plots = useMemo(() => {
    const feed = new PlotFeed(run, undefined, epochs);
    return {
      loss: new LossPlot(feed),
      accuracy: new AccuracyPlot(feed),
      gradient: new GradientPlot(feed),
      saturation: new SaturationPlot(feed),
      preactivation: new PreactivationPlot(run),
    };
  }, [run, epochs]);

  const overlaid = isOverlay(run);
  const series = useMemo(() => seriesOf(run), [run]);
  const count = series.length;
  const sources = useMemo(() => {
    const { loss, accuracy, gradient, saturation, preactivation } = plots;
    // All that their specs are made of: another run of the same shape is drawn into the same views.
    const key = JSON.stringify([
      epochs,
      presented,
      series.map((each) => [each.name, each.activation, each.group, each.layers, each.run.dataset.classes]),
    ]);
    const loss_: FigureSource = {
      key: `${key} loss ${scale}`,
      layout: single(190),
      spec: (look, layout) => loss.spec(look, layout, scale),
      alone: (look, layout) => loss.spec(look, layout, scale, true),
      data: () => loss.data(scale),
      live: (look) => loss.live(look, scale),
    };
    const accuracy_: FigureSource = {
      key: `${key} accuracy`,
      layout: single(190),
      spec: (look, layout) => accuracy.spec(look, layout),
      alone: (look, layout) => accuracy.spec(look, layout, true),
      data: () => accuracy.data(),
      live: (look) => accuracy.live(look),
    };
    const underNames = (layout: PlotLayout) => withNames(layout, run, NAME_ROOM);
    const gradient_: FigureSource = {
      key: `${key} gradient`,
      // No higher than what decides has room for above the fold.
      layout: (width) =>
        underNames(
          facetLayout(
            width,
            count,
            { one: presented && count > 3 ? 150 : 200, several: count > 4 ? (presented ? 70 : 80) : 150 },
            margins.left,
            margins.labels,
          ),
        ),
      spec: (look, layout) => gradient.spec(look, layout),
      alone: (look, layout) => gradient.spec(look, layout, true),
      data: (layout) => gradient.data(layout),
      live: (look, layout) => gradient.live(look, layout),
    };
    const saturation_: FigureSource = {
      key: `${key} saturation ${measure}`,
      layout: (width) =>
        underNames(facetLayout(width, count, { one: 170, several: 120 }, margins.left, margins.labels)),
      spec: (look, layout) => saturation.spec(look, layout, measure),
      alone: (look, layout) => saturation.spec(look, layout, measure, true),
      data: (layout) => saturation.data(layout, measure),
      live: (look, layout) => saturation.live(look, layout, measure),
    };
    const preactivation_: FigureSource = {
      key: `${key} preactivation`,
      layout: (width) =>
        withNames(
          facetLayout(width, count, { one: preactivation.height, several: preactivation.height }, margins.lanes, 14),
          run,
          0,
        ),
      spec: (look, layout) => preactivation.spec(look, layout),
      alone: (look, layout) => preactivation.spec(look, layout, true),
      data: () => preactivation.data(),
      live: (look) => preactivation.live(look),
    };
    return {
      loss: loss_,
      accuracy: accuracy_,
      gradient: gradient_,
      saturation: saturation_,
      preactivation: preactivation_,
    };
  }, [plots, run, series, count, scale, measure, presented]);

  const shared = { revision, stem: fileStem(run), actions };
  const words = (kind: PlotKind) => plotWords(kind, run, measure);
  const shows = (kind: PlotKind) => !left.kinds.has(kind);
  const label = (kind: PlotKind) => describePlot(kind, run, verdicts);
  const legend = (
    <Legend
      lines={series.map(({ name, activation, group }) => ({
        activation,
        label: name,
        group: overlaid ? group : undefined,
      }))}
    />
  );
  return (
    <div class="plots">
      {shows('gradient') && (
        <Figure
          {...shared}
          wide
          kind="gradient"
          note={words('gradient').note}
          label={label('gradient')}
          title="Gradient norm per layer"
          caption={words('gradient').caption}
          source={sources.gradient}
        >
          {onTheory !== undefined && <LinkButton onClick={onTheory}>Gradient flow</LinkButton>}
        </Figure>
      )}
      {shows('accuracy') && (
        <Figure
          {...shared}
          kind="accuracy"
          note={words('accuracy').note}
          label={label('accuracy')}
          title="Accuracy"
          caption={
            <>
              {legend} <span>{words('accuracy').caption}</span>
            </>
          }
          source={sources.accuracy}
        />
      )}
      {shows('loss') && (
        <Figure
          {...shared}
          wide={!shows('accuracy')}
          kind="loss"
          note={words('loss').note}
          label={label('loss')}
          title="Loss"
          caption={
            <>
              {legend} <span>{words('loss').caption}</span>
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
        </Figure>
      )}
      {shows('preactivation') && (
        <Figure
          {...shared}
          wide={count > 2}
          kind="preactivation"
          note={words('preactivation').note}
          label={label('preactivation')}
          title="Pre-activations on φ′"
          caption={words('preactivation').caption}
          source={sources.preactivation}
        />
      )}
      {shows('saturation') && (
        <Figure
          {...shared}
          wide={count > 2}
          kind="saturation"
          note={words('saturation').note}
          label={label('saturation')}
          title={measure === 'saturated' ? 'Saturated units' : 'Mean φ′'}
          caption={words('saturation').caption}
          source={sources.saturation}
        >
          <Segments<SaturationMeasure>
            label="Measure of saturation"
            value={measure}
            choices={measures}
            onChange={setMeasure}
          />
        </Figure>
      )}
      {left.sentences.length > 0 && (
        <p class="left-out" data-testid="left-out">
          {left.sentences.join(' ')}
        </p>
      )}
    </div>
  );
}
