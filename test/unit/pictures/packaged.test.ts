import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { unzipSync } from 'fflate';
import { describe, expect, it } from 'vitest';
import { removeFolder, root, temporaryFolder, tool } from '../../launch/common.mjs';
import { packageArguments } from '../../launch/package.mjs';

/** What README.md reads like in a package of an extension with nothing but it. */
function packagedReadme(more: { readonly repository?: object }): string {
  const folder = temporaryFolder('package');
  try {
    const { name, version, publisher, engines } = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8'));
    const manifest = { name, version, publisher, engines, ...more };
    writeFileSync(path.join(folder, 'package.json'), JSON.stringify(manifest));
    mkdirSync(path.join(folder, 'media'));
    for (const file of ['README.md', 'LICENSE']) copyFileSync(path.join(root, file), path.join(folder, file));
    const out = path.join(folder, 'made.vsix');
    const { status, stderr } = spawnSync(
      process.execPath,
      [tool('@vscode/vsce', 'vsce'), ...packageArguments(manifest, out)],
      { cwd: folder, encoding: 'utf8' },
    );
    expect(stderr, stderr).not.toContain('ERROR');
    expect(status).toBe(0);
    const packed = unzipSync(readFileSync(out));
    return new TextDecoder().decode(packed['extension/readme.md']!);
  } finally {
    removeFolder(folder);
  }
}

const picturesIn = (text: string) =>
  [...text.matchAll(/!\[([^\]]*)\]\(([^)\s]+)\)/g)].map(([, alt, at]) => ({ alt, at }));

describe('the README’s pictures', () => {
  const own = picturesIn(readFileSync(path.join(root, 'README.md'), 'utf8'));

  it('have https addresses in the package as soon as a repository is named', () => {
    const readme = packagedReadme({ repository: { type: 'git', url: 'https://github.com/somebody/gradient-lens' } });
    expect(picturesIn(readme).map(({ at }) => at)).toEqual(
      own.map(({ at }) => `https://github.com/somebody/gradient-lens/raw/HEAD/${at}`),
    );
    expect(readme).not.toMatch(/\]\((?!https:|#)/);
  });

  it('keep their own without one', () => {
    expect(picturesIn(packagedReadme({})).map(({ at }) => at)).toEqual(own.map(({ at }) => at));
  });

  it.each(own)('say in words what $at shows, since it may be missing', ({ alt }) => {
    expect(alt!.split(' ').length).toBeGreaterThan(10);
  });
});
