"""A network of the comparison in PyTorch, for the bench: seconds of the training loop, on the clock and of the processor.

pytorch.py FOLDER HIDDEN ACTIVATION INITIALISER EPOCHS THREADS → one line of JSON
"""

import json
import os
import sys
import time

import numpy as np
import torch
from torch import nn

folder, hidden, activation, initialiser, epochs, threads = sys.argv[1:]
torch.set_num_threads(int(threads))
torch.manual_seed(0)


def idx(name, header):
    return np.fromfile(f"{folder}/{name}", dtype=np.uint8)[header:]


def pictures(name):
    return torch.from_numpy(idx(f"{name}-images-idx3-ubyte", 16).reshape(-1, 784).astype(np.float32) / 255)


def labels(name):
    return torch.from_numpy(idx(f"{name}-labels-idx1-ubyte", 8).astype(np.int64))


train, train_labels, test, test_labels = pictures("train"), labels("train"), pictures("t10k"), labels("t10k")
widths = [784] + [int(width) for width in hidden.split(",")]
layers = []
for fan_in, fan_out in zip(widths, widths[1:] + [10]):
    linear = nn.Linear(fan_in, fan_out)
    if initialiser == "glorot_uniform":
        nn.init.xavier_uniform_(linear.weight)
    else:
        nn.init.normal_(linear.weight, 1.0, 1.0)
    nn.init.zeros_(linear.bias)
    layers += [linear, {"sigmoid": nn.Sigmoid, "relu": nn.ReLU, "tanh": nn.Tanh}[activation]()]
model = nn.Sequential(*layers[:-1])
optimizer = torch.optim.Adam(model.parameters(), lr=1e-3, eps=1e-7)
loss_of = nn.CrossEntropyLoss()

started, worked = time.perf_counter(), time.process_time()
for epoch in range(int(epochs)):
    order = torch.randperm(len(train))
    for start in range(0, len(train), 128):
        batch = order[start : start + 128]
        loss = loss_of(model(train[batch]), train_labels[batch])
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    with torch.no_grad():
        accuracy = (model(test).argmax(1) == test_labels).float().mean().item()
seconds, processor = time.perf_counter() - started, time.process_time() - worked
print(json.dumps({"seconds": seconds, "processor": processor, "accuracy": accuracy, "torch": torch.__version__}))
