import * as vscode from 'vscode';
import type { ExperimentConfig } from '../../core/experiment/config';
import { messageOf } from '../../core/format/errors';
import { holdsLink, type Linked, readLink, readLinkParts } from '../../core/links/link';
import { commands } from '../../protocol/commands';
import { registerCommand, runCommand } from '../commands';
import { stepDone } from '../firstSteps';

export interface LinkTargets {
  /** Shows a comparison's settings, ready to be started. */
  propose(config: ExperimentConfig): void;
}

/**
 * Links from outside, `vscode://gradient-lens.gradient-lens/…`: the operating system hands them to VS Code. Where it does
 * not, in a browser, **Open Link…** takes what was copied. A link shows something; nothing trains before the person says so.
 */
export function registerLinks({ propose }: LinkTargets): vscode.Disposable {
  const follow = async (linked: Linked): Promise<void> => {
    if ('problem' in linked) throw new Error(linked.problem);
    stepDone('shared');
    if (linked.kind === 'calculator') await runCommand(commands.openCalculator, linked.config);
    else propose(linked.config);
  };
  return vscode.Disposable.from(
    vscode.window.registerUriHandler({
      handleUri: ({ path, query }) =>
        follow(readLinkParts(path, query)).catch((error: unknown) => {
          void vscode.window.showErrorMessage(`Gradient Lens: the link cannot be opened. ${messageOf(error)}`);
        }),
    }),
    registerCommand(commands.openLink, async (given) => {
      const text = given ?? (await askForLink());
      if (text !== undefined) await follow(readLink(text));
    }),
  );
}

/** Asks for a link; what was copied is there already. */
async function askForLink(): Promise<string | undefined> {
  const copied = await vscode.env.clipboard.readText();
  return vscode.window.showInputBox({
    title: 'Open a Gradient Lens link',
    prompt: 'A link to a calculation or a comparison. Nothing is trained before you start it.',
    placeHolder: 'vscode://gradient-lens.gradient-lens/calculator?widths=128x50',
    ...(holdsLink(copied) ? { value: copied.trim() } : {}),
    validateInput: (text) => {
      const linked = text.trim() === '' ? undefined : readLink(text);
      return linked && 'problem' in linked ? linked.problem : undefined;
    },
  });
}
