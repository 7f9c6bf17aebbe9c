import { memo } from '../math/memo';
import type { Model, SourceRange } from '../model/model';
import { structureOf } from '../model/structure';
import { flowOf } from '../theory/rememberedFlow';
import { type Finding, findings } from './rules';

const REMEMBERED = 1000;

/** Findings with the numbers of their places among those of the model; undefined where one stands elsewhere. */
type Placeless = readonly {
  readonly finding: Finding;
  readonly range: number;
  readonly related: readonly number[];
}[];

const kept = memo<{ readonly found: Placeless | undefined }>(REMEMBERED);

function placeless(all: readonly Finding[], sources: readonly SourceRange[]): Placeless | undefined {
  const at = (range: SourceRange): number => sources.indexOf(range);
  const found = all.map((finding) => ({
    finding,
    range: at(finding.range),
    related: finding.related.map((each) => at(each.range)),
  }));
  return found.every(({ range, related }) => range >= 0 && related.every((each) => each >= 0)) ? found : undefined;
}

/** What the rules find in a model, looked for once, however often its text is read anew: its places are those of today. */
export function findingsOf(model: Model, budget?: number): readonly Finding[] {
  const { key, sources } = structureOf(model);
  const look = () => findings(model, flowOf(model), budget);
  let fresh: readonly Finding[] | undefined;
  const { found } = kept(`${budget} ${key}`, () => {
    fresh = look();
    return { found: placeless(fresh, sources) };
  });
  if (fresh !== undefined) return fresh;
  if (found === undefined) return look();
  return found.map(({ finding, range, related }) => ({
    ...finding,
    range: sources[range]!,
    related: finding.related.map((each, k) => ({ ...each, range: sources[related[k]!]! })),
  }));
}
