import * as vscode from 'vscode';
import { activate, closePanels, equal, panelTitles, untilPanel, untilStatus } from './help';
import { after, afterEach, before, describe, it } from './mocha';

describe('compare panel', () => {
  const setEpochs = (epochs: number | undefined) =>
    vscode.workspace
      .getConfiguration('gradientLens')
      .update('compare.epochs', epochs, vscode.ConfigurationTarget.Global);
  // Long enough to be left and stopped.
  before(() => setEpochs(100));
  after(() => setEpochs(undefined));
  afterEach(closePanels);

  const open = async () => {
    const api = await activate();
    await vscode.commands.executeCommand('gradientLens.compare');
    await untilPanel('compare');
    return api;
  };

  it('opens from its command, once', async () => {
    await open();
    equal(panelTitles(), ['Compare activations']);
    await vscode.commands.executeCommand('gradientLens.compare');
    equal(panelTitles(), ['Compare activations']);
  });

  it('opens again right after it was closed while it loaded', async () => {
    const api = await open();
    await closePanels();
    await open();
    await untilStatus(api, 'run', ({ phase }) => phase === 'running');
  });

  it('trains, and stops by command', async () => {
    const api = await open();
    await untilStatus(api, 'run with progress', ({ phase, progress }) => phase === 'running' && progress > 0);
    await vscode.commands.executeCommand('gradientLens.stop');
    await untilStatus(api, 'stopped run', ({ phase }) => phase === 'stopped');
    const { epoch, epochs } = api.status();
    equal(epoch < epochs, true, `stopped in epoch ${epoch} of ${epochs}`);
  });

  it('goes on with its run in the training view when its panel is closed', async () => {
    const api = await open();
    await untilStatus(api, 'run with progress', ({ phase, progress }) => phase === 'running' && progress > 0);
    const before = api.status().progress;
    await closePanels();
    await untilStatus(api, 'more of the run', ({ phase, progress }) => phase === 'running' && progress > before);
    await vscode.commands.executeCommand('gradientLens.stop');
    await untilStatus(api, 'stopped run', ({ phase }) => phase === 'stopped');
  });

  it('opens again on the run that trains, and starts no other', async () => {
    const api = await open();
    await untilStatus(api, 'run with progress', ({ phase, progress }) => phase === 'running' && progress > 0);
    const before = api.status().progress;
    let least = before;
    const subscription = api.onStatus(({ progress }) => {
      least = Math.min(least, progress);
    });
    await closePanels();
    await open();
    await untilStatus(api, 'more of the run', ({ phase, progress }) => phase === 'running' && progress > before);
    subscription.dispose();
    equal(least, before);
    await vscode.commands.executeCommand('gradientLens.stop');
    await untilStatus(api, 'stopped run', ({ phase }) => phase === 'stopped');
  });
});
