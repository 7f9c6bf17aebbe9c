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

/**
 * What is linked into the binary files of a package, of which the package says nothing: TensorFlow.js's `WORKSPACE` names it for
 * its .wasm files, and its compiler adds its own runtime. `like` is an installed package under the same licence, whose text
 * is taken without its owner. (Of LLVM's runtime libraries no notice is asked for in compiled code; dlmalloc is in the public domain.)
 *
 * @type {Readonly<Record<string, readonly { name: string, license: string, url: string, owners: readonly string[], like: string }[]>>}
 */
const linkedInto = {
  '@tensorflow/tfjs-backend-wasm': [
    {
      name: 'XNNPACK',
      license: 'BSD-3-Clause',
      url: 'https://github.com/google/XNNPACK',
      owners: ['Copyright (c) Facebook, Inc. and its affiliates', 'Copyright 2019 Google LLC'],
      like: 'vega',
    },
    {
      name: 'cpuinfo and clog',
      license: 'BSD-2-Clause',
      url: 'https://github.com/pytorch/cpuinfo',
      owners: [
        'Copyright (c) 2017 Facebook Inc.',
        'Copyright (c) 2012-2017 Georgia Institute of Technology',
        'Copyright (c) 2010-2012 Marat Dukhan',
      ],
      like: 'vega',
    },
    {
      name: 'pthreadpool',
      license: 'BSD-2-Clause',
      url: 'https://github.com/Maratyszcza/pthreadpool',
      owners: ['Copyright (c) 2017 Facebook Inc.', 'Copyright (c) 2015-2017 Georgia Institute of Technology'],
      like: 'vega',
    },
    {
      name: 'FP16 and psimd',
      license: 'MIT',
      url: 'https://github.com/Maratyszcza',
      owners: ['Copyright (c) 2017 Facebook Inc.', 'Copyright (c) 2017 Georgia Institute of Technology'],
      like: 'preact',
    },
    {
      name: 'FXdiv',
      license: 'MIT',
      url: 'https://github.com/Maratyszcza/FXdiv',
      owners: ['Copyright (c) 2016 Marat Dukhan'],
      like: 'preact',
    },
    {
      name: 'Emscripten',
      license: 'MIT',
      url: 'https://github.com/emscripten-core/emscripten',
      owners: ['Copyright (c) 2010-2014 Emscripten authors'],
      like: 'preact',
    },
    {
      name: 'musl',
      license: 'MIT',
      url: 'https://musl.libc.org',
      owners: ['Copyright © 2005-2020 Rich Felker, et al.'],
      like: 'preact',
    },
  ],
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

/**
 * The notice of a package, and those of what is linked into its files.
 *
 * @param {string} folder @param {string} modules
 * @returns {{ title: string, url: string | undefined, text: string }[]}
 */
function packageNotices(folder, modules) {
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
  const url = typeof repository === 'string' ? repository : repository?.url;
  const own = { title: `${name} ${version} (${license})`, url: url?.replace(/^git\+|\.git$/g, ''), text: tidy(found) };
  return [own, ...linkedNotices(name, modules)];
}

/** @param {string} text */
const tidy = (text) =>
  text
    .replace(/^\uFEFF/, '')
    .replaceAll('\r\n', '\n')
    .replace(/[ \t]+$/gm, '')
    .trim();

/** Notices of what is linked into the files of a package. @param {string} name @param {string} modules */
function linkedNotices(name, modules) {
  return (linkedInto[name] ?? []).map(({ name: own, license, url, owners, like }) => {
    const folder = path.join(modules, like);
    const text = existsSync(folder) ? licenceIn(folder) : undefined;
    if (text === undefined)
      throw new Error(
        `The text of ${license} for ${own} is not in ${folder}: name another package in linkedInto of test/launch/notices.mjs.`,
      );
    const plain = tidy(text)
      .replace(/^(The MIT License.*|Copyright .*|All rights reserved\.?)\n+/gim, '')
      // What BSD with two clauses lacks of the one with three.
      .replace(license === 'BSD-2-Clause' ? /^3\. Neither the name[\s\S]*?\n\n/m : '', '');
    return {
      title: `${own} (${license}), in the .wasm files of ${name}`,
      url,
      text: `${owners.join('\n')}\n\n${plain}`,
    };
  });
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
  for (const { title, url, text } of folders.flatMap((folder) => packageNotices(folder, modules))) {
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
