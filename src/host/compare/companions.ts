import * as vscode from 'vscode';
import { activation, activationNames, findActivation } from '../../core/activations/catalogue';
import { limits } from '../../core/experiment/config';

interface Choice extends vscode.QuickPickItem {
  readonly name: string;
}

/** Usual company of any activation. */
const suggested: ReadonlySet<string> = new Set(['sigmoid', 'relu']);

/**
 * Asks which activations to train beside one.
 *
 * @param given the one's name, from a link; anything else asks for all of them
 * @param network what all of them have in common, where that is not the settings'
 * @returns the one first, then the chosen; undefined where the person changed their mind
 */
export async function chooseCompanions(given: unknown, network?: string): Promise<string[] | undefined> {
  const own = typeof given === 'string' ? findActivation(given) : undefined;
  const max = limits.activations.max - (own ? 1 : 0);
  const choices = activationNames
    .filter((name) => name !== own?.name)
    .map((name): Choice => {
      const { label, formula } = activation(name);
      return { name, label, description: formula.text, picked: own !== undefined && suggested.has(name) };
    });
  const picked = await vscode.window.showQuickPick(choices, {
    canPickMany: true,
    title: `${own ? `Compare ${own.label} with…` : 'Compare activations'}${network === undefined ? '' : ` (all ${network})`}`,
    placeHolder: `up to ${max}, trained side by side`,
    matchOnDescription: true,
  });
  if (!picked || (picked.length === 0 && !own)) return undefined;
  if (picked.length > max) {
    void vscode.window.showWarningMessage(
      `Gradient Lens: ${picked.length} activations were chosen; the first ${max} are compared${own ? ` with ${own.label}` : ''}.`,
    );
  }
  return [...(own ? [own.name] : []), ...picked.slice(0, max).map(({ name }) => name)];
}
