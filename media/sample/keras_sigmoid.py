"""A deep sigmoid classifier for MNIST, as the textbooks of 2010 would have written it.

Try it: rest the pointer on an activation or an initialiser, or press F1 and run
"Gradient Lens: Compare Activations".
"""

from tensorflow import keras
from tensorflow.keras import layers

(x_train, y_train), (x_test, y_test) = keras.datasets.mnist.load_data()
x_train = x_train.reshape(-1, 784).astype("float32") / 255
x_test = x_test.reshape(-1, 784).astype("float32") / 255

model = keras.Sequential(
    [
        keras.Input(shape=(784,)),
        layers.Dense(128, activation="sigmoid"),
        layers.Dense(128, activation="sigmoid"),
        layers.Dense(128, activation="sigmoid"),
        layers.Dense(128, activation="sigmoid"),
        layers.Dense(128, activation="sigmoid", kernel_initializer="random_normal"),
        layers.Dense(10, activation="softmax"),
    ]
)

model.compile(optimizer="sgd", loss="sparse_categorical_crossentropy", metrics=["accuracy"])
model.fit(x_train, y_train, batch_size=128, epochs=10, validation_data=(x_test, y_test))
