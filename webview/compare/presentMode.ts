import { useEffect, useState } from 'preact/hooks';

/** CSS pixels that a presented page is as wide as, whatever the screen: those of a panel in which all that decides is seen. */
const WIDTH = 940;
/** CSS pixels that what decides of a few networks needs, from the top. */
const HEIGHT = 515;
/** A small screen is enlarged all the same, but in a low one less. */
const zoomNow = (): number =>
  Math.min(2, Math.max(innerWidth / WIDTH, Math.min(1.4, Math.max(1.15, innerHeight / HEIGHT))));

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
