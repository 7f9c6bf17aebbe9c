import * as v from 'valibot';
import * as vscode from 'vscode';
import { messageOf } from '../core/format/errors';
import type { Command } from '../protocol/commands';

/**
 * Registers a command whose argument is checked first; what fails, or is refused, is told as a sentence.
 *
 * @param run gets the argument, and with it all that is selected in a tree whose menu was used
 */
export function registerCommand<Argument>(
  { id, argument, ofFile }: Command<Argument>,
  run: (argument: Argument, selected: readonly Argument[]) => unknown,
): vscode.Disposable {
  return vscode.commands.registerCommand(id, async (given: unknown, more: unknown) => {
    // Menus of editors and of the explorer pass the file that they stand on.
    const own = (each: unknown) => (each instanceof vscode.Uri ? (ofFile ? each.toString() : undefined) : each);
    const checked = v.safeParse(argument, own(given) ?? undefined);
    if (!checked.success) {
      void vscode.window.showErrorMessage(`Gradient Lens: ${checked.issues[0].message}`);
      return undefined;
    }
    try {
      return await run(checked.output, selection(argument, Array.isArray(more) ? more.map(own) : more));
    } catch (error) {
      void vscode.window.showErrorMessage(`Gradient Lens: ${messageOf(error)}`);
      return undefined;
    }
  });
}

/** What a tree's menu passes as its selection; nothing of what does not fit. */
function selection<Argument>(argument: v.GenericSchema<unknown, Argument>, more: unknown): readonly Argument[] {
  if (!Array.isArray(more)) return [];
  return more.flatMap((each: unknown) => {
    const checked = v.safeParse(argument, each);
    return checked.success ? [checked.output] : [];
  });
}

/** Runs one of the extension's own commands. */
export const runCommand = async <Argument>({ id }: Command<Argument>, ...argument: [Argument?]): Promise<void> => {
  await vscode.commands.executeCommand(id, ...argument);
};
