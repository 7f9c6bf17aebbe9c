// `npm run package`: makes gradient-lens-<version>.vsix and checks what is in it.
import { readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { unzipSync } from 'fflate';
import { isMain, LaunchError, manifest, mustRun, root, runMain, say, tool } from './common.mjs';

export const vsix = path.join(root, `${manifest.name}-${manifest.version}.vsix`);

const largest = 4_000_000;
const needed = [
  'package.json',
  'README.md',
  'LICENSE.txt',
  'CHANGELOG.md',
  manifest.icon,
  'dist/extension.js',
  'dist/code.js',
  'dist/webview.js',
  'dist/early.js',
  'dist/plots.js',
  'dist/worker.js',
  'dist/gpu-backends.js',
  'dist/calculator.js',
  'dist/calculator.css',
  'dist/flow-worker.js',
  'dist/NOTICES.txt',
  'dist/tfjs-backend-wasm.wasm',
  'dist/tfjs-backend-wasm-simd.wasm',
  // What “Open Sample Model” opens.
  'media/sample/keras_sigmoid.py',
].filter(Boolean);
const unwanted = /^(src|test|webview|node_modules|out|\.\w+)\/|\.(map|ts|tsx|vsix|gz)$/;

/** @param {number} bytes */
const kilobytes = (bytes) => `${(bytes / 1000).toFixed(1).padStart(8)} kB`;

/**
 * What vsce is asked. VS Code's page of an extension shows pictures by https alone: with a repository vsce makes the
 * README's addresses such.
 * @param {{ repository?: unknown }} of its manifest @param {string} out
 */
export const packageArguments = ({ repository }, out) => [
  'package',
  '--no-dependencies',
  ...(repository === undefined ? ['--allow-missing-repository', '--no-rewrite-relative-links'] : []),
  '--out',
  out,
];

/** vsce's `package`, after its own `vscode:prepublish`; everything is bundled, so no dependencies go along. */
export async function makePackage() {
  await mustRun(process.execPath, [tool('@vscode/vsce', 'vsce'), ...packageArguments(manifest, vsix)], {
    what: 'vsce package',
  });
  const packed = unzipSync(readFileSync(vsix));
  const files = Object.entries(packed)
    .filter(([name]) => name.startsWith('extension/'))
    .map(([name, bytes]) => ({ name: name.slice('extension/'.length), size: bytes.length }));
  for (const { name, size } of files.sort((a, b) => b.size - a.size)) console.log(`${kilobytes(size)}  ${name}`);
  const { size } = statSync(vsix);
  console.log(`${kilobytes(size)}  ${path.basename(vsix)}, packed`);

  const lowerCase = new Set(files.map(({ name }) => name.toLowerCase()));
  // A README's own pictures have to be there for whoever reads it from the package.
  const readme = new TextDecoder().decode(packed['extension/readme.md'] ?? packed['extension/README.md']);
  const pictures = [...readme.matchAll(/!\[[^\]]*\]\(([^)\s]+)/g)].map(([, address = '']) => address);
  const problems = [
    ...pictures
      .filter((address) => !address.startsWith('https://') && !lowerCase.has(address.toLowerCase()))
      .map((address) => `README.md shows ${address}, which is not in it`),
    ...needed.filter((name) => !lowerCase.has(name.toLowerCase())).map((name) => `${name} is missing`),
    ...files.filter(({ name }) => unwanted.test(name)).map(({ name }) => `${name} does not belong in it`),
    ...(size >= largest ? [`it is ${kilobytes(size).trim()}, more than ${kilobytes(largest).trim()}`] : []),
  ];
  if (problems.length > 0) throw new LaunchError(`${path.basename(vsix)}: ${problems.join('; ')}.`);
  return vsix;
}

if (isMain(import.meta.url)) {
  await runMain(async () => {
    await makePackage();
    say(`Install it with: code --install-extension ${path.relative(process.cwd(), vsix)}`);
  });
}
