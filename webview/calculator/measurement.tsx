import type { VNode } from 'preact';
import type { CandidateFlow } from '../../src/core/advice/calculate';
import type { FlowConfig } from '../../src/core/calculation/config';
import { corrections } from '../../src/core/explain/flowWords';
import { formatInteger, formatTable } from '../../src/core/format/numbers';
import { ProgressBar } from '../kit/progressBar';
import { Button } from '../kit/toolkit';
import { unbroken } from '../kit/unbroken';
import type { CalculatorActions, MeasurementState } from './state';
import '../kit/measurement.css';

/** "sigmoid 1.9e-6 (predicted 2.0e-6)". */
function foundText(flows: readonly CandidateFlow[], measurement: MeasurementState & { phase: 'done' }): string {
  return measurement.flows
    .map(({ ratio }, i) => {
      const flow = flows[i];
      const size = ratio.typical === 0 ? 'exactly 0' : formatTable(ratio.typical, 2);
      return flow === undefined ? '' : `${flow.label} ${size} (predicted ${formatTable(flow.prediction.ratio, 2)})`;
    })
    .join(', ');
}

/** The number is each activation's own, where there are several. */
const each = (flows: readonly CandidateFlow[]): string => (flows.length > 1 ? ' each' : '');

function stateText(config: FlowConfig, flows: readonly CandidateFlow[], measurement: MeasurementState): string {
  switch (measurement.phase) {
    case 'none':
      return config.networks === 0 ? 'Nothing is measured.' : 'Not measured yet.';
    case 'running':
      return `Measuring: ${formatInteger(measurement.done)} of ${formatInteger(measurement.total)} networks`;
    case 'done':
      return `Measured on ${formatInteger(config.networks)} networks${each(flows)}: ${foundText(flows, measurement)}`;
    case 'failed':
      return measurement.message;
  }
}

/** As long as what will be said: its place is kept. */
const longestText = ({ networks }: FlowConfig, flows: readonly CandidateFlow[]): string =>
  `Measured on ${formatInteger(networks)} networks${each(flows)}: ${flows.map(({ label }) => `${label} 0.0e-00 (predicted 0.0e-00)`).join(', ')}`;

/** One line under the main plot: what networks drawn at random really pass back. */
export function MeasurementLine({
  config,
  flows,
  measurement,
  actions,
}: {
  config: FlowConfig;
  flows: readonly CandidateFlow[];
  measurement: MeasurementState;
  actions: CalculatorActions;
}): VNode {
  const { phase } = measurement;
  const running = phase === 'running';
  const share = phase === 'running' ? measurement.done / Math.max(1, measurement.total) : 0;
  return (
    <div class="progress measurement" data-testid="measurement" data-phase={phase}>
      <span class="measurement-room" aria-hidden="true">
        {unbroken(longestText(config, flows))}
      </span>
      <span
        class={phase === 'failed' ? 'problem measurement-text' : 'measurement-text'}
        role={phase === 'failed' ? 'alert' : undefined}
        title={corrections.measurement}
      >
        {unbroken(stateText(config, flows, measurement))}
      </span>
      {running && <ProgressBar label="Measuring" share={share} />}
      {running ? (
        <Button onClick={() => actions.stopMeasurement()}>Cancel</Button>
      ) : (
        <Button disabled={config.networks === 0} onClick={() => actions.startMeasurement()}>
          {phase === 'done' ? 'Measure again' : 'Measure'}
        </Button>
      )}
    </div>
  );
}
