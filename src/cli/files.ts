import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { UsageError } from './options';

/** A bundle that lies beside this one. */
export const readAsset = (name: string): string => readFileSync(join(__dirname, name), 'utf8');

/** Writes what a flag asked for. @throws UsageError where the file cannot be written */
export function writeText(flag: string, file: string, text: string): void {
  try {
    writeFileSync(file, text);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new UsageError(`${flag}: "${file}" cannot be written (${reason}). Name a file in a folder that exists.`);
  }
}
