import { describe, expect, it } from 'vitest';
import { kindIn, kindOf } from '../../../../src/code/models/flax/kinds/kinds';
import { kindNamed } from '../../../../src/code/models/torch/kinds/kinds';
import { framework } from '../../../../src/core/frameworks/all';
import { frameworkIds } from '../../../../src/core/frameworks/framework';
import { readInitializer } from '../../../../src/core/frameworks/initializerNames';
import type { LayerSignature } from '../../../../src/core/frameworks/layerSignature';
import { layerInAnyCase, layerSignature } from '../../../../src/core/frameworks/layers';
import { frameworkOfPackage, frameworkOfPath, publicPath } from '../../../../src/core/frameworks/paths';
import { pathSpelling, stringSpelling } from '../../../../src/core/frameworks/spellings';
import {
  initializerMoments,
  isVarianceScalingName,
  varianceScalingNames,
} from '../../../../src/core/initializers/initializer';

const all = frameworkIds.map(framework);
const layersOf = ({ layers }: (typeof all)[number]): (readonly [string, string, LayerSignature])[] =>
  layers.flatMap(({ modules, items }) =>
    Object.entries(items).map(([name, item]) => [modules[0]!, name, item] as const),
  );

describe('the frameworks together', () => {
  it.each(['python', 'javascript'] as const)('in %s each root, package and library is of one framework', (language) => {
    const paths = all.map((each) => each.paths).filter((each) => each.language === language);
    expect(paths.length).toBeGreaterThan(0);
    for (const names of [
      paths.flatMap(({ roots }) => roots),
      paths.flatMap(({ packages }) => packages),
      paths.flatMap(({ libraries = [] }) => libraries),
    ]) {
      expect(names).toEqual([...new Set(names)]);
    }
  });

  it('have an id and a label of their own', () => {
    expect(all.map(({ id }) => id)).toEqual([...frameworkIds]);
    expect(new Set(all.map(({ label }) => label)).size).toBe(all.length);
  });
});

describe.each(all.map((each) => [each.id, each] as const))('%s fills the whole shape', (id, data) => {
  const { paths, defaults, initializers, optimizers } = data;

  it('its roots and packages lead to it', () => {
    for (const root of paths.roots) expect(frameworkOfPath(`${root}.x`, paths.language)).toBe(id);
    for (const name of paths.packages) expect(frameworkOfPackage(name, paths.language)).toBe(id);
  });

  it('its modules are its own, under their public paths', () => {
    const modules = [
      ...data.shelves.flatMap((shelf) => shelf.modules.slice(0, 1)),
      ...initializers.shelves.flatMap((shelf) => shelf.modules),
      ...data.layers.flatMap((shelf) => shelf.modules),
    ];
    expect(modules.length).toBeGreaterThan(3);
    for (const module of modules) {
      expect(publicPath(module)).toBe(module);
      expect(frameworkOfPath(module, paths.language), module).toBe(id);
    }
  });

  it('its short modules are modules of activations', () => {
    const modules = data.shelves.flatMap((shelf) => shelf.modules);
    for (const [module, short] of Object.entries(paths.shortModules)) {
      expect(modules).toContain(module);
      expect(short).toEqual(short.map((each) => each.toLowerCase()));
    }
  });

  it('the default kernel is read by its name', () => {
    const { name, initializer } = defaults.kernel;
    expect(readInitializer(name, id)).toEqual(initializer);
  });

  it('every name of variance scaling is read, with its variance', () => {
    for (const kind of varianceScalingNames) {
      const read = readInitializer(initializers.scaling(kind), id);
      expect(read, kind).toBeDefined();
      expect(isVarianceScalingName(read!.kind) || read!.kind === 'variance_scaling').toBe(true);
      const variances = [read!, { kind }].map((each) => initializerMoments(each, 30, 40).variance);
      expect(variances[0]! / variances[1]!, kind).toBeCloseTo(1, 9);
    }
  });

  it('it has a layer of every kind that nearly every network is made of', () => {
    const kinds = new Set(layersOf(data).map(([, , { kind }]) => kind));
    for (const kind of [
      'dense',
      'convolution',
      'pooling',
      'normalisation',
      'dropout',
      'embedding',
      'recurrent',
    ] as const)
      expect(kinds, kind).toContain(kind);
    expect(kinds).toContain('attention');
  });

  it('every layer is found, and names no parameter twice', () => {
    for (const [module, name, signature] of layersOf(data)) {
      expect(layerSignature(id, module, name), name).toBe(signature);
      expect(layerInAnyCase(id, name.toUpperCase()), name).toBeDefined();
      expect(signature.parameters, name).toEqual([...new Set(signature.parameters)]);
    }
  });

  it('a layer that is an activation has its spelling', () => {
    for (const [module, name, { kind }] of layersOf(data)) {
      if (kind !== 'activation') continue;
      const spelling = pathSpelling(`${module}.${name}`, paths.language);
      // Layers of Keras 2, which Keras 3 no longer has, are read where a text is written for it.
      if (spelling === undefined) expect(id === 'keras' ? name : `${id} ${name}`).toBe('ThresholdedReLU');
      else expect(spelling.form).toBe('layer');
    }
  });

  it('the functions of its cells are among its activations', () => {
    for (const [module, name, { kind, defaults: usual = {} }] of layersOf(data)) {
      // Equinox's and Haiku's take none.
      if (kind !== 'recurrent' || module === 'equinox.nn' || module === 'haiku') continue;
      const words = Object.values(usual).filter((each) => typeof each === 'string');
      expect(words.length, name).toBe(2);
      for (const word of words) {
        const found = stringSpelling(id, word) ?? pathSpelling(`${module}.${word}`, paths.language);
        expect(found?.name, `${name} ${word}`).toBe(word);
      }
    }
  });

  it('its optimizers have numbers that can be', () => {
    const { sgd, rmsprop, adam } = optimizers;
    for (const { name, learningRate } of [sgd, rmsprop, adam]) {
      expect(name).not.toBe('');
      expect(learningRate ?? 1).toBeGreaterThan(0);
    }
    for (const share of [sgd.momentum, rmsprop.rho, adam.beta1, adam.beta2]) {
      expect(share).toBeGreaterThanOrEqual(0);
      expect(share).toBeLessThan(1);
    }
    for (const { epsilon } of [rmsprop, adam]) expect(epsilon).toBeGreaterThan(0);
  });
});

describe('the reader of models', () => {
  it('makes a step of every layer of PyTorch and of Flax', () => {
    for (const [, name] of layersOf(framework('torch'))) expect(kindNamed(name), name).toBeDefined();
    for (const [module, name] of layersOf(framework('jax'))) {
      const kind = module.startsWith('flax')
        ? kindIn(module === 'flax.nnx' ? 'nnx' : 'linen', name)
        : kindOf(`${module}.${name}`);
      expect(kind, `${module}.${name}`).toBeDefined();
    }
  });
});
