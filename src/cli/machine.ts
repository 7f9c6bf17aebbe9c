import { totalmem } from 'node:os';

/** Bytes of memory that this process may have: the machine's, or what its container is allowed. */
export function machineMemory(): number {
  // Node 20 and newer, in some versions with 2⁶⁴ where there is no bound.
  const allowed = process.constrainedMemory?.() ?? 0;
  return allowed > 0 ? Math.min(allowed, totalmem()) : totalmem();
}
