import { bindingsOf } from './bindings';
import type { NotebookContext, ParsedDocument } from './document';
import { alone } from './place';
import { bringsTorch } from './reexports';
import { resolvePath } from './resolve';
import { rootOf } from './value';

export type Framework = 'keras' | 'tensorflow' | 'torch' | 'jax' | 'tfjs';

const byRoot: Readonly<Record<string, Framework>> = {
  keras: 'keras',
  tensorflow: 'tensorflow',
  tf_keras: 'tensorflow',
  torch: 'torch',
  jax: 'jax',
  flax: 'jax',
};

/** Libraries on PyTorch that take an activation's name in their calls and configurations. */
const onTorch: ReadonlySet<string> = new Set(
  'transformers timm diffusers fairseq fastai monai torchvision torchaudio torch_geometric lightning pytorch_lightning segmentation_models_pytorch open_clip x_transformers mmcv mmengine mmdet mmseg skorch pytorch_forecasting stable_baselines3 deepchem dgl'.split(
    ' ',
  ),
);

/** True for what a library on PyTorch has. */
export const isOnTorch = (path: string): boolean => onTorch.has(rootOf(path));

/** True where a text uses the `tf` of a script tag. */
function usesGlobal(document: ParsedDocument, context: NotebookContext): boolean {
  return bindingsOf(document).globalUses.some((end) => {
    const node = document.tree.resolveInner(end, -1).parent;
    const path = node === null ? undefined : resolvePath({ document, context, node });
    return path === 'tf' || (path?.startsWith('tf.') ?? false);
  });
}

function ownFrameworks(document: ParsedDocument, context: NotebookContext): Framework[] {
  const roots = [...bindingsOf(document).imported].map(rootOf);
  if (document.language !== 'python') return roots.includes('tf') || usesGlobal(document, context) ? ['tfjs'] : [];
  return roots.flatMap((root) => (Object.hasOwn(byRoot, root) ? [byRoot[root]!] : bringsTorch(root) ? ['torch'] : []));
}

/** The frameworks that a text, with the other cells of its notebook, imports from. */
export function frameworksIn(document: ParsedDocument, context: NotebookContext = alone): ReadonlySet<Framework> {
  const cells = [...context.before, document, ...context.after];
  return new Set(cells.flatMap((cell) => ownFrameworks(cell, cell === document ? context : alone)));
}
