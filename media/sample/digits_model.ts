// A deep classifier of digits in TensorFlow.js, with the activation of the textbooks.
import * as tf from '@tensorflow/tfjs';

const depth = 8;

export const model = tf.sequential();
model.add(tf.layers.flatten({ inputShape: [28, 28, 1] }));
for (let i = 0; i < depth; i++) {
  model.add(tf.layers.dense({ units: 64, activation: 'sigmoid' }));
}
model.add(tf.layers.dense({ units: 10, activation: 'softmax' }));

model.compile({ optimizer: 'adam', loss: 'categoricalCrossentropy', metrics: ['accuracy'] });
