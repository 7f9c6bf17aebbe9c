import { wrapped } from '../core/format/wrap';
import { termsIn } from '../core/words/glossary';

/** What the words and symbols of a text mean that it does not say itself, for below it; '' where it has none. */
export function footnotes(text: string, columns: number | undefined): string {
  const said = text.replace(/\s+/g, ' ');
  const lines = termsIn(said)
    .filter(({ means }) => !said.includes(means))
    .map(({ term, means }) => wrapped(`  ${term}: ${means}.`, columns, '    '));
  return lines.length === 0 ? '' : ['', 'Words:', ...lines].join('\n');
}
