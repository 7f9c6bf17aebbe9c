import type { CheckWriter } from './checkEntry';
import { jsonText } from './output';

/** One JSON document, an entry a line. */
export function jsonWriter(): CheckWriter {
  let first = true;
  return {
    begin: () => '{"diagnostics":[',
    entry({ entry }) {
      const before = first ? '\n' : ',\n';
      first = false;
      return before + jsonText(entry);
    },
    end(summary, notifications) {
      return `${first ? '' : '\n'}],\n"notifications":${jsonText(notifications)},\n"summary":${jsonText(summary)}}\n`;
    },
  };
}
