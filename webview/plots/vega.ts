type Vega = typeof import('./embed');

let loading: Promise<Vega> | undefined;

/** Vega, loaded at the first call. A later call tries again what could not be loaded. */
export function loadVega(): Promise<Vega> {
  loading ??= import('./embed').catch((error: unknown) => {
    loading = undefined;
    throw error;
  });
  return loading;
}
