import { type FlowConfig, paperFlow, parseFlowConfig } from '../calculation/config';
import { holdsLink, readLink } from './link';

/** A calculation as text that opens it again: JSON, a `command:` URI, or a link, by itself or in Markdown. */

export const CALCULATOR_COMMAND = 'gradientLens.openCalculator';

/** What differs from the paper's calculation: the rest is filled in when it is read. */
export function flowArgument(config: FlowConfig): Partial<FlowConfig> {
  const entries = Object.entries(config).filter(
    ([key, value]) => JSON.stringify(value) !== JSON.stringify(paperFlow[key as keyof FlowConfig]),
  );
  return Object.fromEntries(entries);
}

/** A command with one argument as a URI, which Markdown in VS Code can open; without brackets, which end a link there. */
export const commandUri = (command: string, argument: unknown): string =>
  `command:${command}?${encodeURIComponent(JSON.stringify([argument])).replace(/[()']/g, (c) => `%${c.charCodeAt(0).toString(16)}`)}`;

/** "command:gradientLens.openCalculator?…" */
export const flowCommandUri = (config: FlowConfig): string => commandUri(CALCULATOR_COMMAND, flowArgument(config));

type Reading = ReturnType<typeof parseFlowConfig>;

const problem = (message: string): Reading => ({ problems: [{ field: 'candidates', message }] });

/** The JSON in a text that somebody copied; the text itself where there is none. */
function jsonOf(text: string): string {
  const [, query] = /command:gradientLens\.openCalculator\?([^\s)>"]+)/.exec(text) ?? [];
  return query === undefined ? text : decodeURIComponent(query);
}

/** The calculation that a link opens. */
function readCalculatorLink(text: string): Reading {
  const linked = readLink(text);
  if ('problem' in linked) return problem(linked.problem);
  if (linked.kind === 'calculator') return { config: linked.config };
  return problem('The link opens a comparison; “Gradient Lens: Open Link…” does that.');
}

/**
 * A calculation from outside: a FlowConfig or a part of one, `{activation, framework}` as a hover gives it, a list with
 * one of these, or a text that holds one. Nothing at all is the paper's.
 */
export function readFlowArgument(input: unknown): Reading {
  if (typeof input === 'string') {
    if (holdsLink(input)) return readCalculatorLink(input);
    try {
      return readFlowArgument(JSON.parse(jsonOf(input.trim())));
    } catch {
      return problem('The text is not a calculation; expected a link or the JSON that “Copy link” gives.');
    }
  }
  if (Array.isArray(input)) return readFlowArgument(input[0]);
  if (input === undefined || input === null) return parseFlowConfig({});
  if (typeof input !== 'object') return problem(`The calculation is ${String(input)}; expected its settings.`);
  const { activation, ...rest } = input as { activation?: unknown };
  return parseFlowConfig(activation === undefined ? rest : { candidates: [{ activations: [activation] }], ...rest });
}
