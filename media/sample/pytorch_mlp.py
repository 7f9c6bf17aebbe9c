"""A multilayer perceptron in PyTorch: the same network with tanh and with ReLU."""

import torch
from torch import nn


class Mlp(nn.Module):
    def __init__(self, activation: type[nn.Module] = nn.Tanh, depth: int = 4, width: int = 128) -> None:
        super().__init__()
        self.flatten = nn.Flatten()
        blocks: list[nn.Module] = [nn.Linear(28 * 28, width), activation()]
        for _ in range(depth - 1):
            blocks += [nn.Linear(width, width), activation()]
        self.hidden = nn.Sequential(*blocks)
        self.head = nn.Linear(width, 10)

    def forward(self, images: torch.Tensor) -> torch.Tensor:
        return self.head(self.hidden(self.flatten(images)))


classic = nn.Sequential(
    nn.Flatten(),
    nn.Linear(784, 128),
    nn.Sigmoid(),
    nn.Linear(128, 128),
    nn.Sigmoid(),
    nn.Linear(128, 10),
)

modern = Mlp(activation=nn.ReLU)
for layer in modern.hidden:
    if isinstance(layer, nn.Linear):
        nn.init.kaiming_normal_(layer.weight, nonlinearity="relu")

optimizer = torch.optim.Adam(modern.parameters(), lr=1e-3)
loss_function = nn.CrossEntropyLoss()
