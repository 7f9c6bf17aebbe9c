import { formatDuration } from '../format/numbers';
import { networkName, overlaidRuns } from '../runs/overlay';
import { endedEarly, type RunRecord } from '../runs/record';
import { type Verdict, verdictWord } from '../verdicts/verdict';
import { escaped } from './escape';
import { partialNote } from './partial';
import { settingsList } from './settings';
import { markdownTable } from './table';

/** The run as a Markdown page: verdicts first, then the table, then what it was made of; of an overlay that of each run. */
export function runMarkdown(run: RunRecord, verdicts: ReadonlyMap<string, Verdict>): string {
  const sentences = run.networks.flatMap((network) => {
    const verdict = verdicts.get(network.id);
    const name = `- **${escaped(networkName(run, network))}**`;
    if (verdict !== undefined) return [`${name} (${verdictWord(verdict.kind)}): ${escaped(verdict.text)}`];
    // Of one that has not come to a verdict it is said why.
    return endedEarly(network.state) ? [`${name}: ${escaped(network.message ?? network.state)}`] : [];
  });
  const overlaid = overlaidRuns(run);
  const partial = overlaid.length === 0 ? partialNote(run) : undefined;
  return [
    '# Compare activations',
    '',
    ...(partial === undefined ? [] : [partial, '']),
    ...sentences,
    '',
    markdownTable(run),
    '',
    ...(overlaid.length === 0
      ? settingsLines(run)
      : overlaid.flatMap(({ name, run: own }, i) => {
          const note = partialNote(own);
          return [
            ...(i === 0 ? [] : ['']),
            `## ${escaped(name)}`,
            '',
            ...(note === undefined ? [] : [note, '']),
            ...settingsLines(own),
          ];
        })),
    '',
  ].join('\n');
}

const settingsLines = (run: RunRecord): string[] => [
  ...settingsList(run).map(({ label, value }) => `- ${label}: ${escaped(value)}`),
  `- Trained: ${escaped(run.startedAt)}, ${formatDuration(run.seconds)}`,
];
