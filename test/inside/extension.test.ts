import * as vscode from 'vscode';
import { mnistMirrors as publicMirrors } from '../../src/core/data/mnist';
import { paperConfig } from '../../src/core/experiment/config';
import {
  budgetSetting,
  hoverSettings,
  mnistMirrors,
  modelSettings,
  readingOptions,
  readSettings,
} from '../../src/host/settings';
import { activate, equal, extension } from './help';
import { describe, it } from './mocha';

describe('extension', () => {
  it('activates', async () => {
    await activate();
    equal(extension().isActive, true);
  });

  it('registers every command it declares', async () => {
    await activate();
    const declared: { command: string }[] = extension().packageJSON.contributes.commands;
    const registered = new Set(await vscode.commands.getCommands(true));
    const missing = declared.map(({ command }) => command).filter((command) => !registered.has(command));
    equal(missing, []);
  });

  it('names the compare command as documented', () => {
    const declared: { command: string; title: string; category?: string }[] =
      extension().packageJSON.contributes.commands;
    const compare = declared.find(({ command }) => command === 'gradientLens.compare');
    equal(compare && `${compare.category}: ${compare.title}`, 'Gradient Lens: Compare Activations');
  });

  it('declares as defaults what its code starts from', async () => {
    const document = await vscode.workspace.openTextDocument({ content: '' });
    equal(readSettings(), { config: paperConfig, problems: [] });
    equal(mnistMirrors(publicMirrors), [...publicMirrors]);
    equal(hoverSettings(), { enabled: true, picture: true, numbers: 'words', completions: true });
    equal(readingOptions(), { tensorflowKeras: 2 });
    equal(modelSettings(document), { codeLens: true, inlayHints: false, diagnostics: true });
    equal(budgetSetting(document), undefined);
  });

  it('says what each of its settings does', () => {
    const { configuration } = extension().packageJSON.contributes;
    const sections: { properties: Record<string, { description?: string; markdownDescription?: string }> }[] =
      Array.isArray(configuration) ? configuration : [configuration];
    const all = sections.flatMap(({ properties }) => Object.entries(properties));
    equal(all.length > 20, true, `${all.length} settings`);
    for (const [name, { description, markdownDescription }] of all) {
      equal(name.startsWith('gradientLens.'), true, name);
      equal(Boolean(description ?? markdownDescription), true, `${name} has a description`);
    }
  });
});
