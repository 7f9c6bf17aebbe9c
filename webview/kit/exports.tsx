import type { VNode } from 'preact';
import { Menu, type MenuItem } from './menu';
import { Button } from './toolkit';
import './exports.css';

/** Takes what is shown elsewhere: its table to the clipboard, and the rest from a menu. */
export function Exports({
  onCopyTable,
  menu,
  items,
}: {
  onCopyTable(): void;
  /** The menu's name. */
  menu: string;
  items: readonly MenuItem[];
}): VNode {
  return (
    <div class="exports">
      <Button icon="copy" onClick={onCopyTable}>
        Copy table
      </Button>
      <Menu label={menu} text={menu} icon="chevron-down" items={items} />
    </div>
  );
}
