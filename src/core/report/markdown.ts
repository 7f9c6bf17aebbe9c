import { formatDuration } from '../format/numbers';
import { runOf, seriesName } from '../runs/overlay';
import type { NetworkRecord, RunRecord } from '../runs/record';
import { type Verdict, verdictWord } from '../verdicts/verdict';
import { escaped } from './escape';
import { partialNote } from './partial';
import { settingsList } from './settings';
import { markdownTable } from './table';

/** "sigmoid", with its seed where the run has several. */
export const networkTitle = (run: RunRecord, network: NetworkRecord): string =>
  runOf(run, network).config.seeds === 1 ? seriesName(network) : `${seriesName(network)}, seed ${network.seed}`;

/** The run as a Markdown page: verdicts first, then the table, then what it was made of. */
export function runMarkdown(run: RunRecord, verdicts: ReadonlyMap<string, Verdict>): string {
  const sentences = run.networks.flatMap((network) => {
    const verdict = verdicts.get(network.id);
    return verdict === undefined
      ? []
      : [`- **${escaped(networkTitle(run, network))}** (${verdictWord(verdict.kind)}): ${escaped(verdict.text)}`];
  });
  const partial = partialNote(run);
  return [
    '# Compare activations',
    '',
    ...(partial === undefined ? [] : [partial, '']),
    ...sentences,
    '',
    markdownTable(run),
    '',
    ...settingsList(run).map(({ label, value }) => `- ${label}: ${escaped(value)}`),
    `- Trained: ${run.startedAt}, ${formatDuration(run.seconds)}`,
    '',
  ].join('\n');
}
