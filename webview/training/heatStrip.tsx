import type { VNode } from 'preact';
import { useMemo } from 'preact/hooks';
import type { LogAxis } from '../../src/core/plots/axes';
import { GradientHeat } from '../../src/core/plots/heat';
import type { HeatLayout } from '../../src/core/plots/heatLayout';
import { describeHeat, noGradientNorms } from '../../src/core/plots/heatWords';
import { lacks } from '../../src/core/runs/lacking';
import { networkName } from '../../src/core/runs/overlay';
import type { NetworkRecord, RunRecord } from '../../src/core/runs/record';
import { Swatch } from '../kit/swatch';
import type { PlotSource } from '../plots/driver';
import { VegaPlot } from '../plots/VegaPlot';
import './heatStrip.css';

/** Gradient size of each layer of one network over its run, as a strip of colours. */
export function HeatStrip({
  run,
  network,
  revision,
  axis,
  legend,
  epochs,
}: {
  run: RunRecord;
  network: NetworkRecord;
  revision: number;
  /** Of all strips that are seen together. */
  axis: LogAxis;
  /** Beneath the last of them. */
  legend: boolean;
  /** Where its axis ends. */
  epochs: number;
}): VNode {
  const heat = useMemo(
    () => new GradientHeat(run, network, { axis, legend, epochs }),
    [run, network, axis, legend, epochs],
  );
  const source = useMemo(
    (): PlotSource => ({
      key: `heat ${run.id} ${network.id} ${legend} ${epochs}`,
      layout: (width) => heat.layout(width),
      spec: (theme, layout) => heat.spec(theme, layout as HeatLayout),
      data: (layout) => heat.data(layout as HeatLayout),
      live: (theme, layout) => heat.live(theme, layout as HeatLayout),
    }),
    [heat],
  );
  const label = describeHeat(heat);
  return (
    <figure class="heat">
      <figcaption>
        <Swatch activation={network.activation} />
        {networkName(run, network)}
      </figcaption>
      {lacks(network, 'gradientNorms') ? (
        <p class="heat-lacking">{noGradientNorms}</p>
      ) : (
        <VegaPlot kind="heat" source={source} revision={revision} label={label} />
      )}
    </figure>
  );
}
