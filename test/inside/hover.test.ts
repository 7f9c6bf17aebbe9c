import * as vscode from 'vscode';
import { hoverNotebook, hoverSnippets, plainHover } from '../fixtures/hoverSnippets';
import { activate, closePanels, equal } from './help';
import { describe, it } from './mocha';
import { type ToldCalculation, ToldPages } from './toldPages';

const cursor = '‸';

/** Opens a text whose cursor is marked, without showing it. */
async function open(marked: string, language: string) {
  const at = marked.indexOf(cursor);
  const content = marked.slice(0, at) + marked.slice(at + cursor.length);
  const document = await vscode.workspace.openTextDocument({ language, content });
  return { document, position: document.positionAt(at) };
}

/** What this extension's hover says there; the editor's own language services are left out. */
async function hoversAt(uri: vscode.Uri, position: vscode.Position): Promise<string[]> {
  const hovers = await vscode.commands.executeCommand<vscode.Hover[]>('vscode.executeHoverProvider', uri, position);
  return hovers
    .flatMap(({ contents }) => contents)
    .filter((content): content is vscode.MarkdownString => content instanceof vscode.MarkdownString)
    .map(({ value }) => value)
    .filter((value) => /gradientLens\.|not element-wise|starts at|Elsewhere by default/.test(value));
}

function expectSays(found: readonly string[], says: readonly string[] | null, about: string): void {
  if (says === null) {
    equal(found, [], about);
    return;
  }
  equal(found.length, 1, `${about}: number of hovers`);
  for (const part of says) {
    if (!plainHover(found[0]!).includes(part))
      throw new Error(`${about}: expected "${part}" in ${plainHover(found[0]!)}`);
  }
}

describe('hovers', () => {
  for (const [i, { language, code, says }] of hoverSnippets.entries()) {
    it(`${i + 1}. ${language}: ${code.split('\n').at(-1)} → ${says?.[0] ?? 'nothing'}`, async () => {
      await activate();
      const { document, position } = await open(code, language);
      expectSays(await hoversAt(document.uri, position), says, code);
    });
  }

  it('show the picture as data and trust two commands only', async () => {
    await activate();
    const { document, position } = await open("import keras\nkeras.layers.Dense(4, activation='sig‸moid')", 'python');
    const [text = ''] = await hoversAt(document.uri, position);
    equal(text.includes('src="data:image/svg+xml;base64,'), true, 'picture');
    const commands = [...text.matchAll(/command:([\w.]+)/g)].map(([, command]) => command);
    equal(commands, ['gradientLens.compareWith', 'gradientLens.openCalculator']);
    const known = new Set(await vscode.commands.getCommands(true));
    for (const command of commands) equal(known.has(command!), true, command);
  });

  it('lead to a calculation of that activation', async () => {
    await activate();
    const { document, position } = await open('import torch.nn as nn\nnn.Leaky‸ReLU(0.3)', 'python');
    const [text = ''] = await hoversAt(document.uri, position);
    const [, query = ''] = /\(command:gradientLens\.openCalculator\?(\S+)\)/.exec(text) ?? [];
    const given: unknown[] = JSON.parse(decodeURIComponent(query));
    equal(given, [{ activation: 'leaky_relu(negative_slope=0.3)', framework: 'torch' }]);
    const pages = new ToldPages();
    try {
      await vscode.commands.executeCommand('gradientLens.openCalculator', ...given);
      const [{ config }] = (await pages.untilCalculations(1)) as [ToldCalculation];
      equal([config.candidates[0]!.activations[0], config.framework], ['leaky_relu(negative_slope=0.3)', 'torch']);
    } finally {
      pages.dispose();
      await closePanels();
    }
  });

  /** Ten layers whose gradient vanishes; the pointer is in the fifth. */
  const deepModel = (layer: string) => {
    const plain = "  layers.Dense(128, activation='sigmoid'),";
    const hidden = Array.from({ length: 10 }, (_, k) => (k === 4 ? layer : plain));
    const lines = ['import keras', 'from keras import layers', 'deep = keras.Sequential([', '  keras.Input((784,)),'];
    return [...lines, ...hidden, "  layers.Dense(10, activation='softmax'),", '])'].join('\n');
  };

  for (const [name, layer] of [
    ['an activation', "  layers.Dense(128, activation='sig‸moid'),"],
    ['a layer', "  layers.Den‸se(128, activation='sigmoid'),"],
  ] as const) {
    it(`say of ${name} what it does in its own model, and open that model`, async () => {
      await activate();
      const { document, position } = await open(deepModel(layer), 'python');
      const [text = ''] = await hoversAt(document.uri, position);
      const plain = plainHover(text);
      const [, ratio] = /In deep this layer \(5 of 10.*?; (\S+ × 10\S+) of it reaches the first/.exec(plain) ?? [];
      equal(typeof ratio, 'string', plain);
      const [, query = ''] = /\(command:gradientLens\.openModelInCalculator\?(\S+)\)/.exec(text) ?? [];
      const [given] = JSON.parse(decodeURIComponent(query));
      equal(given, { uri: document.uri.toString(), name: 'deep', ordinal: 0 });
      equal(/\(command:gradientLens\.compareModel\?/.test(text), true, 'compare');
    });
  }

  it('say of a layer alone what it starts with', async () => {
    await activate();
    const { document, position } = await open('import torch.nn as nn\nnn.Lin‸ear(784, 128)', 'python');
    const says = ['Linear · PyTorch', 'standard deviation 0.0206', '±0.0357', 'Keras Dense glorot_uniform, std 0.0468'];
    expectSays(await hoversAt(document.uri, position), says, 'nn.Linear');
  });

  it('see the other cells of a notebook', async () => {
    await activate();
    const cells = hoverNotebook.cells.map(
      (cell) => new vscode.NotebookCellData(vscode.NotebookCellKind.Code, cell.replace(cursor, ''), 'python'),
    );
    const notebook = await vscode.workspace.openNotebookDocument('jupyter-notebook', new vscode.NotebookData(cells));
    const { document } = notebook.cellAt(2);
    const position = document.positionAt(hoverNotebook.cells[2].indexOf(cursor));
    expectSays(await hoversAt(document.uri, position), hoverNotebook.says, 'notebook');
  });

  it('follow edits', async () => {
    await activate();
    const { document, position } = await open('import torch.nn as nn\nnn.Leaky‸ReLU(0.1)', 'python');
    expectSays(await hoversAt(document.uri, position), ['negative_slope=0.1'], 'before');
    const edit = new vscode.WorkspaceEdit();
    edit.replace(document.uri, new vscode.Range(1, 13, 1, 16), '0.25');
    edit.insert(document.uri, new vscode.Position(1, 0), 'act = ');
    await vscode.workspace.applyEdit(edit);
    expectSays(await hoversAt(document.uri, position.translate(0, 6)), ['negative_slope=0.25'], 'after');
    edit.set(document.uri, [vscode.TextEdit.delete(new vscode.Range(0, 0, 1, 0))]);
    await vscode.workspace.applyEdit(edit);
    equal(await hoversAt(document.uri, new vscode.Position(0, 11)), [], 'without the import');
  });

  it('can be turned off, and shown without the picture', async () => {
    await activate();
    const settings = vscode.workspace.getConfiguration('gradientLens');
    const { document, position } = await open('import torch\ntorch.sig‸moid(x)', 'python');
    try {
      await settings.update('hover.picture', false, vscode.ConfigurationTarget.Global);
      equal(
        (await hoversAt(document.uri, position)).map((text) => text.includes('<img')),
        [false],
        'picture',
      );
      await settings.update('hover.numbers', 'scientific', vscode.ConfigurationTarget.Global);
      expectSays(await hoversAt(document.uri, position), ['9.5e-7'], 'numbers');
      await settings.update('hover.enabled', false, vscode.ConfigurationTarget.Global);
      equal(await hoversAt(document.uri, position), [], 'off');
    } finally {
      for (const key of ['hover.picture', 'hover.numbers', 'hover.enabled']) {
        await settings.update(key, undefined, vscode.ConfigurationTarget.Global);
      }
    }
  });
});

describe('completion of activation strings', () => {
  async function names(marked: string, language: string): Promise<string[]> {
    const { document, position } = await open(marked, language);
    const list = await vscode.commands.executeCommand<vscode.CompletionList>(
      'vscode.executeCompletionItemProvider',
      document.uri,
      position,
    );
    return list.items
      .filter(({ detail }) => /φ′/.test(detail ?? ''))
      .map(({ label }) => (typeof label === 'string' ? label : label.label));
  }

  it('offers what the framework takes, with a fact', async () => {
    await activate();
    const keras = await names("import keras\nkeras.layers.Dense(4, activation='‸')", 'python');
    equal([keras[0], keras.includes('squareplus'), keras.includes('hardSigmoid')], ['relu', true, false]);
    const tfjs = await names(
      "import * as tf from '@tensorflow/tfjs';\ntf.layers.dense({ activation: '‸' });",
      'javascript',
    );
    equal([tfjs.includes('hardSigmoid'), tfjs.includes('squareplus')], [true, false]);
    equal(await names("import keras\nkeras.layers.Dense(4, name='‸')", 'python'), []);
  });
});
