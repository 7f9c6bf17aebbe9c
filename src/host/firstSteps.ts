import * as vscode from 'vscode';

/** A step of the walkthrough. */
export type FirstStep = 'compared' | 'asked' | 'calculated' | 'watched' | 'shared';

const done = new vscode.EventEmitter<FirstStep>();

/** A person has compared, asked their code, calculated, watched or shared, by whatever door. */
export const stepDone = (step: FirstStep): void => done.fire(step);

export const onStepDone = done.event;
