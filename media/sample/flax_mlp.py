"""A Flax module with a choice of activation."""

from typing import Callable

import jax
import jax.numpy as jnp
from flax import linen as nn


class Mlp(nn.Module):
    width: int = 128
    depth: int = 3
    activation: Callable[[jax.Array], jax.Array] = nn.gelu

    @nn.compact
    def __call__(self, images: jax.Array) -> jax.Array:
        x = images.reshape((images.shape[0], -1))
        for _ in range(self.depth):
            x = nn.Dense(self.width, kernel_init=nn.initializers.lecun_normal())(x)
            x = self.activation(x)
        x = nn.sigmoid(nn.Dense(32)(x))
        return nn.Dense(10)(x)


params = Mlp().init(jax.random.PRNGKey(0), jnp.zeros((1, 28, 28)))
