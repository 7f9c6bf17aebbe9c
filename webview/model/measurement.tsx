import type { VNode } from 'preact';
import { formatInteger, formatTable } from '../../src/core/format/numbers';
import { type GraphFlow, isUnknownFlow } from '../../src/core/theory/graph';
import { withCode } from '../kit/code';
import { Button } from '../kit/toolkit';
import type { ModelActions, ModelMeasurement } from './state';
import '../kit/measurement.css';

function stateText(flow: GraphFlow, measurement: ModelMeasurement): string {
  switch (measurement.phase) {
    case 'none':
      return 'Not measured yet.';
    case 'running':
      return 'Measuring networks drawn at random…';
    case 'impossible':
      return `Not measured: ${measurement.message}`;
    case 'failed':
      return measurement.message;
    case 'done': {
      const { draws, ratio } = measurement.plan;
      const beside = isUnknownFlow(flow) ? 'not predicted' : `predicted ${formatTable(flow.ratio, 2)}`;
      const size = ratio === undefined ? 'no gradient arrives' : formatTable(ratio.typical, 2);
      return `Measured on ${formatInteger(draws)} networks: ${size} of the gradient reaches the first layer (${beside})`;
    }
  }
}

/** One line under the plot: what networks of the model, drawn at random, really pass back. */
export function ModelMeasurementLine({
  flow,
  measurement,
  actions,
}: {
  flow: GraphFlow;
  measurement: ModelMeasurement;
  actions: ModelActions;
}): VNode {
  const { phase } = measurement;
  return (
    <div class="progress measurement" data-testid="measurement" data-phase={phase}>
      <span
        class={phase === 'failed' ? 'problem measurement-text' : 'measurement-text'}
        role={phase === 'failed' ? 'alert' : undefined}
      >
        {withCode(stateText(flow, measurement))}
      </span>
      {phase === 'running' ? (
        <Button onClick={() => actions.stopMeasurement()}>Cancel</Button>
      ) : (
        <Button disabled={phase === 'impossible'} onClick={() => actions.startMeasurement(phase === 'done')}>
          {phase === 'done' ? 'Measure more' : 'Measure'}
        </Button>
      )}
    </div>
  );
}
