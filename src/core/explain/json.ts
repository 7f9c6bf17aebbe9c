import type { FrameworkId, ParameterValue, Spelling } from '../frameworks/framework';
import { type NotElementWiseName, notElementWise } from '../frameworks/notElementWise';
import type { FrameworkActivation } from '../frameworks/resolve';
import { type PointValue, valuesAt } from './explain';

/** An infinite end as JSON has it: null. */
type JsonNumber = number | null;

/** What `explain --json` prints. */
export interface ExplanationJson {
  readonly name: string;
  readonly framework: FrameworkId;
  /** In force, in the framework's words. */
  readonly parameters: Readonly<Record<string, ParameterValue>>;
  readonly formula: string;
  readonly derivative: string;
  readonly range: readonly [JsonNumber, JsonNumber];
  readonly derivativeRange: readonly [JsonNumber, JsonNumber];
  /** Of |φ′|; x is null where it is only approached at infinity, value where φ′ is unbounded. */
  readonly derivativeMax: { readonly x: JsonNumber; readonly value: JsonNumber };
  readonly kinks: readonly number[];
  readonly values: readonly PointValue[];
}

const finite = (x: number): JsonNumber => (Number.isFinite(x) ? x : null);

export function explanationJson(found: FrameworkActivation, points: readonly number[]): ExplanationJson {
  const { activation: phi, spelling, parameters } = found;
  return {
    name: spelling.name,
    framework: spelling.framework,
    parameters: Object.fromEntries(parameters.map(({ name, value }) => [name, value])),
    formula: phi.formula.text,
    derivative: phi.derivativeFormula.text,
    range: [finite(phi.range[0]), finite(phi.range[1])],
    derivativeRange: [finite(phi.derivativeRange[0]), finite(phi.derivativeRange[1])],
    derivativeMax: { x: finite(phi.derivativeMax.x), value: finite(phi.derivativeMax.value) },
    kinks: phi.kinks,
    values: valuesAt(phi, points),
  };
}

/** For what has no φ′(x): the explanation instead of figures. */
export function notElementWiseJson(spelling: Spelling & { activation: NotElementWiseName }) {
  const { formula, explanation } = notElementWise(spelling.activation);
  return { name: spelling.name, framework: spelling.framework, elementWise: false, formula, explanation } as const;
}
