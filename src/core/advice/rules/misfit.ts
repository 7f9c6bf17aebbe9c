import type { Activation } from '../../activations/catalogue';
import { formatPower } from '../../format/numbers';
import { initializerLabel } from '../../frameworks/initializerNames';
import { scalingOf } from '../../initializers/initializer';
import type { Initialization } from '../../model/model';
import { labelOf } from '../../theory/graphForward';
import { ruleThresholds } from '../../verdicts/thresholds';
import { suitedKernels } from '../remedies/graphEdits';
import { distance } from '../remedies/rank';
import type { HiddenLayer } from '../remedies/subject';
import { compared, type Finding, finding, type Rule, type RuleContext, relatedStep } from './rule';

/**
 * One finding at the first layer whose kernel does not fit its activation, where fitting ones are predicted to bring the
 * ratio nearer to 1 by a factor of three; none otherwise.
 */
export function misfit(
  rule: Rule,
  context: RuleContext,
  is: (phi: Activation, kernel: Initialization, layer: HiddenLayer) => boolean,
): Finding[] {
  const misfits = context.layers.filter(({ layer, phi, activation }) => {
    if (phi === undefined || !layer.certain || activation?.certain === false) return false;
    return 'kernel' in layer.operation && is(phi, layer.operation.kernel, { layer, phi, activation });
  });
  const [first] = misfits;
  if (first?.phi === undefined) return [];
  const edits = suitedKernels(context.graph, misfits);
  const change = compared(context, edits);
  if (!change || !(distance(change.before) - distance(change.after) > Math.log(ruleThresholds.misfit))) return [];
  const suited = [...new Set(edits.map(({ kernel }) => initializerLabel(kernel!, context.graph.framework)))].join(
    ' and ',
  );
  const { operation } = first.layer;
  const kernel = 'kernel' in operation && operation.kernel.kind !== 'default' ? operation.kernel : undefined;
  const written = kernel ? kernel.spelled : 'the default initialiser';
  const message = `With ${written} under ${first.phi.label}, ${formatPower(change.before)} of the last hidden layer’s gradient reaches the first; with ${suited} it would be ${formatPower(change.after)} (${misfits.length} ${misfits.length === 1 ? 'layer' : 'layers'} from ${labelOf(first.layer)}).`;
  return [
    finding(rule, first.layer, message, {
      fix: { title: `Use ${suited}`, edits },
      ...(kernel ? { range: kernel.source } : {}),
      ...(first.activation ? { related: [relatedStep(first.activation, `${first.phi.label} is applied here.`)] } : {}),
    }),
  ];
}

/** Whether an initialiser is written that belongs to a family, by its name or by its numbers. */
export function isOf(kernel: Initialization, family: 'he' | 'glorot' | 'lecun'): boolean {
  const own = kernel.kind === 'known' ? scalingOf(kernel.initializer) : undefined;
  const named = scalingOf({ kind: `${family}_normal` });
  return own !== undefined && own.scale === named?.scale && own.mode === named.mode;
}
