import { termsIn } from '../words/glossary';
import type { Example, Rule } from './rules';

/** A rule's page in Markdown. */
export function rulePage({ id, title, severity, offByDefault, documentation }: Rule): string {
  const { what, number, why, fix, sources, examples } = documentation;
  const usual = severity === 'information' ? 'hint' : severity;
  const words = termsIn([what, number, why, fix].join(' '));
  return [
    `# ${id}`,
    `**${title}.** ${offByDefault ? `Off unless the settings turn it on; then a ${usual} is usual.` : `Reported as ${usual === 'error' ? 'an error' : `a ${usual}`} unless the settings say otherwise.`}`,
    '## What it finds',
    what,
    '## The number in its message',
    number,
    '## Why it matters',
    why,
    '## What to do',
    fix,
    '## Example',
    ...examples.flatMap(exampleOf),
    '## Where it is meant so',
    `At the end of the line, or alone on the line above it, \`# gradient-lens: ignore[${id}]\` (\`//\` in JavaScript) silences it there; \`ignore-file[${id}]\` silences it in the whole file.`,
    ...(words.length > 0 ? ['## Words', words.map(({ term, means }) => `- **${term}**: ${means}.`).join('\n')] : []),
    ...(sources.length > 0 ? ['## Sources', sources.map((source) => `- ${source}`).join('\n')] : []),
    '[All rules](index.md)',
  ]
    .join('\n\n')
    .concat('\n');
}

const exampleOf = ({ framework, wrong, right }: Example): string[] => {
  const language = framework === 'TensorFlow.js' ? 'js' : 'python';
  const block = (code: string): string => `\`\`\`${language}\n${code}\n\`\`\``;
  return [`**${framework}.** Wrong:`, block(wrong), 'Right:', block(right)];
};

/** The list of all rules in Markdown. */
export function rulesIndex(rules: readonly Rule[]): string {
  const rows = rules.map(
    ({ id, title, severity, offByDefault }) =>
      `| [${id}](${id}.md) | ${title} | ${offByDefault ? 'off' : severity === 'information' ? 'hint' : severity} |`,
  );
  return [
    '# Rules',
    'What is looked for in models that stand in code. A rule says nothing of what is not known for certain.',
    ['| rule | finds | severity |', '| --- | --- | --- |', ...rows].join('\n'),
    'Settings and the terminal set each to `error`, `warning`, `hint` or `off`. In the code, a comment silences them: `gradient-lens: ignore` or `gradient-lens: ignore[rule, …]` at the end of the line or alone on the line above it, and `gradient-lens: ignore-file` or `ignore-file[rule, …]` for the whole file. An id that is no rule is told as the hint `unknown-rule`.',
  ]
    .join('\n\n')
    .concat('\n');
}
