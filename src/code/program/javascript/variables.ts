import { splitBy } from '../../syntax';
import type { Statement } from '../ast';
import { type Lowering, span } from '../lowering';
import type { CodeNode } from '../node';
import { partsOf, patterns } from './syntax';

/** `const a = 1, {b} = c;`: an assignment for each. */
export function variables(lower: Lowering, node: CodeNode): Statement[] {
  return splitBy(partsOf(node).slice(1), ',').flatMap((item): Statement[] => {
    const pattern = item.find(({ name }) => patterns.has(name));
    if (pattern === undefined) return [];
    const equals = item.findIndex(({ name }) => name === 'Equals');
    const value = equals < 0 ? undefined : item[equals + 1];
    if (value !== undefined) {
      return [
        {
          from: pattern.from,
          to: value.to,
          kind: 'assign',
          targets: [lower.target(pattern)],
          value: lower.expression(value),
        },
      ];
    }
    return pattern.name === 'VariableDefinition'
      ? [{ ...span(pattern), kind: 'declare', name: lower.text(pattern) }]
      : [];
  });
}
