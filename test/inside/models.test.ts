import * as vscode from 'vscode';
import { deepSigmoids } from '../fixtures/deepSigmoids';
import { activate, closePanels, equal, until } from './help';
import { describe, it } from './mocha';
import { type ToldCalculation, ToldPages } from './toldPages';

const sample = (name: string): vscode.Uri => vscode.Uri.joinPath(vscode.workspace.workspaceFolders![0]!.uri, name);

const own = ({ source }: vscode.Diagnostic): boolean => source === 'Gradient Lens';

async function lenses(uri: vscode.Uri): Promise<vscode.CodeLens[]> {
  const found = await vscode.commands.executeCommand<vscode.CodeLens[]>('vscode.executeCodeLensProvider', uri, 100);
  return found.filter(({ command }) => command?.command.startsWith('gradientLens.'));
}

const titles = async (uri: vscode.Uri): Promise<(string | undefined)[]> =>
  (await lenses(uri)).map(({ command }) => command?.title);

/** Lenses stand still while a text changes, and are told anew after a pause. */
async function untilTitle(uri: vscode.Uri, text: string): Promise<void> {
  const end = Date.now() + 180_000;
  for (;;) {
    const [title] = await titles(uri);
    if (title?.includes(text) === true) return;
    if (Date.now() > end) throw new Error(`No lens with "${text}"; last: ${title}`);
  }
}

const findings = (uri: vscode.Uri): vscode.Diagnostic[] => vscode.languages.getDiagnostics(uri).filter(own);

const ruleOf = ({ code }: vscode.Diagnostic): unknown => (typeof code === 'object' ? code.value : code);

const untilFindings = (uri: vscode.Uri, rules: readonly string[]): Promise<void> =>
  until(
    `findings ${rules.join(', ')}`,
    () => JSON.stringify(findings(uri).map(ruleOf)) === JSON.stringify(rules),
    vscode.languages.onDidChangeDiagnostics,
    () => findings(uri).map(({ message }) => message),
  );

const open = async (language: string, content: string): Promise<vscode.TextDocument> => {
  await activate();
  return vscode.workspace.openTextDocument({ language, content });
};

const actionsAt = async (uri: vscode.Uri, range: vscode.Range): Promise<vscode.CodeAction[]> =>
  vscode.commands.executeCommand('vscode.executeCodeActionProvider', uri, range, vscode.CodeActionKind.QuickFix.value);

describe('models in code', () => {
  it('have a lens with what reaches the first layer, and what can be done', async () => {
    await activate();
    const document = await vscode.workspace.openTextDocument(sample('digits_model.ts'));
    equal(await titles(document.uri), [
      'Gradient reaching the first layer: 1.4 × 10⁻⁵ (vanishing)',
      'Compare activations',
      'Open in calculator',
    ]);
  });

  it('are read anew after an edit', async () => {
    const document = await open('python', deepSigmoids);
    equal((await titles(document.uri))[0]?.includes('(vanishing)'), true, 'before');
    const edit = new vscode.WorkspaceEdit();
    const text = document.getText();
    for (let at = text.indexOf('nn.Sigmoid'); at >= 0; at = text.indexOf('nn.Sigmoid', at + 1)) {
      edit.replace(
        document.uri,
        new vscode.Range(document.positionAt(at), document.positionAt(at + 'nn.Sigmoid'.length)),
        'nn.SELU',
      );
    }
    equal(await vscode.workspace.applyEdit(edit), true, 'applied');
    await untilTitle(document.uri, '(flows)');
  });

  it('that vanish are underlined, and mended by a quick fix that says what it does', async () => {
    const document = await open('python', deepSigmoids);
    await untilFindings(document.uri, ['vanishing-flow']);
    const [found] = findings(document.uri);
    equal(found?.severity, vscode.DiagnosticSeverity.Warning, 'severity');
    const actions = await actionsAt(document.uri, found!.range);
    const fix = actions.find(({ title }) => title.startsWith('Use ReLU with kaiming_normal_: '));
    if (!fix?.edit) throw new Error(`No fix with relu among ${actions.map(({ title }) => title).join(' | ')}`);
    const [, after] = /: \d\.\d × 10⁻⁶ → (\d\.\d+)$/.exec(fix.title) ?? [];
    if (after === undefined) throw new Error(`No effect in the title ${fix.title}`);
    equal(await vscode.workspace.applyEdit(fix.edit), true, 'applied');
    await untilFindings(document.uri, []);
    await untilTitle(document.uri, `Gradient reaching the first layer: ${after} (flows)`);
    equal(document.getText().includes('nn.Sigmoid'), false, 'sigmoid is gone');
    equal(document.getText().split('nn.ReLU()').length, 9, 'eight times relu');
  });

  it('are silenced by a comment, which a quick fix writes', async () => {
    const document = await open('python', deepSigmoids);
    await untilFindings(document.uri, ['vanishing-flow']);
    const actions = await actionsAt(document.uri, findings(document.uri)[0]!.range);
    const silence = actions.find(({ title }) => title === 'Silence vanishing-flow here by a comment');
    equal(await vscode.workspace.applyEdit(silence!.edit!), true, 'applied');
    await untilFindings(document.uri, []);
    equal(document.getText().includes('# gradient-lens: ignore[vanishing-flow]'), true, document.getText());
  });

  it('are judged as the settings say', async () => {
    const document = await open('python', deepSigmoids);
    const settings = vscode.workspace.getConfiguration('gradientLens');
    const target = vscode.ConfigurationTarget.Global;
    await untilFindings(document.uri, ['vanishing-flow']);
    try {
      await settings.update('rules.vanishing-flow', 'off', target);
      await untilFindings(document.uri, []);
      await settings.update('rules.vanishing-flow', 'error', target);
      await untilFindings(document.uri, ['vanishing-flow']);
      equal(findings(document.uri)[0]?.severity, vscode.DiagnosticSeverity.Error, 'severity');
    } finally {
      await settings.update('rules.vanishing-flow', undefined, target);
    }
  });

  it('show the factor of each layer where the setting asks for it', async () => {
    const document = await open('python', deepSigmoids);
    const range = new vscode.Range(0, 0, document.lineCount, 0);
    const hints = async () =>
      (await vscode.commands.executeCommand<vscode.InlayHint[]>('vscode.executeInlayHintProvider', document.uri, range))
        .map(({ label }) => String(label))
        .filter((label) => label.startsWith('∇'));
    equal(await hints(), [], 'off by default');
    const settings = vscode.workspace.getConfiguration('gradientLens');
    try {
      await settings.update('inlayHints.enabled', true, vscode.ConfigurationTarget.Global);
      const shown = await hints();
      equal(shown.length, 8, shown.join(' '));
      equal(
        shown.every((label) => /^∇ ×0\.1\d$/.test(label)),
        true,
        shown.join(' '),
      );
    } finally {
      await settings.update('inlayHints.enabled', undefined, vscode.ConfigurationTarget.Global);
    }
  });

  it('may be spread over the cells of a notebook', async () => {
    await activate();
    const notebook = await vscode.workspace.openNotebookDocument(sample('convnet.ipynb'));
    await vscode.window.showNotebookDocument(notebook);
    const cells = notebook.getCells().filter(({ kind }) => kind === vscode.NotebookCellKind.Code);
    const isShown = () =>
      cells.every((cell) => vscode.window.visibleTextEditors.some(({ document }) => document === cell.document));
    await until('editors of the cells', isShown, vscode.window.onDidChangeVisibleTextEditors, () =>
      vscode.window.visibleTextEditors.map(({ document }) => document.uri.toString()),
    );
    const [first, second, third] = cells.map(({ document }) => document);
    equal(await titles(first!.uri), [], 'cell without a model');
    const over = await titles(second!.uri);
    equal(over[0]?.startsWith('Gradient reaching the first layer: 0.'), true, String(over[0]));
    equal(over.slice(1), ['Compare activations', 'Open in calculator'], 'doors');
    await untilFindings(third!.uri, ['softmax-before-logits-loss']);
  });

  it('open in the calculator as they are', async () => {
    await activate();
    const document = await vscode.workspace.openTextDocument(sample('digits_model.ts'));
    const lens = (await lenses(document.uri)).find(({ command }) => command?.title === 'Open in calculator');
    const { command, arguments: given = [] } = lens!.command!;
    equal(given, [{ uri: document.uri.toString(), name: 'model', ordinal: 0 }]);
    const pages = new ToldPages();
    try {
      await vscode.commands.executeCommand(command, ...given);
      const [{ config, code }] = (await pages.untilCalculations(1)) as [ToldCalculation];
      equal([config.widths.length, config.framework, code?.model], [8, 'tfjs', given[0]]);
    } finally {
      pages.dispose();
      await closePanels();
    }
  });

  it('are read as far as they go in texts that are cut off, until they are whole', async () => {
    const cut = 'from torch import nn\nmodel = nn.Sequential(nn.Linear(3, 3), nn.Tanh(';
    const document = await open('python', cut);
    equal((await titles(document.uri))[0], 'One layer with weights: no gradient has to pass another', 'cut off');
    const edit = new vscode.WorkspaceEdit();
    edit.insert(document.uri, document.positionAt(cut.length), '), nn.Linear(3, 3), nn.Tanh(), nn.Linear(3, 2))\n');
    equal(await vscode.workspace.applyEdit(edit), true, 'applied');
    await untilTitle(document.uri, 'Gradient reaching the first layer');
  });
});
