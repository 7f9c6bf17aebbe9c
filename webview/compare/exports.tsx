import type { VNode } from 'preact';
import type { ExperimentConfig } from '../../src/core/experiment/config';
import { compareLink } from '../../src/core/links/link';
import { markdownTable } from '../../src/core/report/table';
import type { RunRecord } from '../../src/core/runs/record';
import type { Verdict } from '../../src/core/verdicts/verdict';
import { copy } from '../kit/copied';
import { Menu, type MenuItem } from '../kit/menu';
import { runFiles } from './runFiles';
import type { PageActions } from './state';

/** Takes what is shown elsewhere: the table and a link to the clipboard, what was recorded into files. */
export function ExportMenu({
  run,
  linked,
  verdicts,
  actions,
}: {
  /** undefined offers nothing. */
  run: RunRecord | undefined;
  /** What a link opens; undefined where several kept runs are shown. */
  linked: ExperimentConfig | undefined;
  verdicts: ReadonlyMap<string, Verdict>;
  actions: Pick<PageActions, 'copyText' | 'saveFile'>;
}): VNode {
  const items = (run: RunRecord): MenuItem[] => [
    { text: 'Copy table', onSelect: () => void copy(actions, markdownTable(run), 'Markdown table') },
    ...(linked === undefined
      ? []
      : [{ text: 'Copy link', onSelect: () => void copy(actions, compareLink(linked), 'link') }]),
    ...runFiles(run, verdicts).map(({ text, name, content }) => ({
      text,
      onSelect: () => actions.saveFile(name, content()),
    })),
  ];
  return <Menu label="Export" text="Export" icon="export" items={run === undefined ? [] : items(run)} />;
}
