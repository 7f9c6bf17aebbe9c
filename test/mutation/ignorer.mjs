import { declareValuePlugin, PluginKind } from '@stryker-mutator/api/plugin';

/**
 * What is left as it is, since it has no consequence that a test should hold. The report shows each as ignored, with the
 * sentence below as its reason.
 */
const reasons = {
  error: 'Words of an error: tests hold that it is thrown, and of which kind.',
  prose: 'A sentence for people: tests hold the numbers and terms in it, not its wording.',
  log: 'Only told to whoever develops this.',
};

/** Of so many words on a text is a sentence. */
const SENTENCE = 4;

/** @param {string} text */
const isProse = (text) => text.trim().split(/\s+/).length >= SENTENCE;

/** @param {any} node of Babel's syntax tree */
function reasonFor(node) {
  switch (node.type) {
    case 'NewExpression':
      return /Error$/.test(node.callee.name ?? '') ? reasons.error : undefined;
    case 'CallExpression':
      return node.callee.object?.name === 'console' ? reasons.log : undefined;
    case 'StringLiteral':
      return isProse(node.value) ? reasons.prose : undefined;
    case 'TemplateLiteral':
      return node.expressions.length === 0 && isProse(node.quasis[0].value.raw) ? reasons.prose : undefined;
    default:
      return undefined;
  }
}

export const strykerPlugins = [
  declareValuePlugin(PluginKind.Ignore, 'noConsequence', {
    shouldIgnore: (path) => reasonFor(/** @type {{ node: unknown }} */ (path).node),
  }),
];
