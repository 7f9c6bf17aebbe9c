import type { VNode } from 'preact';
import type { FlowMeasure } from '../../src/core/plots/flow';
import { Segments } from './segments';

/** Which gradient a plot of a flow draws. */
export const MeasureChoice = ({
  value,
  onChange,
}: {
  value: FlowMeasure;
  onChange(measure: FlowMeasure): void;
}): VNode => (
  <Segments<FlowMeasure>
    label="What is drawn"
    value={value}
    choices={[
      ['delta', '‖δ‖'],
      ['kernel', '‖∂C/∂W‖'],
    ]}
    onChange={onChange}
  />
);
