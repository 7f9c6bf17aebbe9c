// The log of `check --format sarif`: it is valid, its places are in the files, and its fixes are the editor's.
import { readdirSync, readFileSync } from 'node:fs';
import { extname, join } from 'node:path';
import schema from '@microsoft/jest-sarif/lib/schemas/sarif-2.1.0-rtm.5.json';
import Ajv from 'ajv-draft-04';
import addFormats from 'ajv-formats';
import type { Log, PhysicalLocation, Region, Result } from 'sarif';
import { afterAll, describe, expect, it } from 'vitest';
import type { DiagnosticOptions } from '../../../src/code/diagnostics/diagnose';
import { parse } from '../../../src/code/document';
import { modelFixes } from '../../../src/code/edits/modelFixes';
import { type Language, languageOf } from '../../../src/code/language';
import { type ModelDocument, readModels } from '../../../src/code/models/read';
import { parseNotebook } from '../../../src/code/notebookFile';
import { rules } from '../../../src/core/advice/rules';
import { frameworks, languageOf as languageIn } from '../code/diagnostics/rules/frameworks';
import { speaksOf } from '../code/diagnostics/rules/speaks';
import { table } from '../code/diagnostics/rules/table';
import { folderOf, healthy, hinted, lines, notebook, run, vanishing } from './command';

const ajv = new Ajv({ strict: false, allErrors: true, unicodeRegExp: false });
addFormats(ajv);
const isValid = ajv.compile(schema);

const files = {
  'vanishing.py': vanishing,
  'crlf.py': vanishing.replaceAll('\n', '\r\n'),
  'a b/ü#%.py': vanishing,
  'hinted.py': hinted,
  'healthy.py': healthy,
  'twice.py': lines(vanishing, vanishing.replaceAll('net', 'other')),
  'budget.py': `# gradient-lens: flow >= 1e-3\n# gradient-lens: flow > abc\n# gradient-lens: ignore[nothing]\n${vanishing}`,
  'cells.ipynb': notebook(...vanishing.split('\n\n').map((cell) => `${cell}\n`)),
  // All of a cell in one string, and with escapes.
  'escaped.ipynb': JSON.stringify({
    nbformat: 4,
    cells: [
      { cell_type: 'markdown', source: 'ü "quoted" \\ and\ttabs' },
      { cell_type: 'code', source: `é = "\\u00e9\t\\""\n${vanishing}` },
    ],
  }).replace('é =', '\\u00e9 ='),
  'old.ipynb': JSON.stringify({ worksheets: [{ cells: [{ cell_type: 'code', input: [vanishing] }] }] }, null, 1),
  'broken.py': 'import keras\ndef (:\nx = 1\n',
  'broken.ipynb': '{',
};
const folder = folderOf(files);
const empty = folderOf({});
afterAll(() => {
  folder.remove();
  empty.remove();
});

/** The log of a command that ran in the project's folder. */
async function logOf(...args: string[]): Promise<Log> {
  const log = JSON.parse((await run('check', ...args, '--format', 'sarif', '--severity', 'hint')).out);
  isValid(log);
  expect(isValid.errors).toBeNull();
  return log;
}

/** A wrong example of each rule, of one framework after the other, as a file. */
const examples = rules.map(({ id: rule }, k) => {
  const own = frameworks.filter((framework) => speaksOf(rule, framework));
  const framework = own[k % own.length]!;
  const { text } = table.find((each) => each.rule === rule && each.framework === framework && each.is === 'wrong')!;
  return { rule, name: `${rule}.${languageIn(framework) === 'python' ? 'py' : 'js'}`, text };
});

const pathOf = ({ artifactLocation }: PhysicalLocation): string => {
  const { uri = '', uriBaseId } = artifactLocation!;
  if (uriBaseId === undefined) return new URL(uri).pathname.split('/').map(decodeURIComponent).join('/');
  expect(uriBaseId).toBe('%SRCROOT%');
  return uri.split('/').map(decodeURIComponent).join('/');
};

/** The offsets of a region. */
function stretch(text: string, { startLine, startColumn, endLine, endColumn }: Region): [number, number] {
  const all = text.split('\n');
  const offset = (line: number, column: number): number => {
    expect(all[line - 1]!.length).toBeGreaterThanOrEqual(column - 1);
    return all.slice(0, line - 1).reduce((sum, each) => sum + each.length + 1, column - 1);
  };
  return [offset(startLine!, startColumn!), offset(endLine!, endColumn!)];
}

const textIn = (text: string, region: Region): string => text.slice(...stretch(text, region));

/** A file after the replacements of a fix, as any program applies them. */
function applied(text: string, { artifactChanges }: NonNullable<Result['fixes']>[number]): string {
  const [change, ...others] = artifactChanges;
  expect(others).toEqual([]);
  return change!.replacements
    .map(({ deletedRegion, insertedContent }) => ({
      at: stretch(text, deletedRegion),
      inserted: insertedContent!.text!,
    }))
    .toSorted((a, b) => b.at[0] - a.at[0] || b.at[1] - a.at[1])
    .reduce((now, { at: [from, to], inserted }) => now.slice(0, from) + inserted + now.slice(to), text);
}

const languages: Record<string, Language> = {
  '.py': 'python',
  '.js': 'javascript',
  '.ts': 'typescript',
  '.tsx': 'tsx',
};

function documentsOf(path: string, text: string): ModelDocument[] {
  if (extname(path) !== '.ipynb') return [{ document: parse(text, languages[extname(path)]!), cell: 0 }];
  const { language, cells } = parseNotebook(text);
  return cells.map((each) => ({ document: parse(each.text, languageOf(language)!), cell: each.cell }));
}

const errorsIn = (documents: readonly ModelDocument[]): number => {
  let count = 0;
  for (const { document } of documents)
    document.tree.iterate({
      enter: ({ type }) => {
        if (type.isError) count++;
      },
    });
  return count;
};

/** What the editor's quick fixes of a file make of it, by their titles. */
function quickFixed(
  documents: readonly ModelDocument[],
  severities: DiagnosticOptions['severities'] = {},
): Map<string, string[][]> {
  const options = { tensorflowKeras: 3, severities } as const;
  const made = new Map<string, string[][]>();
  for (const model of readModels(documents, options).models) {
    for (const { title, edits } of modelFixes(model, documents, options)) {
      const texts = documents.map(({ document, cell }) =>
        edits
          .filter((edit) => edit.cell === cell)
          .reduceRight((text, edit) => text.slice(0, edit.from) + edit.text + text.slice(edit.to), document.text),
      );
      made.set(title, [...(made.get(title) ?? []), texts]);
    }
  }
  return made;
}

/** Holds all fixes of a log against the editor's; how many there are. */
function fixesHold({ runs: [only] }: Log, severities?: DiagnosticOptions['severities']): number {
  let count = 0;
  const made = new Map<string, ReturnType<typeof quickFixed>>();
  for (const { fixes = [], locations } of only!.results!) {
    const path = pathOf(locations![0]!.physicalLocation!);
    const text = readFileSync(path, 'utf8');
    const documents = documentsOf(path, text);
    for (const fix of fixes) {
      expect(pathOf(fix.artifactChanges[0]!)).toBe(path);
      const after = documentsOf(path, applied(text, fix));
      expect(errorsIn(after)).toBeLessThanOrEqual(errorsIn(documents));
      if (!made.has(path)) made.set(path, quickFixed(documents, severities));
      expect(made.get(path)!.get(fix.description!.text!)).toContainEqual(after.map(({ document }) => document.text));
      count++;
    }
  }
  return count;
}

describe('a SARIF log', async () => {
  const log = await logOf(folder.path);
  const [{ tool, results = [], ...rest }, ...others] = log.runs as [Log['runs'][number]];

  it('says what made it', () => {
    expect(others).toEqual([]);
    expect([log.version, rest.columnKind]).toEqual(['2.1.0', 'utf16CodeUnits']);
    expect(log.$schema).toMatch(/^https:.*sarif.*2\.1\.0/);
    const { version } = JSON.parse(readFileSync('package.json', 'utf8'));
    expect(tool.driver).toMatchObject({ name: 'Gradient Lens', version, semanticVersion: version });
    // There is no address of which people could read more.
    expect(tool.driver).not.toHaveProperty('informationUri');
  });

  it('describes every rule', () => {
    const told = tool.driver.rules!;
    expect(told.map(({ id }) => id)).toEqual([...rules.map(({ id }) => id), 'unknown-rule']);
    for (const { name, shortDescription, fullDescription, help, defaultConfiguration } of told) {
      expect(name).toMatch(/^([A-Z][a-z]+)+$/);
      expect(shortDescription!.text).toMatch(/\.$/);
      // What GitHub takes.
      expect(fullDescription!.text.length).toBeLessThanOrEqual(1024);
      expect(help!.text).not.toBe('');
      expect(help!.markdown).not.toContain('](index.md)');
      expect(['error', 'warning', 'note']).toContain(defaultConfiguration!.level);
    }
  });

  it('has a place, a level and a fingerprint of its own for each result', () => {
    expect(results.length).toBeGreaterThan(8);
    const prints = new Map<string, Set<string>>();
    for (const { ruleId, ruleIndex, level, message, locations, partialFingerprints } of results) {
      expect(tool.driver.rules![ruleIndex!]!.id).toBe(ruleId);
      expect(['error', 'warning', 'note']).toContain(level);
      expect(message.text).toMatch(/\.$/);
      expect(locations).toHaveLength(1);
      const path = pathOf(locations![0]!.physicalLocation!);
      const [print] = Object.values(partialFingerprints!);
      const own = prints.get(path) ?? new Set();
      prints.set(path, own);
      expect(own).not.toContain(print);
      own.add(print!);
    }
  });

  it.each(Object.keys(files).filter((name) => /vanishing|crlf|%|cells|escaped|old/.test(name)))(
    'has the place in the file as it lies on the disk: %s',
    (name) => {
      const [result, ...more] = results.filter(
        ({ locations }) => pathOf(locations![0]!.physicalLocation!) === join(folder.path, name),
      );
      expect(more).toEqual([]);
      const [{ physicalLocation, logicalLocations }] = result!.locations as [NonNullable<Result['locations']>[number]];
      const found = textIn(readFileSync(join(folder.path, name), 'utf8'), physicalLocation!.region!);
      const isNotebook = name.endsWith('.ipynb');
      expect(found).toBe(
        isNotebook ? 'layers.Dense(128, activation=\\"sigmoid\\")' : 'layers.Dense(128, activation="sigmoid")',
      );
      const cell = name === 'old.ipynb' ? 1 : 2;
      const line = { 'cells.ipynb': 3, 'escaped.ipynb': 7, 'old.ipynb': 6 }[name];
      expect(logicalLocations).toEqual(
        isNotebook
          ? [{ name: `cell ${cell}`, kind: 'notebookCell', properties: { cell, line, column: 13 } }]
          : undefined,
      );
    },
  );

  it('keeps a fingerprint when lines come before, and not when the line changes', async () => {
    const print = async (text: string): Promise<unknown> => {
      const own = folderOf({ 'model.py': text });
      try {
        return (await logOf(own.path)).runs[0]!.results![0]!.partialFingerprints;
      } finally {
        own.remove();
      }
    };
    const usual = await print(vanishing);
    expect(await print(`import os\n\n${vanishing}`)).toEqual(usual);
    expect(await print(vanishing.replace('add(layers.Dense(128,', 'add(layers.Dense(130,'))).not.toEqual(usual);
  });

  it('is valid with results of every rule, and has their fixes', async () => {
    const own = folderOf(Object.fromEntries(examples.map(({ name, text }) => [name, text])));
    const silent = rules.filter(({ offByDefault }) => offByDefault).map(({ id }) => id);
    const asked = silent.flatMap((id) => ['--rule', `${id}=hint`]);
    try {
      const every = await logOf(own.path, ...asked);
      const told = every.runs[0]!.results!.map(
        ({ ruleId, locations }) => `${ruleId} ${pathOf(locations![0]!.physicalLocation!)}`,
      );
      for (const { rule, name } of examples) expect(told).toContain(`${rule} ${join(own.path, name)}`);
      expect(fixesHold(every, Object.fromEntries(silent.map((id) => [id, 'hint'])))).toBeGreaterThan(rules.length);
    } finally {
      own.remove();
    }
  });

  it('notifies of what could not be read', () => {
    const [{ executionSuccessful, toolExecutionNotifications = [] }] = rest.invocations as [
      NonNullable<typeof rest.invocations>[number],
    ];
    expect(executionSuccessful).toBe(true);
    expect(
      toolExecutionNotifications.map(({ locations }) => pathOf(locations![0]!.physicalLocation!)).toSorted(),
    ).toEqual(['broken.ipynb', 'broken.py'].map((name) => join(folder.path, name)));
  });

  it('is valid where nothing is found, and where nothing is there', async () => {
    for (const path of [join(folder.path, 'healthy.py'), empty.path]) {
      expect((await logOf(path)).runs[0]!.results).toEqual([]);
    }
  });

  it('has the fixes of the editor, and what they make parses', () => {
    expect(fixesHold(log)).toBeGreaterThan(20);
  });

  it('is valid for the sample models and all models that are read in tests, with addresses in the project', async () => {
    const corpus = await logOf(
      'media/sample',
      ...readdirSync('test/fixtures/models').map((name) => `test/fixtures/models/${name}`),
    );
    const places = corpus.runs[0]!.results!.map(({ locations }) => locations![0]!.physicalLocation!.artifactLocation!);
    expect(places.length).toBeGreaterThan(10);
    for (const { uri, uriBaseId } of places) {
      expect(uriBaseId).toBe('%SRCROOT%');
      expect(uri).toMatch(/^(media\/sample|test\/fixtures\/models)\//);
    }
    expect(fixesHold(corpus)).toBeGreaterThan(20);
  });
});
