import { runBundled } from './bundled.mjs';

/** Tries every quick fix on every file of some folders: node test/bench/fixes.mjs FOLDER… */
await runBundled('fixes');
