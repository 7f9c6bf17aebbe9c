import type { RunRecord } from './record';

/** What a run trains on, as every surface says it: "wasm", "auto: wasm"; "auto" before that is known. */
export function backendText({ config, networks }: Pick<RunRecord, 'config' | 'networks'>): string {
  const used = [...new Set(networks.flatMap(({ backend }) => backend ?? []))].join(', ');
  if (used === '') return config.backend;
  return config.backend === 'auto' ? `auto: ${used}` : used;
}
