import { readFileSync, writeFileSync } from 'node:fs';
import { formatInteger, formatPercent, formatTable } from '../../src/core/format/numbers';
import { createRandom } from '../../src/core/math/random';
import { networkPlan } from '../../src/core/model/plan/fromModel';
import { graphFlow, isUnknownFlow, type KnownFlow } from '../../src/core/theory/graph';
import { measurePlan } from '../../src/engine/measure/measurePlan';
import { startWasm } from '../unit/engine/backend';
import { type Drawn, drawModel, familyNames } from './models';

/**
 * Compares the prediction with measured networks for drawn models, and writes the second part of the page of misses. It
 * takes some minutes: node test/bench/modelStudy.mjs
 */

const NETWORKS = 24;
const SEED = 20262;
const PER_FAMILY = Number(process.env.MODELS ?? 32);
const page = 'src/core/theory/accuracy.md';
const TITLE = '## Models that are no stacks';

interface Case extends Drawn {
  readonly flow: KnownFlow | undefined;
  /** Why nothing is predicted. */
  readonly unknown: string;
  readonly typical: number;
  readonly zeros: number;
  /** Share of single networks inside the band. */
  readonly inside: number;
}

/** One sample, as the prediction has it; batch normalisation needs a batch. */
const batchOf = ({ normalisation }: Drawn): number => (normalisation === 'batch' ? 16 : 1);

async function run(drawn: Drawn, seed: number): Promise<Case> {
  const planned = networkPlan(drawn.model);
  if ('problem' in planned) throw new Error(`${drawn.family}: ${planned.problem}`);
  const flow = graphFlow(drawn.model);
  const ratios: number[] = [];
  let zeros = 0;
  for (let draw = 0; draw < NETWORKS; draw++) {
    const options = { seed: seed + draw, draws: 1, milliseconds: Number.POSITIVE_INFINITY, batch: batchOf(drawn) };
    const { ratio } = await measurePlan(planned.plan, options);
    ratios.push(ratio?.typical ?? Number.NaN);
    zeros += ratio?.zeros ?? 0;
  }
  ratios.sort((a, b) => a - b);
  const typical = Math.sqrt(ratios[NETWORKS / 2 - 1]! * ratios[NETWORKS / 2]!);
  const within = (x: number): boolean => !isUnknownFlow(flow) && x >= flow.band[0] && x <= flow.band[1];
  return {
    ...drawn,
    flow: isUnknownFlow(flow) ? undefined : flow,
    unknown: isUnknownFlow(flow) ? flow.unknown : '',
    typical,
    zeros: zeros / NETWORKS,
    inside: ratios.filter(within).length / NETWORKS,
  };
}

const inBand = ({ flow, typical }: Case): boolean =>
  flow !== undefined && typical >= flow.band[0] && typical <= flow.band[1];
const mean = (numbers: readonly number[]): number => numbers.reduce((a, b) => a + b, 0) / numbers.length;

const share = (cases: readonly Case[]): string => {
  const hits = cases.filter(inBand).length;
  return `${formatInteger(hits)} of ${formatInteger(cases.length)} (${formatPercent(hits / cases.length)})`;
};

const reasons: readonly { readonly text: string; readonly holds: (each: Case) => boolean }[] = [
  { text: 'Exactly nothing passes in some networks.', holds: ({ zeros }) => zeros > 0 },
  {
    text: 'The band over a batch of 16 is narrow, and places count as equally alike whether they are neighbours or not.',
    holds: ({ normalisation }) => normalisation === 'batch',
  },
  {
    text: 'Borders: places in the middle have more variance than those at the edge, and count as alike here.',
    holds: ({ about }) => about.includes('same'),
  },
];
const reasonOf = (each: Case): string =>
  each.unknown || (reasons.find(({ holds }) => holds(each))?.text ?? 'Widths beyond the first order, and drifting q.');

function table(head: readonly string[], rows: readonly (readonly string[])[]): string[] {
  return [head, head.map(() => '---'), ...rows].map((row) => `| ${row.join(' | ')} |`);
}

const spreadOf = (own: readonly Case[]): string[] => {
  const known = own.filter(({ flow, typical }) => flow && flow.ratio > 0 && typical > 0);
  const misses = known.map(({ flow, typical }) => Math.abs(Math.log(typical / flow!.ratio))).sort((a, b) => a - b);
  return [
    share(own),
    formatPercent(mean(own.map(({ inside }) => inside))),
    `× ${formatTable(Math.exp(misses[Math.floor(misses.length / 2)] ?? 0))}`,
  ];
};
const groupRows = (cases: readonly Case[], key: (each: Case) => string) =>
  [...new Set(cases.map(key))].map((name) => [name, ...spreadOf(cases.filter((each) => key(each) === name))]);

function section(cases: readonly Case[], seconds: number): string {
  const misses = cases.filter((each) => !inBand(each));
  const head = [
    'median in the band',
    'single networks in the band',
    'median of measured over predicted, or its inverse',
  ];
  return [
    TITLE,
    '',
    `Written by \`node test/bench/modelStudy.mjs\` (${formatInteger(seconds)} s). ${PER_FAMILY} drawn models of each family, ${NETWORKS} networks each, seed ${SEED}; one Gaussian sample a network, 16 where there is batch normalisation (the norms are over the whole batch then). ‖δ‖ at the first hidden layer over that at the last one is compared with \`graphFlow\`'s prediction and 90 % band.`,
    '',
    `**In the band of one network: ${share(cases)}.** Of the single networks, ${formatPercent(mean(cases.map(({ inside }) => inside)))} lie in it.`,
    '',
    ...table(
      ['family', ...head],
      groupRows(cases, ({ family }) => family),
    ),
    '',
    ...table(
      ['normalisation', ...head],
      groupRows(cases, ({ normalisation }) => normalisation),
    ),
    '',
    ...table(
      ['initialiser', ...head],
      groupRows(cases, ({ initialiser }) => initialiser),
    ),
    '',
    ...table(
      ['activation', ...head],
      groupRows(cases, ({ activation }) => `\`${activation}\``),
    ),
    '',
    `### The ${formatInteger(misses.length)} models outside the band of one network`,
    '',
    ...table(
      ['family', 'model', 'activation', 'initialiser', 'normalisation', 'measured', 'predicted', 'band', 'why'],
      misses.map((each) => [
        each.family,
        each.about,
        `\`${each.activation}\``,
        each.initialiser,
        each.normalisation,
        formatTable(each.typical),
        each.flow ? formatTable(each.flow.ratio) : 'unknown',
        each.flow ? `${formatTable(each.flow.band[0])} … ${formatTable(each.flow.band[1])}` : '',
        reasonOf(each),
      ]),
    ),
    '',
  ].join('\n');
}

await startWasm();
const started = performance.now();
const cases: Case[] = [];
for (const family of familyNames) {
  if (process.env.FAMILY && !family.includes(process.env.FAMILY)) continue;
  for (let i = 0; i < PER_FAMILY; i++) {
    const drawn = drawModel(family, createRandom(SEED + i, family));
    const each = await run(drawn, SEED + 1000 * i);
    cases.push(each);
    if (process.env.LOUD)
      process.stderr.write(
        `${inBand(each) ? '    ' : 'MISS'} ${formatPercent(each.inside)} m/p ${(each.typical / (each.flow?.ratio ?? Number.NaN)).toFixed(3)} reach ${each.flow ? (each.flow.band[1] / each.flow.ratio).toFixed(2) : each.unknown} p ${each.flow?.ratio.toExponential(2)} | ${each.activation} ${each.initialiser} ${each.normalisation} | ${each.about}\n`,
      );
  }
  const own = cases.filter((each) => each.family === family);
  process.stderr.write(
    `${((performance.now() - started) / 1000).toFixed(0)} s ${family}: ${spreadOf(own).join('; ')}\n`,
  );
}
if (!process.env.FAMILY && !process.env.DRY) {
  const before = readFileSync(page, 'utf8').split(TITLE)[0]!.trimEnd();
  writeFileSync(page, `${before}\n\n${section(cases, (performance.now() - started) / 1000)}`);
}
process.stdout.write(`${share(cases)} in the band of one network\n`);
