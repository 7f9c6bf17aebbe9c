import type { VNode } from 'preact';
import { type FlowConfig, flowLimits } from '../../src/core/calculation/config';
import { inputsOf } from '../../src/core/calculation/inputs';
import { framework as frameworkData } from '../../src/core/frameworks/all';
import { frameworkIds } from '../../src/core/frameworks/framework';
import { defaultInitializers } from '../../src/core/frameworks/initialVariance';
import { DraftField } from '../kit/draftField';
import { Field } from '../kit/field';
import { More } from '../kit/more';
import { Segments } from '../kit/segments';
import { Slider } from '../kit/slider';
import { Button, Checkbox, Dropdown } from '../kit/toolkit';
import { Candidate } from './candidate';
import { readNumber, widthsOf, widthsText, withAnother, withDepth, withWidths } from './form';
import { InitializerControl } from './initializer';
import type { Change } from './state';
import './fields.css';
import './controls.css';

/** Widths at even steps of a slider. */
const widthStops = [1, 2, 4, 8, 16, 24, 32, 48, 64, 96, 128, 192, 256, 384, 512, 768, 1024, 1536, 2048, 3072, 4096];

const nearestStop = (width: number): number =>
  widthStops.reduce((best, stop, i) => (Math.abs(stop - width) < Math.abs(widthStops[best]! - width) ? i : best), 0);

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
          read={(text) => widthsOf(text, widths.length)}
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
    <More summary="Input and measurement">
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
    </More>
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
