import { useEffect, useRef, useState } from 'preact/hooks';
import type { Store } from './store';

/** The store's state, rendered anew at most once a frame. */
export function useFrame<T>(store: Store<T>): T {
  const [state, setState] = useState(store.get);
  useEffect(() => {
    let frame = 0;
    const show = () => {
      frame = 0;
      setState(() => store.get());
    };
    show();
    const unsubscribe = store.subscribe(() => {
      if (frame === 0) frame = requestAnimationFrame(show);
    });
    return () => {
      unsubscribe();
      cancelAnimationFrame(frame);
    };
  }, [store]);
  return state;
}

/** The value as it was when it last stood still for so long: for what is too much to do in every frame of a drag. */
export function useSettled<T>(value: T, milliseconds: number): T {
  const [settled, setSettled] = useState(value);
  const latest = useRef(value);
  latest.current = value;
  useEffect(() => {
    const timer = setTimeout(() => setSettled(() => latest.current), milliseconds);
    return () => clearTimeout(timer);
  }, [value, milliseconds]);
  return settled;
}
