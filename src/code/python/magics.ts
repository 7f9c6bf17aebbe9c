/**
 * What IPython takes away before Python sees a notebook's cell: `%matplotlib inline`, `!pip install x`, `%%time`. It becomes
 * blanks of the same length, so that no quote or bracket in it swallows the code below and every offset stays.
 */

/** Cell magics whose cell is no Python. Others, which anybody may write, time, distribute or record Python code. */
const foreignMagics: ReadonlySet<string> = new Set(
  [
    // Shells and systems.
    'bash sh zsh fish ksh tcsh cmd bat powershell pwsh shell system sx sc ssh docker',
    // Markup, pictures and text.
    'html HTML css svg SVG latex tex tikz md markdown rst javascript js typescript ts json yaml xml mermaid dot graphviz plantuml blockdiag seqdiag d2 abc',
    // Other languages.
    'perl ruby lua node coffeescript R r julia octave matlab scilab maple sage scala java kotlin groovy clojure haskell ocaml elixir go rust c cpp c++ cxx cc cu cuda nvcc fortran cython pythran csharp fsharp swift php stata sas spss prolog lisp asm verilog vhdl',
    // Queries.
    'sql SQL sqlite postgres mysql duckdb bigquery bq kql sparksql spark_sql athena redshift snowflake trino presto neptune oc opencypher gremlin sparql cypher graphql dql dax configure',
    // Words to a model.
    'ai ask chat llm gpt chatgpt claude gemini prompt copilot explain',
  ].flatMap((names) => names.split(' ')),
);

/** Magics of a line whose rest is Python, but for its options. */
const runners: ReadonlySet<string> = new Set([
  'time',
  'timeit',
  'prun',
  'memit',
  'lprun',
  'mprun',
  'snakeviz',
  'scalene',
]);

/** Magics that stand in a block; any other `%name` within one is a remainder on a continued line. */
const inBlocks: ReadonlySet<string> = new Set(
  'tensorflow_version time timeit prun memit lprun mprun matplotlib pylab run load load_ext reload_ext autoreload cd ls pwd env set_env pip conda mamba uv tensorboard debug pdb store reset who whos history config capture'.split(
    ' ',
  ),
);

/** Databricks has whole cells after a single sign. */
const CELL_OF_DATABRICKS = /^%(md|md-sandbox|sql|sh|scala|r|fs)[ \t]*(\n|$)|^%md(-sandbox)?\b/;

const CELL_MAGIC = /^%%([A-Za-z_][\w+]*|!)(.*)$/;
const LINE_MAGIC = /^([ \t]*)(%%?|%[ \t]+(?=matplotlib\b))([A-Za-z_]\w*)(.*)$/;
const SHELL = /^[ \t]*!(?!=)/;
/** `out = %timeit -o f(x)`, `files = !ls`. */
const ASSIGNED = /^([ \t]*[A-Za-z_][\w., \t[\]]*=[ \t]*)(%(?=[A-Za-z])|!)(\w*)(.*)$/;
const HELP = /^([ \t]*)(\?{0,2})([A-Za-z_][\w.]*)(\?{0,2})([ \t]*)$/;
/** Options of a runner: `-n 100`, `-f name`, `-o`. */
const OPTIONS = /^(?:[ \t]+-[nrpstklTDmf](?:[ \t]+|(?=\d))[^\s-]\S*|[ \t]+-[a-zA-Z]+)*[ \t]*/;

const blank = (text: string): string => ' '.repeat(text.length);

/** A line that is taken away; in a block a statement stays, as the block may have no other. */
function takenAway(line: string): string {
  const indent = /^[ \t]*/.exec(line)![0];
  return indent === '' ? blank(line) : `${indent}0${blank(line.slice(indent.length + 1))}`;
}

/** Two characters that end a statement, and blanks: what follows is no indented line. */
const ended = (text: string): string => `0;${blank(text.slice(2))}`;

/** The file that a magic writes is Python only where its name says so. */
const writesOther = (rest: string): boolean => !/\.pyi?['"]?[ \t]*$/.test(rest);

/** A program for the cell: another's unless it is a Python, or one that runs nothing and so switches the cell off. */
function runsOther(rest: string): boolean {
  const program = rest.split(/[ \t]+/).find((word) => word !== '' && !word.startsWith('-')) ?? '';
  return !/(^|\/)(i?python|pypy|false|true|echo|:)/.test(program);
}

function isForeignMagic(name: string, rest: string): boolean {
  if (name === '!' || foreignMagics.has(name)) return true;
  if (name === 'writefile' || name === 'file' || name === 'writetemplate') return writesOther(rest);
  return name === 'script' && runsOther(rest);
}

/** True where the whole cell is in another language: `%%bash`, `%%writefile notes.txt`, also below `%%time`. */
function isForeign(text: string): boolean {
  const cell = text.trimStart();
  if (!cell.startsWith('%')) return false;
  if (CELL_OF_DATABRICKS.test(cell)) return true;
  for (const line of cell.split('\n')) {
    const magic = CELL_MAGIC.exec(line.trimEnd());
    if (magic === null) return false;
    if (isForeignMagic(magic[1]!, magic[2]!)) return true;
  }
  return false;
}

/** A line with a magic that runs the Python behind it, without the magic. */
function withoutRunner(before: string, sign: string, name: string, rest: string): string {
  const [options = ''] = OPTIONS.exec(rest) ?? [];
  const statement = rest.slice(options.length);
  const magic = sign + name + options;
  if (statement === '') return before + blank(magic);
  return `${before}${ended(magic)}${statement}`;
}

/** A line as Python sees it; undefined where it is Python already. */
function readableLine(line: string): string | undefined {
  if (SHELL.test(line)) return takenAway(line);
  const magic = LINE_MAGIC.exec(line);
  if (magic !== null) {
    const [, indent = '', sign = '', name = '', rest = ''] = magic;
    if (indent !== '' && !inBlocks.has(name)) return undefined;
    return runners.has(name) ? withoutRunner(indent, sign, name, rest) : takenAway(line);
  }
  const assigned = ASSIGNED.exec(line);
  if (assigned !== null) {
    const [, target = '', sign = '', name = '', rest = ''] = assigned;
    if (sign === '%' && runners.has(name)) return withoutRunner(target, sign, name, rest);
    return `${target}0${blank(line.slice(target.length + 1))}`;
  }
  const help = line.includes('?') ? HELP.exec(line) : null;
  // A sign before the name keeps the line from being indented.
  return help === null ? undefined : help[1]! + '+'.repeat(help[2]!.length) + help[3]! + blank(help[4]! + help[5]!);
}

/** The text as Python sees it, of the same length; the very same string where there is no magic. */
export function withoutMagics(text: string): string {
  if (!/[%!?]/.test(text)) return text;
  if (isForeign(text)) return blank(text);
  const parts: string[] = [];
  let kept = 0;
  let goesOn = false;
  for (let line = 0; line < text.length; ) {
    const newline = text.indexOf('\n', line);
    const end = newline < 0 ? text.length : newline;
    const written = text.slice(line, end);
    const read: string | undefined = goesOn ? blank(written) : readableLine(written);
    if (read !== undefined) {
      parts.push(text.slice(kept, line), read);
      kept = end;
    }
    // A command of the shell goes on after a backslash.
    goesOn = read !== undefined && /^\s*0?\s*$/.test(read) && /\\\r?$/.test(written);
    line = end + 1;
  }
  if (kept === 0) return text;
  parts.push(text.slice(kept));
  return parts.join('');
}
