import type { Remote } from '../../src/protocol/contract';
import type { deskContract } from '../../src/protocol/pages/desk';

/** What any page asks of the extension host's desk, and what becomes of a refusal. */
export abstract class DeskSession {
  protected abstract readonly host: Remote<typeof deskContract>;

  /** Shows what could not be done. */
  protected abstract failed(error: unknown): void;

  /** False where it could not be copied. */
  copyText(text: string): Promise<boolean> {
    return this.host.copyText(text).then(
      () => true,
      (error: unknown) => {
        this.failed(error);
        return false;
      },
    );
  }

  saveFile(name: string, content: string | Uint8Array): void {
    this.ask(this.host.saveFile(name, content));
  }

  showLog(): void {
    void this.host.showLog().catch(() => {});
  }

  /** The page could not be drawn. */
  broke(error: unknown): void {
    this.log(
      'error',
      `The page could not be drawn: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`,
    );
  }

  protected ask(answer: Promise<unknown>): void {
    answer.catch((error: unknown) => this.failed(error));
  }

  protected log(level: 'info' | 'warn' | 'error', text: string): void {
    void this.host.log(level, text).catch(() => {});
  }
}
