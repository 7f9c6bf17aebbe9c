import { useEffect, useRef, useState } from 'preact/hooks';

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
