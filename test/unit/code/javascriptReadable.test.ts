import { describe, expect, test } from 'vitest';
import { parse, parseEdited } from '../../../src/code/document';
import { asGrammarHas } from '../../../src/code/javascript/readable';
import { lines } from './reading';

/** Texts of the places that do not parse. */
function wrongIn(text: string): string[] {
  const found: string[] = [];
  parse(text, 'typescript').tree.iterate({
    enter: ({ type, from, to }) => {
      if (type.isError) found.push(text.slice(from, to));
    },
  });
  return found;
}

describe('what JavaScript allows and the grammar does not know', () => {
  test.each([
    '[this.a, this.b] = f(x);',
    'class A { constructor(x) { [this.a, this.#b, c[0]] = x ? [1, 2, 3] : x; } }',
    'f();\n[\n  this.first,\n  this.second,\n] = [g(1), g(2)];',
    '[a.b, ...rest] = xs',
    '@register\nexport class A {}',
    "@register({name: 'a', of: [f(1), (x)]})\n  export default class A extends B {}",
    '@one\n@two()\nexport abstract class A {}',
  ])('parses: %s', (text) => {
    expect(wrongIn(text)).toEqual([]);
    expect(asGrammarHas(text)).toHaveLength(text.length);
  });

  test.each([
    'const [a, b] = f(x);',
    '[a, b] = [b, a];',
    'const same = x[this.a] == [this.b];',
    'if ([this.a, this.b] == c) {}',
    'x[this.a] = 3;',
    'export class A {}',
    'const mail = "a@b.c";\nexport default class A {}',
    'export const [a] = b;',
  ])('leaves alone what it knows: %s', (text) => expect(asGrammarHas(text)).toBe(text));

  test.each([
    '[this.a'.repeat(20_000),
    '@a('.repeat(20_000),
    '@a export class '.repeat(20_000),
    '[a.b,'.repeat(20_000),
  ])('goes through a long text that is none of it', (text) => expect(asGrammarHas(text)).toHaveLength(text.length));

  test('is parsed anew after an edit where the edit made it, and taken over elsewhere', () => {
    const text = lines(
      'class A {',
      '  set(x) {',
      '    this.a = 1;',
      '    [this.a, b] = f(x);',
      '  }',
      '}',
      'const c = 1;',
    );
    const before = parse(text, 'javascript');
    for (const [at, remove, insert] of [
      [text.indexOf(', b'), 3, ''],
      [text.indexOf('this.a,'), 6, 'b'],
      [text.indexOf(' = f'), 2, ' =='],
      [text.length, 0, '\n[c.d, e] = g();'],
      [0, 0, '\n'],
    ] as const) {
      const next = text.slice(0, at) + insert + text.slice(at + remove);
      const edit = { from: at, to: at + remove, insertedLength: insert.length };
      expect(parseEdited(before, [edit], next).tree.toString()).toBe(parse(next, 'javascript').tree.toString());
    }
  });
});
