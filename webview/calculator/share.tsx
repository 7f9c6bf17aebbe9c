import type { VNode } from 'preact';
import { flowTitle } from '../../src/core/calculation/title';
import { flowArgument } from '../../src/core/links/flowArgument';
import { calculatorLink, markdownLink } from '../../src/core/links/link';
import { type FlowReport, flowCsv, flowMarkdown } from '../../src/core/report/flowTable';
import { copy } from '../kit/copied';
import { Exports } from '../kit/exports';
import type { MenuItem } from '../kit/menu';
import type { CalculatorActions, Place } from './state';

const inEditor = ({ config }: FlowReport, actions: CalculatorActions): MenuItem[] => [
  {
    text: 'Copy as command argument (JSON)',
    onSelect: () => void copy(actions, JSON.stringify(flowArgument(config)), 'command argument'),
  },
  { text: 'Open copied link', onSelect: () => actions.paste() },
];

/** Takes the calculation elsewhere: its tables, and the calculation itself as a link and as a page. */
export function ShareButtons({
  report,
  actions,
  place,
}: {
  report: FlowReport;
  actions: CalculatorActions;
  place: Place;
}): VNode {
  const { config } = report;
  const link = place.kind === 'editor' ? calculatorLink(config) : place.link(config);
  return (
    <Exports
      onCopyTable={() => void copy(actions, flowMarkdown(report), 'Markdown table')}
      menu="Share"
      items={[
        { text: 'Copy link', onSelect: () => void copy(actions, link, 'link') },
        {
          text: 'Copy link (Markdown)',
          onSelect: () => void copy(actions, markdownLink(`Gradient flow: ${flowTitle(config)}`, link), 'link'),
        },
        ...(place.kind === 'editor' ? inEditor(report, actions) : []),
        { text: 'Save as a page (HTML)…', onSelect: () => actions.savePage() },
        { text: 'Save CSV…', onSelect: () => actions.saveFile('gradient-flow.csv', flowCsv(report)) },
        { text: 'Save Markdown…', onSelect: () => actions.saveFile('gradient-flow.md', flowMarkdown(report)) },
      ]}
    />
  );
}
