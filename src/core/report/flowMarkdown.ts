import { framework } from '../activations/frameworks/spellings';
import { type CandidateFlow, calculate } from '../flow/calculate';
import type { FlowConfig } from '../flow/config';
import { initializerName } from '../flow/configStack';
import { remedies } from '../flow/remedies';
import { formatSentence, formatTable } from '../format/numbers';

/** Characters that Markdown would take for its own. */
const plain = (text: string): string => text.replace(/[\\`*_{}[\]<>~|]/g, '\\$&');

function candidateMarkdown(config: FlowConfig, flow: CandidateFlow, index: number): string {
  const { prediction, bound, verdict } = flow;
  const rows = prediction.layers.map((layer) =>
    [
      layer.layer,
      formatTable(layer.q),
      formatTable(layer.chi),
      formatTable(layer.delta),
      formatTable(layer.kernelGradient),
      formatTable(bound.cumulative[layer.layer - 1] ?? 1),
    ].join(' | '),
  );
  const fixes = remedies(config, index).map(
    ({ title, before, after }) => `- ${plain(title)}: ${formatTable(before)} → ${formatTable(after)}`,
  );
  return [
    `## ${plain(flow.label)}`,
    plain(verdict.text),
    [
      `- Bound, ∏ max|φ′| of ${prediction.layers.length} layers: ${formatSentence(bound.product)}`,
      `- Predicted ‖δ¹‖/‖δᴸ‖ of wide random layers: **${formatSentence(prediction.ratio)}**; nine in ten networks of this width lie within ${formatTable(prediction.band[0])} … ${formatTable(prediction.band[1])}`,
    ].join('\n'),
    [
      'layer | q, variance of z | χ | ‖δ‖ to the last | ‖∂C/∂W‖ to the last | bound from here',
      '---: | ---: | ---: | ---: | ---: | ---:',
      ...rows,
    ].join('\n'),
    ...(fixes.length > 0 ? ['What would help, with the ratio before and after:', fixes.join('\n')] : []),
  ].join('\n\n');
}

/** A calculation as a page of Markdown: for each candidate the verdict, the bound, the prediction and what would help. */
export function flowMarkdown(config: FlowConfig): string {
  const widths = [...new Set(config.widths)].join(', ');
  return [
    '# Gradient flow',
    `${config.widths.length} hidden layers of ${widths} units, kernels from ${plain(initializerName(config))} as ${framework(config.framework).label} draws them, inputs of variance ${config.inputVariance}.`,
    ...calculate(config).map((flow, i) => candidateMarkdown(config, flow, i)),
    'δ is the gradient at a pre-activation z. q and χ follow the mean-field recursion layer by layer: q is what goes forward, χ what one step back multiplies. The bound counts every layer; the ratio takes one step less, and the weights multiply in.',
  ].join('\n\n');
}
