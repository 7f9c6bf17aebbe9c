import path from 'node:path';
import { type ActivationName, activation } from '../core/activations/catalogue';
import type { FlowConfig } from '../core/calculation/config';
import type { ExperimentConfig } from '../core/experiment/config';
import { writeList } from '../core/format/list';
import type { FrameworkId } from '../core/frameworks/framework';
import { findSpelling } from '../core/frameworks/lookup';
import { resolveSpelling } from '../core/frameworks/resolve';
import { formatInitializer } from '../core/initializers/initializer';

/** A flag with its value; without one it is a switch. */
export type Flag = readonly [flag: string, value?: string];

const quoted = (text: string): string => (/^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`);

/** "--init he_normal --residual", to be pasted. */
export const flagsText = (flags: readonly Flag[]): string =>
  flags.flatMap((flag) => flag.filter((part) => part !== undefined).map(quoted)).join(' ');

/** The arguments without the flags that are said anew, and with those. */
export function withFlags(given: readonly string[], flags: readonly Flag[]): string {
  const anew = new Set(flags.map(([flag]) => flag));
  const kept: string[] = [];
  for (let i = 0; i < given.length; i++) {
    const argument = given[i]!;
    if (anew.has(argument)) i += hasValue(flags, argument) ? 1 : 0;
    else if (!anew.has(argument.split('=')[0]!)) kept.push(argument);
  }
  return [...kept.map(quoted), flagsText(flags)].filter((part) => part !== '').join(' ');
}

const hasValue = (flags: readonly Flag[], name: string): boolean =>
  flags.some(([flag, value]) => flag === name && value !== undefined);

/** How the command was called, from where it was: "node dist/cli.js". */
export function calledAs(script = process.argv[1] ?? '', folder = process.cwd()): string {
  const relative = path.relative(folder, script);
  return `node ${quoted(relative.startsWith('..') ? script : relative)}`;
}

/** The command that was given, with other flags; none where there are no flags to say it. */
export const commandFor = (flags: readonly Flag[]): readonly string[] =>
  flags.length === 0 ? [] : [`${calledAs()} ${withFlags(process.argv.slice(2), flags)}`];

const differs = (a: unknown, b: unknown): boolean => JSON.stringify(a) !== JSON.stringify(b);

/** A name that the flow command reads as this very function: in a framework the short one may be another's. */
function typed(name: ActivationName, id: FrameworkId): string {
  const spelling = findSpelling(name, id);
  if (spelling === undefined || resolveSpelling(spelling)?.activation.name === name) return name;
  const { entry, parameters } = activation(name);
  const all = Object.entries(parameters).map(([key, value]) => `${key}=${value}`);
  return all.length === 0 ? name : `${entry}(${all.join(',')})`;
}

/** What makes one calculation of another, as far as a remedy changes it. */
export function flowFlags(from: FlowConfig, to: FlowConfig): Flag[] {
  const { candidates, widths, kernelInitializer, normalisation, residual } = to;
  const [width] = widths;
  const alike = widths.every((each) => each === width);
  return [
    ...(differs(from.candidates, candidates)
      ? candidates.map(
          ({ activations }): Flag => ['--activation', activations.map((name) => typed(name, to.framework)).join(',')],
        )
      : []),
    ...(differs(from.widths, widths)
      ? alike
        ? ([
            ['--layers', String(widths.length)],
            ['--width', String(width)],
          ] satisfies Flag[])
        : ([['--width', writeList(widths)]] satisfies Flag[])
      : []),
    ...(kernelInitializer !== null && differs(from.kernelInitializer, kernelInitializer)
      ? ([['--init', formatInitializer(kernelInitializer)]] satisfies Flag[])
      : []),
    ...(normalisation === from.normalisation ? [] : ([['--norm', normalisation]] satisfies Flag[])),
    ...(residual && !from.residual ? ([['--residual']] satisfies Flag[]) : []),
  ];
}

/** What makes one run of another, as far as a remedy changes it. */
export function compareFlags(from: ExperimentConfig, to: ExperimentConfig): Flag[] {
  const { activations, hidden, kernelInitializer, learningRate } = to;
  return [
    ...(differs(from.activations, activations) ? ([['--activations', activations.join(',')]] satisfies Flag[]) : []),
    ...(differs(from.hidden, hidden) ? ([['--hidden', writeList(hidden)]] satisfies Flag[]) : []),
    ...(differs(from.kernelInitializer, kernelInitializer)
      ? ([['--init', formatInitializer(kernelInitializer)]] satisfies Flag[])
      : []),
    ...(learningRate === from.learningRate ? [] : ([['--lr', String(learningRate)]] satisfies Flag[])),
  ];
}
