/** Modules whose base class stands in a file that is not here. */

const compact = /@\s*([\w.]+\.)?compact\b/;
const ofEquinox = /\b(eqx|equinox)\.nn\.[A-Z]/;
const ofHaiku = /\b(hk|haiku)\.([A-Z]\w*|nets\.\w+|get_parameter)\(/;
const ofNnx = /\bnnx\.[A-Z]\w*\(/;

/** The base that such a class is taken to have, as far as its own code tells; undefined where it does not. */
export function baseElsewhere(has: (method: string) => boolean, text: () => string): string | undefined {
  const code = text();
  if (compact.test(code) || (has('setup') && !has('__init__'))) return 'flax.linen.Module';
  if (ofEquinox.test(code)) return 'equinox.Module';
  if (ofHaiku.test(code)) return 'haiku.Module';
  return ofNnx.test(code) && has('__init__') ? 'flax.nnx.Module' : undefined;
}
