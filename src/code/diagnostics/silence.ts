import { type ParsedDocument, parse } from '../document';
import { silencingComments } from './comments';

/** `text` takes the place of [from, to). */
export interface TextChange {
  readonly from: number;
  readonly to: number;
  readonly text: string;
}

const applied = (text: string, change: TextChange): string =>
  text.slice(0, change.from) + change.text + text.slice(change.to);

/**
 * The comment that silences a rule at a place: one that stands there already is told one more id; else it comes at the
 * line's end, or above the line where the end is no place for a comment (a string or a statement goes on there).
 * Undefined where neither is possible.
 *
 * @param at offset of what the rule found
 */
export function silencingChange(document: ParsedDocument, at: number, rule: string): TextChange | undefined {
  const { text } = document;
  const there = silencingComments(document).find(
    ({ line, rules }) =>
      line !== undefined && rules !== undefined && rules.length > 0 && at >= line.from && at <= line.to,
  );
  const last = there?.rules?.at(-1);
  if (last) return { from: last.to, to: last.to, text: `, ${rule}` };

  const mark = document.language === 'python' ? '#' : '//';
  const start = text.lastIndexOf('\n', at - 1) + 1;
  const newline = text.indexOf('\n', at);
  const lineEnd = newline < 0 ? text.length : newline;
  const end = text[lineEnd - 1] === '\r' ? lineEnd - 1 : lineEnd;
  const comment = `${mark} gradient-lens: ignore[${rule}]`;
  const indent = /^[ \t]*/.exec(text.slice(start, end))![0];
  const ending = text.includes('\r\n') ? '\r\n' : '\n';
  const changes: TextChange[] = [
    { from: end, to: end, text: `  ${comment}` },
    { from: start, to: start, text: `${indent}${comment}${ending}` },
  ];
  return changes.find((change) => {
    const changed = parse(applied(text, change), document.language);
    const moved = change.from === start ? at + change.text.length : at;
    return silencingComments(changed).some(
      ({ line, rules }) =>
        line !== undefined && moved >= line.from && moved <= line.to && rules?.some(({ id }) => id === rule),
    );
  });
}
