import type { FlowConfig } from '../../src/core/calculation/config';
import { flowQuery, readFlowQuery } from '../../src/core/links/flowQuery';
import { calculatorLink } from '../../src/core/links/link';

/** The page's address: behind "#" it has the calculation, where that is not the one of the file. */

/** The paper's calculation has an empty query, which would mean the file's own. */
const queryOf = (config: FlowConfig): string => flowQuery(config) || `framework=${config.framework}`;

/** "#widths=128x50"; "#" for the calculation of the file. */
export const hashOf = (config: FlowConfig, own: FlowConfig): string =>
  `#${JSON.stringify(config) === JSON.stringify(own) ? '' : queryOf(config)}`;

/** What the address asks for; undefined where it says nothing. */
export function readHash(hash: string): ReturnType<typeof readFlowQuery> | undefined {
  const query = hash.replace(/^#/, '');
  return query === '' ? undefined : readFlowQuery(query);
}

/** A link that others can open: the page's own where it is on the web, else VS Code's. */
export const addressFor = (
  { protocol, origin, pathname }: Pick<Location, 'protocol' | 'origin' | 'pathname'>,
  config: FlowConfig,
): string => (/^https?:$/.test(protocol) ? `${origin}${pathname}#${queryOf(config)}` : calculatorLink(config));
