import { Command, CommanderError, Option } from 'commander';
import { DatasetError } from '../core/data/dataset';
import { messageOf } from '../core/format/errors';
import { wrapped } from '../core/format/wrap';
import { axisNames } from '../core/sweeps/axes';
import { SweepFileError } from '../core/sweeps/sweepFile';
import { paper } from '../core/words/paper';
import { MemoryError } from '../session/memory';
import { check } from './check';
import { type CheckArguments, checkDefaults } from './checkOptions';
import { compare } from './compare';
import { type ExplainArguments, explain } from './explain';
import { type FlowArguments, flow, flowDefaults } from './flow';
import { flowOfModel } from './flowModel';
import { type MergeArguments, merge } from './merge';
import { type CompareArguments, compareDefaults, UsageError } from './options';
import { printError } from './output';
import { columnsOf } from './progress';
import { type ReadArguments, read } from './read';
import { type SweepArguments, sweep } from './sweep';

const USAGE = 2;

/** Gathers an option that may be repeated. */
const collect = (value: string, before: string[]): string[] => [...before, value];

/** An option that stands for its default until it is given, and then for all that is given. */
const repeatable = (flags: string, description: string, defaults: readonly string[]): Option =>
  new Option(flags, description)
    .default(defaults, JSON.stringify(defaults.join(',')))
    .argParser((value: string, before: readonly string[]) => (before === defaults ? [value] : [...before, value]));

/** The options that say what is trained. */
const trained = (command: Command): Command =>
  command
    .option('--data <digits|folder>', 'drawn digits, or a folder with IDX files (MNIST)', compareDefaults.data)
    .addOption(repeatable('--activations <names>', 'one to six, separated by commas', compareDefaults.activations))
    .option('--hidden <widths>', 'hidden layers: 128, 128x10 or 256,128,64', compareDefaults.hidden)
    .option(
      '--init <initialiser>',
      'of the kernels: normal:MEAN,STDDEV, glorot_uniform, he_normal, …',
      compareDefaults.init,
    )
    .option('--bias-init <initialiser>', 'of the biases', compareDefaults.biasInit)
    .option('--optimizer <name>', 'sgd, momentum, rmsprop or adam', compareDefaults.optimizer)
    .option('--lr <rate>', 'learning rate', compareDefaults.lr)
    .option('--batch <size>', 'batch size', compareDefaults.batch)
    .option('--epochs <n>', 'epochs', compareDefaults.epochs)
    .option('--seed <n>', 'first seed', compareDefaults.seed)
    .option('--seeds <n>', 'number of seeds', compareDefaults.seeds)
    .option('--backend <name>', 'wasm, cpu or auto', compareDefaults.backend);

/** All commands: made anew each time, since one keeps what it was given. */
function commands(): Command {
  const program = new Command('gradient-lens')
    .description('See what activation functions do to gradients.')
    .exitOverride()
    .configureHelp({ minWidthToWrap: 20 })
    .configureOutput({ writeErr: (text) => printError(text.replace(/^error: /, '').trimEnd()) });

  trained(program.command('compare'))
    .description(
      `Train the same network with several activations. Without options it is the experiment of the paper "${paper.title}", on drawn digits.`,
    )
    .exitOverride()
    .option('--json', 'print one JSON document and nothing else')
    .option('--report <file.html>', 'write a self-contained HTML report')
    .action(async (options: CompareArguments) => {
      process.exitCode = await compare(options);
    });

  trained(program.command('sweep'))
    .description(
      'Train networks along one setting, or two as a grid: accuracy, and how much of a gradient reaches the first layer. Of many machines each trains a shard, and merge joins them.',
    )
    .exitOverride()
    .option(
      '--over <setting=values>',
      `what changes: depth=1..20, width=16,64,256, lr=1e-4..1e-1:7, init='he_normal;normal:0,1'; given again, a grid (${axisNames.join(', ')})`,
      collect,
      [],
    )
    .option('--out <file>', 'keep each result as it comes, to go on from there, to share and to merge')
    .option('--resume', 'go on with the file of --out: networks that it holds are not trained again')
    .option('--shard <i/n>', 'train one of n parts of the sweep')
    .option('--parallel <n>', 'networks that train at the same time; one for each processor where left out')
    .option('--json', 'print one JSON document and nothing else')
    .action(async (options: SweepArguments) => {
      process.exitCode = await sweep(options);
    });

  program
    .command('merge')
    .description(
      'Join files of "sweep --out" that are of one sweep, in any order; exit code 1 where networks are missing.',
    )
    .argument('<files...>', 'of shards, of whole sweeps, or folders with them')
    .exitOverride()
    .option('--out <file>', 'write the whole sweep')
    .option('--json', 'print one JSON document and nothing else')
    .action((files: string[], options: MergeArguments) => {
      process.exitCode = merge(files, options);
    });

  program
    .command('explain')
    .description('Say what an activation computes in a framework, and what that does to a gradient.')
    .argument('<name>', 'as the framework writes it: sigmoid, LeakyReLU, nn.GELU, hardSigmoid, …')
    .exitOverride()
    .option('--framework <name>', 'keras, tf2, torch, tfjs or jax; the first that has the name where left out')
    .addOption(
      new Option('--params <name=value>', 'a parameter in the words of the framework; may be repeated')
        .default([], 'none')
        .argParser(collect),
    )
    .option('--at <numbers>', 'points, separated by commas: --at=-5,0,5')
    .option('--json', 'print one JSON document and nothing else')
    .action((name: string, options: ExplainArguments) => explain(name, options));

  program
    .command('flow')
    .description('Calculate how much of a gradient reaches the first layer at the start of a training, and why.')
    .exitOverride()
    .addOption(
      repeatable(
        '--activation <names>',
        'one, or one for each layer, separated by commas; given again, up to four networks beside each other',
        flowDefaults.activation,
      ),
    )
    .option('--layers <n>', 'hidden layers; 10 where neither this nor a list of widths is given')
    .option('--width <units>', 'of every hidden layer, or a list: 256,128x3,64', flowDefaults.width)
    .option('--inputs <n>', "components of the input; the first layer's width where left out")
    .option(
      '--init <initialiser>',
      "of the kernels: glorot_uniform, normal:1,1, …; the framework's default where left out",
    )
    .option('--framework <name>', 'keras, tf2, torch, tfjs or jax', flowDefaults.framework)
    .option('--bias-std <x>', "standard deviation of the biases; the framework's default where left out")
    .option('--norm <kind>', 'none, batch or layer', flowDefaults.norm)
    .option('--residual', 'add to every layer what it receives, where the widths are equal')
    .option('--dropout <rate>', 'share of the activations that dropout sets to 0', flowDefaults.dropout)
    .option(
      '--input-variance <x>',
      'mean square of an input component: 1 where standardised',
      flowDefaults.inputVariance,
    )
    .option(
      '--data <kind>',
      'inputs: gaussian, or digits as the comparison has them (with --input-variance 0.1)',
      flowDefaults.data,
    )
    .option('--measure <n>', 'networks to draw and measure', flowDefaults.measure)
    .option('--seed <n>', 'of the networks measured', flowDefaults.seed)
    .option('--wide', 'all columns of the table, wider than the terminal')
    .option('--json', 'print one JSON document and nothing else; an array where there are several networks')
    .option('--html <file.html>', 'write the calculator on this calculation as a page that works offline')
    .option('--model <file.json>', 'a model as JSON, any graph of layers, instead of the options for a stack')
    .action((options: FlowArguments & { model?: string }, command: Command) => {
      const { model, ...stack } = options;
      if (model === undefined) return flow(stack);
      const given = Object.keys(stack).filter((name) => command.getOptionValueSource(name) === 'cli');
      return flowOfModel(model, stack, given);
    });

  program
    .command('read')
    .description('Read the models in code, without running it: layers, activations, initialisers, predicted gradient.')
    .argument('<paths...>', 'files or folders with Python, JavaScript, TypeScript or notebooks')
    .exitOverride()
    .option(
      '--set <name=value>',
      'an argument that the code does not tell: --set width=128; may be repeated',
      collect,
      [],
    )
    .option('--input <shape>', 'of models whose code does not tell it, without the batch, channels last: 784, 28x28x1')
    .option('--json', 'print one JSON document and nothing else')
    .action((paths: string[], options: ReadArguments) => {
      process.exitCode = read(paths, options);
    });

  program
    .command('check')
    .description(
      'Look for what keeps models from training; exit code 1 where something is found, 2 where a file cannot be read.',
    )
    .argument('<paths...>', 'files or folders with Python, JavaScript, TypeScript or notebooks')
    .exitOverride()
    .option('--format <name>', 'text, json or sarif', checkDefaults.format)
    .option('--severity <name>', 'the least that is told: error, warning or hint', checkDefaults.severity)
    .option('--rule <id=severity>', 'error, warning, hint or off for one rule; may be repeated', collect, [])
    .option(
      '--set <name=value>',
      'an argument that the code does not tell: --set width=128; may be repeated',
      collect,
      [],
    )
    .option('--input <shape>', 'of models whose code does not tell it, without the batch, channels last: 784, 28x28x1')
    .option(
      '--budget <share>',
      'of the gradient that has to reach the first layer: 1e-3; comments in the code go before',
    )
    .action(async (paths: string[], options: CheckArguments) => {
      process.exitCode = await check(paths, options);
    });

  return program;
}

/**
 * Does what the arguments say, as the terminal's command: prints to the standard outputs, and leaves its exit code in the process.
 *
 * @param args without the program and its script
 */
export async function runCommand(args: readonly string[]): Promise<void> {
  try {
    await commands().parseAsync(args, { from: 'user' });
  } catch (error) {
    process.exitCode = told(error);
  }
}

/** Says what went wrong. @returns the exit code */
function told(error: unknown): number {
  // Commander has told what is wrong; help and version are no errors.
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : USAGE;
  const argument = error instanceof DatasetError ? '--data: ' : '';
  const message = `${argument}${messageOf(error)}`;
  printError(wrapped(message, columnsOf(process.stderr)));
  return [UsageError, DatasetError, MemoryError, SweepFileError].some((kind) => error instanceof kind) ? USAGE : 1;
}
