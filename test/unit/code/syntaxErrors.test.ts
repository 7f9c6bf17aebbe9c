import { describe, expect, test } from 'vitest';
import { parse } from '../../../src/code/document';
import { firstError } from '../../../src/code/syntaxErrors';

describe('Python that parses', () => {
  test.each([
    ['a number that ends in a point before a word', 'if x == 0. or not y:\n    z = 1. if x else 2.\n'],
    ['the same without a blank', 'z = 3.if y else 4.\n'],
    ['a block that a magic leaves empty', 'if x:\n    !pip install y'],
    ['a block between others that a magic leaves empty', 'try:\n    %tensorflow_version 2.x\nexcept:\n    pass\n'],
    ['a magic with a blank', '% matplotlib inline\nx = 1\n'],
    ['a member that a with statement sets', 'with a(b) as self.tape, c() as d:\n    x = 1\n'],
    ['a comment before empty lines at the end', 'x = 1\n# c\n\n\n'],
    ['a bare yield', 'def f():\n    x = yield'],
    ['blanks at the end', 'def f():\n    return 1\n    '],
  ])('%s', (_, text) => {
    expect(firstError(parse(text, 'python'))).toBeUndefined();
  });
});

describe('what is left open at the end', () => {
  test.each([
    ['python', 'm = f([g(3)\n', 12],
    ['python', 'm = {"a": 1,\n\n', 14],
    ['python', 'x = """a\n', 9],
    ['python', 'x = \n', 4],
    ['javascript', 'foo({ a: 1', 10],
    ['javascript', 'if (x) {\n', 9],
    ['typescript', 'const x = `a', 12],
  ] as const)('%s: %s', (language, text, at) => {
    expect(firstError(parse(text, language))).toBe(at);
  });
});
