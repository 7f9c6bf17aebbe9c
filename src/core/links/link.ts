import type { FlowConfig } from '../calculation/config';
import type { ExperimentConfig } from '../experiment/config';
import { experimentQuery, readExperimentQuery } from './experimentQuery';
import { flowQuery, readFlowQuery } from './flowQuery';
import { LONGEST_LINK } from './query';

/**
 * Links that open a calculation or a comparison from anywhere: `vscode://gradient-lens.gradient-lens/calculator?widths=128x50`.
 * They hold what differs from the paper's, and nothing that is somebody's own.
 */

export const EXTENSION_ID = 'gradient-lens.gradient-lens';

const address = (path: string, query: string): string =>
  `vscode://${EXTENSION_ID}/${path}${query === '' ? '' : `?${query}`}`;

export const calculatorLink = (config: FlowConfig): string => address('calculator', flowQuery(config));

export const compareLink = (config: ExperimentConfig): string => address('compare', experimentQuery(config));

/** "[title](address)"; the title's own brackets do not end it. */
export const markdownLink = (title: string, target: string): string =>
  `[${title.replace(/[\\[\]]/g, '\\$&')}](${target})`;

export type Linked =
  | { readonly kind: 'calculator'; readonly config: FlowConfig }
  | { readonly kind: 'compare'; readonly config: ExperimentConfig }
  | { readonly problem: string };

/** Any edition of VS Code: vscode, vscode-insiders, code-oss, … */
const LINK = /\b[a-z][a-z0-9+.-]{1,30}:\/\/gradient-lens\.gradient-lens(?=[/?#\s)>"\]]|$)([^\s)>"\]]*)/i;

/** What a link's path and query say, as VS Code hands them to the extension. */
export function readLinkParts(path: string, query: string): Linked {
  if (path.length + query.length > LONGEST_LINK) {
    return { problem: `The link has ${path.length + query.length} characters; expected at most ${LONGEST_LINK}.` };
  }
  const place = path.replace(/^\/+|\/+$/g, '');
  if (place === 'calculator') {
    const reading = readFlowQuery(query);
    return 'problem' in reading ? reading : { kind: place, ...reading };
  }
  if (place === 'compare') {
    const reading = readExperimentQuery(query);
    return 'problem' in reading ? reading : { kind: place, ...reading };
  }
  return { problem: `The link leads to “${place.slice(0, 40)}”; expected calculator or compare.` };
}

export const holdsLink = (text: string): boolean => LINK.test(text);

/** The first link in a text that somebody copied: by itself, or in Markdown. */
export function readLink(text: string): Linked {
  const [, rest] = LINK.exec(text) ?? [];
  if (rest === undefined) {
    return { problem: `The text has no link; expected, say, vscode://${EXTENSION_ID}/calculator?widths=128x50.` };
  }
  const [location = ''] = rest.split('#');
  const at = location.indexOf('?');
  return at < 0 ? readLinkParts(location, '') : readLinkParts(location.slice(0, at), location.slice(at + 1));
}
