/** Modules whose base class stands in a file that is not here. */

const compact = /@\s*([\w.]+\.)?compact\b/;
const compactForward = /@\s*([\w.]+\.)?compact\s+def\s+forward\b/;
const ofEquinox = /\b(eqx|equinox)\.nn\.[A-Z]/;
const ofHaiku = /\b(hk|haiku)\.([A-Z]\w*|nets\.\w+|get_parameter)\(/;
const ofNnx = /\bnnx\.[A-Z]\w*\(/;

/** The base that such a class is taken to have, as far as its own code tells; undefined where it does not. */
export function baseElsewhere(has: (method: string) => boolean, text: () => string): string | undefined {
  if (!has('__call__') && !has('forward')) return undefined;
  const code = text();
  // What the base does when it is called, `forward` does the work of it.
  if (!has('__call__') && (has('__init__') || !(compactForward.test(code) || has('setup')))) return undefined;
  if (compact.test(code) || (has('setup') && !has('__init__'))) return 'flax.linen.Module';
  if (ofEquinox.test(code)) return 'equinox.Module';
  if (ofHaiku.test(code)) return 'haiku.Module';
  return ofNnx.test(code) && has('__init__') ? 'flax.nnx.Module' : undefined;
}
