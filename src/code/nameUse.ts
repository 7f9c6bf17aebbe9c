import type { SyntaxNode } from '@lezer/common';
import { nextOf, previousOf } from './syntax';

/** Where a name that stands alone in a Python node is bound or spelled, not used. */
const pythonNames: ReadonlySet<string> = new Set([
  'FunctionDefinition',
  'ClassDefinition',
  'TypeDefinition',
  'TypeParam',
  'Decorator',
  'ScopeStatement',
  'DeleteStatement',
  'CapturePattern',
  'KeywordPattern',
  'ClassPattern',
  'AttributePattern',
]);

/** The name that an import binds: `r` for the `relu` of `import relu as r`. */
function imported(node: SyntaxNode): SyntaxNode {
  const alias = nextOf(node);
  return alias?.name === 'as' ? (nextOf(alias) ?? node) : node;
}

/** True after the `import` of a `from` statement. */
function isFromImported(node: SyntaxNode): boolean {
  if (node.parent?.firstChild?.name !== 'from') return false;
  for (let before = node.prevSibling; before !== null; before = before.prevSibling) {
    if (before.name === 'import') return true;
  }
  return false;
}

function pythonName(node: SyntaxNode): SyntaxNode | undefined {
  if (node.name !== 'VariableName') return undefined;
  const around = node.parent?.name ?? '';
  if (pythonNames.has(around)) return undefined;
  if (around === 'ImportStatement') return isFromImported(node) ? imported(node) : undefined;
  // The name of a keyword argument, and of a parameter; its default is a use.
  if (around === 'ArgList') return nextOf(node)?.name === 'AssignOp' ? undefined : node;
  if (around === 'ParamList') return previousOf(node)?.name === 'AssignOp' ? node : undefined;
  return node;
}

function javascriptName(node: SyntaxNode): SyntaxNode | undefined {
  const around = node.parent?.name ?? '';
  switch (node.name) {
    case 'VariableName':
      return around === 'ImportGroup' ? imported(node) : node;
    case 'VariableDefinition':
      return around === 'ImportDeclaration' ? undefined : node;
    case 'PropertyName': {
      const colon = around === 'PatternProperty' ? nextOf(node) : null;
      return colon === null ? undefined : (nextOf(colon) ?? undefined);
    }
    case 'PropertyDefinition':
      return around === 'Property' && node.nextSibling === null && node.prevSibling === null ? node : undefined;
    default:
      return undefined;
  }
}

/** The node whose name tells what a name stands for; undefined where the name is none: a keyword, a parameter, a `def`. */
export const nameUse = (isPython: boolean, node: SyntaxNode): SyntaxNode | undefined =>
  isPython ? pythonName(node) : javascriptName(node);
