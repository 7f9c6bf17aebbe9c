import { diagnose } from '../code/diagnostics/diagnose';
import { rules } from '../core/advice/rules';
import { messageOf } from '../core/format/errors';
import { isUnknownFlow } from '../core/theory/graph';
import { flowOf } from '../core/theory/rememberedFlow';
import {
  type CheckProblem,
  type CheckSummary,
  type CheckWriter,
  emptySummary,
  FileFixes,
  type Found,
  foundIn,
  isAtLeast,
} from './checkEntry';
import { jsonWriter } from './checkJson';
import { type CheckArguments, type CheckOptions, readCheckOptions } from './checkOptions';
import { Output } from './checkOutput';
import { textWriter } from './checkText';
import { type FileRead, filesUnder, readFiles } from './modelFiles';
import { UsageError } from './options';
import { printError } from './output';
import { columnsOf } from './progress';
import { notAsked, onInput } from './read';
import { sarifWriter } from './sarif';

/**
 * Prints what the rules find, file by file.
 *
 * @returns 2 where a file that was named could not be looked at, else 1 where something is at or above the severity, else 0
 * @throws UsageError before anything is printed
 */
export async function check(paths: readonly string[], args: CheckArguments): Promise<0 | 1 | 2> {
  const options = readCheckOptions(args);
  if (paths.length === 0)
    throw new UsageError('No path is named; expected files or folders, for instance "check src".');
  const problems: CheckProblem[] = [];
  const tell = (file: string, message: string): void => {
    problems.push({ file, message });
    printError(`${file}: ${message}`);
  };
  const files = filesUnder(paths, tell);
  const unchecked = new Set<string>();
  const onUnread = (file: string): void => {
    unchecked.add(file);
  };
  const output = new Output(process.stdout);
  const writer = writerFor(options);
  const summary = emptySummary();
  const asked = new Set<string>();
  await output.write(writer.begin());
  for (const read of readFiles(files, { symbols: options.symbols, tell, onUnread })) {
    for (const name of read.asked) asked.add(name);
    const { input } = options;
    const told = (message: string): void => tell(read.file, message);
    const models = input === undefined ? read.models : read.models.map((model) => onInput(model, input, told));
    const file = { ...read, models };
    for (const found of checked(file, options, summary, (message) => {
      told(`It could not be checked: ${message}`);
      onUnread(read.file);
    }))
      await output.write(writer.entry(found));
    await output.turn();
    if (output.closed) break;
  }
  for (const name of options.symbols.keys()) {
    if (!asked.has(name) && !output.closed) printError(notAsked(name, [...asked]));
  }
  // Of the others, also where reading one came to nothing.
  summary.unknown = summary.models - summary.predicted - summary.assumed;
  await output.write(writer.end(summary, problems));
  // Whoever names a file and reads "nothing found" would take it for a file without faults.
  if (paths.some((path) => unchecked.has(path))) return 2;
  const { error, warning, hint } = summary.found;
  return error + warning + hint > 0 ? 1 : 0;
}

function writerFor({ format, severities }: CheckOptions): CheckWriter {
  if (format === 'json') return jsonWriter();
  if (format === 'sarif') return sarifWriter();
  const { stdout } = process;
  return textWriter({
    columns: columnsOf(stdout),
    colours: stdout.isTTY === true && stdout.hasColors(),
    rules: rules.filter(({ id, offByDefault }) => (severities[id] ?? (offByDefault ? 'off' : 'hint')) !== 'off').length,
  });
}

/** What is shown of a file, in the order of its text; counts it and what is not shown. */
function* checked(
  file: FileRead,
  { severity: least, severities, budget, symbols, input }: CheckOptions,
  summary: CheckSummary,
  tell: (message: string) => void,
): Generator<Found> {
  summary.files++;
  summary.models += file.models.length;
  const fixes = new FileFixes(file, { tensorflowKeras: 3, symbols, input, budget, severities });
  try {
    for (const model of file.models) {
      const flow = flowOf(model);
      if (!isUnknownFlow(flow)) summary[flow.certain ? 'predicted' : 'assumed']++;
    }
    for (const diagnostic of diagnose(file.models, file.documents, { severities, budget })) {
      if (!isAtLeast(diagnostic.severity, least)) {
        summary.notShown++;
        continue;
      }
      const found = foundIn(file, diagnostic, fixes.of(diagnostic));
      summary.found[diagnostic.severity]++;
      if (found.fixes.length > 0) summary.fixable++;
      yield found;
    }
  } catch (error) {
    // What goes wrong with one file must not hide what is found in the others.
    tell(messageOf(error));
  }
}
