import type { FrameworkId } from '../core/frameworks/framework';
import { frameworkOfPackage } from '../core/frameworks/paths';
import { bindingsOf } from './bindings';
import { codeLanguage, type NotebookContext, type ParsedDocument } from './document';
import { alone } from './place';
import { bringsTorch } from './reexports';
import { resolvePath } from './resolve';
import { rootOf } from './value';

/** The framework of a global that a text uses: the `tf` of a script tag. */
function ofGlobals(document: ParsedDocument, context: NotebookContext): FrameworkId[] {
  for (const end of bindingsOf(document).globalUses) {
    const node = document.tree.resolveInner(end, -1).parent;
    const path = node === null ? undefined : resolvePath({ document, context, node });
    const found = path === undefined ? undefined : frameworkOfPackage(rootOf(path), 'javascript');
    if (found !== undefined) return [found];
  }
  return [];
}

function ownFrameworks(document: ParsedDocument, context: NotebookContext): FrameworkId[] {
  const roots = [...bindingsOf(document).imported].map(rootOf);
  const language = codeLanguage(document);
  const imported = roots.flatMap((root) => frameworkOfPackage(root, language) ?? []);
  if (language === 'javascript') return imported.length > 0 ? imported : ofGlobals(document, context);
  return roots.some(bringsTorch) ? [...imported, 'torch'] : imported;
}

/** The frameworks that a text, with the other cells of its notebook, imports from. */
export function frameworksIn(document: ParsedDocument, context: NotebookContext = alone): ReadonlySet<FrameworkId> {
  const cells = [...context.before, document, ...context.after];
  return new Set(cells.flatMap((cell) => ownFrameworks(cell, cell === document ? context : alone)));
}
