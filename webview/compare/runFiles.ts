import { runCsv } from '../../src/core/report/csv';
import { runMarkdown } from '../../src/core/report/markdown';
import { overlaidRuns } from '../../src/core/runs/overlay';
import type { RunRecord } from '../../src/core/runs/record';
import { RUN_FILE_ENDING } from '../../src/core/runs/runFile';
import { serialiseRun } from '../../src/core/runs/serialise';
import type { Verdict } from '../../src/core/verdicts/verdict';
import { fileStem } from '../run/fileStem';

export interface RunFile {
  /** What a menu says of it. */
  readonly text: string;
  readonly name: string;
  content(): string;
}

/** The files that a run can be saved as; of an overlay each of its runs, since it has no settings of its own. */
export function runFiles(run: RunRecord, verdicts: ReadonlyMap<string, Verdict>): RunFile[] {
  const overlaid = overlaidRuns(run);
  if (overlaid.length > 0) {
    return overlaid.map(({ name, run: own }) => ({
      text: `JSON of ${name}…`,
      name: `${fileStem(own)}${RUN_FILE_ENDING}`,
      content: () => serialiseRun(own),
    }));
  }
  const stem = fileStem(run);
  return [
    { text: 'CSV: all that was recorded…', name: `${stem}.csv`, content: () => runCsv(run) },
    { text: 'JSON: the run, to open again…', name: `${stem}${RUN_FILE_ENDING}`, content: () => serialiseRun(run) },
    { text: 'Markdown: verdicts and table…', name: `${stem}.md`, content: () => runMarkdown(run, verdicts) },
  ];
}
