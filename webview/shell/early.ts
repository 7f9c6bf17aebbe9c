import { startEarly } from './earlyWorkers';

/** The first script of a page that is about to train: its worker's bundle is read while the page's own script comes. */

const { worker = '', workers = '0' } = (document.currentScript as HTMLScriptElement).dataset;
globalThis.earlyWorkers = startEarly(worker, Math.min(Number(workers), navigator.hardwareConcurrency || 2));
