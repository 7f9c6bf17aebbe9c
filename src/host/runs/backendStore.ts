import type * as vscode from 'vscode';
import {
  type BackendMemories,
  readMemories,
  recalled,
  withMemory,
  withoutMemory,
} from '../../core/experiment/backendMemory';
import type { ChosenBackend } from '../../core/experiment/backendTiming';
import { messageOf } from '../../core/format/errors';

const KEY = 'backends';

/** What `auto` took, for all windows of a person's VS Code; of an older version of the extension nothing is used. */
export class BackendStore {
  /** @param version of the extension: another one computes in another way */
  constructor(
    private readonly memory: Pick<vscode.Memento, 'get' | 'update'>,
    private readonly version: string,
    private readonly warn: (text: string) => void,
  ) {}

  recall(key: string): ChosenBackend | undefined {
    return recalled(this.#memories(), this.#own(key));
  }

  async keep(key: string, chosen: ChosenBackend): Promise<void> {
    await this.#write(withMemory(this.#memories(), this.#own(key), chosen));
  }

  async forget(key: string): Promise<void> {
    await this.#write(withoutMemory(this.#memories(), this.#own(key)));
  }

  async forgetAll(): Promise<void> {
    await this.memory.update(KEY, undefined);
  }

  /** Another window may have written since. */
  #memories(): BackendMemories {
    const stored = this.memory.get<unknown>(KEY);
    const read = stored === undefined ? [] : readMemories(stored);
    if (read === undefined) this.warn('What was remembered of backends cannot be read and is passed over.');
    return read ?? [];
  }

  async #write(memories: BackendMemories): Promise<void> {
    try {
      await this.memory.update(KEY, memories);
    } catch (error) {
      this.warn(`The backend could not be remembered: ${messageOf(error)}`);
    }
  }

  readonly #own = (key: string): string => `${this.version} · ${key}`.slice(0, 600);
}
