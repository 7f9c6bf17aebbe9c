/**
 * What `npm run mutate` mutates, room by room, and the tests that are asked whether they notice. Only tests that run the
 * code in their own process notice a mutant: what is asserted of `dist` or of a worker is not counted.
 *
 * `goal`: the least score in per cent. `isolate`: each file of tests loads its modules anew (a backend of TensorFlow.js is
 * the whole module's).
 *
 * @typedef {{ sources: string[], tests: string[], goal: number, isolate?: true }} Room
 * @type {Record<string, Room>}
 */
export const rooms = {
  theory: {
    sources: ['src/core/theory/**/*.ts'],
    // Without `monteCarlo`, which holds all of it to simulated networks and takes longer than the others together: what the
    // others notice is the least that all notice.
    tests: [
      'test/unit/core/theory/{bound,chain,fixedPoint,graph,meanField,measured,singleLayer,stack,theory}.test.ts',
      'test/unit/core/moments.test.ts',
    ],
    goal: 85,
  },
  activations: {
    sources: ['src/core/activations/**/*.ts'],
    tests: [
      'test/unit/core/{activations,activationParts,activations.hostile,moments,farthest,nearest}.test.ts',
      'test/unit/core/theory/singleLayer.test.ts',
    ],
    goal: 85,
  },
  verdicts: {
    sources: ['src/core/verdicts/**/*.ts', 'src/core/advice/{judge,flowVerdict,runStatus,runRemedy}.ts'],
    tests: [
      'test/unit/core/verdicts/**/*.test.ts',
      'test/unit/core/advice/{judge,flowVerdict,checked,runStatus}.test.ts',
    ],
    goal: 75,
  },
  runs: {
    sources: ['src/core/runs/**/*.ts'],
    tests: ['test/unit/core/runs/**/*.test.ts', 'test/unit/core/{downsample,exported,overlayNames}.test.ts'],
    goal: 75,
  },
  experiment: {
    sources: ['src/core/experiment/**/*.ts'],
    tests: [
      'test/unit/core/{config,paper,experimentMemory.hostile,backendMemory,backendTiming,repeats,trial}.test.ts',
      'test/unit/core/calculation/oneNetwork.test.ts',
    ],
    goal: 75,
  },
  protocol: { sources: ['src/protocol/**/*.ts'], tests: ['test/unit/protocol/**/*.test.ts'], goal: 75 },
  session: { sources: ['src/session/**/*.ts'], tests: ['test/unit/session/**/*.test.ts'], goal: 75 },
  pages: {
    sources: [
      'webview/{compare,calculator,training,model}/{session,state,draft,form,droppedRuns,runFiles,readShape}.ts',
      'webview/run/{checkpointPost,expectedRun,follower,mend,mirror,session,steadyEpochs,trainer}.ts',
      'webview/kit/{history,source,store,unbroken}.ts',
      'webview/shell/{deskSession,earlyWorkers,workers}.ts',
    ],
    tests: ['test/unit/webview/**/*.test.ts', 'test/unit/host/manyPages.test.ts'],
    goal: 75,
  },
  engine: {
    sources: ['src/engine/**/*.ts', '!src/engine/kernels/wasm/assembly/**'],
    tests: ['test/unit/engine/**/*.test.ts'],
    goal: 75,
    isolate: true,
  },
  code: { sources: ['src/code/**/*.ts'], tests: ['test/unit/code/**/*.test.ts'], goal: 75 },
  cli: { sources: ['src/cli/**/*.ts'], tests: ['test/unit/cli/**/*.test.ts'], goal: 75 },
};
