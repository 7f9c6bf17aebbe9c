import type { Remote } from '../../src/protocol/contract';
import type { deskContract } from '../../src/protocol/pages/desk';
import type { runsHostContract } from '../../src/protocol/pages/runs';
import { DeskSession } from '../shell/deskSession';

type Host = Remote<typeof deskContract> &
  Pick<Remote<typeof runsHostContract>, 'pauseRun' | 'resumeRun' | 'stopRun' | 'continueRun'>;

/** What any page that shows runs passes on to the host. */
export abstract class RunSession extends DeskSession {
  protected abstract override readonly host: Host;

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
}
