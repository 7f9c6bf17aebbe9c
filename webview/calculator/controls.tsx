import type { VNode } from 'preact';
import { activationNames } from '../../src/core/activations/catalogue';
import { frameworkIds } from '../../src/core/activations/frameworks/framework';
import { framework as frameworkData } from '../../src/core/activations/frameworks/spellings';
import { type FlowConfig, flowLimits } from '../../src/core/flow/config';
import { inputsOf } from '../../src/core/flow/configStack';
import { defaultInitializers } from '../../src/core/flow/initialVariance';
import { type Initializer, varianceScalingNames } from '../../src/core/initializers/initializer';
import { Segments } from '../kit/segments';
import { Swatch } from '../kit/swatch';
import { Button, Checkbox, type Choice, Dropdown } from '../kit/toolkit';
import { DraftField, Field, Slider } from './fields';
import {
  activationsText,
  checked,
  readActivations,
  readNumber,
  readWidths,
  widthsText,
  withAnother,
  withCandidate,
  withDepth,
  without,
  withWidths,
} from './form';
import type { CalculatorActions } from './state';

export type Change = CalculatorActions['change'];

const PER_LAYER = ' per layer';
const DEFAULT = ' default';

/** Widths at even steps of a slider. */
const widthStops = [1, 2, 4, 8, 16, 24, 32, 48, 64, 96, 128, 192, 256, 384, 512, 768, 1024, 1536, 2048, 3072, 4096];

const nearestStop = (width: number): number =>
  widthStops.reduce((best, stop, i) => (Math.abs(stop - width) < Math.abs(widthStops[best]! - width) ? i : best), 0);

const plain = (names: readonly string[]): Choice[] => names.map((value) => ({ value, text: value }));

function Candidate({ config, index, onChange }: { config: FlowConfig; index: number; onChange: Change }): VNode {
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
          choices={[...plain(names), { value: PER_LAYER, text: 'One per layer…' }]}
          value={single ? first! : PER_LAYER}
          onChange={(value) => set(value === PER_LAYER ? Array.from({ length: layers }, () => first!) : [value])}
        />
        {config.candidates.length > 1 && (
          <Button
            appearance="icon"
            icon="close"
            label={`Remove ${single ? first : name}`}
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

function InitializerControl({ config, onChange }: { config: FlowConfig; onChange: Change }): VNode {
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
          ...plain([
            ...varianceScalingNames,
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

function SliderField({
  label,
  name,
  value,
  limits,
  step = 1,
  whole = false,
  hint,
  onValue,
}: {
  label: string;
  name: string;
  value: number;
  limits: { readonly min: number; readonly max: number };
  step?: number;
  whole?: boolean;
  hint?: string;
  onValue(value: number): void;
}): VNode {
  return (
    <Field label={label} name={name} {...(hint === undefined ? {} : { hint })}>
      <Slider label={label} name={name} value={value} min={limits.min} max={limits.max} step={step} onInput={onValue} />
      <DraftField
        short
        label={label}
        name={name}
        value={value}
        text={String(value)}
        read={(text) => readNumber(text, limits, whole)}
        onValue={onValue}
      />
    </Field>
  );
}

function ShapeControls({ config, onChange }: { config: FlowConfig; onChange: Change }): VNode {
  const { widths } = config;
  const alike = widths.every((width) => width === widths[0]);
  return (
    <>
      <SliderField
        label="Hidden layers"
        name="layers"
        whole
        value={widths.length}
        limits={flowLimits.layers}
        onValue={(layers) => onChange(withDepth(config, layers), 'layers', 'number of layers')}
      />
      <Field
        label="Units a layer"
        name="width"
        hint={alike ? 'Or a list: 256, 128x3, 64' : 'One number makes all layers alike.'}
      >
        <Slider
          label="Units a layer"
          name="width"
          value={nearestStop(widths[0]!)}
          min={0}
          max={widthStops.length - 1}
          text={`${widths[0]} units`}
          disabled={!alike}
          onInput={(stop) =>
            onChange(
              withWidths(
                config,
                widths.map(() => widthStops[stop]!),
              ),
              'width',
              'width',
            )
          }
        />
        <DraftField
          label="Units a layer"
          name="width"
          value={widths}
          text={widthsText(widths)}
          read={(text) => readWidths(text, widths.length)}
          onValue={(list) => onChange(withWidths(config, list), 'width', 'width')}
          short={alike}
        />
      </Field>
    </>
  );
}

function BiasControl({ config, onChange }: { config: FlowConfig; onChange: Change }): VNode {
  const { biasStd, framework } = config;
  const usual = defaultInitializers(framework).bias.name;
  const set = (value: number | null) => onChange({ ...config, biasStd: value }, 'bias', 'bias');
  return (
    <Field
      label="Bias, standard deviation"
      name="biasStd"
      hint={biasStd === null ? `Default: ${usual}` : 'Empty: the framework’s default'}
    >
      <Slider
        label="Bias, standard deviation"
        name="biasStd"
        value={biasStd ?? 0}
        min={0}
        max={2}
        step={0.05}
        onInput={set}
      />
      <DraftField<number | null>
        short
        label="Bias, standard deviation"
        name="biasStd"
        value={biasStd}
        text={biasStd === null ? '' : String(biasStd)}
        placeholder="default"
        read={(text) => (text.trim() === '' ? { value: null } : readNumber(text, flowLimits.biasStd))}
        onValue={set}
      />
    </Field>
  );
}

function MoreControls({ config, onChange }: { config: FlowConfig; onChange: Change }): VNode {
  return (
    <details class="more">
      <summary>Input and measurement</summary>
      <div class="controls-group">
        <Field label="Input" name="data">
          <Segments
            label="Input"
            value={config.data}
            choices={[
              ['gaussian', 'random'],
              ['digits', 'drawn digits'],
            ]}
            onChange={(data) => onChange({ ...config, data }, '', 'input')}
          />
        </Field>
        <Field label="Input components" name="inputs" hint="Empty: as many as the first layer, or a digit’s pixels">
          <DraftField<number | null>
            short
            label="Input components"
            name="inputs"
            value={config.inputs}
            text={config.inputs === null ? '' : String(config.inputs)}
            placeholder={String(inputsOf(config))}
            read={(text) => (text.trim() === '' ? { value: null } : readNumber(text, flowLimits.inputs, true))}
            onValue={(inputs) => onChange({ ...config, inputs }, 'inputs', 'input components')}
          />
        </Field>
        <Field label="Mean square of an input" name="inputVariance">
          <DraftField
            short
            label="Mean square of an input"
            name="inputVariance"
            value={config.inputVariance}
            text={String(config.inputVariance)}
            read={(text) => readNumber(text, flowLimits.inputVariance)}
            onValue={(inputVariance) => onChange({ ...config, inputVariance }, 'inputVariance', 'size of the input')}
          />
        </Field>
        <Field label="Networks to measure" name="networks" hint="0 measures nothing.">
          <DraftField
            short
            label="Networks to measure"
            name="networks"
            value={config.networks}
            text={String(config.networks)}
            read={(text) => readNumber(text, flowLimits.networks, true)}
            onValue={(networks) => onChange({ ...config, networks }, 'networks', 'number of networks')}
          />
        </Field>
        <Field label="Seed" name="seed">
          <DraftField
            short
            label="Seed"
            name="seed"
            value={config.seed}
            text={String(config.seed)}
            read={(text) => readNumber(text, flowLimits.seed, true)}
            onValue={(seed) => onChange({ ...config, seed }, 'seed', 'seed')}
          />
        </Field>
      </div>
    </details>
  );
}

/** Everything that decides a calculation. */
export function Controls({ config, onChange }: { config: FlowConfig; onChange: Change }): VNode {
  return (
    <div class="controls-group">
      <Field label="Activations" name="candidates">
        <div class="candidates">
          {config.candidates.map((_, i) => (
            <Candidate key={i} config={config} index={i} onChange={onChange} />
          ))}
        </div>
        {config.candidates.length < flowLimits.candidates.max && (
          <Button icon="add" onClick={() => onChange(withAnother(config), '', 'added activation')}>
            Add activation
          </Button>
        )}
      </Field>
      <ShapeControls config={config} onChange={onChange} />
      <Field label="Framework" name="framework" hint="Sets the defaults, and how weights are drawn.">
        <Dropdown
          label="Framework"
          field="framework"
          choices={frameworkIds.map((id) => ({ value: id, text: frameworkData(id).label }))}
          value={config.framework}
          onChange={(id) => onChange({ ...config, framework: id as FlowConfig['framework'] }, '', 'framework')}
        />
      </Field>
      <InitializerControl config={config} onChange={onChange} />
      <BiasControl config={config} onChange={onChange} />
      <Field label="Normalisation" name="normalisation">
        <Segments
          label="Normalisation"
          value={config.normalisation}
          choices={[
            ['none', 'none'],
            ['batch', 'batch'],
            ['layer', 'layer'],
          ]}
          onChange={(normalisation) => onChange({ ...config, normalisation }, '', 'normalisation')}
        />
      </Field>
      <SliderField
        label="Dropout"
        name="dropout"
        value={config.dropout}
        limits={flowLimits.dropout}
        step={0.05}
        onValue={(dropout) => onChange({ ...config, dropout }, 'dropout', 'dropout')}
      />
      <Checkbox
        label="Residual connections"
        checked={config.residual}
        onChange={(residual) => onChange({ ...config, residual }, '', 'residual connections')}
      />
      <MoreControls config={config} onChange={onChange} />
    </div>
  );
}
