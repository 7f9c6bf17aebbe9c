import type { FrameworkId, Spelling } from '../../../core/frameworks/framework';
import type { ActivationUse, SourceRange } from '../../../core/model/model';
import type { CallArguments } from '../../interpret/values';
import { useOf } from '../keras/activation';

/** An activation with what the code leaves open of it. */
export interface Use {
  readonly use: ActivationUse;
  readonly certain: boolean;
  readonly symbols: readonly string[];
}

/** The activation that a spelling means with the arguments of a call. */
export function activationUse(
  spelling: Spelling,
  args: CallArguments | undefined,
  spelled: string,
  source: SourceRange,
): Use {
  const values = args === undefined ? [] : [...args.positional, ...args.named.values()];
  const symbols = values.flatMap((value) => (value.kind === 'unknown' ? value.symbols : []));
  return { ...useOf(spelling, args, spelled, source), symbols };
}

export const unknownUse = (framework: FrameworkId, spelled: string, source: SourceRange): Use => ({
  use: { name: undefined, framework, spelled, source },
  certain: false,
  symbols: [],
});
