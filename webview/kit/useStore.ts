import { useEffect, useState } from 'preact/hooks';
import type { Store } from './store';

/** Milliseconds between renderings while news pours in: ten a second read as live. */
const INTERVAL = 100;

/** The store's state, rendered anew at most ten times a second; the last state always gets through. */
export function useStore<T>(store: Store<T>): T {
  const [state, setState] = useState(store.get);
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    let last = 0;
    const show = () => {
      timer = undefined;
      last = performance.now();
      setState(() => store.get());
    };
    show();
    const unsubscribe = store.subscribe(() => {
      if (timer !== undefined) return;
      timer = setTimeout(show, Math.max(0, last + INTERVAL - performance.now()));
    });
    return () => {
      unsubscribe();
      clearTimeout(timer);
    };
  }, [store]);
  return state;
}
