// The licences of the packages whose code is in what is built: they travel with it.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

/**
 * Packages that bring no text of their licence, and an installed one that has the same of the same owner (of Apache 2.0, whose
 * text names no owner, any): its text stands for both.
 *
 * @type {Readonly<Record<string, string>>}
 */
const sameText = {
  '@microsoft/fast-element': '@vscode/webview-ui-toolkit',
  '@microsoft/fast-foundation': '@vscode/webview-ui-toolkit',
  '@microsoft/fast-web-utilities': '@vscode/webview-ui-toolkit',
  '@tensorflow/tfjs-backend-cpu': 'typescript',
  '@tensorflow/tfjs-backend-wasm': 'typescript',
  '@tensorflow/tfjs-backend-webgl': 'typescript',
  '@tensorflow/tfjs-backend-webgpu': 'typescript',
  '@tensorflow/tfjs-core': 'typescript',
  'vega-interpreter': 'vega',
};

/** @param {string} folder @returns {string[]} */
const licenceFiles = (folder) =>
  readdirSync(folder)
    .filter((file) => /^(licen[sc]e|notice|copying)/i.test(file))
    .sort();

/**
 * Folders of the packages that the files lie in.
 *
 * @param {Iterable<string>} files
 */
export function packagesOf(files) {
  const folders = [...files].flatMap((file) => /^.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(file)?.[0] ?? []);
  return [...new Set(folders)].sort();
}

/** The part of a README that gives a licence in full. @param {string} folder */
function licenceInReadme(folder) {
  const file = path.join(folder, 'README.md');
  const part = existsSync(file) ? /^#*[ \t]*licen[sc]e\b[\s\S]*/im.exec(readFileSync(file, 'utf8'))?.[0] : undefined;
  return part?.includes('Permission is hereby granted') ? part : undefined;
}

/** @param {string} folder */
const licenceIn = (folder) =>
  licenceFiles(folder)
    .map((file) => readFileSync(path.join(folder, file), 'utf8'))
    .join('\n\n') || licenceInReadme(folder);

/** @param {string} folder @param {string} modules */
function packageNotice(folder, modules) {
  /** @type {{ name: string, version: string, license?: string, repository?: string | { url?: string } }} */
  const {
    name,
    version,
    license = 'of the following licence',
    repository,
  } = JSON.parse(readFileSync(path.join(folder, 'package.json'), 'utf8'));
  const others = path.join(modules, sameText[name] ?? '');
  const found = licenceIn(folder) ?? (name in sameText && existsSync(others) ? licenceIn(others) : undefined);
  if (found === undefined)
    throw new Error(
      `${name} ${version} (${license}) has no text of its licence in ${folder}: name a package with the same one in sameText of test/launch/notices.mjs, or leave it out.`,
    );
  const text = found
    .replace(/^\uFEFF/, '')
    .replaceAll('\r\n', '\n')
    .replace(/[ \t]+$/gm, '')
    .trim();
  const url = typeof repository === 'string' ? repository : repository?.url;
  return { title: `${name} ${version} (${license})`, url: url?.replace(/^git\+|\.git$/g, ''), text };
}

/**
 * The notices of packages as one text: each licence once, under all the packages that it is of.
 *
 * @param {readonly string[]} folders
 * @param {string} modules where packages are installed
 * @throws Error with a sentence where the text of a licence is not to be found
 */
export function noticesOf(folders, modules = 'node_modules') {
  /** @type {Map<string, string[]>} */
  const byText = new Map();
  for (const folder of folders) {
    const { title, url, text } = packageNotice(folder, modules);
    const line = url === undefined ? title : `${title}, ${url}`;
    const lines = byText.get(text) ?? [];
    if (!lines.includes(line)) lines.push(line);
    byText.set(text, lines);
  }
  const parts = [...byText].map(([text, lines]) => `${lines.join('\n')}\n\n${text}\n`);
  return `Gradient Lens contains software of others, under these licences.\n\n${parts.join(`\n${'-'.repeat(72)}\n\n`)}`;
}

/**
 * As a comment at the end of a script, wherever that is put: nothing in it ends the comment or the element around it.
 *
 * @param {string} notices
 */
export const asComment = (notices) => `\n/*!\n${notices.replaceAll('*/', '* /').replaceAll('</', '< /')}*/\n`;
