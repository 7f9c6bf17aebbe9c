import { useEffect, useState } from 'preact/hooks';
import { pace } from '../plots/pace';
import type { Store } from './store';

/** Calls `show` once, soon; the returned function calls it off. */
type Soon = (show: () => void) => () => void;

/** In the next frame: for what answers to a drag. */
const nextFrame: Soon = (show) => {
  const frame = requestAnimationFrame(show);
  return () => cancelAnimationFrame(frame);
};

/** When the page draws: for what a training tells. */
const paced: Soon = (show) => {
  const draw = async () => {
    show();
    // What is rendered now asks for its plots, which are then of the same frame.
    await undefined;
    return undefined;
  };
  pace.request(draw);
  return () => pace.cancel(draw);
};

function useStoreAt<T>(store: Store<T>, soon: Soon): T {
  const [state, setState] = useState(store.get);
  useEffect(() => {
    let cancel: (() => void) | undefined;
    const show = () => {
      cancel = undefined;
      setState(() => store.get());
    };
    show();
    const unsubscribe = store.subscribe(() => {
      cancel ??= soon(show);
    });
    return () => {
      unsubscribe();
      cancel?.();
    };
  }, [store]);
  return state;
}

/** The store's state, rendered anew when the page draws; the last state always gets through. */
export const useStore = <T>(store: Store<T>): T => useStoreAt(store, paced);

/** The store's state, rendered anew at most once a frame. */
export const useFrame = <T>(store: Store<T>): T => useStoreAt(store, nextFrame);
