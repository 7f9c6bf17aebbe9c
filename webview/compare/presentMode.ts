import { useEffect, useState } from 'preact/hooks';

/** CSS pixels that a presented page is as wide as, whatever the screen: those of a panel in which all that decides is seen. */
const WIDTH = 940;
/** CSS pixels that what decides needs from the top, of a few networks and of more, and how much it is enlarged at least. */
const few = { height: 515, least: 1.15 };
const more = { height: 545, least: 1.1 };
/** A small screen is enlarged all the same, but in a low one less. */
const zoomNow = ({ height, least }: typeof few): number =>
  Math.min(2, Math.max(innerWidth / WIDTH, Math.min(1.4, Math.max(least, innerHeight / height))));

/**
 * How much larger a page is shown to a room; Escape calls `leave`, where nothing else takes it first.
 * @param many it has more networks than stand in one row of plots
 */
export function usePresentMode(on: boolean, many: boolean, leave: () => void): number {
  const [zoom, setZoom] = useState(1);
  useEffect(() => {
    if (!on) {
      setZoom(1);
      return;
    }
    const enlarge = () => setZoom(zoomNow(many ? more : few));
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
  }, [on, many]);
  return zoom;
}
