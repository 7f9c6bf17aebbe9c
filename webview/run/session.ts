import type { Remote } from '../../src/protocol/contract';
import type { deskContract } from '../../src/protocol/pages/desk';
import type { runsHostContract } from '../../src/protocol/pages/runs';

type Host = Pick<
  Remote<typeof runsHostContract & typeof deskContract>,
  'pauseRun' | 'resumeRun' | 'stopRun' | 'continueRun' | 'showLog' | 'log'
>;

/** What any page that shows runs passes on to the host, and what becomes of a refusal. */
export abstract class RunSession {
  protected abstract readonly host: Host;

  /** Shows what could not be done. */
  protected abstract failed(error: unknown): void;

  pause(): void {
    this.ask(this.host.pauseRun());
  }

  resume(): void {
    this.ask(this.host.resumeRun());
  }

  stop(): void {
    this.ask(this.host.stopRun());
  }

  continueRun(): void {
    this.ask(this.host.continueRun());
  }

  protected ask(answer: Promise<unknown>): void {
    answer.catch((error: unknown) => this.failed(error));
  }

  protected log(level: 'info' | 'warn' | 'error', text: string): void {
    void this.host.log(level, text).catch(() => {});
  }
}

export const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
