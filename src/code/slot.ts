import type { SyntaxNode } from '@lezer/common';

/** Where a value stands: under a name, or as an argument by its position. */
export interface Slot {
  readonly name: string | undefined;
  readonly position: number | undefined;
  /** The call that it is an argument of. */
  readonly call: SyntaxNode | undefined;
}

export const namedSlot = (name: string | undefined, call?: SyntaxNode): Slot | undefined =>
  name === undefined ? undefined : { name, position: undefined, call };
