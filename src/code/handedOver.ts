import { expressionOf } from './expression';
import type { Place } from './place';
import { isSameNode } from './syntax';

/** The expression that is handed over as an initialiser or an activation: the call around a name, the member that a name ends. */
export function handedOver(place: Place): Place {
  let { node } = place;
  for (let step = 0; step < 20; step++) {
    const around = node.parent;
    if (around === null) break;
    const expression = expressionOf(place.document, around);
    const goesOn =
      (expression.kind === 'member' && isSameNode(expression.property, node)) ||
      (expression.kind === 'call' && isSameNode(expression.callee, node)) ||
      around.name === 'NewExpression';
    if (!goesOn) break;
    node = around;
  }
  return { ...place, node };
}
