import type { ComponentChildren, VNode } from 'preact';
import { isActive, type RunStatus } from '../../src/core/advice/runStatus';
import { Button } from '../kit/toolkit';
import './controls.css';

export interface ControlActions {
  pause(): void;
  resume(): void;
  stop(): void;
  runAgain(): void;
  continueRun(): void;
}

/** What can be done with a run in its present state. */
export function RunControls({
  status,
  actions,
  again,
  quiet = false,
  children,
}: {
  status: RunStatus;
  actions: ControlActions;
  /** The name of a new run with the same settings; undefined offers none. */
  again: string | undefined;
  /** Something else is the first thing to do. */
  quiet?: boolean;
  /** Buttons of the page's own, after these. */
  children?: ComponentChildren;
}): VNode {
  const { phase, resumable } = status;
  return (
    <div class="controls">
      {phase === 'running' && (
        <Button icon="debug-pause" onClick={() => actions.pause()} label="Pause">
          <span class="control-text">Pause</span>
        </Button>
      )}
      {phase === 'paused' && (
        <Button appearance="primary" icon="debug-continue" onClick={() => actions.resume()} label="Resume">
          <span class="control-text">Resume</span>
        </Button>
      )}
      {isActive(phase) && (
        <Button icon="debug-stop" onClick={() => actions.stop()} label="Stop">
          <span class="control-text">Stop</span>
        </Button>
      )}
      {resumable && (
        <Button appearance="primary" icon="debug-continue" onClick={() => actions.continueRun()} label="Continue">
          <span class="control-text">Continue</span>
        </Button>
      )}
      {!isActive(phase) && again !== undefined && (
        <Button
          appearance={quiet || resumable ? 'secondary' : 'primary'}
          class="again"
          icon="debug-restart"
          label={again}
          onClick={() => actions.runAgain()}
        >
          <span class="control-text">{again}</span>
        </Button>
      )}
      {children}
    </div>
  );
}
