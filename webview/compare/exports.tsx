import type { VNode } from 'preact';
import { markdownTable } from '../../src/core/report/table';
import type { RunRecord } from '../../src/core/runs/record';
import type { Verdict } from '../../src/core/verdicts/verdict';
import { copy } from '../kit/copied';
import { Menu, type MenuItem } from '../kit/menu';
import { runFiles, runLinks } from './runFiles';
import type { PageActions } from './state';

/** Takes what is shown elsewhere: the table and a link to the clipboard, what was recorded into files. */
export function ExportMenu({
  run,
  verdicts,
  actions,
}: {
  /** undefined offers nothing. */
  run: RunRecord | undefined;
  verdicts: ReadonlyMap<string, Verdict>;
  actions: Pick<PageActions, 'copyText' | 'saveFile'>;
}): VNode {
  const items = (run: RunRecord): MenuItem[] => [
    { text: 'Copy table', onSelect: () => void copy(actions, markdownTable(run), 'Markdown table') },
    ...runLinks(run).map(({ text, link }) => ({ text, onSelect: () => void copy(actions, link, 'link') })),
    ...runFiles(run, verdicts).map(({ text, name, content }) => ({
      text,
      onSelect: () => actions.saveFile(name, content()),
    })),
  ];
  return <Menu label="Export" text="Export" icon="share" items={run === undefined ? [] : items(run)} />;
}
