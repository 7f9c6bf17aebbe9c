import { type Activation, type ActivationEntryName, activation } from '../activations/catalogue';
import { formatPower } from '../format/numbers';
import { type FrameworkActivation, resolveSpelling } from '../frameworks/resolve';
import { spellings } from '../frameworks/spellings';
import { lazily } from '../math/lazily';
import { type Farthest, farthest } from './farthest';

/** One line on where frameworks disagree about a function. */
const lines: Readonly<Partial<Record<ActivationEntryName, string>>> = {
  hard_sigmoid: 'Slope 1/6 in Keras 3, PyTorch, JAX; 0.2 in tf.keras 2, tfjs',
  gelu: 'jax.nn, keras.ops, tfjs gelu_new are the tanh form, others erf',
  leaky_relu: 'Slope 0.3 in layers of Keras and tfjs, 0.2 in their functions and tf.nn, 0.01 in PyTorch, JAX',
  softplus: 'PyTorch has beta (1) and threshold (20, linear above); the others are ln(1 + eˣ)',
  elu: 'Frameworks agree on alpha = 1; TensorFlow.js throws for any other',
  relu: 'φ′(0) = 0 in every framework',
  relu6: 'Frameworks differ at the kink: φ′(6) is 0 in Keras, PyTorch and JAX, 1 in TensorFlow.js',
  hard_tanh: 'φ′(±1) is 0 in PyTorch, 1 in Keras and JAX',
  hard_silu:
    'Frameworks agree at the kinks: φ′(−3) = 0, φ′(3) = 1; PyTorch before 2.7 had −½ and, outside vector code, 1.5',
  selu: 'φ′(0) is 1.758, in TensorFlow 1.051',
  silu: 'Frameworks agree; only tf.nn’s has a beta (1)',
};

const learnedSlope = 'It starts at 0 in Keras and tfjs, 0.25 in PyTorch, 0.01 in Flax.';

const isLearned = (name: string): boolean => /prelu/i.test(name);

/** What frameworks mean by an entry's names where nothing is written, each function once. */
const usual = lazily((): readonly Activation[] => [
  ...new Map(
    spellings
      .filter(({ name }) => !isLearned(name))
      .flatMap((spelling) => {
        const made = resolveSpelling(spelling);
        return made === undefined || made.problems.length > 0 ? [] : [[made.activation.name, made.activation] as const];
      }),
  ).values(),
]);

/** The functions that a name means elsewhere, and not here. */
function others({ activation: own, spelling, parameters }: FrameworkActivation): readonly Activation[] {
  if (isLearned(spelling.name)) return [];
  // It is called a GELU, and is another function with a slope of nearly the same.
  if (own.entry === 'silu' && /gelu/i.test(spelling.name)) return [activation('gelu')];
  const all = usual().filter(({ entry, name }) => entry === own.entry && name !== own.name);
  const written = parameters.filter((each) => each.written && typeof each.value === 'number');
  // A slope that is written goes along to another framework; what no other has does not.
  return written.length === 0 || !['leaky_relu', 'hard_sigmoid'].includes(own.entry) ? all : [];
}

const inWords = ({ difference, where }: Farthest, of: string): string =>
  Number.isFinite(difference)
    ? `${formatPower(difference)} in ${of} (${where.replace(/^(at|for all|for) /, '')})`
    : `without bound in ${of}`;

/** "up to 4.7 × 10⁻⁴ apart in φ (x = ±2.7), 8.7 × 10⁻⁴ in φ′ (x = ±2)"; of several the farthest. */
function distance(found: FrameworkActivation): string | undefined {
  const all = others(found).map((other) => ({ other, ...farthest(found.activation, other) }));
  const [most] = all.toSorted((a, b) => b.slope.difference - a.slope.difference);
  if (most === undefined || most.value.difference === 0) return undefined;
  const { value, slope, other } = most;
  const parts = [inWords(value, 'φ'), inWords(slope, 'φ′')];
  const [first, second] = Number.isFinite(value.difference) ? parts : parts.toReversed();
  const apart = `up to ${first!.replace(' in ', ' apart in ')}, ${second}`;
  return other.entry === found.activation.entry ? apart : `${apart}, from ${other.label}`;
}

/** Where frameworks disagree about a function that a name means, and how far they lie apart. Undefined where they agree. */
export function frameworkDifferences(found: FrameworkActivation): string | undefined {
  const { activation: own, spelling } = found;
  // A learned slope differs by itself.
  if (own.entry === 'leaky_relu' && isLearned(spelling.name)) return learnedSlope;
  const parts = [own.entry === 'silu' && /gelu/i.test(spelling.name) ? undefined : lines[own.entry], distance(found)];
  const told = parts.filter((part) => part !== undefined);
  if (told.length === 0) return undefined;
  const text = told.join(': ');
  return `${text.startsWith('up to') ? `U${text.slice(1)}` : text}.`;
}
