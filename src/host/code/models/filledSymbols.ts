import * as v from 'valibot';
import * as vscode from 'vscode';

const KEY = 'gradientLens.symbols';

const storedSchema = v.record(v.string(), v.record(v.string(), v.union([v.number(), v.string(), v.boolean()])));
type Stored = v.InferOutput<typeof storedSchema>;

/** A number or a word that the code does not tell. */
export type SymbolValue = number | string | boolean;

/** What people filled in for arguments that their code does not tell, by text; kept with the workspace. */
export class FilledSymbols implements vscode.Disposable {
  readonly #changed = new vscode.EventEmitter<vscode.Uri>();
  readonly onDidChange = this.#changed.event;

  constructor(private readonly memory: vscode.Memento) {}

  dispose(): void {
    this.#changed.dispose();
  }

  of(uri: vscode.Uri): ReadonlyMap<string, SymbolValue> {
    return new Map(Object.entries(this.#stored()[uri.toString()] ?? {}));
  }

  async set(uri: vscode.Uri, values: ReadonlyMap<string, SymbolValue>): Promise<void> {
    const { [uri.toString()]: _, ...others } = this.#stored();
    const own = values.size === 0 ? {} : { [uri.toString()]: Object.fromEntries(values) };
    await this.memory.update(KEY, { ...others, ...own });
    this.#changed.fire(uri);
  }

  /** Something else under the key counts as nothing. */
  #stored(): Stored {
    const read = v.safeParse(storedSchema, this.memory.get(KEY));
    return read.success ? read.output : {};
  }
}

/** "128" is a number, "true" a truth value, all else a word. */
export function symbolValue(text: string): SymbolValue {
  const trimmed = text.trim();
  if (/^(true|false)$/i.test(trimmed)) return trimmed.toLowerCase() === 'true';
  const number = Number(trimmed.replaceAll('_', ''));
  return trimmed !== '' && Number.isFinite(number) ? number : trimmed.replace(/^(['"])(.*)\1$/, '$2');
}
