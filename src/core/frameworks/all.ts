import type { Framework, FrameworkId } from './framework';
import { jax } from './jax';
import { keras } from './keras';
import { tf2 } from './tf2';
import { tfjs } from './tfjs';
import { torch } from './torch';

/** All frameworks, one line each. */
export const frameworks: Readonly<Record<FrameworkId, Framework>> = { keras, tf2, torch, tfjs, jax };

export const framework = (id: FrameworkId): Framework => frameworks[id];
