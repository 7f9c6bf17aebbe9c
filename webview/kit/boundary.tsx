import { Component, type ComponentChildren, type VNode } from 'preact';
import { sentenceOf } from '../../src/core/format/errors';
import { type BannerAction, ErrorBanner } from './banner';
import type { Store } from './store';

interface BoundaryProps {
  readonly children: ComponentChildren;
  /** As a sentence begins: "The calculator". */
  readonly page: string;
  /** Ways back to something that can be drawn. */
  readonly waysBack: () => readonly BannerAction[];
  /** Told of what happened: what is shown now must not be kept. */
  onBroken(error: unknown): void;
  /** Where every change may be the one that can be drawn again; without it, a person asks for another try. */
  readonly changes?: Store<unknown>;
}

interface BoundaryState {
  readonly message: string | undefined;
}

/** Stands around a page: where that cannot be drawn, it says so with ways back, instead of standing still or blank. */
export class Boundary extends Component<BoundaryProps, BoundaryState> {
  override state: BoundaryState = { message: undefined };
  #unsubscribe: (() => void) | undefined;

  override componentDidMount(): void {
    this.#unsubscribe = this.props.changes?.subscribe(this.#again);
  }

  override componentWillUnmount(): void {
    this.#unsubscribe?.();
  }

  override componentDidCatch(error: unknown): void {
    this.setState({ message: sentenceOf(error) });
    this.props.onBroken(error);
  }

  readonly #again = (): void => {
    if (this.state.message !== undefined) this.setState({ message: undefined });
  };

  override render(): VNode {
    const { children, page, waysBack } = this.props;
    const { message } = this.state;
    if (message === undefined) return <>{children}</>;
    const actions = waysBack().map((way) => ({
      ...way,
      onSelect: () => {
        way.onSelect();
        this.#again();
      },
    }));
    return (
      <main class="page">
        <ErrorBanner
          message={`${page} cannot show this: ${message} It is not kept; what is recorded is.`}
          actions={[...actions, { text: 'Try again', onSelect: this.#again }]}
          onDismiss={this.#again}
        />
      </main>
    );
  }
}
