import type { VNode } from 'preact';
import { flowArgument } from '../../src/core/flow/link';
import { calculatorLink, markdownLink } from '../../src/core/links/link';
import { type FlowReport, flowCsv, flowMarkdown } from '../../src/core/report/flowTable';
import { copy } from '../kit/copied';
import { Exports } from '../kit/exports';
import { configTitle } from './form';
import type { CalculatorActions } from './state';

/** Takes the calculation elsewhere: its tables, and the calculation itself as a link. */
export function ShareButtons({ report, actions }: { report: FlowReport; actions: CalculatorActions }): VNode {
  const { config } = report;
  return (
    <Exports
      onCopyTable={() => void copy(actions, flowMarkdown(report), 'Markdown table')}
      menu="Share"
      items={[
        { text: 'Copy link', onSelect: () => void copy(actions, calculatorLink(config), 'link') },
        {
          text: 'Copy link (Markdown)',
          onSelect: () =>
            void copy(actions, markdownLink(`Gradient flow: ${configTitle(config)}`, calculatorLink(config)), 'link'),
        },
        {
          text: 'Copy as command argument (JSON)',
          onSelect: () => void copy(actions, JSON.stringify(flowArgument(config)), 'command argument'),
        },
        { text: 'Open copied link', onSelect: () => actions.paste() },
        { text: 'Save CSV…', onSelect: () => actions.saveFile('gradient-flow.csv', flowCsv(report)) },
        { text: 'Save Markdown…', onSelect: () => actions.saveFile('gradient-flow.md', flowMarkdown(report)) },
      ]}
    />
  );
}
