import { describe, expect, test } from 'vitest';
import { silencingChange } from '../../../../src/code/diagnostics/silence';
import { parse } from '../../../../src/code/document';
import type { Language } from '../../../../src/code/language';

function silenced(text: string, marked: string, language: Language = 'python'): string | undefined {
  const change = silencingChange(parse(text, language), text.indexOf(marked), 'linear-stack');
  return change && text.slice(0, change.from) + change.text + text.slice(change.to);
}

describe('a comment that silences a rule', () => {
  test('stands at the end of the line, in the language’s own form', () => {
    expect(silenced('a = Dense(3)\nb = 1\n', 'Dense')).toBe(
      'a = Dense(3)  # gradient-lens: ignore[linear-stack]\nb = 1\n',
    );
    expect(silenced('a(3);', 'a(', 'typescript')).toBe('a(3);  // gradient-lens: ignore[linear-stack]');
  });

  test('keeps the line ends of the file', () => {
    expect(silenced('a = Dense(3)\r\nb = 1\r\n', 'Dense')).toBe(
      'a = Dense(3)  # gradient-lens: ignore[linear-stack]\r\nb = 1\r\n',
    );
  });

  test('joins one that stands there', () => {
    expect(silenced('a = Dense(3)  # gradient-lens: ignore[he-with-tanh]\n', 'Dense')).toBe(
      'a = Dense(3)  # gradient-lens: ignore[he-with-tanh, linear-stack]\n',
    );
    expect(silenced('# gradient-lens: ignore[he-with-tanh]\na = Dense(3)\n', 'Dense')).toBe(
      '# gradient-lens: ignore[he-with-tanh, linear-stack]\na = Dense(3)\n',
    );
  });

  test('stands above a line whose end is no place for it', () => {
    expect(silenced('if a:\n    b = Dense(3, name="""x\ny""")\n', 'Dense')).toBe(
      'if a:\n    # gradient-lens: ignore[linear-stack]\n    b = Dense(3, name="""x\ny""")\n',
    );
  });
});
