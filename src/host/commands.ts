import * as v from 'valibot';
import * as vscode from 'vscode';
import type { Command } from '../protocol/commands';

/** Registers a command whose argument is checked first; what fails, or is refused, is told as a sentence. */
export function registerCommand<Argument>(
  { id, argument }: Command<Argument>,
  run: (argument: Argument) => unknown,
): vscode.Disposable {
  return vscode.commands.registerCommand(id, async (given: unknown) => {
    // Editor menus pass the file that they stand on.
    const checked = v.safeParse(argument, given instanceof vscode.Uri || given === null ? undefined : given);
    if (!checked.success) {
      void vscode.window.showErrorMessage(`Gradient Lens: ${checked.issues[0].message}`);
      return undefined;
    }
    try {
      return await run(checked.output);
    } catch (error) {
      void vscode.window.showErrorMessage(`Gradient Lens: ${error instanceof Error ? error.message : String(error)}`);
      return undefined;
    }
  });
}

/** Runs one of the extension's own commands. */
export const runCommand = async <Argument>({ id }: Command<Argument>, ...argument: [Argument?]): Promise<void> => {
  await vscode.commands.executeCommand(id, ...argument);
};
