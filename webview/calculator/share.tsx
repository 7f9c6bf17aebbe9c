import type { VNode } from 'preact';
import { flowArgument, flowLink } from '../../src/core/flow/link';
import { type FlowReport, flowCsv, flowMarkdown } from '../../src/core/report/flowTable';
import { Menu } from '../kit/menu';
import { Button } from '../kit/toolkit';
import { configTitle } from './form';
import type { CalculatorActions } from './state';

/** Takes the calculation elsewhere: its tables, and the calculation itself as a link. */
export function ShareButtons({ report, actions }: { report: FlowReport; actions: CalculatorActions }): VNode {
  const { config } = report;
  return (
    <div class="exports">
      <Button icon="copy" onClick={() => actions.copyText(flowMarkdown(report), 'Markdown table')}>
        Copy table
      </Button>
      <Menu
        label="Share"
        text="Share"
        icon="chevron-down"
        items={[
          {
            text: 'Copy link (Markdown)',
            onSelect: () => actions.copyText(flowLink(config, `Gradient flow: ${configTitle(config)}`), 'link'),
          },
          {
            text: 'Copy as command argument (JSON)',
            onSelect: () => actions.copyText(JSON.stringify(flowArgument(config)), 'command argument'),
          },
          { text: 'Open copied link', onSelect: () => actions.paste() },
          { text: 'Save CSV…', onSelect: () => actions.saveFile('gradient-flow.csv', flowCsv(report)) },
          { text: 'Save Markdown…', onSelect: () => actions.saveFile('gradient-flow.md', flowMarkdown(report)) },
        ]}
      />
    </div>
  );
}
