import type { SyntaxNode } from '@lezer/common';
import { publicPath } from '../../core/frameworks/paths';
import { bindingsOf } from '../bindings';
import { lookup } from '../lookup';
import type { Binding } from '../scope';
import { textOf } from '../syntax';
import { rootOf } from '../value';
import type { TextEdit } from './textEdit';
import { type CellPlace, lineBreak, lineEnd, type Texts } from './tree';

/** How a text can write something imported, with the import that it needs for that. */
export interface WrittenName {
  readonly text: string;
  readonly edits: readonly TextEdit[];
}

const pathOf = (bindings: readonly Binding[]): string | undefined => {
  const paths = bindings.map(({ meaning }) => (meaning.kind === 'path' ? publicPath(meaning.path) : undefined));
  return paths.every((path) => path === paths[0]) ? paths[0] : undefined;
};

/** The public path with which a path begins, and what is left of it. */
const after = (path: string, prefix: string): string | undefined =>
  path === prefix ? '' : path.startsWith(`${prefix}.`) ? path.slice(prefix.length) : undefined;

interface Import {
  readonly module: string;
  readonly name: string;
  /** `plain` is for files that write `import a.b as c` rather than `from a import b`. */
  readonly statement: string;
  readonly plain?: string;
}

/** How people import what may have to be added. */
const customary: readonly Import[] = [
  { module: 'torch.nn.functional', name: 'F', statement: 'import torch.nn.functional as F' },
  { module: 'torch.nn', name: 'nn', statement: 'from torch import nn', plain: 'import torch.nn as nn' },
  { module: 'flax.linen', name: 'nn', statement: 'from flax import linen as nn', plain: 'import flax.linen as nn' },
  { module: 'flax.nnx', name: 'nnx', statement: 'from flax import nnx' },
  { module: 'jax', name: 'jax', statement: 'import jax' },
  { module: 'keras.layers', name: 'layers', statement: 'from keras import layers' },
  { module: 'keras.activations', name: 'activations', statement: 'from keras import activations' },
  { module: 'keras.losses', name: 'losses', statement: 'from keras import losses' },
  { module: 'tf.keras.layers', name: 'layers', statement: 'from tensorflow.keras import layers' },
  { module: 'tf.keras.activations', name: 'activations', statement: 'from tensorflow.keras import activations' },
  { module: 'tf.keras.losses', name: 'losses', statement: 'from tensorflow.keras import losses' },
];

export class Names {
  constructor(private readonly texts: Texts) {}

  /**
   * A way to write a public path at a place: by what is imported already, or with an import in the manner of the file.
   *
   * @param beside a name that a `from` statement imports, which the new one can stand beside
   */
  for(place: CellPlace, path: string, beside?: string): WrittenName | undefined {
    const known = this.known(place, path);
    const asBare = beside !== undefined && known?.text.includes('.') !== false;
    return (asBare ? this.extended(place, path, beside) : undefined) ?? known ?? this.imported(place, path);
  }

  /** By the binding that leaves least to write. */
  private known(place: CellPlace, path: string): WrittenName | undefined {
    let best: string | undefined;
    for (const { document, cell } of this.texts.documents) {
      if (cell > place.cell || document.language !== place.document.language) continue;
      for (const [name, bindings] of bindingsOf(document).root.names) {
        const bound = pathOf(bindings);
        const rest = bound === undefined ? undefined : after(path, bound);
        if (rest === undefined || !this.means(place, name, bound!)) continue;
        if (best === undefined || name.length + rest.length < best.length) best = name + rest;
      }
    }
    return best === undefined ? undefined : { text: best, edits: [] };
  }

  /** Whether a name means a path at a place, and nothing else. */
  private means(place: CellPlace, name: string, path: string): boolean {
    const found = lookup(place, name);
    return found !== undefined && pathOf(found.bindings) === path;
  }

  private isFree(place: CellPlace, name: string): boolean {
    const anywhere = this.texts.documents.some(({ document }) => bindingsOf(document).root.names.has(name));
    return !anywhere && lookup(place, name) === undefined;
  }

  /** `from keras.layers import Dense, ReLU` with one more name. */
  private extended(place: CellPlace, path: string, beside: string | undefined): WrittenName | undefined {
    const dot = path.lastIndexOf('.');
    const [module, name] = [path.slice(0, dot), path.slice(dot + 1)];
    const binding = beside === undefined ? undefined : lookup(place, beside)?.bindings.at(-1);
    const bound = binding && pathOf([binding]);
    if (binding === undefined || bound === undefined || !this.isFree(place, name)) return undefined;
    if (bound.slice(0, bound.lastIndexOf('.')) !== module) return undefined;
    const own = this.texts.documents.find(
      ({ document }) => bindingsOf(document).byTarget.get(binding.target.from) === binding,
    );
    const statement = own?.document.tree.resolveInner(binding.target.from, 1).parent;
    if (own === undefined || statement?.name !== 'ImportStatement' || statement.firstChild?.name !== 'from') {
      return undefined;
    }
    const { to } = binding.target;
    return { text: name, edits: [{ cell: own.cell, from: to, to, text: `, ${name}` }] };
  }

  private imported(place: CellPlace, path: string): WrittenName | undefined {
    if (place.document.language !== 'python') return undefined;
    for (const { module, name, statement, plain } of customary) {
      const rest = after(path, module);
      if (rest === undefined || !this.isFree(place, name)) continue;
      const beside = this.lastImport(place.cell, rootOf(publicRoots[rootOf(path)] ?? path));
      if (beside === undefined) return undefined;
      const { document, cell, node } = beside;
      const isPlain = /^import [\w.]+\.[\w.]+ as /.test(textOf(document, node));
      const at = lineEnd(document.text, node.to);
      const text = lineBreak(document.text) + (isPlain ? (plain ?? statement) : statement);
      return { text: name + rest, edits: [{ cell, from: at, to: at, text }] };
    }
    return undefined;
  }

  /** The last import of a package, at the outermost level of a cell. */
  private lastImport(upTo: number, root: string): CellPlace | undefined {
    for (const { document, cell } of this.texts.documents.toReversed()) {
      if (cell > upTo) continue;
      let found: SyntaxNode | undefined;
      const mention = new RegExp(`\\b${root}\\b`);
      for (let node = document.tree.topNode.firstChild; node !== null; node = node.nextSibling) {
        if (node.name === 'ImportStatement' && mention.test(textOf(document, node))) found = node;
      }
      const place = found && this.texts.place(cell, found);
      if (place !== undefined) return place;
    }
    return undefined;
  }
}

const publicRoots: Readonly<Record<string, string>> = { tf: 'tensorflow' };
