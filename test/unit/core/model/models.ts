import type { FrameworkId } from '../../../../src/core/frameworks/framework';
import type { NotElementWiseName } from '../../../../src/core/frameworks/notElementWise';
import type { Initializer } from '../../../../src/core/initializers/initializer';
import type {
  ActivationUse,
  Initialization,
  LossUse,
  Model,
  ModelNode,
  Operation,
  Shape,
  SourceRange,
} from '../../../../src/core/model/model';

const nowhere: SourceRange = { cell: 0, from: 0, to: 0 };

export const byDefault: Initialization = { kind: 'default' };
export const starting = (initializer: Initializer): Initialization => ({
  kind: 'known',
  initializer,
  spelled: initializer.kind,
  source: nowhere,
});

/** Builds graphs step by step; every method gives the new step's id, and takes the latest one as its input. */
export class GraphBuilder {
  readonly nodes: ModelNode[] = [];
  private inputs: number[] = [];
  private latest = -1;
  private positions = 0;

  constructor(
    readonly framework: FrameworkId = 'keras',
    private readonly kernel: Initialization = byDefault,
  ) {}

  add(operation: Operation, more: Partial<ModelNode> = {}): number {
    const id = this.nodes.length;
    const from = this.positions;
    this.positions += 10;
    this.nodes.push({
      id,
      operation,
      inputs: operation.kind === 'input' ? [] : [this.latest],
      type: operation.kind,
      source: { cell: 0, from, to: from + 9 },
      shape: undefined,
      certain: true,
      ...more,
    });
    this.latest = id;
    return id;
  }

  input(shape: Shape): number {
    const id = this.add({ kind: 'input' }, { shape });
    this.inputs.push(id);
    return id;
  }

  dense(units: number, activation?: string, more: Partial<ModelNode> = {}, kernel = this.kernel): number {
    const id = this.add({ kind: 'dense', units, kernel, bias: byDefault }, { type: 'Dense', ...more });
    return activation === undefined ? id : this.activation(activation);
  }

  conv(
    filters: number,
    activation?: string,
    more: Partial<Extract<Operation, { kind: 'convolution' }>> = {},
    node: Partial<ModelNode> = {},
  ): number {
    const id = this.add(
      {
        kind: 'convolution',
        rank: 2,
        filters,
        kernelSize: [3, 3],
        strides: [1, 1],
        dilation: [1, 1],
        padding: 'valid',
        groups: 1,
        transposed: false,
        kernel: this.kernel,
        bias: byDefault,
        ...more,
      },
      { type: 'Conv2D', ...node },
    );
    return activation === undefined ? id : this.activation(activation);
  }

  use(name: string): ActivationUse {
    const source = { cell: 0, from: this.positions, to: this.positions + 5 };
    return { name, framework: this.framework, spelled: name, source };
  }

  activation(name: string, more: Partial<ModelNode> = {}): number {
    return this.add({ kind: 'activation', activation: this.use(name) }, { type: name, ...more });
  }

  notElementWise(name: NotElementWiseName): number {
    const { name: _, ...rest } = this.use(name);
    return this.add({ kind: 'activation', activation: { ...rest, name: undefined, notElementWise: name } });
  }

  batchNorm(): number {
    return this.add({ kind: 'normalisation', over: 'batch' }, { type: 'BatchNormalization' });
  }

  dropout(rate: number): number {
    return this.add({ kind: 'dropout', rate, variant: 'plain' }, { type: 'Dropout' });
  }

  maxPool(size = 2): number {
    return this.add({ kind: 'pooling', mode: 'max', global: false, size: [size, size], strides: [], padding: 'valid' });
  }

  flatten(): number {
    return this.add({ kind: 'flatten' });
  }

  join(kind: 'add' | 'concatenate' | 'multiply', ...inputs: number[]): number {
    return this.add({ kind }, { inputs });
  }

  /** What follows starts from an earlier step. */
  from(id: number): this {
    this.latest = id;
    return this;
  }

  build(more: Partial<Model> = {}): Model {
    return {
      name: 'model',
      framework: this.framework,
      source: nowhere,
      nodes: this.nodes,
      inputs: this.inputs,
      outputs: [this.latest],
      inputShape: this.nodes[0]?.shape,
      loss: undefined,
      symbols: [],
      ...more,
    };
  }
}

export const loss = (kind: LossUse['kind'], wants: LossUse['wants']): LossUse => ({
  kind,
  wants,
  spelled: kind,
  source: nowhere,
});

/** A stack of dense layers with one function, and an output layer with softmax. */
export function mlp(
  depth: number,
  width: number,
  activation: string,
  { framework = 'keras' as FrameworkId, kernel = byDefault, inputs = width } = {},
): GraphBuilder {
  const graph = new GraphBuilder(framework, kernel);
  graph.input([inputs]);
  for (let l = 0; l < depth; l++) graph.dense(width, activation);
  graph.dense(10);
  return graph;
}
