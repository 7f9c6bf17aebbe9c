import type { VNode } from 'preact';
import { flowOfExperiment } from '../../src/core/flow/fromExperiment';
import { runCsv } from '../../src/core/report/csv';
import { runMarkdown } from '../../src/core/report/markdown';
import { markdownTable } from '../../src/core/report/table';
import type { RunRecord } from '../../src/core/runs/record';
import { serialiseRun } from '../../src/core/runs/serialise';
import type { Verdict } from '../../src/core/verdicts/verdict';
import { Exports } from '../kit/exports';
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
    <Exports
      onCopyTable={() => actions.copyText(markdownTable(run))}
      menu="Export"
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
    >
      <Button icon="graph-line" onClick={() => actions.openCalculator(flowOfExperiment(run.config))}>
        Gradient flow
      </Button>
    </Exports>
  );
}
