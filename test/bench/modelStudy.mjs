import { builtinModules } from 'node:module';
import { runBundled } from './bundled.mjs';

/** The study of models: node test/bench/modelStudy.mjs, from the project's folder. */
await runBundled('modelStudy', {
  // TensorFlow.js as the editor has it; it asks for some of Node's modules all the same.
  platform: 'browser',
  external: ['node:*', 'node-fetch', ...builtinModules],
  banner: {
    js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url); const __dirname = '';",
  },
});
