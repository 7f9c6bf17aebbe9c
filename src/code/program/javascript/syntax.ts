import type { CodeNode } from '../node';

/** What can be bound. */
export const patterns: ReadonlySet<string> = new Set(['VariableDefinition', 'ArrayPattern', 'ObjectPattern']);

const types: ReadonlySet<string> = new Set(['TypeAnnotation', 'TypeParamList', 'TypeArgList', 'Optional', 'Definite']);

/** The children, without comments, errors and TypeScript's types. */
export const partsOf = (node: CodeNode): CodeNode[] => node.children.filter(({ name }) => !types.has(name));
