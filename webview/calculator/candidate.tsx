import type { VNode } from 'preact';
import { activation, activationNames } from '../../src/core/activations/catalogue';
import type { FlowConfig } from '../../src/core/calculation/config';
import { DraftField } from '../kit/draftField';
import { Swatch } from '../kit/swatch';
import { Button, Dropdown } from '../kit/toolkit';
import { activationsText, readActivations, withCandidate, without } from './form';
import type { Change } from './state';
import './candidate.css';

/** As sentences have it: "ReLU". */
const labelOf = (name: string): string => activation(name).label;

const PER_LAYER = ' per layer';

/** One line of the plot: an activation for all layers, or one for each. */
export function Candidate({ config, index, onChange }: { config: FlowConfig; index: number; onChange: Change }): VNode {
  const { activations } = config.candidates[index]!;
  const layers = config.widths.length;
  const single = activations.length === 1;
  const [first] = activations;
  const name = `Activation ${index + 1}`;
  const names = single && !activationNames.includes(first!) ? [first!, ...activationNames] : activationNames;
  const set = (list: readonly string[]) =>
    onChange(withCandidate(config, index, list), `candidate ${index}`, 'activation');
  return (
    <div class="candidate">
      <div class="candidate-row">
        <Swatch activation={first!} />
        <Dropdown
          label={name}
          field={`activation-${index}`}
          choices={[
            ...names.map((value) => ({ value, text: labelOf(value) })),
            { value: PER_LAYER, text: 'One per layer…' },
          ]}
          value={single ? first! : PER_LAYER}
          onChange={(value) => set(value === PER_LAYER ? Array.from({ length: layers }, () => first!) : [value])}
        />
        {config.candidates.length > 1 && (
          <Button
            appearance="icon"
            icon="close"
            label={`Remove ${single ? labelOf(first!) : name}`}
            onClick={() => onChange(without(config, index), '', 'removed activation')}
          />
        )}
      </div>
      {!single && (
        <DraftField
          label={`${name}: one for each layer`}
          name={`activations-${index}`}
          value={activations}
          text={activationsText(activations)}
          placeholder="tanhx5, relux5"
          read={(text) => readActivations(text, layers)}
          onValue={(list) => set([...list])}
        />
      )}
    </div>
  );
}
