import type { VNode } from 'preact';
import type { FlowConfig } from '../../src/core/calculation/config';
import { initializerLabel } from '../../src/core/frameworks/initializerNames';
import { defaultInitializers } from '../../src/core/frameworks/initialVariance';
import { type Initializer, varianceScalingNames } from '../../src/core/initializers/initializer';
import { DraftField } from '../kit/draftField';
import { Field } from '../kit/field';
import { Dropdown, plainChoices } from '../kit/toolkit';
import { checked, readNumber } from './form';
import type { Change } from './state';

const DEFAULT = ' default';

const initializerStarts: Partial<Record<Initializer['kind'], Initializer>> = {
  constant: { kind: 'constant', value: 0.01 },
  normal: { kind: 'normal', mean: 0, stddev: 0.05 },
  truncated_normal: { kind: 'truncated_normal', mean: 0, stddev: 0.05 },
  orthogonal: { kind: 'orthogonal', gain: 1 },
  variance_scaling: { kind: 'variance_scaling', scale: 1, mode: 'fan_in', distribution: 'truncated_normal' },
  uniform: { kind: 'uniform', min: -0.05, max: 0.05 },
};

const numbersOf: Partial<Record<Initializer['kind'], readonly (readonly [key: string, label: string])[]>> = {
  constant: [['value', 'value']],
  normal: [
    ['mean', 'mean'],
    ['stddev', 'deviation'],
  ],
  truncated_normal: [
    ['mean', 'mean'],
    ['stddev', 'deviation'],
  ],
  orthogonal: [['gain', 'gain']],
  variance_scaling: [['scale', 'scale']],
  uniform: [
    ['min', 'minimum'],
    ['max', 'maximum'],
  ],
};

/** How kernels are drawn, with the numbers that this takes. */
export function InitializerControl({ config, onChange }: { config: FlowConfig; onChange: Change }): VNode {
  const { kernelInitializer: own, framework } = config;
  const set = (kernelInitializer: Initializer | null, key = '') =>
    onChange({ ...config, kernelInitializer }, key, 'initialiser');
  const values = own as unknown as Record<string, number>;
  return (
    <Field label="Kernel initialiser" name="kernelInitializer">
      <Dropdown
        // The element keeps showing an option's old text.
        key={framework}
        label="Kernel initialiser"
        field="kernelInitializer"
        choices={[
          { value: DEFAULT, text: `Default: ${defaultInitializers(framework).kernel.name}` },
          ...varianceScalingNames.map((kind) => ({ value: kind, text: initializerLabel({ kind }, framework) })),
          ...plainChoices([
            'orthogonal',
            'normal',
            'truncated_normal',
            'uniform',
            'constant',
            'zeros',
            ...(own?.kind === 'variance_scaling' ? [own.kind] : []),
          ]),
        ]}
        value={own?.kind ?? DEFAULT}
        onChange={(kind) => {
          if (kind === DEFAULT) set(null);
          else set(initializerStarts[kind as Initializer['kind']] ?? ({ kind } as Initializer));
        }}
      />
      {(own === null ? [] : (numbersOf[own.kind] ?? [])).map(([key, label]) => (
        <div class="field-pair" key={key}>
          <span class="hint">{label}</span>
          <DraftField
            short
            label={`Kernel initialiser: ${label}`}
            name={`kernel-${key}`}
            value={values[key]!}
            text={String(values[key])}
            read={(text) => {
              const number = readNumber(text, { min: -1e6, max: 1e6 });
              if ('problem' in number) return number;
              const reading = checked(config, { kernelInitializer: { ...own, [key]: number.value } as Initializer });
              return 'problem' in reading ? reading : number;
            }}
            onValue={(value) => set({ ...own, [key]: value } as Initializer, `kernel ${key}`)}
          />
        </div>
      ))}
    </Field>
  );
}
