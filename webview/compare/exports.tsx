import type { VNode } from 'preact';
import { flowOfExperiment } from '../../src/core/flow/fromExperiment';
import { compareLink } from '../../src/core/links/link';
import { markdownTable } from '../../src/core/report/table';
import { isOverlay } from '../../src/core/runs/overlay';
import type { RunRecord } from '../../src/core/runs/record';
import type { Verdict } from '../../src/core/verdicts/verdict';
import { copy } from '../kit/copied';
import { Exports } from '../kit/exports';
import { Button } from '../kit/toolkit';
import { runFiles } from './runFiles';
import type { PageActions } from './state';

/** Takes what is shown elsewhere: networks to the calculator, the table to the clipboard, what was recorded into files. */
export function ExportButtons({
  run,
  verdicts,
  actions,
}: {
  run: RunRecord;
  verdicts: ReadonlyMap<string, Verdict>;
  actions: Pick<PageActions, 'copyText' | 'openCalculator' | 'saveFile'>;
}): VNode {
  return (
    <Exports
      onCopyTable={() => void copy(actions, markdownTable(run), 'Markdown table')}
      menu="Export"
      items={[
        ...(isOverlay(run)
          ? []
          : [{ text: 'Copy link', onSelect: () => void copy(actions, compareLink(run.config), 'link') }]),
        ...runFiles(run, verdicts).map(({ text, name, content }) => ({
          text,
          onSelect: () => actions.saveFile(name, content()),
        })),
      ]}
    >
      {!isOverlay(run) && (
        <Button icon="graph-line" onClick={() => actions.openCalculator(flowOfExperiment(run.config))}>
          Gradient flow
        </Button>
      )}
    </Exports>
  );
}
