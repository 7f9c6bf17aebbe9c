import { useEffect, useState } from 'preact/hooks';
import type { Store } from './store';

/** Milliseconds between renderings while news pours in: ten a second read as live. */
const INTERVAL = 100;

/** Calls `show` once, soon; the returned function calls it off. */
type Soon = (show: () => void) => () => void;

/** In the next frame: for what answers to a drag. */
const nextFrame = (): Soon => (show) => {
  const frame = requestAnimationFrame(show);
  return () => cancelAnimationFrame(frame);
};

/** At once, but ten times a second at most: for what a training tells. */
function inTurn(): Soon {
  let last = performance.now();
  return (show) => {
    const timer = setTimeout(
      () => {
        last = performance.now();
        show();
      },
      Math.max(0, last + INTERVAL - performance.now()),
    );
    return () => clearTimeout(timer);
  };
}

function useStoreAt<T>(store: Store<T>, pace: () => Soon): T {
  const [state, setState] = useState(store.get);
  useEffect(() => {
    const soon = pace();
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

/** The store's state, rendered anew at most ten times a second; the last state always gets through. */
export const useStore = <T>(store: Store<T>): T => useStoreAt(store, inTurn);

/** The store's state, rendered anew at most once a frame. */
export const useFrame = <T>(store: Store<T>): T => useStoreAt(store, nextFrame);
