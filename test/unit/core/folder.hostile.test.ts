import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { folderName, isUri, shownFolder } from '../../../src/core/data/folder';
import { inputs } from '../hostile';

const name = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 12 }).filter((text) => !/[/\\]/.test(text));
const names = fc.array(name, { minLength: 1, maxLength: 4 });
const scheme = fc.constantFrom('file', 'vscode-vfs', 'vscode-remote', 'memfs');

describe('a folder', () => {
  it.each([
    ['/data/100%', '100%', '/data/100%'],
    ['/data/50%off/', '50%off', '/data/50%off/'],
    ['/data/a%41b', 'a%41b', '/data/a%41b'],
    ['file:///data/a%41b', 'aAb', '/data/aAb'],
    ['file:///data/a%2541b', 'a%41b', '/data/a%41b'],
    ['file:///data/100%', '100%', '/data/100%'],
    ['file:///data/100%25', '100%', '/data/100%'],
    ['C:\\data\\a%41b', 'a%41b', 'C:\\data\\a%41b'],
    ['C:/data/mnist', 'mnist', 'C:/data/mnist'],
    ['file:///c%3A/data/my%20set', 'my set', 'c:/data/my set'],
    ['file://server/share/set', 'set', 'file://server/share/set'],
    ['\\\\server\\share\\set', 'set', '\\\\server\\share\\set'],
    ['vscode-vfs://github/owner/repo/da%25ta', 'da%ta', 'vscode-vfs://github/owner/repo/da%ta'],
    ['/', '/', '/'],
  ])('%s is called %s, and shown as %s', (folder, called, shown) => {
    expect([folderName(folder), shownFolder(folder)]).toEqual([called, shown]);
  });

  it('given as a path is shown letter by letter', () => {
    const root = fc.constantFrom('/', '/data/', 'C:\\', 'c:/', '\\\\server\\share\\', './', '');
    fc.assert(
      fc.property(root, names, fc.constantFrom('/', '\\'), (root, names, separator) => {
        const folder = root + names.join(separator);
        fc.pre(!isUri(folder));
        expect(shownFolder(folder)).toBe(folder);
        expect(folderName(folder)).toBe(names.at(-1));
      }),
      inputs(300),
    );
  });

  it('given as a URI is called what it is called on its disk', () => {
    fc.assert(
      fc.property(scheme, names, (scheme, names) => {
        const folder = `${scheme}://${scheme === 'file' ? '' : 'authority'}/${names.map(encodeURIComponent).join('/')}`;
        expect(isUri(folder)).toBe(true);
        expect(folderName(folder)).toBe(names.at(-1));
        expect(shownFolder(folder).endsWith(names.join('/'))).toBe(true);
      }),
      inputs(300),
    );
  });

  it('of any text has a name and is shown', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', minLength: 1 }), (folder) => {
        expect(folderName(folder).length).toBeGreaterThan(0);
        expect(typeof shownFolder(folder)).toBe('string');
      }),
      inputs(500),
    );
  });
});
