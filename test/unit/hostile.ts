/**
 * Property tests over hostile inputs stand in files named `*.hostile.test.ts`: each is bounded here, and `npm run fuzz` runs them
 * over and over with fresh seeds and so many times the inputs.
 */
const factor = Number(process.env.GRADIENT_LENS_FUZZ ?? 1);

/** How many inputs a property is tried on, of those that an ordinary run takes. */
export const inputs = (ordinary: number): { numRuns: number } => ({ numRuns: Math.ceil(ordinary * factor) });
