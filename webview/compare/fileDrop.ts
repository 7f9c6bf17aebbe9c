import { useEffect, useState } from 'preact/hooks';
import { droppedRuns } from './droppedRuns';
import type { PageActions } from './state';

/** Something that may be a run's file is dragged: what it is stays unknown until it is dropped. */
const brings = ({ dataTransfer }: DragEvent): boolean =>
  dataTransfer !== null && ['Files', 'text/uri-list'].some((type) => dataTransfer.types.includes(type));

/**
 * Files that are dropped anywhere on the page are opened. VS Code leaves a drag to the page only where the page takes it first;
 * what its own lists drag comes with Shift held.
 *
 * @returns whether something is held over the page
 */
export function useFileDrop(actions: Pick<PageActions, 'openRunFiles' | 'openRunAddresses'>): boolean {
  const [over, setOver] = useState(false);
  useEffect(() => {
    const onOver = (event: DragEvent) => {
      if (!brings(event)) return;
      event.preventDefault();
      event.dataTransfer!.dropEffect = 'copy';
      setOver(true);
    };
    const onLeave = (event: DragEvent) => {
      // From one part of the page to another is no leaving.
      if (event.relatedTarget === null) setOver(false);
    };
    const onDrop = (event: DragEvent) => {
      setOver(false);
      if (!brings(event)) return;
      event.preventDefault();
      const { files, addresses } = droppedRuns(event.dataTransfer!);
      if (files.length > 0) actions.openRunFiles(files);
      else if (addresses.length > 0) actions.openRunAddresses(addresses);
    };
    const on = { dragenter: onOver, dragover: onOver, dragleave: onLeave, drop: onDrop };
    for (const [name, take] of Object.entries(on)) document.addEventListener(name, take as EventListener);
    return () => {
      for (const [name, take] of Object.entries(on)) document.removeEventListener(name, take as EventListener);
    };
  }, []);
  return over;
}
