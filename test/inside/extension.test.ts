import * as vscode from 'vscode';
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

  it('gives every setting its declared default', async () => {
    const { configuration } = extension().packageJSON.contributes;
    const sections: {
      properties: Record<string, { default?: unknown; description?: string; markdownDescription?: string }>;
    }[] = Array.isArray(configuration) ? configuration : [configuration];
    for (const [name, setting] of sections.flatMap(({ properties }) => Object.entries(properties))) {
      equal(name.startsWith('gradientLens.'), true, name);
      equal(Boolean(setting.description ?? setting.markdownDescription), true, `${name} has a description`);
      equal(vscode.workspace.getConfiguration().get(name), setting.default, name);
    }
  });
});
