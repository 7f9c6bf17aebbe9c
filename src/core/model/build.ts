import { formatInitializer, type Initializer } from '../initializers/initializer';
import { type Initialization, type ModelNode, nowhere, type Operation, type SourceRange } from './model';

/** A step with what most steps have: no place, no name, a shape that follows from its inputs'. */
export const nodeOf = (
  id: number,
  operation: Operation,
  inputs: readonly number[],
  more: Partial<ModelNode> = {},
): ModelNode => ({
  id,
  operation,
  inputs,
  type: operation.kind,
  source: nowhere,
  shape: undefined,
  certain: true,
  ...more,
});

/** What weights start with where it is known, spelt in the text form. */
export const startingWith = (initializer: Initializer, source: SourceRange = nowhere): Initialization => ({
  kind: 'known',
  initializer,
  spelled: formatInitializer(initializer),
  source,
});
