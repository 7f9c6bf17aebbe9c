import type { ComponentChildren, VNode } from 'preact';
import { Sheet } from '../kit/sheet';
import './settingsPlace.css';

/** Where there is room for a column of settings beside the plots. */
export const ROOM_FOR_COLUMN = '(min-width: 1200px)';

/** The settings: a column beside the plots where there is room, a sheet over them where there is none. */
export function SettingsPlace({
  column,
  problems,
  changed,
  onClose,
  start,
  children,
}: {
  column: boolean;
  /** How many fields are wrong. */
  problems: number;
  /** They differ from those of the run that is shown; undefined where that is none, or several. */
  changed: boolean | undefined;
  onClose(): void;
  /** The button that starts with them: a sheet covers the page's own. */
  start: ComponentChildren;
  children: ComponentChildren;
}): VNode {
  const note =
    problems > 0 ? (
      <span class="problem">{problems === 1 ? '1 problem' : `${problems} problems`}</span>
    ) : (
      <span class="quiet">
        {changed === undefined
          ? 'Start trains with them.'
          : changed
            ? 'Changed: Start trains with them.'
            : 'Those of the run that is shown.'}
      </span>
    );
  if (!column)
    return (
      <Sheet title="Settings" onClose={onClose}>
        <p class="settings-note">{note}</p>
        {children}
        <div class="settings-start">{start}</div>
      </Sheet>
    );
  return (
    <aside class="settings-column" aria-label="Settings">
      <h2>Settings</h2>
      <p class="settings-note">{note}</p>
      {children}
    </aside>
  );
}
