import type { RunRecord } from './record';

/**
 * What a run trains on, as every surface says it: "wasm", "auto: wasm", "wasm instead of webgl" where that was lost; "auto"
 * before it is known.
 */
export function backendText({ config, networks }: Pick<RunRecord, 'config' | 'networks'>): string {
  const used = [...new Set(networks.flatMap(({ backend }) => backend ?? []))];
  const text = used.join(', ');
  if (config.backend === 'auto') return text === '' ? 'auto' : `auto: ${text}`;
  if (text === '') return config.backend;
  return used.includes(config.backend) ? text : `${text} instead of ${config.backend}`;
}
