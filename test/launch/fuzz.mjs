// `npm run fuzz [-- --minutes 10] [-- FILES]`: the property tests over hostile inputs, over and over with fresh seeds, until the
// time is over or one fails. What failed is told with its seed and its smallest input.
import { parseArgs } from 'node:util';
import { isMain, LaunchError, run, runMain, say, tool } from './common.mjs';

/** So many times the inputs of an ordinary run, each round. */
const FACTOR = 20;

export async function fuzz() {
  const { values, positionals } = parseArgs({
    options: { minutes: { type: 'string', default: '10' } },
    allowPositionals: true,
  });
  const minutes = Number(values.minutes);
  if (!(minutes > 0)) throw new LaunchError(`--minutes takes a number above 0, and got “${values.minutes}”.`);
  const until = performance.now() + minutes * 60_000;
  const files = positionals.length > 0 ? positionals : ['hostile.test'];
  let rounds = 0;
  do {
    const args = [tool('vitest', 'vitest'), 'run', '--config', 'test/vitest.config.mts', '--testTimeout=0', ...files];
    const { code, output } = await run(process.execPath, args, {
      env: { ...process.env, GRADIENT_LENS_FUZZ: String(FACTOR) },
    });
    if (code !== 0) throw new LaunchError(`After ${rounds} rounds without a fault:\n${output}`);
    rounds++;
    const left = Math.max(0, until - performance.now()) / 60_000;
    say(`Round ${rounds}: no fault (${FACTOR} times the inputs of \`npm test\`); ${left.toFixed(1)} minutes left.`);
  } while (performance.now() < until);
}

if (isMain(import.meta.url)) await runMain(fuzz);
