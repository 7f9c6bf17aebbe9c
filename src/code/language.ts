import { parser as javascriptParser } from '@lezer/javascript';
import type { LRParser } from '@lezer/lr';
import { parser as pythonParser } from '@lezer/python';

/** What the reading room can read. `tsx` is apart from `typescript` because `<T>x` is a cast in one, an element in the other. */
export type Language = 'python' | 'javascript' | 'typescript' | 'tsx';

const languages: Readonly<Record<string, Language>> = {
  python: 'python',
  javascript: 'javascript',
  javascriptreact: 'javascript',
  typescript: 'typescript',
  typescriptreact: 'tsx',
};

/** The language of a VS Code language id; undefined for one that is not read. */
export const languageOf = (vscodeLanguageId: string): Language | undefined =>
  Object.hasOwn(languages, vscodeLanguageId) ? languages[vscodeLanguageId] : undefined;

const parsers: Readonly<Record<Language, LRParser>> = {
  python: pythonParser,
  javascript: javascriptParser.configure({ dialect: 'jsx' }),
  typescript: javascriptParser.configure({ dialect: 'ts' }),
  tsx: javascriptParser.configure({ dialect: 'ts jsx' }),
};

export const parserOf = (language: Language): LRParser => parsers[language];

/** The language ids of VS Code that are read. */
export const languageIds: readonly string[] = Object.keys(languages);
