import { isAbsolute, sep } from 'node:path';
import { pathToFileURL } from 'node:url';
import { UNKNOWN_RULE } from '../code/diagnostics/diagnose';
import { rules } from '../core/advice/rules';
import type { CheckEntry } from './checkEntry';

const levels = { error: 'error', warning: 'warning', information: 'note', hint: 'note' } as const;

const told = [
  ...rules.map(({ id, title, severity, documentation: { what, number, why, fix } }) => ({
    id,
    shortDescription: { text: title },
    fullDescription: { text: what },
    help: { text: [what, number, why, fix].join('\n') },
    defaultConfiguration: { level: levels[severity] },
  })),
  {
    id: UNKNOWN_RULE,
    shortDescription: { text: 'A comment silences a rule that does not exist' },
    fullDescription: { text: 'A gradient-lens comment names what is no rule.' },
    help: { text: 'Name one of the rules, or leave the comment out.' },
    defaultConfiguration: { level: levels.hint },
  },
];

/** A relative path as it is; one from the root as a URL. */
const uriOf = (file: string): string =>
  isAbsolute(file) ? pathToFileURL(file).href : file.split(sep).map(encodeURIComponent).join('/');

/**
 * The findings as a log of SARIF 2.1.0 (OASIS, 2020). The region of a notebook's finding counts in its cell, which a
 * logical location and the message name.
 */
export const sarif = (entries: readonly CheckEntry[]) => ({
  $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
  version: '2.1.0' as const,
  runs: [
    {
      tool: { driver: { name: 'gradient-lens', rules: told } },
      columnKind: 'utf16CodeUnits' as const,
      results: entries.map((each) => ({
        ruleId: each.rule,
        ruleIndex: told.findIndex(({ id }) => id === each.rule),
        level: levels[each.severity],
        message: { text: each.cell === null ? each.message : `Cell ${each.cell}: ${each.message}` },
        locations: [
          {
            physicalLocation: {
              artifactLocation: { uri: uriOf(each.file) },
              region: {
                startLine: each.line,
                startColumn: each.column,
                endLine: each.endLine,
                endColumn: each.endColumn,
              },
            },
            ...(each.cell === null ? {} : { logicalLocations: [{ name: `cell ${each.cell}` }] }),
          },
        ],
      })),
    },
  ],
});
