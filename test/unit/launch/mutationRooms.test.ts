import { existsSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { rooms } from '../../mutation/rooms.mjs';

/** `a/{b,c}.ts` as its two paths. */
function spelledOut(pattern: string): string[] {
  const [, before = '', names, after = ''] = /^(.*?)\{([^}]*)\}(.*)$/.exec(pattern) ?? [];
  return names === undefined ? [pattern] : names.split(',').flatMap((name) => spelledOut(`${before}${name}${after}`));
}

/** Whether a path, or a folder with files of an ending below it (`a/**\/*.test.ts`), is there. */
function isThere(file: string): boolean {
  const [folder = '', ending] = file.split('/**/*');
  if (ending === undefined) return existsSync(file);
  return existsSync(folder) && readdirSync(folder, { recursive: true }).some((name) => String(name).endsWith(ending));
}

describe('the rooms that npm run mutate knows', () => {
  it.each(Object.entries(rooms))('%s has its code and its tests where it says', (_, { sources, tests }) => {
    const named = [...sources, ...tests].filter((pattern) => !pattern.startsWith('!')).flatMap(spelledOut);
    // Each page has some of the files that pages have.
    const missing = named.filter((file) => !isThere(file) && !file.startsWith('webview/'));
    expect(missing.map((file) => path.normalize(file))).toEqual([]);
  });
});
