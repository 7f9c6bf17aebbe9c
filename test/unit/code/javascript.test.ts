import { describe, expect, test } from 'vitest';
import type { Language } from '../../../src/code/language';
import { lines, read } from './reading';

type Case = readonly [source: string, expected: string];

const check = (language: Language, cases: readonly Case[]) =>
  test.each(cases)('%s', (source, expected) => {
    expect(read(source, language)).toBe(expected);
  });

describe('imports', () => {
  check('javascript', [
    [lines("import * as tf from '@tensorflow/tfjs';", 'tf.re‸lu(x);'), 'tf.relu(0=?x)'],
    [lines("import * as t from '@tensorflow/tfjs-node-gpu';", 't.re‸lu(x);'), 'tf.relu(0=?x)'],
    [lines("import tf from '@tensorflow/tfjs';", 'tf.layers.re‸LU();'), 'tf.layers.reLU()'],
    [lines("import {layers, relu as r} from '@tensorflow/tfjs';", '‸r(x);'), 'tf.relu(0=?x)'],
    [lines("import {layers} from '@tensorflow/tfjs-layers';", 'layers.E‸LU'), 'tf.layers.ELU'],
    [lines("import {sigmoid} from '@tensorflow/tfjs-core';", 'sig‸moid(x)'), 'tf.sigmoid(0=?x)'],
    ["import {re‸lu} from '@tensorflow/tfjs'", 'tf.relu'],
    ["import {re‸lu as r} from '@tensorflow/tfjs'", 'tf.relu'],
    ["import {relu as ‸r} from '@tensorflow/tfjs'", 'tf.relu'],
    ["import * as t‸f from '@tensorflow/tfjs'", '-'],
    ["import {layers} from '@tensor‸flow/tfjs'", '-'],
    [lines("const tf = require('@tensorflow/tfjs-node');", 'tf.se‸lu(x)'), 'tf.selu(0=?x)'],
    [lines("const tf = require('@tensorflow/tfjs').default;", 'tf.se‸lu(x)'), 'tf.selu(0=?x)'],
    [lines("const {layers} = require('@tensorflow/tfjs');", 'layers.pre‸lu()'), 'tf.layers.prelu()'],
    [lines("const tf = await import('@tensorflow/tfjs');", 'tf.se‸lu(x)'), 'tf.selu(0=?x)'],
    [lines("const {relu} = await import('@tensorflow/tfjs');", 're‸lu(x)'), 'tf.relu(0=?x)'],
    [lines("import * as tf from 'https://esm.sh/@tensorflow/tfjs@4';", 'tf.re‸lu(x);'), 'tf.relu(0=?x)'],
    [lines("import * as vis from '@tensorflow/tfjs-vis';", 'vis.re‸lu(x);'), '@tensorflow/tfjs-vis.relu(0=?x)'],
    [lines("import {relu} from './own.js';", 're‸lu(x);'), '-'],
    [lines("import own from './own.js';", 'own.re‸lu(x);'), '-'],
    [lines("const own = require('../own');", 'own.re‸lu(x);'), '-'],
    ['tf.re‸lu(x)', 'tf.relu(0=?x)'],
    ['window.tf.re‸lu(x)', 'tf.relu(0=?x)'],
    ['globalThis.tf.layers.re‸LU()', 'tf.layers.reLU()'],
    ['t‸f', '-'],
    ['function f(tf) { return tf.re‸lu(x); }', '.relu(0=?x)'],
    ['const tf = {}; tf.re‸lu(x)', '-'],
    ['Math.tan‸h(x)', 'Math.tanh(0=?x)'],
    ["tf['relu'](‸x)", '-'],
    ["const x = tf['layers'].re‸LU()", 'tf.layers.reLU()'],
    ['(0, tf.re‸lu)(x)', 'tf.relu(0=?x)'],
    ['tf?.re‸lu?.(x)', 'tf.relu(0=?x)'],
  ]);
});

describe('layers and operations', () => {
  check('javascript', [
    ['tf.layers.re‸LU({maxValue: 6})', 'tf.layers.reLU(maxValue=6)'],
    ["tf.layers.re‸LU({'maxValue': 6, name: `a`})", 'tf.layers.reLU(maxValue=6, name="a")'],
    ['tf.layers.leaky‸ReLU({alpha})', 'tf.layers.leakyReLU(alpha=?alpha)'],
    ['const alpha = 0.1; tf.layers.leaky‸ReLU({alpha})', 'tf.layers.leakyReLU(alpha=0.1)'],
    ['tf.layers.leaky‸ReLU({...rest, alpha: 2})', 'tf.layers.leakyReLU(alpha=2, …)'],
    ['tf.layers.leaky‸ReLU({alpha: -1e-1, get() {}})', 'tf.layers.leakyReLU(alpha=-0.1, …)'],
    ['tf.leaky‸Relu(x, 0.2)', 'tf.leakyRelu(0=?x, 1=0.2)'],
    ['tf.leaky‸Relu(...x, 0.2)', 'tf.leakyRelu(…)'],
    ['tf.leaky‸Relu(x, 2 ** -2)', 'tf.leakyRelu(0=?x, 1=0.25)'],
    ['tf.leaky‸Relu(x, 1 / Math.sqrt(4))', 'tf.leakyRelu(0=?x, 1=0.5)'],
    ['let a = 1; a = 2; tf.leaky‸Relu(x, a)', 'tf.leakyRelu(0=?x, 1=2)'],
    ['let a = 1; if (b) a = 2; tf.leaky‸Relu(x, a)', 'tf.leakyRelu(0=?x, 1=?a)'],
    ['let a = 1; a++; tf.leaky‸Relu(x, a)', 'tf.leakyRelu(0=?x, 1=?a)'],
    ['x.re‸lu()', '.relu()'],
    ['x?.re‸lu()', '.relu()'],
    ['tf.matMul(a, b).re‸lu()', '.relu()'],
    ['tf.tensor([1]).mul(2).leaky‸Relu(0.1)', '.leakyRelu(0=0.1)'],
    ['const y = tf.relu(x); y.tan‸h()', '.tanh()'],
    ['const y = tf.relu(x); ‸y', '-'],
    ['x.re‸lu', '-'],
    ['tf.layers.dense({units: 3}).apply(x).re‸lu()', '.relu()'],
    ['const act = tf.layers.reLU({maxValue: 6}); a‸ct.apply(x)', '-'],
    ['const act = tf.layers.reLU({maxValue: 6}); model.add(a‸ct)', 'tf.layers.reLU(maxValue=6)'],
    ['const a‸ct = tf.layers.reLU({maxValue: 6});', 'tf.layers.reLU(maxValue=6)'],
    ['const act = tf.relu; a‸ct(x)', 'tf.relu(0=?x)'],
    ['const {layers} = tf; layers.re‸LU()', 'tf.layers.reLU()'],
    ['const {reLU: R} = tf.layers; ‸R()', 'tf.layers.reLU()'],
    ['const {re‸LU: R} = tf.layers;', 'tf.layers.reLU'],
    ['const {layers: {reLU}} = tf; re‸LU()', 'tf.layers.reLU()'],
    ['const {relu = own} = tf; re‸lu(x)', 'tf.relu(0=?x)'],
    ['const {...rest} = tf; rest.re‸lu(x)', '.relu(0=?x)'],
    ['f({re‸lu})', '-'],
    ["import {relu} from '@tensorflow/tfjs'; f({re‸lu})", 'tf.relu'],
    ["import {relu} from '@tensorflow/tfjs'; f({re‸lu: 1})", '-'],
    ['new tf.layers.Re‸LU({maxValue: 1})', 'tf.layers.ReLU(maxValue=1)'],
    ['const a = b, b = a; a.re‸lu()', '.relu()'],
    ['tf.re‸lu`x`', 'tf.relu'],
  ]);
});

describe('strings', () => {
  check('javascript', [
    ["tf.layers.dense({units: 3, activation: 're‸lu'})", "'relu' of tf.layers.dense activation"],
    ['tf.layers.dense({units: 3, activation: `re‸lu`})', "'relu' of tf.layers.dense activation"],
    [`tf.layers.dense({units: 3, activation: \`re‸lu\${x}\`})`, '-'],
    ["tf.layers.lstm({recurrentActivation: 'sig‸moid'})", "'sigmoid' of tf.layers.lstm recurrentActivation"],
    ["tf.layers.dense({activation: deep ? 're‸lu' : 'tanh'})", "'relu' of tf.layers.dense activation"],
    ["tf.layers.dense({activation: deep ? 'relu' : 'ta‸nh'})", "'tanh' of tf.layers.dense activation"],
    ["tf.layers.dense({activation: deep == 'ta‸nh' ? a : b})", '-'],
    ["tf.layers.dense({activation: given ?? 'ta‸nh'})", "'tanh' of tf.layers.dense activation"],
    ["tf.layers.dense({name: 're‸lu'})", '-'],
    ["tf.layers.dense({'activation': 're‸lu'})", "'relu' of tf.layers.dense activation"],
    ["tf.layers.activation({activation: 're‸lu'})", "'relu' of tf.layers.activation activation"],
    ["const config = {activation: 're‸lu'}", "'relu' of ? activation"],
    ["const activation = 're‸lu'", "'relu' of ? activation"],
    ["let hiddenActivation; hiddenActivation = 're‸lu'", "'relu' of ? hiddenActivation"],
    ["this.activation = 're‸lu'", "'relu' of ? activation"],
    ["config['activation'] = 're‸lu'", "'relu' of ? activation"],
    ["function f(activation = 're‸lu') {}", "'relu' of ? activation"],
    ["function f({activation = 're‸lu'}) {}", "'relu' of ? activation"],
    ["function f({activation: a = 're‸lu'}) {}", "'relu' of ? activation"],
    ["const f = (activation = 're‸lu') => 0", "'relu' of ? activation"],
    ["class A { activation = 're‸lu' }", "'relu' of ? activation"],
    ["f({activations: ['relu', 'ta‸nh']})", "'tanh' of ? activations"],
    ["const name = 're‸lu'", '-'],
    ["if (activation === 're‸lu') {}", '-'],
    ["// activation: 're‸lu'", '-'],
    ["/* activation = 're‸lu' */", '-'],
    ["'re‸lu'", '-'],
    ['<Layer activation="re‸lu" />', "'relu' of ? activation"],
    ["<Layer activation={'re‸lu'} />", "'relu' of ? activation"],
    ['<Layer name="re‸lu" />', '-'],
  ]);
});

describe('scopes', () => {
  const relu = "import {relu} from '@tensorflow/tfjs';";
  check('javascript', [
    [lines(relu, 'function f(relu) { return re‸lu(x); }'), '-'],
    [lines(relu, 'function f(re‸lu) {}'), '-'],
    [lines(relu, 'function f() { return re‸lu(x); }'), 'tf.relu(0=?x)'],
    [lines(relu, 'function f() { { const relu = 3; } return re‸lu(x); }'), 'tf.relu(0=?x)'],
    [lines(relu, 'function f() { { var relu = 3; } return re‸lu(x); }'), '-'],
    [lines(relu, '{ function relu() {} re‸lu(x); }'), '-'],
    [lines(relu, '{ re‸lu(x); function relu() {} }'), '-'],
    [lines(relu, 'for (const relu of y) re‸lu(x);'), '-'],
    [lines(relu, 'for (const relu of y) {} re‸lu(x);'), 'tf.relu(0=?x)'],
    [lines(relu, 'for (let relu = 0; ; ) re‸lu(x);'), '-'],
    [lines(relu, 'try {} catch (relu) { re‸lu(x); }'), '-'],
    [lines(relu, 'try {} catch ({relu}) { re‸lu(x); }'), '-'],
    [lines(relu, 'const f = relu => re‸lu(x);'), '-'],
    [lines(relu, 'const f = ([relu]) => re‸lu(x);'), '-'],
    [lines(relu, 'const f = z => re‸lu(z);'), 'tf.relu(0=?z)'],
    [lines(relu, '{ class re‸lu {} }'), '-'],
    [lines(relu, 'switch (1) { case 1: let relu; re‸lu(x) }'), '-'],
    [lines('re‸lu(x);', relu), 'tf.relu(0=?x)'],
    ['let act; act = tf.relu; a‸ct(x)', 'tf.relu(0=?x)'],
    ['let act; if (a) act = tf.relu; else act = tf.elu; a‸ct(x)', '-'],
    ['let act; if (a) { act = tf.relu; } else { act = tf.relu; } a‸ct(x)', 'tf.relu(0=?x)'],
    ['function f() { act = tf.relu; } var act; a‸ct(x)', 'tf.relu(0=?x)'],
    ['a‸ct(x); act = tf.relu;', 'tf.relu(0=?x)'],
    ['class M { constructor() { this.act = tf.layers.reLU(); } f(x) { return g(this.a‸ct); } }', 'tf.layers.reLU()'],
    ['class M { act = tf.relu; f(x) { return this.a‸ct(x); } }', 'tf.relu(0=?x)'],
    ['class M { #act = tf.relu; f(x) { return this.#a‸ct(x); } }', 'tf.relu(0=?x)'],
    ['class M { act = tf.relu; f(x) { return [1].map(() => this.a‸ct(x)); } }', 'tf.relu(0=?x)'],
    ['class M { act = tf.relu; f(x) { return function () { this.a‸ct(x); }; } }', '-'],
    ['class M { f(x) { return this.re‸lu(x); } }', '-'],
    ['class M extends N { f(x) { return super.re‸lu(x); } }', '-'],
  ]);
});

describe('TypeScript', () => {
  check('typescript', [
    [lines("import tf = require('@tensorflow/tfjs');", 'tf.re‸lu(x);'), 'tf.relu(0=?x)'],
    [
      lines("import * as tf from '@tensorflow/tfjs';", 'import layers = tf.layers;', 'layers.re‸LU();'),
      'tf.layers.reLU()',
    ],
    [lines("import * as tf from '@tensorflow/tfjs';", '(tf as any).re‸lu(x);'), 'tf.relu(0=?x)'],
    [lines("import * as tf from '@tensorflow/tfjs';", '(tf.re‸lu as Op)(x);'), 'tf.relu(0=?x)'],
    [lines("import * as tf from '@tensorflow/tfjs';", 'tf!.re‸lu(x);'), 'tf.relu(0=?x)'],
    [lines("import * as tf from '@tensorflow/tfjs';", '(<any>tf).re‸lu(x);'), 'tf.relu(0=?x)'],
    [lines("import * as tf from '@tensorflow/tfjs';", 'tf.re‸lu<Tensor>(x);'), 'tf.relu(0=?x)'],
    [lines("import * as tf from '@tensorflow/tfjs';", 'const act: Op = tf.elu;', 'a‸ct(x);'), 'tf.elu(0=?x)'],
    [lines("import * as tf from '@tensorflow/tfjs';", 'const act = tf.elu satisfies Op;', 'a‸ct(x);'), 'tf.elu(0=?x)'],
    [lines("import type {relu} from '@tensorflow/tfjs';", 're‸lu(x);'), '-'],
    [lines("import {type relu} from '@tensorflow/tfjs';", 're‸lu(x);'), '-'],
    [lines("import {type Tensor, relu} from '@tensorflow/tfjs';", 're‸lu(x);'), 'tf.relu(0=?x)'],
    [lines('declare const tf: any;', 'tf.re‸lu(x);'), 'tf.relu(0=?x)'],
    ['enum relu {} re‸lu(x)', '-'],
    ["const activation: string = 're‸lu';", "'relu' of ? activation"],
    ["function f(activation: Name = 're‸lu') {}", "'relu' of ? activation"],
    ["const options = {activation: 're‸lu' as const};", "'relu' of ? activation"],
    ["class A { private activation: string = 're‸lu'; }", "'relu' of ? activation"],
    ['class A { constructor(private x: Tensor) { this.x.re‸lu(); } }', '.relu()'],
    ["type A = {activation: 're‸lu'};", '-'],
  ]);
});

describe('TSX', () => {
  check('tsx', [
    [lines("import * as tf from '@tensorflow/tfjs';", '<A b={tf.re‸lu(x as T)}>relu</A>'), 'tf.relu(0=?x as T)'],
    [lines("import * as tf from '@tensorflow/tfjs';", '<A>re‸lu</A>'), '-'],
    ['<Layer activation="re‸lu">{x}</Layer>', "'relu' of ? activation"],
    ["const f = <T,>(activation: string = 're‸lu') => <A>{activation}</A>", "'relu' of ? activation"],
  ]);
});
