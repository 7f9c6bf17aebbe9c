import { Fragment, type VNode } from 'preact';
import { useEffect, useId, useRef, useState } from 'preact/hooks';
import { Icon } from './toolkit';
import './menu.css';

export interface MenuItem {
  readonly text: string;
  onSelect(): void;
}

/** A button that opens a short list of commands: arrows move, Enter chooses, Escape closes and gives the focus back. */
export function Menu({
  label,
  icon,
  text,
  items,
  align = 'end',
}: {
  label: string;
  icon: string;
  /** Shown beside the icon; without it the button is the icon alone. */
  text?: string;
  items: readonly MenuItem[];
  align?: 'start' | 'end';
}): VNode {
  const [open, setOpen] = useState(false);
  const root = useRef<HTMLDivElement>(null);
  const button = useRef<HTMLButtonElement>(null);
  const id = useId();
  useEffect(() => {
    if (!open) return;
    root.current?.querySelector<HTMLElement>('[role=menuitem]')?.focus();
    const outside = (event: Event) => {
      if (!root.current?.contains(event.target as Node)) setOpen(false);
    };
    document.addEventListener('pointerdown', outside);
    return () => document.removeEventListener('pointerdown', outside);
  }, [open]);
  const close = () => {
    setOpen(false);
    button.current?.focus();
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const all = [...(root.current?.querySelectorAll<HTMLElement>('[role=menuitem]') ?? [])];
    const at = all.indexOf(document.activeElement as HTMLElement);
    const move: Record<string, number> = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: -1 };
    if (event.key === 'Escape') close();
    else if (event.key === 'Tab') return setOpen(false);
    else if (event.key in move) all.at((move[event.key] ?? 0) % all.length)?.focus();
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: the keys of the items inside arrive here
    <div class="menu" ref={root} onKeyDown={open ? onKeyDown : undefined}>
      <button
        ref={button}
        type="button"
        class={text === undefined ? 'icon-button' : 'text-button'}
        aria-haspopup="menu"
        aria-expanded={open}
        aria-controls={open ? id : undefined}
        aria-label={label}
        title={label}
        onClick={() => setOpen(!open)}
      >
        {text === undefined ? (
          <Icon name={icon} />
        ) : (
          <Fragment>
            <span class="menu-text">{text}</span>
            <Icon name={icon} />
          </Fragment>
        )}
      </button>
      {open && (
        <div id={id} class={`menu-list ${align}`} role="menu" aria-label={label}>
          {items.map((item) => (
            <button
              key={item.text}
              type="button"
              role="menuitem"
              tabIndex={-1}
              // As in VS Code's own menus: one entry is marked, the pointer's or the keyboard's.
              onMouseEnter={(event) => event.currentTarget.focus()}
              onClick={() => {
                close();
                item.onSelect();
              }}
            >
              {item.text}
            </button>
          ))}
        </div>
      )}
    </div>
  );
}
