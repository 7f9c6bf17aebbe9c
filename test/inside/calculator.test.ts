import * as vscode from 'vscode';
import { activate, closePanels, equal, extension, panelTitles, untilPanel } from './help';
import { afterEach, beforeEach, describe, it } from './mocha';
import { ToldPages } from './toldPages';

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
  let pages: ToldPages;
  beforeEach(() => {
    pages = new ToldPages();
  });
  afterEach(async () => {
    pages.dispose();
    await closePanels();
  });

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
    const [hover] = await pages.untilCalculations(1);
    equal(
      [hover!.config.candidates[0]!.activations[0], hover!.config.framework],
      ['leaky_relu(negative_slope=0.3)', 'torch'],
    );
    await closePanels();
    await open({ widths: [256, 128, 64], candidates: [{ activations: ['selu', 'selu', 'tanh'] }] });
    const { config } = (await pages.untilCalculations(2))[1]!;
    equal(
      [config.widths, config.candidates[0]!.activations],
      [
        [256, 128, 64],
        ['selu', 'selu', 'tanh'],
      ],
    );
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
    await pages.untilCalculations(1);
    const told = await errorsDuring(async () => {
      await vscode.commands.executeCommand(COMMAND, { candidates: [] });
    });
    equal(told, ['Gradient Lens: candidates lists 0; expected 1 to 4.']);
    // Had the bad one been shown, it would stand between the two.
    await open({ activation: 'selu' });
    const shown = await pages.untilCalculations(2);
    equal(
      shown.map(({ config }) => config.candidates.map(({ activations }) => activations[0])),
      [['gelu'], ['selu']],
    );
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
    const [linked] = await pages.untilCalculations(1);
    equal([linked!.config.widths, linked!.config.framework], [[64, 64, 64, 64, 64], 'torch']);
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
