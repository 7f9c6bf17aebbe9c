/** What a trace of Chromium tells of a page's main thread. */

/**
 * @typedef {{ name: string, cat: string, ph: string, ts: number, dur?: number, tdur?: number, pid: number, tid: number,
 *   args?: { name?: string } }} TraceEvent
 */

/**
 * Tasks of the main thread with the time that it worked, what of them was script, and the marks that its page has made;
 * microseconds.
 *
 * @param {Buffer} trace
 * @param {string} mark one that the page has made: tells its process from others
 */
export function mainThreadTasks(trace, mark) {
  /** @type {TraceEvent[]} */
  const events = JSON.parse(trace.toString()).traceEvents;
  const isMark = (/** @type {TraceEvent} */ { cat }) => cat.includes('blink.user_timing');
  const own = events.find((event) => isMark(event) && event.name === mark);
  if (own === undefined) throw new Error(`The page made no mark "${mark}".`);
  const isOwn = (/** @type {TraceEvent} */ { pid, tid }) => pid === own.pid && tid === own.tid;
  const tasks = events
    .filter((event) => isOwn(event) && event.name === 'ThreadControllerImpl::RunTask' && event.tdur !== undefined)
    .map(({ ts, tdur = 0, dur = 0 }) => ({ at: ts, worked: tdur, took: dur }));
  const marks = events.filter((event) => isOwn(event) && isMark(event)).map(({ name, ts }) => ({ name, at: ts }));
  return { tasks, scripts: outermost(events.filter((event) => isOwn(event) && SCRIPT.has(event.name))), marks };
}

/** Events that run a page's script; layout, paint and what is handed to the compositor are others. */
const SCRIPT = new Set(['FunctionCall', 'v8.callFunction', 'EvaluateScript', 'v8.evaluateModule', 'RunMicrotasks']);

/** Those that are within no other. @param {readonly TraceEvent[]} events */
function outermost(events) {
  let end = 0;
  /** @type {{ at: number, worked: number }[]} */
  const found = [];
  for (const { ts, dur = 0, tdur = 0 } of [...events].sort((a, b) => a.ts - b.ts)) {
    if (ts < end) continue;
    end = ts + dur;
    found.push({ at: ts, worked: tdur });
  }
  return found;
}
