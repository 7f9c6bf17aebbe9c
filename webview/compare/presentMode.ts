import { useEffect, useState } from 'preact/hooks';

/** CSS pixels that a presented page is as wide as, whatever the screen: those of a panel in which all that decides is seen. */
const WIDTH = 940;
const zoomNow = (): number => Math.min(2, Math.max(1.4, innerWidth / WIDTH));

/** How much larger a page is shown to a room; Escape calls `leave`, where nothing else takes it first. */
export function usePresentMode(on: boolean, leave: () => void): number {
  const [zoom, setZoom] = useState(1);
  useEffect(() => {
    if (!on) {
      setZoom(1);
      return;
    }
    const enlarge = () => setZoom(zoomNow());
    const onKey = (event: KeyboardEvent) => {
      if (event.key === 'Escape' && !event.defaultPrevented) leave();
    };
    enlarge();
    window.addEventListener('resize', enlarge);
    window.addEventListener('keydown', onKey);
    return () => {
      window.removeEventListener('resize', enlarge);
      window.removeEventListener('keydown', onKey);
    };
  }, [on]);
  return zoom;
}
