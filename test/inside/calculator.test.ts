import * as vscode from 'vscode';
import { activate, closePanels, equal, extension, panelTitles, untilPanel } from './help';
import { afterEach, describe, it } from './mocha';

const COMMAND = 'gradientLens.openCalculator';

/** What is told as errors meanwhile. The suite and the extension are given the same `vscode.window`. */
async function errorsDuring(act: () => Promise<void>): Promise<string[]> {
  const told: string[] = [];
  const window = vscode.window as { showErrorMessage: unknown };
  const { showErrorMessage } = window;
  window.showErrorMessage = async (text: string) => void told.push(text);
  try {
    await act();
  } finally {
    window.showErrorMessage = showErrorMessage;
  }
  return told;
}

const tabs = (): number => vscode.window.tabGroups.all.reduce((sum, group) => sum + group.tabs.length, 0);

describe('gradient-flow calculator', () => {
  afterEach(closePanels);

  const open = async (...argument: unknown[]) => {
    await activate();
    await vscode.commands.executeCommand(COMMAND, ...argument);
    await untilPanel('calculator');
  };

  it('has its command', async () => {
    await activate();
    equal((await vscode.commands.getCommands(true)).includes(COMMAND), true);
  });

  it('opens from its command, once', async () => {
    await open();
    equal(panelTitles('calculator'), ['Gradient flow']);
    const before = tabs();
    await vscode.commands.executeCommand(COMMAND);
    await vscode.commands.executeCommand(COMMAND, { activation: 'gelu' });
    equal([panelTitles('calculator'), tabs()], [['Gradient flow'], before]);
  });

  it('opens with what a hover or a copied link gives', async () => {
    await open({ activation: 'leaky_relu(negative_slope=0.3)', framework: 'torch' });
    equal(panelTitles('calculator'), ['Gradient flow']);
    await closePanels();
    await open({ widths: [256, 128, 64], candidates: [{ activations: ['selu', 'selu', 'tanh'] }] });
    equal(panelTitles('calculator'), ['Gradient flow']);
  });

  it('opens again after it was closed while it loaded', async () => {
    await open();
    await closePanels();
    await open();
    equal(panelTitles('calculator'), ['Gradient flow']);
  });

  it('says what is wrong with an argument, and opens nothing', async () => {
    await activate();
    const before = tabs();
    const told = await errorsDuring(async () => {
      await vscode.commands.executeCommand(COMMAND, { activation: 'sigmod' });
      await vscode.commands.executeCommand(COMMAND, { widths: [128, 0], framework: 'theano' });
      await vscode.commands.executeCommand(COMMAND, 'neither a link nor JSON');
    });
    equal(told.length, 3, told.join('\n'));
    const parts = ['activation "sigmod" is not known', 'framework is "theano"', 'not a calculation'];
    for (const [i, part] of parts.entries()) equal(told[i]!.includes(part), true, told[i]);
    equal(told[1]!.includes('a width is 0'), true, told[1]);
    // A tab is made some time after its command has ended: had the bad ones made any, they would stand before this one.
    await open();
    equal([panelTitles('calculator'), tabs()], [['Gradient flow'], before + 1]);
  });

  it('leaves an open calculation alone when an argument is bad', async () => {
    await open({ activation: 'gelu' });
    const told = await errorsDuring(async () => {
      await vscode.commands.executeCommand(COMMAND, { candidates: [] });
    });
    equal(told, ['Gradient Lens: candidates lists 0; expected 1 to 4.']);
    equal(panelTitles('calculator'), ['Gradient flow']);
  });

  it('opens from a link, and says what is wrong with one', async () => {
    await activate();
    const link = 'vscode://gradient-lens.gradient-lens/calculator';
    const told = await errorsDuring(async () => {
      await vscode.commands.executeCommand('gradientLens.openLink', `${link}?seed=x`);
      await vscode.commands.executeCommand('gradientLens.openLink', 'https://example.org/calculator');
    });
    equal(told.length, 2, told.join('\n'));
    equal([told[0]!.includes('the seed is "x"'), told[1]!.includes('has no link')], [true, true], told.join('\n'));
    await vscode.commands.executeCommand('gradientLens.openLink', `See [it](${link}?widths=64x5&framework=torch).`);
    await untilPanel('calculator');
    equal(panelTitles('calculator'), ['Gradient flow']);
  });

  it('is woken for each of its panels that VS Code kept', () => {
    const { activationEvents }: { activationEvents: string[] } = extension().packageJSON;
    equal(
      activationEvents.filter((event) => event.startsWith('onWebviewPanel:')),
      [
        'onWebviewPanel:gradientLens.compare',
        'onWebviewPanel:gradientLens.calculator',
        'onWebviewPanel:gradientLens.model',
      ],
    );
  });
});
