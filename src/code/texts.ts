import { expressionOf } from './expression';
import type { Constant } from './expressionTypes';
import { lookup } from './lookup';
import { at, type Place } from './place';

/** How many names may stand for one another on the way. */
const FURTHEST = 20;

/** The text or number that names something, `'GELU'` or a name that is bound once to one; undefined for anything else. */
export function knownKey(place: Place, steps = 0): Constant | undefined {
  if (steps > FURTHEST) return undefined;
  const expression = expressionOf(place.document, place.node);
  switch (expression.kind) {
    case 'constant':
      return expression.value;
    case 'wrapped':
      return knownKey(at(place, expression.inner), steps + 1);
    case 'operation': {
      const parts = expression.operands.map((operand) => knownKey(at(place, operand), steps + 5));
      const [first, second] = parts;
      if (expression.operator === '-' && parts.length === 1) return typeof first === 'number' ? -first : undefined;
      const joins = expression.operator === '+' && typeof first === 'string' && typeof second === 'string';
      return joins ? first + second : undefined;
    }
    case 'name': {
      const found = lookup(place, expression.name);
      const meaning = found?.bindings.length === 1 ? found.bindings[0]!.meaning : undefined;
      if (meaning?.kind !== 'expression' || meaning.members.length > 0) return undefined;
      return knownKey(at(found!.place, meaning.node), steps + 1);
    }
    default:
      return undefined;
  }
}

export function knownText(place: Place): string | undefined {
  const value = knownKey(place);
  return typeof value === 'string' ? value : undefined;
}
