import { compareLink } from '../../src/core/links/link';
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

/** The files that a run can be saved as. Of an overlay JSON is one run each, to open again; the others have all of it. */
export function runFiles(run: RunRecord, verdicts: ReadonlyMap<string, Verdict>): RunFile[] {
  const stem = fileStem(run);
  const json = (text: string, own: RunRecord): RunFile => ({
    text,
    name: `${fileStem(own)}${RUN_FILE_ENDING}`,
    content: () => serialiseRun(own),
  });
  const overlaid = overlaidRuns(run);
  return [
    { text: 'CSV: all that was recorded…', name: `${stem}.csv`, content: () => runCsv(run) },
    ...(overlaid.length === 0
      ? [json('JSON: the run, to open again…', run)]
      : overlaid.map(({ name, run: own }) => json(`JSON of ${name}…`, own))),
    { text: 'Markdown: verdicts and table…', name: `${stem}.md`, content: () => runMarkdown(run, verdicts) },
  ];
}

export interface RunLink {
  readonly text: string;
  readonly link: string;
}

/** Links that open a run's settings; an overlay has one for each of its runs. */
export function runLinks(run: RunRecord): RunLink[] {
  const overlaid = overlaidRuns(run);
  return overlaid.length === 0
    ? [{ text: 'Copy link', link: compareLink(run.config) }]
    : overlaid.map(({ name, run: own }) => ({ text: `Copy link to ${name}`, link: compareLink(own.config) }));
}
