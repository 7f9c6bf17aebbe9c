import { framework, frameworks } from './all';
import type { CodeLanguage, Framework, FrameworkId } from './framework';

/** Where a framework's names stand in code. Nothing here knows a framework by name: their files say it. */

const all: readonly Framework[] = Object.values(frameworks);
const rewrites = all.flatMap(({ paths }) => paths.rewrites);

export const rootOfPath = (path: string): string => path.split('.', 1)[0]!;

/** An absolute path as it is imported, `tensorflow.compat.v1.keras.layers.ReLU`, under its public name, `tf.keras.layers.ReLU`. */
export const publicPath = (path: string): string =>
  rewrites.reduce((known, [from, to]) => known.replace(from, to), path);

const ofLanguage = (language: CodeLanguage): Framework[] => all.filter(({ paths }) => paths.language === language);

/** Whose function a path is: `keras.layers.Dense` is Keras's. Undefined for a path of no framework. */
export function frameworkOfPath(path: string, language: CodeLanguage): FrameworkId | undefined {
  const root = rootOfPath(publicPath(path));
  return ofLanguage(language).find(({ paths }) => paths.roots.includes(root))?.id;
}

const byPackage: Readonly<Record<CodeLanguage, ReadonlyMap<string, FrameworkId>>> = {
  python: packagesOf('python'),
  javascript: packagesOf('javascript'),
};

function packagesOf(language: CodeLanguage): ReadonlyMap<string, FrameworkId> {
  return new Map(ofLanguage(language).flatMap(({ id, paths }) => paths.packages.map((name) => [name, id] as const)));
}

/** The framework that an import brings, by the first part of its path: `tf_keras`. */
export const frameworkOfPackage = (root: string, language: CodeLanguage): FrameworkId | undefined =>
  byPackage[language].get(root);

const byLibrary: ReadonlyMap<string, FrameworkId> = new Map(
  all.flatMap(({ id, paths }) => (paths.libraries ?? []).map((name) => [name, id] as const)),
);

/** The framework that a library is built on, which takes the names of its activations: `timm`. */
export const frameworkOfLibrary = (path: string): FrameworkId | undefined => byLibrary.get(rootOfPath(path));

/** True for a path that leads to a framework's own version of what it shares with another, whatever is installed. */
export const isAlways = (path: string, id: FrameworkId): boolean => framework(id).paths.always?.test(path) ?? false;

/** The name by which an ES module of a framework is known here; undefined for any other. */
export const rootOfSpecifier = (specifier: string): string | undefined =>
  all.find(({ paths }) => paths.specifiers?.test(specifier))?.paths.roots[0];

/** True where people mean a framework by a module, or by a short name of it: `nn.GELU`, `layers.ReLU`, `F.relu`. */
export function standsIn(id: FrameworkId, name: string, modules: readonly string[], module: string): boolean {
  const { shortModules, ambiguous } = framework(id).paths;
  if (ambiguous?.module === module) return modules.includes(module) && ambiguous.names.includes(name);
  return modules.some((each) => each === module || (shortModules[each]?.includes(module.toLowerCase()) ?? false));
}
