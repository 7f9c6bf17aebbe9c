import type { Remote } from '../../protocol/contract';
import type { runsPageContract } from '../../protocol/pages/runs';

/** Where a page is reached; the webview behind it may be hidden. */
export type RunPage = Remote<typeof runsPageContract>;

/** A page from its opening to its closing. */
export interface Attachment {
  page(): RunPage;
  /** It has asked for the run, so it can take jobs and news. */
  up: boolean;
}

/** The pages that show runs, in the order of their opening. */
export class Audience {
  readonly #all = new Set<Attachment>();

  constructor(private readonly onProblem: (error: unknown) => void) {}

  get isEmpty(): boolean {
    return this.#all.size === 0;
  }

  add(page: () => RunPage): Attachment {
    const attachment = { page, up: false };
    this.#all.add(attachment);
    return attachment;
  }

  remove(attachment: Attachment): void {
    this.#all.delete(attachment);
  }

  /** The page that is wished for, unless it has been closed; else one that is up; else one that comes up. */
  choose(wish: Attachment | undefined): Attachment | undefined {
    if (wish !== undefined && this.#all.has(wish)) return wish;
    const all = [...this.#all];
    return all.find(({ up }) => up) ?? all[0];
  }

  /** Tells all that are up. */
  tell(message: (page: RunPage) => Promise<void>): void {
    for (const { page, up } of this.#all) if (up) message(page()).catch(this.onProblem);
  }
}
