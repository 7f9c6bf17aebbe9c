import type { VNode } from 'preact';
import { flowOfExperiment } from '../../src/core/flow/fromExperiment';
import { runCsv } from '../../src/core/report/csv';
import { runMarkdown } from '../../src/core/report/markdown';
import { markdownTable } from '../../src/core/report/table';
import type { RunRecord } from '../../src/core/runs/record';
import { serialiseRun } from '../../src/core/runs/serialise';
import type { Verdict } from '../../src/core/verdicts/verdict';
import { Menu } from '../kit/menu';
import { Button } from '../kit/toolkit';
import { fileStem } from '../run/fileStem';
import type { PageActions } from './state';

/** Takes the run elsewhere: its networks to the calculator, its table to the clipboard, everything recorded into files. */
export function ExportButtons({
  run,
  verdicts,
  actions,
}: {
  run: RunRecord;
  verdicts: ReadonlyMap<string, Verdict>;
  actions: Pick<PageActions, 'copyText' | 'openCalculator' | 'saveFile'>;
}): VNode {
  const stem = fileStem(run);
  return (
    <div class="exports">
      <Button icon="graph-line" onClick={() => actions.openCalculator(flowOfExperiment(run.config))}>
        Gradient flow
      </Button>
      <Button icon="copy" onClick={() => actions.copyText(markdownTable(run))}>
        Copy table
      </Button>
      <Menu
        label="Export"
        text="Export"
        icon="chevron-down"
        items={[
          { text: 'CSV: all that was recorded…', onSelect: () => actions.saveFile(`${stem}.csv`, runCsv(run)) },
          {
            text: 'JSON: the run, to open again…',
            onSelect: () => actions.saveFile(`${stem}.json`, serialiseRun(run)),
          },
          {
            text: 'Markdown: verdicts and table…',
            onSelect: () => actions.saveFile(`${stem}.md`, runMarkdown(run, verdicts)),
          },
        ]}
      />
    </div>
  );
}
