import type { Framework, FrameworkId } from './framework';
import { jax } from './jax/index';
import { keras } from './keras/index';
import { tf2 } from './tf2/index';
import { tfjs } from './tfjs/index';
import { torch } from './torch/index';

/** All frameworks, one line each. */
export const frameworks: Readonly<Record<FrameworkId, Framework>> = { keras, tf2, torch, tfjs, jax };

export const framework = (id: FrameworkId): Framework => frameworks[id];
