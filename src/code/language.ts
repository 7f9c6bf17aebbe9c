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

/** The language ids of VS Code that are read. */
export const languageIds: readonly string[] = Object.keys(languages);
