import type { ComponentChildren, VNode } from 'preact';
import { useMemo } from 'preact/hooks';
import { activation, activationNames } from '../../src/core/activations/catalogue';
import { flowLimits } from '../../src/core/calculation/config';
import { corrections, slopeCorrection } from '../../src/core/explain/flowWords';
import { formatPower, formatTable, superscript } from '../../src/core/format/numbers';
import { chainBest, describeWalk, walkData, walkLine, walkSpec } from '../../src/core/plots/walkthrough';
import { meanChainGradient, type NeuronGradient, neuronGradient } from '../../src/core/theory/chain';
import type { Walk } from '../../src/protocol/pages/calculator';
import { DraftField } from '../kit/draftField';
import { Field } from '../kit/field';
import { Figure } from '../kit/figure';
import { LinkButton } from '../kit/linkButton';
import { Section } from '../kit/section';
import { Slider } from '../kit/slider';
import { single, useRevision, useSource } from '../kit/source';
import { Swatch } from '../kit/swatch';
import { Scroll, Table } from '../kit/table';
import { Button, Dropdown } from '../kit/toolkit';
import { theme } from '../plots/theme';
import { readNumber } from './form';
import { STEM } from './plots';
import type { CalculatorActions } from './state';
import './fields.css';
import './walkthrough.css';

const RANGE = { min: -1e6, max: 1e6 };
const MOST_SAMPLES = 12;

/** Every neuron at the same z: w = 1, b = z − φ(z), and φ(z) goes in. */
export function steadyWalk(walk: Walk, name: string, z: number): Walk {
  const a = activation(name).value(z);
  const samples = walk.samples.map((sample, i) => (i === 0 ? { ...sample, input: a } : sample));
  return { ...walk, activation: name, weight: 1, bias: z - a, samples };
}

const examples = [
  ['sigmoid', 0],
  ['tanh', 0],
  ['tanh', 1],
  ['sigmoid', 5],
] as const;

/** One factor: what it is, over its number. */
const Term = ({ symbol, value, strong }: { symbol: ComponentChildren; value: number; strong?: boolean }): VNode => (
  <span class={strong ? 'term strong' : 'term'}>
    <span class="term-symbol">{symbol}</span>
    <span class="term-value">{formatPower(value, 3)}</span>
  </span>
);

const Sign = ({ children }: { children: string }): VNode => <span class="sign">{children}</span>;

const Prev = (): VNode => (
  <>
    a<sub>prev</sub>
  </>
);

/** ∂C/∂w = a_prev · φ′(z) · 2(a − y), each factor with its number. */
function Equations({ walk, at }: { walk: Walk; at: NeuronGradient }): VNode {
  const { weight, bias, samples } = walk;
  const { input, target } = samples[0]!;
  return (
    <div class="equations" data-testid="equations">
      <p class="equation">
        <Term symbol="z" value={at.preActivation} />
        <Sign>=</Sign>
        <Term symbol="w" value={weight} />
        <Sign>·</Sign>
        <Term symbol={<Prev />} value={input} />
        <Sign>+</Sign>
        <Term symbol="b" value={bias} />
      </p>
      <p class="equation">
        <Term symbol="a = φ(z)" value={at.activation} />
        <Sign>,</Sign>
        <Term symbol="C = (a − y)²" value={at.cost} />
        <span class="sign quiet">with y = {formatPower(target, 3)}</span>
      </p>
      <p class="equation">
        <Term symbol="∂C/∂w" value={at.weightGradient} strong />
        <Sign>=</Sign>
        <Term symbol={<Prev />} value={at.inputFactor} />
        <Sign>·</Sign>
        <Term symbol="φ′(z)" value={at.slopeFactor} strong />
        <Sign>·</Sign>
        <Term symbol="2(a − y)" value={at.costFactor} />
      </p>
    </div>
  );
}

function NumberField({
  label,
  symbol,
  name,
  value,
  onValue,
}: {
  label: string;
  symbol: ComponentChildren;
  name: string;
  value: number;
  onValue(value: number): void;
}): VNode {
  const text = String(Number(value.toPrecision(4)));
  return (
    <Field label={symbol} name={name}>
      <Slider
        label={label}
        name={name}
        value={value}
        min={-5}
        max={5}
        step={0.05}
        text={text}
        onInput={(next) => onValue(next)}
      />
      <DraftField
        short
        label={label}
        name={name}
        value={value}
        text={text}
        read={(typed) => readNumber(typed, RANGE)}
        onValue={onValue}
      />
    </Field>
  );
}

/** Each sample's own gradient, and the mean over them that a training step takes. */
function Samples({ walk, onChange }: { walk: Walk; onChange(walk: Walk): void }): VNode {
  const { samples, weight, bias } = walk;
  const phi = activation(walk.activation);
  const all = samples.map((sample) => neuronGradient(phi, { weight, bias, ...sample }));
  const mean = meanChainGradient(phi, [{ weight, bias }], samples);
  const set = (index: number, part: Partial<Walk['samples'][number]>) =>
    onChange({ ...walk, samples: samples.map((each, i) => (i === index ? { ...each, ...part } : each)) });
  const cell = (index: number, key: 'input' | 'target', label: string) => (
    <DraftField
      short
      label={`Sample ${index + 1}: ${label}`}
      name={`sample-${index}-${key}`}
      value={samples[index]![key]}
      text={String(Number(samples[index]![key].toPrecision(4)))}
      read={(typed) => readNumber(typed, RANGE)}
      onValue={(value) => set(index, { [key]: value })}
    />
  );
  return (
    <>
      <Scroll label="Samples and their gradients">
        <Table testId="samples">
          <thead>
            <tr>
              <th scope="col">sample</th>
              <th scope="col">
                <Prev />
              </th>
              <th scope="col">y</th>
              <th scope="col">z</th>
              <th scope="col">φ′(z)</th>
              <th scope="col">2(a − y)</th>
              <th scope="col">
                <span class="visually-hidden">remove</span>
              </th>
              <th scope="col" class="result">
                ∂C/∂w
              </th>
            </tr>
          </thead>
          <tbody>
            {all.map((at, i) => (
              <tr key={i}>
                <th scope="row">{i + 1}</th>
                <td>{cell(i, 'input', 'a_prev')}</td>
                <td>{cell(i, 'target', 'y')}</td>
                <td>{formatTable(at.preActivation)}</td>
                <td>{formatTable(at.slopeFactor)}</td>
                <td>{formatTable(at.costFactor)}</td>
                <td>
                  {samples.length > 1 && (
                    <Button
                      appearance="icon"
                      icon="close"
                      label={`Remove sample ${i + 1}`}
                      onClick={() => onChange({ ...walk, samples: samples.filter((_, k) => k !== i) })}
                    />
                  )}
                </td>
                <td class="result">{formatTable(at.weightGradient)}</td>
              </tr>
            ))}
            <tr class="total">
              <th scope="row" colSpan={7}>
                mean, (1/n) Σ ∂C/∂w over n = {samples.length}
              </th>
              <td class="result" data-testid="mean-gradient">
                {formatTable(mean.weightGradients[0]!)}
              </td>
            </tr>
          </tbody>
        </Table>
      </Scroll>
      {samples.length < MOST_SAMPLES && (
        <Button
          icon="add"
          onClick={() => {
            const { input, target } = samples.at(-1)!;
            onChange({ ...walk, samples: [...samples, { input: -input, target }] });
          }}
        >
          Add sample
        </Button>
      )}
    </>
  );
}

/** The paper's neuron and a chain of them: every factor with its number, and what becomes of their product. */
export function WalkThrough({ walk, actions }: { walk: Walk; actions: CalculatorActions }): VNode {
  const { weight, bias, samples, neurons } = walk;
  const set = (part: Partial<Walk>) => actions.setWalk({ ...walk, ...part });
  const [first] = samples;
  const phi = activation(walk.activation);
  const at = useMemo(() => neuronGradient(phi, { weight, bias, ...first! }), [phi, weight, bias, first]);
  const line = useMemo(() => walkLine(phi, { weight, bias }, neurons, first!), [phi, weight, bias, neurons, first]);
  const source = useSource('walk', line, (latest) => ({
    layout: single(150),
    spec: (look, layout) => walkSpec(latest(), look, layout),
    alone: (look, layout) => walkSpec(latest(), look, layout, true),
    data: (layout) => walkData(latest(), layout, theme().background),
  }));
  const best = chainBest(line)[0]!;
  const { steps } = line.chain;
  const left = Math.abs(steps[0]!.runningProduct);
  const alike = steps.every(({ slope }) => Math.abs(slope - steps[0]!.slope) < 1e-9);
  const power = alike && weight === 1 && neurons > 1 ? `${formatPower(steps[0]!.slope)}${superscript(neurons)} = ` : '';
  const setFirst = (part: Partial<Walk['samples'][number]>) =>
    set({ samples: [{ ...first!, ...part }, ...samples.slice(1)] });
  const correction = slopeCorrection(walk.activation);
  return (
    <Section
      id="walk-title"
      title="The paper’s neuron, number by number"
      class="walk"
      testId="walk"
      beside={
        <>
          <span class="caption">For example</span>
          {examples.map(([name, z]) => (
            <LinkButton key={`${name} ${z}`} onClick={() => actions.setWalk(steadyWalk(walk, name, z))}>
              {name} at z = {z}
            </LinkButton>
          ))}
        </>
      }
    >
      <div class="walk-body">
        <div class="walk-fields">
          <Field label="φ" name="walk-activation">
            <Swatch activation={walk.activation} />
            <Dropdown
              label="Activation of the neuron"
              field="walk-activation"
              choices={activationNames.map((value) => ({ value, text: activation(value).label }))}
              value={walk.activation}
              onChange={(name) => set({ activation: name })}
            />
          </Field>
          <NumberField
            label="w, the weight"
            symbol="w"
            name="walk-w"
            value={weight}
            onValue={(w) => set({ weight: w })}
          />
          <NumberField
            label="a_prev, what goes in"
            symbol={<Prev />}
            name="walk-a"
            value={first!.input}
            onValue={(input) => setFirst({ input })}
          />
          <NumberField label="b, the bias" symbol="b" name="walk-b" value={bias} onValue={(b) => set({ bias: b })} />
          <NumberField
            label="y, the target"
            symbol="y"
            name="walk-y"
            value={first!.target}
            onValue={(target) => setFirst({ target })}
          />
        </div>
        <div class="walk-numbers">
          <Equations walk={walk} at={at} />
          {correction !== undefined && <p class="note">{correction}</p>}
          <Samples walk={walk} onChange={(next) => actions.setWalk(next)} />
        </div>
      </div>
      <Figure
        stem={STEM}
        pace="drag"
        kind="walk"
        note="Colour: product of w·φ′(z) from each neuron to the end. Grey: best case, ∏ |w|·max|φ′|."
        title={`The same neuron ${neurons} times in a row`}
        caption={
          <span title={corrections.chain}>colour: product of w·φ′(z) to the end · grey: best case, ∏ |w|·max|φ′|</span>
        }
        source={source}
        revision={useRevision(line)}
        label={describeWalk(line)}
        actions={actions}
      >
        <span class="layer-choice">
          <Slider
            label="Neurons in the chain"
            name="walk-neurons"
            value={neurons}
            min={1}
            max={flowLimits.layers.max}
            onInput={(count) => set({ neurons: count })}
          />
        </span>
      </Figure>
      <p class="walk-result" data-testid="walk-result">
        {power}
        <strong>{left === 0 ? 'Exactly 0' : formatPower(left)}</strong> of ∂C/∂a reaches the input; the best case is{' '}
        {formatPower(best)}. {corrections.chain}
      </p>
    </Section>
  );
}
