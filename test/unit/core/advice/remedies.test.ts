import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { remedies } from '../../../../src/core/advice/flowRemedies';
import { flowVerdict } from '../../../../src/core/advice/flowVerdict';
import { modelHelp } from '../../../../src/core/advice/help';
import { fixOf, graphRemedies } from '../../../../src/core/advice/modelRemedies';
import type { Change } from '../../../../src/core/advice/remedies/change';
import { withEdits } from '../../../../src/core/advice/remedies/graphEdits';
import { changeInWords, editsOf, inCalculation, inRun } from '../../../../src/core/advice/remedies/settings';
import { subjectOf } from '../../../../src/core/advice/remedies/subject';
import { changesFor } from '../../../../src/core/advice/remedies/table';
import { findings } from '../../../../src/core/advice/rules';
import { type Case, remedyOf } from '../../../../src/core/advice/runRemedy';
import { type FlowConfig, paperFlow, parseFlowConfig } from '../../../../src/core/calculation/config';
import { flowOfExperiment } from '../../../../src/core/calculation/fromExperiment';
import { inputOf } from '../../../../src/core/calculation/inputs';
import { modelOf } from '../../../../src/core/calculation/model';
import { predictCandidate } from '../../../../src/core/calculation/predict';
import { type ExperimentConfig, paperConfig, parseConfig } from '../../../../src/core/experiment/config';
import { frameworkIds } from '../../../../src/core/frameworks/framework';
import type { Initializer } from '../../../../src/core/initializers/initializer';
import type { Model } from '../../../../src/core/model/model';
import { graphFlow, isUnknownFlow, type KnownFlow } from '../../../../src/core/theory/graph';
import { modelVerdict } from '../../../../src/core/verdicts/model';
import { flowVerdictKind } from '../../../../src/core/verdicts/predicted';
import { byDefault, GraphBuilder } from '../model/models';

const names = ['sigmoid', 'relu', 'tanh', 'elu', 'selu', 'gelu', 'softplus', 'exponential', 'step', 'linear'];
const initialisers: Initializer[] = [
  { kind: 'zeros' },
  { kind: 'constant', value: 0.1 },
  { kind: 'normal', mean: 1, stddev: 1 },
  { kind: 'normal', mean: 0, stddev: 0.05 },
  { kind: 'orthogonal', gain: 1 },
  ...(['glorot_uniform', 'he_normal', 'he_uniform', 'lecun_normal'] as const).map((kind) => ({ kind })),
];

const widths = fc.oneof(
  fc
    .tuple(fc.integer({ min: 1, max: 20 }), fc.constantFrom(2, 8, 128))
    .map(([count, width]) => Array(count).fill(width)),
  fc.array(fc.constantFrom(2, 16, 64), { minLength: 1, maxLength: 6 }),
);

const configs: fc.Arbitrary<FlowConfig> = widths.chain((all: number[]) =>
  fc
    .record({
      framework: fc.constantFrom(...frameworkIds),
      activations: fc.oneof(
        fc.constantFrom(...names).map((name) => [name]),
        fc.array(fc.constantFrom('sigmoid', 'relu', 'selu'), { minLength: all.length, maxLength: all.length }),
      ),
      inputs: fc.constantFrom(null, 64),
      kernelInitializer: fc.constantFrom(null, ...initialisers),
      biasStd: fc.constantFrom(null, 0.1),
      normalisation: fc.constantFrom('none', 'batch', 'layer'),
      dropout: fc.constantFrom(0, 0.3),
      residual: fc.boolean(),
      data: fc.constantFrom('gaussian', 'digits'),
    })
    .map(
      ({ activations, ...more }): FlowConfig => ({ ...paperFlow, ...more, widths: all, candidates: [{ activations }] }),
    ),
);

const model = (config: FlowConfig): Model => modelOf(config, config.candidates[0]!);

/** What a model does: numbers, kinds and inputs of its steps; not what the text that it came from calls them. */
const essence = ({ nodes, inputs, outputs }: Model) => ({
  nodes: nodes.map(({ operation, inputs: from, shape }) => ({ operation, from, shape })),
  inputs,
  outputs,
});

const flowOf = (config: FlowConfig): KnownFlow => {
  const flow = graphFlow(model(config), inputOf(config));
  if (isUnknownFlow(flow)) throw new Error(flow.unknown);
  return flow;
};

const checked = (numRuns: number, check: (config: FlowConfig) => void): void =>
  fc.assert(fc.property(configs, check), { seed: 17, numRuns });

describe('a change', () => {
  it('makes of a calculation’s model what the changed calculation describes', () => {
    const seen = new Set<string>();
    checked(200, (config) => {
      const subject = subjectOf(model(config));
      const { usual, last } = changesFor(subject);
      for (const change of [...usual, ...last]) {
        const changed = inCalculation(config, change, 0);
        if (changed === undefined) continue;
        expect(parseFlowConfig(changed)).toEqual({ config: changed });
        const edits = editsOf(subject, change);
        expect(essence(withEdits(subject.model, edits ?? []))).toEqual(essence(model(changed)));
        for (const field of Object.keys(change)) seen.add(field);
      }
    });
    expect([...seen].sort()).toEqual(['activation', 'hiddenLayers', 'kernelInitializers', 'normalisation', 'residual']);
  });

  it('is called the same everywhere, and no two are called alike', () => {
    checked(100, (config) => {
      const { usual, last } = changesFor(subjectOf(model(config)));
      const titles = [...usual, ...last].map((change) => changeInWords(change).title);
      expect(new Set(titles).size).toBe(titles.length);
    });
    const suited: Change = { activation: 'relu', kernelInitializers: [{ kind: 'he_normal' }] };
    expect(changeInWords(suited)).toMatchObject({ title: 'ReLU with he_normal', words: 'ReLU with he_normal' });
    expect(changeInWords({ kernelInitializers: [{ kind: 'he_normal' }] })).toEqual({
      title: 'Initialiser he_normal',
      words: 'the initialiser he_normal',
      short: 'he_normal',
      verb: 'Use',
    });
    expect(changeInWords({ hiddenLayers: 1 })).toMatchObject({ title: 'One hidden layer', words: 'one hidden layer' });
    expect(() => changeInWords({})).toThrow('a change sets nothing; expected one field at least.');
  });

  it('says nothing of an initialiser that draws as the written one does', () => {
    const config = { ...paperFlow, kernelInitializer: { kind: 'he_uniform' } } as const;
    const { usual } = changesFor(subjectOf(model(config)));
    expect(usual).toContainEqual({ activation: 'relu' });
    expect(usual).toContainEqual({ activation: 'tanh', kernelInitializers: [{ kind: 'glorot_uniform' }] });
  });
});

describe('a model and its calculation', () => {
  it('have one prediction and one verdict', () => {
    checked(200, (config) => {
      const { ratio, zeros, band } = predictCandidate(config, config.candidates[0]!);
      const flow = flowOf(config);
      expect(flow).toMatchObject({ ratio, zeros, band });
      expect(modelVerdict(flow)).toBe(flowVerdictKind(config, config.candidates[0]!));
    });
  });

  it('have one list of remedies, but for what a calculation has no setting for', () => {
    let compared = 0;
    checked(100, (config) => {
      const flow = flowOf(config);
      const graph = model(config);
      const ofModel = graphRemedies(graph, flow, inputOf(config));
      const sayable = ofModel.filter(({ change }) => inCalculation(config, change, 0) !== undefined);
      const ofCalculation = remedies(config, 0);
      // The last resort is for where there is nothing else.
      if (sayable.length === 0 && ofModel.length > 0) return;
      const shown = ({ title, before, after, band }: (typeof ofModel)[number] | (typeof ofCalculation)[number]) => ({
        title,
        before,
        after,
        band,
      });
      expect(ofCalculation.map(shown)).toEqual(sayable.map(shown));
      compared += sayable.length;
    });
    expect(compared).toBeGreaterThan(150);
  });
});

describe('what a sentence recommends is the first of the list', () => {
  it('of a calculation', () => {
    let named = 0;
    checked(300, (config) => {
      const { text } = flowVerdict(config, config.candidates[0]!);
      const told = /; ((?!no other start).*) (would leave|lets it through)/.exec(text)?.[1];
      const [first] = remedies(config, 0);
      if (told !== undefined) {
        expect(told).toBe(first?.words);
        named++;
      } else if (text.includes('no other start is known to help')) expect(first).toBeUndefined();
    });
    expect(named).toBeGreaterThan(100);
  });

  it('of a model', () => {
    let named = 0;
    checked(200, (config) => {
      const graph = model(config);
      const fixes = findings(graph)
        .filter(({ rule }) => rule === 'vanishing-flow' || rule === 'exploding-flow')
        .map(({ fix }) => fix?.title);
      const [first] = graphRemedies(graph);
      for (const title of fixes) expect(title).toBe(first && fixOf(first).title);
      const flow = graphFlow(graph);
      const help = modelHelp(flow, graphRemedies(graph, flow));
      if (help === '' || first === undefined) expect(help).toMatch(/^(; no other start is known to help)?$/);
      else expect(help.startsWith(`; ${first.words} `)).toBe(true);
      named += fixes.length;
    });
    expect(named).toBeGreaterThan(10);
  });

  it('of a run, as far as a run can say it', () => {
    let named = 0;
    const runs = fc.record({
      activations: fc.uniqueArray(fc.constantFrom(...names), { minLength: 1, maxLength: 3 }),
      hidden: fc.array(fc.constantFrom(2, 16, 128), { minLength: 1, maxLength: 12 }),
      kernelInitializer: fc.constantFrom(...initialisers),
    });
    const kinds = fc.constantFrom('vanishing', 'exploding', 'saturated', 'diverged', 'stalled' as const);
    fc.assert(
      fc.property(runs, kinds, (some, kind) => {
        const config: ExperimentConfig = { ...paperConfig, ...some };
        const activation = config.activations[0]!;
        const of: Case = { kind, activation, config, fromStart: true, updateRatio: Number.NaN, lossAboveGuess: true };
        const list = remedies(flowOfExperiment(config), 0)
          .filter(({ change }) => change.hiddenLayers === undefined)
          .flatMap(({ change }) => {
            const made = inRun(config, change, activation);
            // What is trained beside it already is no news.
            const known = change.activation !== undefined && config.activations.includes(change.activation);
            return made === undefined || (known && change.kernelInitializers === undefined) ? [] : [{ change, made }];
          });
        const [first] = list;
        if (first === undefined) return;
        expect(remedyOf(of)).toEqual({ words: changeInWords(first.change).short, config: first.made });
        expect(parseConfig(first.made)).toEqual({ config: first.made });
        named++;
      }),
      { seed: 18, numRuns: 150 },
    );
    expect(named).toBeGreaterThan(50);
  });
});

describe('edits of a model', () => {
  const two = (): GraphBuilder => new GraphBuilder('keras', byDefault);
  const editsFor = (graph: Model, change: Change) => editsOf(subjectOf(graph), change);

  it('lead around layers that are as wide as what they receive, and around no other', () => {
    const builder = two();
    builder.input([8]);
    for (const units of [16, 16, 32, 32]) builder.dense(units, 'relu');
    builder.dense(10);
    const changed = withEdits(builder.build(), editsFor(builder.build(), { residual: true })!);
    const added = changed.nodes.filter(({ operation }) => operation.kind === 'add');
    expect(added.map(({ inputs }) => inputs)).toEqual([
      [2, 4],
      [7, 9],
    ]);
    expect(editsFor(changed, { residual: true })).toBeUndefined();
  });

  it('lead around convolutions that keep their map', () => {
    const builder = two();
    builder.input([8, 8, 4]);
    builder.conv(4, 'relu', { padding: 'same' });
    builder.conv(4, 'relu');
    builder.flatten();
    builder.dense(10);
    const edits = editsFor(builder.build(), { residual: true })!;
    expect(edits).toEqual([{ node: 1, residual: 2 }]);
    expect(isUnknownFlow(graphFlow(withEdits(builder.build(), edits)))).toBe(false);
  });

  it('normalise what nothing normalises, and change the other of the two', () => {
    const builder = two();
    builder.input([8]);
    builder.dense(16);
    builder.batchNorm();
    builder.activation('sigmoid');
    builder.dense(16, 'sigmoid');
    builder.dense(10);
    const over = (change: Change) =>
      withEdits(builder.build(), editsFor(builder.build(), change)!).nodes.flatMap(({ operation }) =>
        operation.kind === 'normalisation' ? [operation.over] : [],
      );
    expect(over({ normalisation: 'batch' })).toEqual(['batch', 'batch']);
    expect(over({ normalisation: 'layer' })).toEqual(['layer', 'layer']);
  });

  it('give each layer the initialiser that suits it', () => {
    const builder = two();
    builder.input([8]);
    builder.dense(16, 'tanh');
    builder.dense(16, 'relu');
    builder.dense(10);
    const { usual } = changesFor(subjectOf(builder.build()));
    const each = usual.find(({ kernelInitializers }) => kernelInitializers?.length === 2)!;
    expect(changeInWords(each)).toMatchObject({ title: 'Initialisers glorot_uniform and he_normal' });
    expect(inCalculation(paperFlow, each, 0)).toBeUndefined();
    expect(inRun(paperConfig, each, 'sigmoid')).toBeUndefined();
  });

  it('take layers out of a chain, and of nothing else', () => {
    const builder = two();
    builder.input([8]);
    const before = builder.dense(8, 'relu');
    builder.join('add', before, builder.dense(8, 'relu'));
    builder.dense(8, 'relu');
    builder.dense(10);
    const shorter = withEdits(builder.build(), editsFor(builder.build(), { hiddenLayers: 1 })!);
    expect(shorter.nodes.map(({ operation }) => operation.kind)).toEqual(['input', 'dense', 'activation', 'dense']);
    const joined = two();
    joined.input([8]);
    const first = joined.dense(8, 'relu');
    joined.join('concatenate', first, joined.dense(8, 'relu'));
    joined.dense(10);
    expect(editsFor(joined.build(), { hiddenLayers: 1 })).toBeUndefined();
  });
});
