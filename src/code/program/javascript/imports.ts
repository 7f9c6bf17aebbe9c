import { javascriptString } from '../../javascript/expression';
import { pathOfModule } from '../../javascript/modules';
import { splitBy } from '../../syntax';
import type { Expression, ImportBinding, Statement } from '../ast';
import { type Lowering, span } from '../lowering';
import type { CodeNode } from '../node';

/** `import`, `require('…')`, `import('…')`: paths as `src/code` has them. */

export function importDeclaration(lower: Lowering, node: CodeNode): Statement[] {
  const specifier = node.getChild('String');
  if (specifier === null || node.getChild('type') !== null) return [];
  const path = pathOfModule(javascriptString(lower.document, specifier) ?? '');
  // Whatever file or package hands it on: everybody calls it `tf`.
  const bound = (name: string, own: string | undefined) => (name === 'tf' ? 'tf' : own);
  const bindings: ImportBinding[] = [];
  const whole = node.getChild('VariableDefinition');
  if (whole !== null) bindings.push({ ...span(whole), name: lower.text(whole), path: bound(lower.text(whole), path) });
  const group = node.getChild('ImportGroup');
  for (const item of group === null ? [] : splitBy(group.children.slice(1), ',')) {
    const target = item.find(({ name }) => name === 'VariableDefinition');
    const source = item.find(({ name }) => name === 'VariableName' || name === 'default') ?? target;
    if (target === undefined || source === undefined || (item[0]!.name === 'type' && item.length > 1)) continue;
    const name = lower.text(source);
    const own = path === undefined ? undefined : name === 'default' ? path : `${path}.${name}`;
    bindings.push({ ...span(target), name: lower.text(target), path: bound(lower.text(target), own) });
  }
  return [{ ...span(node), kind: 'import', bindings }];
}

/** `require('…')` and `import('…')`: a path like any import. */
export function moduleOf(lower: Lowering, specifier: CodeNode | null | undefined, node: CodeNode): Expression {
  const text = specifier?.name === 'String' ? javascriptString(lower.document, specifier) : undefined;
  const path = text === undefined ? undefined : pathOfModule(text);
  if (path === undefined) return lower.other(node);
  const parts = path.split('.');
  // Only whole packages are required; tfjs's path is `tf`.
  const known = parts.length === 1 && (path === 'tf' || path === 'danfojs');
  return known ? { ...span(node), kind: 'name', name: path } : lower.other(node);
}
