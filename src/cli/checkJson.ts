import type { CheckWriter } from './checkEntry';

/** One JSON document, an entry a line. */
export function jsonWriter(): CheckWriter {
  let first = true;
  return {
    begin: () => '{"diagnostics":[',
    entry({ entry }) {
      const before = first ? '\n' : ',\n';
      first = false;
      return before + JSON.stringify(entry);
    },
    end(summary, notifications) {
      return `${first ? '' : '\n'}],\n"notifications":${JSON.stringify(notifications)},\n"summary":${JSON.stringify(summary)}}\n`;
    },
  };
}
