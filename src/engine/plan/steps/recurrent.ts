import * as tf from '@tensorflow/tfjs-core';
import { gatesOf, recurrentBiasLength } from '../../../core/model/plan/parameters';
import { tensorActivation } from '../../tensors/activations';
import { sumRows } from './space';
import { batchOf, type StepContext, type StepOf, type StepPass } from './step';

/** Weights of one direction. */
interface Cell {
  /** [units, gates · units] */
  readonly state: tf.Tensor2D;
  readonly stateBias: tf.Tensor1D | undefined;
}

/** What one step of time gives, and the way back through it. */
interface Moment {
  readonly h: tf.Tensor2D;
  /** Of an LSTM. */
  readonly c?: tf.Tensor2D;
  /** Input of the function that candidates replace, and its derivative there. */
  readonly z: tf.Tensor2D;
  readonly slope: tf.Tensor2D;
  /**
   * From ∂C/∂h and ∂C/∂c of this step: ∂C/∂ of what comes from the input, [batch, gates · units]; of what the state's
   * kernel gives, where that is another; and of the state and c before.
   */
  back(
    dh: tf.Tensor2D,
    dc: tf.Tensor2D | undefined,
  ): {
    readonly fromInput: tf.Tensor2D;
    readonly fromState: tf.Tensor2D;
    readonly before: tf.Tensor2D;
    readonly cBefore?: tf.Tensor2D;
    /** What meets the kernel's columns of the candidate where that is not the state: a GRU that resets before. */
    readonly reset?: { readonly input: tf.Tensor2D; readonly gradient: tf.Tensor2D };
  };
}

type Step = StepOf<'recurrent'>;

const cut = (x: tf.Tensor2D, gate: number, units: number, count = 1): tf.Tensor2D =>
  tf.slice(x, [0, gate * units], [x.shape[0], count * units]);

const join = (parts: tf.Tensor2D[]): tf.Tensor2D => tf.concat(parts, 1);

function momentOf(step: Step, cell: Cell): (x: tf.Tensor2D, h: tf.Tensor2D, c: tf.Tensor2D | undefined) => Moment {
  const { units } = step;
  const phi = tensorActivation(step.phi);
  const gate = tensorActivation(step.gatePhi);
  const back = tf.transpose(cell.state);
  const fromState = (h: tf.Tensor2D): tf.Tensor2D => {
    const product = tf.matMul(h, cell.state) as tf.Tensor2D;
    return cell.stateBias && cell.stateBias.size === product.shape[1] ? tf.add(product, cell.stateBias) : product;
  };
  const opened = (z: tf.Tensor2D) => {
    const value = gate.forward(z);
    return { value, close: (g: tf.Tensor2D): tf.Tensor2D => tf.mul(g, gate.derivative(z, value)) };
  };

  if (step.cell === 'simple') {
    return (x, before) => {
      const z: tf.Tensor2D = tf.add(x, fromState(before));
      const h = phi.forward(z);
      const slope = phi.derivative(z, h);
      return {
        h,
        z,
        slope,
        back(dh) {
          const dz: tf.Tensor2D = tf.mul(dh, slope);
          return { fromInput: dz, fromState: dz, before: tf.matMul(dz, back) };
        },
      };
    };
  }

  if (step.cell === 'lstm') {
    return (x, before, cBefore) => {
      const all: tf.Tensor2D = tf.add(x, fromState(before));
      const [i, f, o] = [opened(cut(all, 0, units)), opened(cut(all, 1, units)), opened(cut(all, 3, units))];
      const z = cut(all, 2, units);
      const candidate = phi.forward(z);
      const slope = phi.derivative(z, candidate);
      const c: tf.Tensor2D = tf.add(tf.mul(f.value, cBefore!), tf.mul(i.value, candidate));
      const shown = phi.forward(c);
      return {
        h: tf.mul(o.value, shown),
        c,
        z,
        slope,
        back(dh, dc) {
          const through: tf.Tensor2D = tf.mul(tf.mul(dh, o.value), phi.derivative(c, shown));
          const atC: tf.Tensor2D = dc ? tf.add(through, dc) : through;
          const dz = join([
            i.close(tf.mul(atC, candidate)),
            f.close(tf.mul(atC, cBefore!)),
            tf.mul(tf.mul(atC, i.value), slope),
            o.close(tf.mul(dh, shown)),
          ]);
          return { fromInput: dz, fromState: dz, before: tf.matMul(dz, back), cBefore: tf.mul(atC, f.value) };
        },
      };
    };
  }

  const resetsAfter = step.doubleBias || step.gatewise;
  const own = cell.stateBias;
  const gates = cut(cell.state, 0, units, 2);
  const inner = cut(cell.state, 2, units);
  const [gatesBack, innerBack] = [tf.transpose(gates), tf.transpose(inner)];
  return (x, before) => {
    const state = resetsAfter ? fromState(before) : (tf.matMul(before, gates) as tf.Tensor2D);
    const gateInputs: tf.Tensor2D = tf.add(cut(x, 0, units, 2), cut(state, 0, units, 2));
    const [u, r] = [opened(cut(gateInputs, 0, units)), opened(cut(gateInputs, 1, units))];
    const ofState = resetsAfter ? cut(state, 2, units) : undefined;
    // Flax's bias is the candidate's alone.
    const shifted: tf.Tensor2D | undefined =
      ofState && own && own.size === units ? tf.add<tf.Tensor2D>(ofState, own) : ofState;
    const reset: tf.Tensor2D | undefined = shifted ? undefined : tf.mul<tf.Tensor2D>(r.value, before);
    const met: tf.Tensor2D = shifted ? tf.mul(r.value, shifted) : tf.matMul(reset!, inner);
    const z: tf.Tensor2D = tf.add(cut(x, 2, units), met);
    const candidate = phi.forward(z);
    const slope = phi.derivative(z, candidate);
    return {
      h: tf.add(tf.mul(u.value, tf.sub(before, candidate)), candidate),
      z,
      slope,
      back(dh) {
        const dz: tf.Tensor2D = tf.mul(tf.mul(dh, tf.sub(1, u.value)), slope);
        const du = u.close(tf.mul(dh, tf.sub(before, candidate)));
        const kept: tf.Tensor2D = tf.mul(dh, u.value);
        if (shifted) {
          const dr = r.close(tf.mul(dz, shifted));
          const fromState = join([du, dr, tf.mul(dz, r.value)]);
          return { fromInput: join([du, dr, dz]), fromState, before: tf.add(kept, tf.matMul(fromState, back)) };
        }
        const dReset: tf.Tensor2D = tf.matMul(dz, innerBack);
        const dr = r.close(tf.mul(dReset, before));
        const fromState = join([du, dr]);
        const own: tf.Tensor2D = tf.add(kept, tf.mul(dReset, r.value));
        return {
          fromInput: join([du, dr, dz]),
          fromState,
          before: tf.add(own, tf.matMul(fromState, gatesBack)),
          reset: { input: reset!, gradient: dz },
        };
      },
    };
  };
}

/** One direction over [steps, batch, inputs]. */
function run(step: Step, context: StepContext, x: tf.Tensor3D, direction: number) {
  const { units, weights } = step;
  const [steps, batch, inputs] = x.shape;
  const columns = gatesOf[step.cell] * units;
  const own = (role: 'kernel' | 'recurrentKernel', rows: number): tf.Tensor2D =>
    tf.reshape(tf.slice(context.parameter(role, weights.index) as tf.Tensor3D, [direction, 0, 0], [1, rows, columns]), [
      rows,
      columns,
    ]);
  // Cut from one axis: wasm looks at the shape that a tensor's data were made with.
  const biasOf = (role: 'bias' | 'recurrentBias', length: number): tf.Tensor1D => {
    const all = context.parameter(role, weights.index);
    return tf.slice(tf.reshape(all, [all.size]) as tf.Tensor1D, [direction * length], [length]);
  };
  const kernel = own('kernel', inputs);
  const state = own('recurrentKernel', units);
  const bias = weights.bias === null ? undefined : biasOf('bias', columns);
  const second = recurrentBiasLength(step);
  const moment = momentOf(step, { state, stateBias: second > 0 ? biasOf('recurrentBias', second) : undefined });

  const flat = tf.reshape(x, [steps * batch, inputs]) as tf.Tensor2D;
  const all = tf.fused.matMul({ a: flat, b: kernel, ...(bias ? { bias } : {}) }) as tf.Tensor2D;
  const rows = (at: number, of: tf.Tensor2D): tf.Tensor2D => tf.slice(of, [at * batch, 0], [batch, of.shape[1]]);
  const zero = tf.zeros([batch, units]) as tf.Tensor2D;
  const moments: Moment[] = [];
  for (let t = 0; t < steps; t++) {
    const last = moments.at(-1);
    moments.push(moment(rows(t, all), last?.h ?? zero, last?.c ?? zero));
  }

  const states = (): tf.Tensor2D => tf.concat([zero, ...moments.slice(0, -1).map(({ h }) => h)], 0);
  return {
    moments,
    /** @param arriving ∂C/∂h of each step from outside; undefined for none */
    back(arriving: readonly (tf.Tensor2D | undefined)[], wanted: boolean) {
      let dh: tf.Tensor2D | undefined;
      let dc: tf.Tensor2D | undefined;
      const found = new Array<ReturnType<Moment['back']>>(steps);
      for (let t = steps - 1; t >= 0; t--) {
        const outside = arriving[t];
        const sum: tf.Tensor2D = outside && dh ? tf.add(outside, dh) : (outside ?? dh ?? zero);
        const result = moments[t]!.back(sum, dc);
        found[t] = result;
        dh = result.before;
        dc = result.cBefore;
      }
      const stack = (parts: tf.Tensor2D[]): tf.Tensor2D => tf.concat(parts, 0);
      const fromInput = stack(found.map((each) => each.fromInput));
      const fromState = stack(found.map((each) => each.fromState));
      const main = tf.matMul(tf.transpose(states()), fromState) as tf.Tensor2D;
      const resets = found.flatMap(({ reset }) => (reset ? [reset] : []));
      const stateGradient =
        resets.length === 0
          ? main
          : join([
              main,
              tf.matMul(
                tf.transpose(stack(resets.map(({ input }) => input))),
                stack(resets.map(({ gradient }) => gradient)),
              ),
            ]);
      return {
        kernel: tf.matMul(tf.transpose(flat), fromInput) as tf.Tensor2D,
        recurrentKernel: stateGradient,
        bias: bias && sumRows(fromInput),
        recurrentBias:
          second > 0 ? sumRows(second === fromState.shape[1] ? fromState : cut(fromState, 2, units)) : undefined,
        input: wanted ? (tf.reshape(tf.matMul(fromInput, tf.transpose(kernel)), x.shape) as tf.Tensor3D) : undefined,
      };
    },
  };
}

/**
 * A recurrent layer over [batch, steps, inputs], unrolled: backpropagation through all steps. An LSTM's function works
 * both on the candidate and on the cell's state, as in Keras.
 */
export function recurrent(step: Step, x: tf.Tensor, context: StepContext): StepPass {
  const { bidirectional, sequences, units, weights } = step;
  const batch = batchOf(x);
  const steps = x.shape[1]!;
  const forth = tf.transpose(x, [1, 0, 2]) as tf.Tensor3D;
  const directions = bidirectional ? [0, 1] : [0];
  const runs = directions.map((d) => run(step, context, d === 0 ? forth : tf.reverse(forth, 0), d));
  const parts = runs.map(({ moments }, d) => {
    if (!sequences) return moments.at(-1)!.h;
    const inTime = moments.map(({ h }) => h);
    return tf.stack(d === 0 ? inTime : inTime.reverse(), 1);
  });
  const output = parts.length === 1 ? parts[0]! : tf.concat(parts, -1);
  return {
    output,
    activated: {
      z: tf.concat(
        runs.flatMap(({ moments }) => moments.map(({ z }) => z)),
        0,
      ),
      derivative: () =>
        tf.concat(
          runs.flatMap(({ moments }) => moments.map(({ slope }) => slope)),
          0,
        ),
    },
    backward(gradient, sink, [wanted]) {
      const found = runs.map((each, d) => {
        const own = tf.slice(
          gradient,
          gradient.shape.map((_, axis) => (axis === gradient.shape.length - 1 ? d * units : 0)),
          [...gradient.shape.slice(0, -1), units],
        );
        const arriving: (tf.Tensor2D | undefined)[] = new Array(steps).fill(undefined);
        if (sequences) {
          const inTime = tf.unstack(own, 1) as tf.Tensor2D[];
          (d === 0 ? inTime : inTime.reverse()).forEach((at, t) => {
            arriving[t] = at;
          });
        } else arriving[steps - 1] = own as tf.Tensor2D;
        return each.back(arriving, wanted === true);
      });
      const { index } = weights;
      sink('kernel', index, tf.stack(found.map(({ kernel }) => kernel)));
      sink('recurrentKernel', index, tf.stack(found.map(({ recurrentKernel }) => recurrentKernel)));
      if (found[0]!.bias) sink('bias', index, tf.stack(found.map(({ bias }) => bias!)));
      if (found[0]!.recurrentBias)
        sink('recurrentBias', index, tf.stack(found.map(({ recurrentBias }) => recurrentBias!)));
      if (!wanted) return [undefined];
      const inputs = found.map(({ input }, d) => (d === 0 ? input! : tf.reverse(input!, 0)));
      const sum = inputs.reduce((a, b) => tf.add(a, b));
      return [tf.reshape(tf.transpose(sum, [1, 0, 2]), [batch, steps, x.shape[2]!])];
    },
  };
}
