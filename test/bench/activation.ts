import { readFileSync } from 'node:fs';
import { runInThisContext } from 'node:vm';
import * as stand from 'vscode';
import { anything } from './host/vscode';
import { median, type Row } from './rows';
import { threadTime } from './threadTime';

/**
 * What the extension's activation costs: milliseconds that the host's thread works to read, compile and run `dist/extension.js`,
 * and then in `activate`, without VS Code's own work; and what it costs to load `dist/code.js` once a text is to be read.
 * Needs `npm run build`.
 */

const RUNS = 15;

/** All names that VS Code has: those that stand in its place, and for the others something that does nothing. */
const typings = readFileSync('node_modules/@types/vscode/index.d.ts', 'utf8');
const names = [...typings.matchAll(/export (?:class|namespace|enum|const) (\w+)/g)].map(([, name = '']) => name);
/** Functions and events of a namespace. */
function methods(namespace: string): Record<string, unknown> {
  const from = typings.indexOf(`export namespace ${namespace} {`);
  const text = typings.slice(from, typings.indexOf('\n\texport namespace ', from));
  const found = [...text.matchAll(/^\t\texport (?:function|const|let) (\w+)/gm)];
  return Object.fromEntries(found.map(([, name = '']) => [name, anything()]));
}
const vscode: Record<string, unknown> = {
  ...Object.fromEntries(names.map((name) => [name, anything()])),
  ...stand,
  workspace: { ...methods('workspace'), ...stand.workspace },
  window: { ...methods('window'), ...stand.window },
};

const memento = { get: (_: string, fallback?: unknown) => fallback, update: async () => {}, keys: () => [] };

type Wrapper = (exports: object, require: (name: string) => unknown, module: { exports: object }) => void;
type Extension = { activate(context: object): void };

function load(file: string, run: number): object {
  const text = readFileSync(file, 'utf8');
  // What is compiled once is remembered by its text.
  const wrapper: Wrapper = runInThisContext(`(function (exports, require, module) {${text}\n/* ${run} */})`);
  const module = { exports: {} };
  wrapper(module.exports, () => vscode, module);
  return module.exports;
}

function activateOnce(run: number): { readonly load: number; readonly activate: number; readonly code: number } {
  const started = threadTime();
  const extension = load('dist/extension.js', run) as Extension;
  const loaded = threadTime();
  const Uri = anything();
  extension.activate({
    subscriptions: [],
    extension: { packageJSON: { version: '0.0.0' } },
    extensionUri: Uri,
    globalStorageUri: Uri,
    storageUri: Uri,
    workspaceState: memento,
    globalState: memento,
  });
  const activated = threadTime();
  load('dist/code.js', run);
  return { load: loaded - started, activate: activated - loaded, code: threadTime() - activated };
}

export default async function* activation(): AsyncGenerator<Row> {
  const runs = Array.from({ length: RUNS }, (_, run) => activateOnce(run));
  yield { what: 'loading the extension', value: median(runs.map(({ load }) => load)), unit: 'ms' };
  yield { what: 'activating it', value: median(runs.map(({ activate }) => activate)), unit: 'ms' };
  yield {
    what: 'loading what reads code, once a text is open',
    value: median(runs.map(({ code }) => code)),
    unit: 'ms',
  };
}
