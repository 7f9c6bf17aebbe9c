import type { SyntaxNode } from '@lezer/common';
import type { FrameworkId, Spelling } from '../../core/frameworks/framework';
import { methodSpelling } from '../../core/frameworks/spellings';
import { type ReadingOptions, spellingOfPath, spellingOfString } from '../codeActivation';
import { codeLanguage } from '../document';
import { expressionOf } from '../expression';
import { lookup } from '../lookup';
import { at } from '../place';
import { resolvePath } from '../resolve';
import { stringParts } from '../strings';
import type { Range } from '../syntax';
import type { CellPlace, Texts } from './tree';

/** Where a text itself says which activation it is. */
export type Site =
  /** A string: `'sigmoid'`. */
  | { readonly kind: 'string'; readonly place: CellPlace; readonly content: Range; readonly id: FrameworkId }
  /** An imported name that is not called: `tf.nn.sigmoid`, `nn.ReLU`. */
  | { readonly kind: 'name'; readonly place: CellPlace; readonly spelling: Spelling }
  /** `nn.Sigmoid()`, `torch.sigmoid(x)`. */
  | { readonly kind: 'call'; readonly place: CellPlace; readonly callee: CellPlace; readonly spelling: Spelling }
  /** `x.sigmoid()` */
  | {
      readonly kind: 'method';
      readonly place: CellPlace;
      readonly receiver: SyntaxNode;
      readonly property: SyntaxNode;
      readonly spelling: Spelling;
    };

/** Whether a name, or a member of something imported, is written out here: a variable only holds it. */
function isWrittenOut(place: CellPlace): boolean {
  const expression = expressionOf(place.document, place.node);
  if (expression.kind === 'member') return resolvePath(at(place, expression.object)) !== undefined;
  if (expression.kind !== 'name') return false;
  const bindings = lookup(place, expression.name)?.bindings ?? [];
  return bindings.every(({ meaning }) => meaning.kind === 'path');
}

/** The spelling of an imported name. */
function imported(place: CellPlace, options: ReadingOptions): Spelling | undefined {
  const path = isWrittenOut(place) ? resolvePath(place) : undefined;
  if (path === undefined) return undefined;
  return spellingOfPath(path, codeLanguage(place.document), options);
}

/** What an expression itself says; undefined where it only passes on what is said elsewhere. */
export function siteAt(place: CellPlace, id: FrameworkId, options: ReadingOptions): Site | undefined {
  const { document } = place;
  const expression = expressionOf(document, place.node);
  switch (expression.kind) {
    case 'wrapped':
      return siteAt({ ...place, node: expression.inner }, id, options);
    case 'constant': {
      const parts = typeof expression.value === 'string' ? stringParts(document.text, place.node) : undefined;
      if (parts === undefined || !parts.closed || parts.prefix !== '') return undefined;
      return { kind: 'string', place, content: parts.content, id };
    }
    case 'name':
    case 'member': {
      const spelling = imported(place, options);
      return spelling && { kind: 'name', place, spelling };
    }
    case 'call': {
      const callee: CellPlace = { ...place, node: expression.callee };
      const spelling = imported(callee, options);
      if (spelling !== undefined) return { kind: 'call', place, callee, spelling };
      const inner = expressionOf(document, expression.callee);
      if (inner.kind !== 'member' || resolvePath(at(place, inner.object)) !== undefined) return undefined;
      const own = methodSpelling(id, inner.name);
      return own && { kind: 'method', place, receiver: inner.object, property: inner.property, spelling: own };
    }
    default:
      return undefined;
  }
}

/** How many places are tried for one that only passes an activation on. */
const MOST = 24;

/** Every string, and every imported name that is not called, that says an activation of this entry. */
export function passedOn(texts: Texts, id: FrameworkId, entry: string, options: ReadingOptions): Site[] {
  const found: Site[] = [];
  for (const { document, cell } of texts.documents) {
    document.tree.iterate({
      enter: ({ node }) => {
        if (found.length >= MOST || node.name === 'ImportStatement' || node.name === 'ImportDeclaration') return false;
        const isString = node.name === 'String';
        const isName = node.name === 'MemberExpression' || node.name === 'VariableName';
        if (!isString && !isName) return true;
        // The end of a longer path, and what is called, are not passed on.
        if (isName && (node.parent?.name === 'MemberExpression' || node.parent?.name === 'CallExpression')) return true;
        const place = texts.place(cell, node);
        const site = place && siteAt(place, id, options);
        const said =
          site?.kind === 'string'
            ? spellingOfString(id, document.text.slice(site.content.from, site.content.to))
            : site?.kind === 'name'
              ? site.spelling
              : undefined;
        if (site !== undefined && said?.activation === entry) found.push(site);
        return !isString;
      },
    });
  }
  return found;
}
