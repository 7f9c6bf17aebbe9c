import { judgeAll } from '../../src/core/advice/judge';
import { isActive, statusOf, type WayOut } from '../../src/core/advice/runStatus';
import type { FlowConfig } from '../../src/core/calculation/config';
import type { ExperimentConfig } from '../../src/core/experiment/config';
import { messageOf } from '../../src/core/format/errors';
import { overlayNames, type TitledRun } from '../../src/core/report/overlayNames';
import { overlaidMap, overlayRuns, refreshOverlay } from '../../src/core/runs/overlay';
import { isOver, type RunRecord } from '../../src/core/runs/record';
import { runFileTooLarge } from '../../src/core/runs/runFile';
import { parseRun } from '../../src/core/runs/serialise';
import { runTitle } from '../../src/core/runs/summary';
import type { Verdict } from '../../src/core/verdicts/verdict';
import { connect, type Transport } from '../../src/protocol/channel';
import { compareHostContract, comparePageContract, type KeptRun } from '../../src/protocol/pages/compare';
import type { ModelReference } from '../../src/protocol/schemas';
import { ValueStore } from '../kit/store';
import { expectedRun } from '../run/expectedRun';
import { RunFollower } from '../run/follower';
import type { MirroredRun } from '../run/mirror';
import { RunSession } from '../run/session';
import type { BrowserEnvironment } from '../shell/environment';
import type { DroppedFile } from './droppedRuns';
import type { PageActions, PageState } from './state';

export interface CompareEnvironment extends BrowserEnvironment {
  readonly transport: Transport;
}

/** Kept runs as the page shows them. An overlay has no settings of its own: those of the current run stand beside it. */
type KeptView = Omit<CurrentView, 'config' | 'revision'> & Partial<Pick<MirroredRun, 'config'>>;

type CurrentView = MirroredRun & Pick<PageState, 'alone' | 'before' | 'earlier'>;

/** A remedy that was tried on a run. */
interface TriedRemedy {
  /** The newest that is known of it: a snapshot makes another record of the same run. */
  before: RunRecord;
  readonly config: ExperimentConfig;
  /** On the run before, as it stood when it gave way: it trains on until then. */
  verdicts: ReadonlyMap<string, Verdict>;
  /** Runs that may still be in sight before its own. */
  readonly old: readonly (string | undefined)[];
  /** Its own run, once that is there. */
  tried?: string;
  /** It is shown without the run before. */
  apart: boolean;
  /** Made once: plots go on in it. */
  overlay?: { readonly before: RunRecord; readonly of: RunRecord | undefined; readonly run: RunRecord };
}

/** The host ends a run before it begins another; that news is lost where the other's snapshot overtakes it. */
function endAsStopped({ networks }: RunRecord): void {
  for (const network of networks) if (!isOver(network.state)) network.state = 'stopped';
}

const titled = (run: RunRecord): TitledRun => ({ title: runTitle(run), run });

function overlayOf(runs: readonly TitledRun[]): RunRecord {
  const names = overlayNames(runs);
  return overlayRuns(runs.map(({ title, run }, i) => ({ run, name: names[i] ?? title })));
}

function keptView(runs: readonly TitledRun[]): KeptView {
  const alone = runs.length === 1 ? runs[0]?.run : undefined;
  const run = alone ?? overlayOf(runs);
  const { config } = run;
  const verdicts = judgeAll(run);
  const still = { training: false, loadingText: '', problem: undefined, resumable: false };
  return {
    status: statusOf({ run, config, ...still }),
    run,
    verdicts,
    origin: undefined,
    before: undefined,
    earlier: undefined,
    alone: alone === undefined ? undefined : { run: alone, verdicts },
    ...(alone === undefined ? {} : { config }),
  };
}

/**
 * The comparison page's life: it follows the host's current run, or shows kept ones, and passes on what is wanted. What
 * trains does so whatever is shown, here or in another page.
 */
export class CompareSession extends RunSession implements PageActions {
  readonly store: ValueStore<PageState>;
  readonly #follower: RunFollower;
  protected readonly host;
  #kept: KeptView | undefined;
  #remedy: TriedRemedy | undefined;

  constructor(environment: CompareEnvironment) {
    super();
    this.#follower = new RunFollower(
      () => this.host,
      environment,
      (level, text) => this.log(level, text),
    );
    const { mirror } = this.#follower;
    this.store = new ValueStore<PageState>({
      ...mirror.store.get(),
      kept: [],
      before: undefined,
      earlier: undefined,
      alone: undefined,
      proposed: undefined,
      training: false,
      presenting: false,
      problem: undefined,
      download: undefined,
      mnistStored: false,
    });
    mirror.store.subscribe(() => this.#follow());
    this.host = connect(
      environment.transport,
      comparePageContract,
      {
        ...this.#follower.service((download) => this.store.set({ download })),
        showKept: (runs) => this.#showKept(runs),
        propose: (config) => this.#propose(config),
        present: (presenting) => this.store.set({ presenting }),
      },
      compareHostContract,
      (error) => this.log('error', error.message),
      'The extension',
    ).remote;
  }

  /** Begins to follow the host's run, and shows the kept ones that the host wants shown. */
  async open(): Promise<void> {
    try {
      const [kept, presenting, proposed, mnistStored] = await Promise.all([
        this.host.kept(),
        this.host.presenting(),
        this.host.proposed(),
        this.host.hasMnist(),
        this.#follower.open(),
      ]);
      this.store.set({ presenting, mnistStored });
      this.#showKept(kept);
      if (proposed !== null) this.#propose(proposed);
    } catch (error) {
      this.#fail(error, ['showLog']);
    }
  }

  start(config: ExperimentConfig): void {
    this.#remedy = undefined;
    this.#start(config);
  }

  tryRemedy(config: ExperimentConfig): void {
    const before = this.store.get().alone?.run;
    // A kept run may have stood before the current one, which comes into sight for a moment.
    const old = [before?.id, this.#follower.mirror.store.get().run?.id];
    const remedy = before && { before, config, verdicts: judgeAll(before), old, apart: false };
    this.#remedy = remedy;
    this.#start(config, () => {
      if (this.#remedy === remedy) this.#remedy = undefined;
      this.#show();
    });
    this.#show();
  }

  overlayBefore(over: boolean): void {
    if (this.#remedy === undefined) return;
    this.#remedy.apart = !over;
    this.#show();
  }

  runAgain(): void {
    this.start(this.store.get().config);
  }

  showCurrent(): void {
    if (this.#kept === undefined) return;
    this.#showKept([]);
    this.ask(this.host.leaveKept());
  }

  chooseFolder(): Promise<string | null> {
    return this.host.chooseFolder().catch((error: unknown) => {
      this.#fail(error, ['showLog']);
      return null;
    });
  }

  downloadMnist(): void {
    this.host.downloadMnist().then(
      (done) => this.store.set({ download: undefined, ...(done ? { mnistStored: true } : {}) }),
      (error: unknown) => {
        this.store.set({ download: undefined });
        this.#fail(error, ['downloadMnist', 'chooseFolder', 'showLog']);
      },
    );
  }

  openCalculator(config: FlowConfig): void {
    this.ask(this.host.openCalculator(config));
  }

  openRunFiles(files: readonly DroppedFile[]): void {
    this.ask(this.#openRunFiles(files));
  }

  openRunAddresses(addresses: readonly string[]): void {
    this.ask(this.host.openRunAddresses([...addresses]));
  }

  dismissProblem(): void {
    if (this.store.get().problem !== undefined) this.store.set({ problem: undefined });
    else this.ask(this.host.dismissProblem());
  }

  showCode(model: ModelReference): void {
    this.ask(this.host.showCode(model));
  }

  dismissOrigin(): void {
    this.#follower.mirror.dismissOrigin();
    this.ask(this.host.dismissOrigin());
  }

  setPresenting(presenting: boolean): void {
    this.store.set({ presenting });
    this.ask(this.host.setPresenting(presenting));
  }

  dismissProposal(): void {
    this.store.set({ proposed: undefined });
  }

  /** One that is too large is not even read. */
  async #openRunFiles(files: readonly DroppedFile[]): Promise<void> {
    const read = await Promise.all(
      files.map(async (file) => {
        const tooLarge = runFileTooLarge(file.size);
        if (tooLarge !== undefined) throw new Error(`${file.name} cannot be opened. ${tooLarge}`);
        return { name: file.name, bytes: new Uint8Array(await file.arrayBuffer()) };
      }),
    );
    await this.host.openRunFiles(read);
  }

  /** From a link: nothing is started, and what trains goes on. */
  #propose(config: ExperimentConfig): void {
    this.showCurrent();
    this.store.set({ proposed: config });
  }

  #start(config: ExperimentConfig, onRefused?: () => void): void {
    this.dismissProposal();
    this.showCurrent();
    this.ask(
      this.host.startRun(config).catch((error: unknown) => {
        onRefused?.();
        throw error;
      }),
    );
  }

  /** The host's run; from the click that tries a remedy until the host has another one, as if that one's data loaded. */
  #current(): MirroredRun {
    const current = this.#follower.mirror.store.get();
    const remedy = this.#remedy;
    const { run } = current;
    if (remedy === undefined || remedy.tried !== undefined || run === undefined || !remedy.old.includes(run.id))
      return current;
    if (run.id === remedy.before.id) remedy.before = run;
    const { config } = remedy;
    const loadingText = isActive(current.status.phase) ? 'Stopping the run before…' : 'Loading the data…';
    const situation = { run: undefined, config, training: true, loadingText, problem: undefined, resumable: false };
    return { ...current, config, run: undefined, verdicts: new Map(), status: statusOf(situation) };
  }

  /** The host's run as it stands: laid over the run that it is a remedy of, also while its data load. */
  #currentView(): CurrentView {
    const current = this.#current();
    const { run, verdicts } = current;
    const alone = run === undefined ? undefined : { run, verdicts };
    const remedy = this.#remedy;
    const loads = run === undefined && remedy?.tried === undefined && current.status.phase === 'loading';
    const none = { ...current, alone, before: undefined, earlier: undefined };
    if (remedy === undefined || (run === undefined && !loads)) return none;
    if (run !== undefined && remedy.tried === undefined) {
      remedy.tried = run.id;
      endAsStopped(remedy.before);
    }
    if (remedy.tried !== run?.id) return none;
    const earlier = remedy.before;
    if (remedy.apart) return { ...current, alone, before: 'apart', earlier };
    if (remedy.overlay?.before !== remedy.before || remedy.overlay.of !== run) {
      remedy.verdicts = judgeAll(remedy.before);
      const runs = [remedy.before, run ?? expectedRun(current.config)].map(titled);
      remedy.overlay = { before: remedy.before, of: run, run: overlayOf(runs) };
    }
    refreshOverlay(remedy.overlay.run);
    return {
      ...current,
      run: remedy.overlay.run,
      verdicts: overlaidMap([remedy.verdicts, verdicts]),
      alone,
      before: 'over',
      earlier,
    };
  }

  /** Kept runs that cannot be read are said so, and the others are shown. */
  #showKept(runs: readonly KeptRun[]): void {
    const read: TitledRun[] = [];
    const problems: string[] = [];
    for (const { title, run } of runs) {
      try {
        read.push({ title, run: parseRun(run) });
      } catch (error) {
        problems.push(`“${title}” cannot be shown: ${messageOf(error)}`);
      }
    }
    if (problems.length > 0) this.#fail(new Error(problems.join(' ')), ['showLog']);
    this.#kept = read.length === 0 ? undefined : keptView(read);
    this.store.set({ kept: read.map(({ title }) => title) });
    this.#show();
  }

  /** What the page shows is another run. */
  #show(): void {
    this.store.set({
      ...(this.#kept === undefined ? this.#currentView() : { ...this.#follower.mirror.store.get(), ...this.#kept }),
      // Both kinds of run raise one count: a plot never takes one for the other.
      revision: this.store.get().revision + 1,
      training: isActive(this.#follower.mirror.store.get().status.phase),
    });
  }

  /** Of the current run there is news. A kept one is not drawn anew for it. */
  #follow(): void {
    const { status, config } = this.#follower.mirror.store.get();
    if (this.#kept === undefined) {
      this.#show();
      return;
    }
    const next = { training: isActive(status.phase), config: this.#kept.config ?? config };
    const shown = this.store.get();
    if (shown.training !== next.training || shown.config !== next.config) this.store.set(next);
  }

  protected failed(error: unknown): void {
    this.#fail(error, ['showLog']);
  }

  #fail(error: unknown, waysOut: readonly WayOut[]): void {
    const message = messageOf(error);
    this.log('error', message);
    this.store.set({ problem: { message, waysOut } });
  }
}
