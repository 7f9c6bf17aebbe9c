import * as v from 'valibot';
import { CALCULATOR_COMMAND } from '../core/links/flowArgument';
import { modelJsonSchema } from './pages/model';
import { codeLayer, codeOnShow, modelReference, originSchema } from './schemas';

/** A command that the manifest contributes: its id, and what it takes where it is called with something. */
export interface Command<Argument> {
  readonly id: string;
  /** Checks what menus, links and other extensions pass; a wrong one gets a sentence. */
  readonly argument: v.GenericSchema<unknown, Argument>;
  /** It takes the address of a file, as menus of files pass it; to other commands that is nothing. */
  readonly ofFile?: true;
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

/**
 * Settings that differ for one comparison; each is checked with the settings that they change. `origin`
 * says where the network comes from, and is no setting.
 */
const someSettings = v.optional(
  v.looseObject(
    { origin: v.optional(originSchema) },
    'the argument is no object of settings; expected, say, {"activations": ["tanh"]}.',
  ),
);

/** Networks of somebody's code: settings of a comparison, checked where it begins, what they have in common, and where they come from. */
const networks = v.object({
  settings: v.looseObject({ activations: v.pipe(v.array(v.string()), v.minLength(1)) }),
  network: v.string(),
  origin: originSchema,
});

export type Networks = v.InferOutput<typeof networks>;

export const isNetworks = (given: object): given is Networks => v.is(networks, given);

/** An activation by its name, the calculation that a hover's numbers are of, see `readFlowArgument`, or networks of code. */
const oneOrNetworks = v.optional(
  v.union(
    [v.string(), networks, v.looseObject({ activation: v.string() })],
    'the argument is no activation; expected a name, or {"activation": "gelu", "framework": "torch"}.',
  ),
);

/** A schema that says one sentence of all that it refuses: those of its parts are for developers. */
const orSay = <Value>(schema: v.GenericSchema<unknown, Value>, sentence: string) =>
  v.pipe(
    v.unknown(),
    v.rawTransform(({ dataset, addIssue, NEVER }): Value => {
      const checked = v.safeParse(schema, dataset.value);
      if (checked.success) return checked.output;
      addIssue({ message: sentence });
      return NEVER;
    }),
  );

/** A run in the tree, or by its id. */
const runReference = v.union([
  v.pipe(
    v.string(),
    v.transform((runId) => ({ runId })),
  ),
  v.object({ runId: v.string() }),
]);

/** One run; nothing is the one that is selected. */
const run = v.optional(orSay(runReference, 'the argument is no run; expected one from the list of runs.'));

/** A file by its address; nothing lets the person choose. */
const fileAddress = v.optional(
  v.pipe(
    v.string('the argument is no file; expected its address, say "file:///home/me/run.gradient-lens.json".'),
    v.regex(/^[a-z][a-z0-9+.-]+:/i, 'the argument is no address of a file; expected, say, "file:///home/me/run.json".'),
  ),
);

/** A model's file by its address. */
const modelFile = v.pipe(
  v.string('the argument is no file; expected its address, say "file:///home/me/model.json".'),
  v.regex(/^[a-z][a-z0-9+.-]+:/i, 'the argument is no address of a file; expected, say, "file:///home/me/model.json".'),
);

/** A model in code; nothing is one of the active editor. */
const modelInCode = v.optional(
  orSay(
    modelReference,
    'the argument is no model in code; expected, say, {"uri": "file:///home/me/net.py", "name": "Net", "ordinal": 0}.',
  ),
);

const rule = v.string('the argument is no rule; expected its id, say "vanishing-flow".');

/** A model that was read from code, with its place there, and the hidden layer that is asked about. */
const modelOfCode = v.object({
  model: modelJsonSchema,
  code: codeOnShow,
  layer: v.optional(v.pipe(v.number(), v.integer(), v.minValue(1))),
});

export type ModelOfCode = v.InferOutput<typeof modelOfCode>;

export const isModelOfCode = (given: unknown): given is ModelOfCode => v.is(modelOfCode, given);

/** A text with a link; nothing asks for one. */
const link = v.optional(
  v.string('the argument is no link; expected, say, "vscode://gradient-lens.gradient-lens/calculator?widths=128x50".'),
);

/** All of the extension's commands: a name stands here, in package.json, and nowhere else. */
export const commands = {
  compare: command('gradientLens.compare', someSettings),
  /** Asks for company for one activation, or for all of them. */
  compareWith: command('gradientLens.compareWith', oneOrNetworks),
  pause: command('gradientLens.pause', nothing),
  resume: command('gradientLens.resume', nothing),
  stop: command('gradientLens.stop', nothing),
  runAgain: command('gradientLens.runAgain', nothing),
  /** Goes on from the last checkpoint: of a kept run, or of the current one. */
  continueRun: command('gradientLens.continueRun', run),
  /** The comparison's panel as it is, beside the editor. */
  openPanel: command('gradientLens.openPanel', nothing),
  /** Enlarges the comparison's panel for a projector, and back. */
  present: command('gradientLens.present', nothing),
  showTraining: command('gradientLens.showTraining', nothing),
  openRun: command('gradientLens.openRun', run),
  /** Keeps and opens a run from a file that was saved. */
  importRun: { ...command('gradientLens.importRun', fileAddress), ofFile: true },
  overlayRuns: command('gradientLens.overlayRuns', run),
  reproduceRun: command('gradientLens.reproduceRun', run),
  renameRun: command('gradientLens.renameRun', run),
  pinRun: command('gradientLens.pinRun', run),
  unpinRun: command('gradientLens.unpinRun', run),
  deleteRun: command('gradientLens.deleteRun', run),
  /** Brings back what was deleted last. */
  undoDeleteRun: command('gradientLens.undoDeleteRun', nothing),
  filterRuns: command('gradientLens.filterRuns', nothing),
  clearRunsFilter: command('gradientLens.clearRunsFilter', nothing),
  downloadMnist: command('gradientLens.downloadMnist', nothing),
  showLog: command('gradientLens.showLog', nothing),
  /** Forgets which backend was the fastest. */
  timeBackendsAgain: command('gradientLens.timeBackendsAgain', nothing),
  /** The activation at the cursor beside others; asks for all where there is none. */
  compareHere: command('gradientLens.compareHere', nothing),
  calculateHere: command('gradientLens.calculateHere', nothing),
  openSample: command('gradientLens.openSample', nothing),
  /** Opens the walkthrough. */
  getStarted: command('gradientLens.getStarted', nothing),
  /** Opens what a link from outside describes. */
  openLink: command('gradientLens.openLink', link),
  /** The gradient flow of a model in its JSON form, or of a file with one. */
  openModel: {
    ...command('gradientLens.openModel', v.optional(v.union([modelFile, modelOfCode, modelJsonSchema]))),
    ofFile: true,
  },
  /** Takes a calculation or a part of one, see `readFlowArgument`. */
  openCalculator: command(CALCULATOR_COMMAND, v.unknown()),
} as const;

/** Of what is shown at models in code. */
export const codeCommands = {
  /** A model in code, layer by layer. */
  showLayers: command('gradientLens.showLayers', modelInCode),
  compareModel: command('gradientLens.compareModel', modelInCode),
  openModelInCalculator: command('gradientLens.openModelInCalculator', modelInCode),
  /** Shows the line of a hidden layer. */
  revealLayer: command('gradientLens.revealLayer', codeLayer),
  /** Asks for what a model's code does not say. */
  fillIn: command('gradientLens.fillIn', modelInCode),
  /** Opens a rule's page; nothing opens the list of all. */
  showRule: command('gradientLens.showRule', v.optional(rule)),
  /** Turns a rule off in the settings. */
  turnOffRule: command('gradientLens.turnOffRule', rule),
} as const;
