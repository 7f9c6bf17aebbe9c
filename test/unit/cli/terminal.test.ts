// What a person reads in a terminal: it fits, says its commands, explains its words, and has no colours in a pipe.
import { describe, expect, it } from 'vitest';
import { commandFor, compareFlags, type Flag, flagsText, flowFlags, withFlags } from '../../../src/cli/flags';
import { flowConfigFromArguments, flowDefaults } from '../../../src/cli/flow';
import { footnotes } from '../../../src/cli/footnotes';
import { compareDefaults, configFromArguments } from '../../../src/cli/options';
import { textTable } from '../../../src/cli/table';
import { activationNames } from '../../../src/core/activations/catalogue';
import { remedies } from '../../../src/core/advice/flowRemedies';
import { type FlowConfig, paperFlow } from '../../../src/core/calculation/config';
import { paperConfig } from '../../../src/core/experiment/config';
import { wrapped } from '../../../src/core/format/wrap';
import { frameworkIds } from '../../../src/core/frameworks/framework';
import { OTHER_FORM } from '../../figure';
import { run } from './command';

const head = ['hidden', '‖δ‖', 'measured ‖δ‖', '‖∂C/∂W‖', 'χ', 'q'];
const rows = Array.from({ length: 3 }, (_, i) => [String(i + 1), '2.0e-6', '1.8e-6', '3.8e-6', '0.0448', '1.00']);

describe('a table', () => {
  it.each([20, 30, 40, 50, 60, 80, 120])(
    'has no line longer than %i columns, and its first columns always',
    (columns) => {
      const lines = textTable(head, rows, { columns, more: '--wide' }).split('\n');
      for (const line of lines) expect(line.length, line).toBeLessThanOrEqual(columns);
      const text = lines.join(' ');
      expect(text).toMatch(/hidden.*‖δ‖/);
      // Every column is there, or named as absent.
      for (const title of head) expect(text).toContain(title);
      expect(text.includes('--wide')).toBe(columns < 52);
    },
  );

  it('is whole in a pipe, and where all of it is wanted', () => {
    expect(textTable(head, rows)).toMatch(/│ +q │/);
  });
});

describe('a broken line', () => {
  it('keeps numbers, names of layers and its own indentation whole', () => {
    const text = '  it is 2.0 × 10⁻⁶ at hidden layer 10 of 95 % and 3 ± 2 there';
    for (let columns = 16; columns < text.length; columns++) {
      const lines = wrapped(text, columns, '    ').split('\n');
      for (const whole of ['2.0 × 10⁻⁶', 'layer 10', '95 %', '3 ± 2']) {
        expect(
          lines.some((line) => line.includes(whole)),
          `${whole} in ${columns}`,
        ).toBe(true);
      }
      expect(lines[0]).toMatch(/^ {2}it/);
    }
  });
});

describe('advice', () => {
  it.each(frameworkIds)('comes with flags that do it, for networks of %s', (framework) => {
    for (const name of activationNames) {
      const config: FlowConfig = { ...paperFlow, framework, networks: 0, candidates: [{ activations: [name] }] };
      for (const remedy of remedies(config, 0)) {
        const flags = flowFlags(config, remedy.config);
        expect(flags.length, remedy.title).toBeGreaterThan(0);
        const value = (flag: string) => flags.find(([each]) => each === flag)?.[1];
        const [layers, width, init, norm] = ['--layers', '--width', '--init', '--norm'].map(value);
        const activation = value('--activation');
        const again = flowConfigFromArguments({
          ...flowDefaults,
          framework,
          activation: [activation ?? name],
          ...(layers === undefined ? {} : { layers }),
          ...(width === undefined ? {} : { width }),
          ...(init === undefined ? {} : { init }),
          ...(norm === undefined ? {} : { norm }),
          ...(flags.some(([flag]) => flag === '--residual') ? { residual: true } : {}),
        });
        if (activation !== undefined || again.candidates[0]!.activations[0] === name) {
          expect(again, remedy.title).toEqual(remedy.config);
        }
      }
    }
  });

  it('comes with flags for a run', () => {
    const flags = compareFlags(paperConfig, {
      ...paperConfig,
      activations: ['relu', 'leaky_relu(negative_slope=0.3)'],
      hidden: [8, 8],
      kernelInitializer: { kind: 'he_normal' },
      learningRate: 0.01,
    });
    const value = (flag: string) => flags.find(([each]) => each === flag)![1]!;
    const again = configFromArguments({
      ...compareDefaults,
      activations: [value('--activations')],
      hidden: value('--hidden'),
      init: value('--init'),
      lr: value('--lr'),
    });
    expect(compareFlags(again, paperConfig)).toHaveLength(4);
    expect(compareFlags(paperConfig, again)).toEqual(flags);
  });

  it('is a command to be pasted: what it changes stands once in it', () => {
    const flags: Flag[] = [['--activation', 'leaky_relu(negative_slope=0.3)'], ['--residual']];
    expect(flagsText(flags)).toBe("--activation 'leaky_relu(negative_slope=0.3)' --residual");
    expect(
      withFlags(['flow', '--activation', 'sigmoid', '--layers', '3', '--activation=tanh', '--residual'], flags),
    ).toBe(`flow --layers 3 ${flagsText(flags)}`);
    expect(commandFor([])).toEqual([]);
  });

  it('says the commands under what would help, and in a comparison', async () => {
    const flow = await run('flow', '--activation', 'sigmoid', '--layers', '8');
    expect(flow.out).toMatch(
      /ReLU with he_normal: .*\n {4}node \S*cli\.js flow --layers 8 --activation relu --init he_normal\n/,
    );
    const { out } = await run('compare', '--epochs', '2', '--init', 'normal:1,1', '--batch', '512');
    expect(out).toMatch(/To try that:\n {2}node \S*cli\.js compare --epochs 2 --batch 512 --init glorot_uniform\n/);
  });
});

describe('what is printed', () => {
  const commands = [
    ['flow', '--activation', 'sigmoid', '--activation', 'relu', '--measure', '3'],
    ['explain', 'sigmoid', '--at=-40,0,40'],
    ['compare', '--epochs', '1', '--batch', '512'],
  ];

  it.each(commands)(
    'by %s has no colours and no progress in it, and one form of numbers in sentences',
    async (...args) => {
      const { code, out } = await run(...args);
      expect(code).toBe(0);
      expect(out).not.toContain(String.fromCharCode(27));
      expect(out).not.toMatch(/\r|s left|epoch 1 of 1/);
      const lines = out.split('\n');
      const sentences = lines.filter((line) => !/[│─]|^ *\d+ |cli\.js/.test(line));
      expect(sentences.filter((line) => OTHER_FORM.test(line))).toEqual([]);
      expect(lines.filter((line) => /│/.test(line) && / × 10/.test(line))).toEqual([]);
    },
  );

  it('explains its symbols below, and what it says itself not again', () => {
    expect(footnotes('χ of\na layer', 40)).toMatch(/\nWords:\n[\s\S]* {2}‖δ‖: size[\s\S]* {2}χ: what one step back/);
    expect(footnotes('nothing strange', 40)).toBe('');
    const [once] = footnotes('the paper', undefined).split('\n').slice(-1);
    expect(footnotes(`the paper ${once}`, undefined)).toBe('');
  });
});
