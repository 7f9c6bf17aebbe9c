import type { ComponentChildren, VNode } from 'preact';
import { useLayoutEffect, useRef } from 'preact/hooks';
import { Button } from './toolkit';
import './sheet.css';

/**
 * Lies over the page at its right side, and takes the keyboard. Escape, its cross and a click beside it close it; the focus
 * goes back to where it was.
 */
export function Sheet({
  title,
  onClose,
  children,
}: {
  title: string;
  onClose(): void;
  children: ComponentChildren;
}): VNode {
  const dialog = useRef<HTMLDialogElement>(null);
  useLayoutEffect(() => {
    const { current } = dialog;
    current?.showModal();
    return () => current?.close();
  }, []);
  const close = () => dialog.current?.close();
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: Escape does the same
    <dialog
      ref={dialog}
      class="sheet"
      aria-label={title}
      onClose={onClose}
      onClick={(event) => {
        if (event.target === dialog.current) close();
      }}
    >
      <div class="sheet-inside">
        <div class="sheet-head">
          <h2>{title}</h2>
          <Button appearance="icon" icon="close" label={`Close ${title.toLowerCase()}`} onClick={close} />
        </div>
        {children}
      </div>
    </dialog>
  );
}
