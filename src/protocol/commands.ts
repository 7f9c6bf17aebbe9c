import * as v from 'valibot';
import { CALCULATOR_COMMAND } from '../core/flow/link';

/** A command that the manifest contributes: its id, and what it takes where it is called with something. */
export interface Command<Argument> {
  readonly id: string;
  /** Checks what menus, links and other extensions pass; a wrong one gets a sentence. */
  readonly argument: v.GenericSchema<unknown, Argument>;
}

const command = <Argument>(id: string, argument: v.GenericSchema<unknown, Argument>): Command<Argument> => ({
  id,
  argument,
});

/** Takes nothing; what a menu passes is passed over. */
const nothing = v.pipe(
  v.unknown(),
  v.transform((): undefined => undefined),
);

/** Settings that differ for one comparison; each is checked with the settings that they change. */
const someSettings = v.optional(
  v.record(v.string(), v.unknown(), 'the argument is no object of settings; expected, say, {"activations": ["tanh"]}.'),
);

/** All of the extension's commands: a name stands here, in package.json, and nowhere else. */
export const commands = {
  compare: command('gradientLens.compare', someSettings),
  /** Takes an activation's name, or asks. */
  compareWith: command('gradientLens.compareWith', v.optional(v.string())),
  pause: command('gradientLens.pause', nothing),
  resume: command('gradientLens.resume', nothing),
  stop: command('gradientLens.stop', nothing),
  runAgain: command('gradientLens.runAgain', nothing),
  downloadMnist: command('gradientLens.downloadMnist', nothing),
  showLog: command('gradientLens.showLog', nothing),
  /** Takes a calculation or a part of one, see `readFlowArgument`. */
  openCalculator: command(CALCULATOR_COMMAND, v.unknown()),
} as const;
