import * as vscode from 'vscode';
import { type FirstStep, onStepDone } from '../firstSteps';

/** What the manifest's steps wait for. */
const keys: Readonly<Record<FirstStep, string>> = {
  compared: 'gradientLens.compared',
  asked: 'gradientLens.asked',
  calculated: 'gradientLens.calculated',
  watched: 'gradientLens.watched',
  shared: 'gradientLens.shared',
};

const MEMORY = 'firstSteps';
/** Milliseconds after a walkthrough was opened: VS Code may take five seconds to know its steps. */
const LOOKS = [0, 1000, 6000];

/** VS Code ticks a step when its key becomes true, and never where it was so before the walkthrough was known. */
async function tick(step: FirstStep): Promise<void> {
  await vscode.commands.executeCommand('setContext', keys[step], true);
  await vscode.commands.executeCommand('setContext', keys[step], false);
}

/**
 * Ticks the walkthrough's steps for what was done outside of it: at once, and again once a walkthrough is opened.
 *
 * @param memory of what was done in other windows, and before
 */
export function registerTicks(memory: vscode.Memento): vscode.Disposable {
  const isStep = (step: string): step is FirstStep => step in keys;
  const done = new Set(memory.get<string[]>(MEMORY, []).filter(isStep));
  let timers: ReturnType<typeof setTimeout>[] = [];
  const stop = () => timers.forEach(clearTimeout);
  const tickAll = () => done.forEach((step) => void tick(step));
  const look = () => {
    stop();
    timers = LOOKS.map((wait) => setTimeout(tickAll, wait));
  };
  return vscode.Disposable.from(
    onStepDone((step) => {
      if (done.has(step)) return;
      done.add(step);
      void memory.update(MEMORY, [...done]);
      void tick(step);
    }),
    // Of the tabs that VS Code makes itself it tells no more than that.
    vscode.window.tabGroups.onDidChangeTabs(({ opened, changed }) => {
      if ([...opened, ...changed].some(({ input }) => input === undefined)) look();
    }),
    { dispose: stop },
  );
}
