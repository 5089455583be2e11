"""The Adam optimiser with decoupled weight decay.

Sources: Kingma and Ba, arXiv:1412.6980; Loshchilov and Hutter, arXiv:1711.05101.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Parameters = dict[str, NDArray[np.float32]]


class Adam:
    """Change parameters in place so that a loss falls.

    ``first_decay`` and ``second_decay`` are the rates at which the running means of the gradients
    and of their squares forget.  ``weight_decay`` shrinks matrices, not biases.
    """

    def __init__(
        self,
        parameters: Parameters,
        first_decay: float = 0.9,
        second_decay: float = 0.999,
        weight_decay: float = 0.0,
    ) -> None:
        self.parameters = parameters
        self.decays = first_decay, second_decay
        self.weight_decay = weight_decay
        self.steps = 0
        self.means = {name: np.zeros_like(value) for name, value in parameters.items()}
        self.squares = {name: np.zeros_like(value) for name, value in parameters.items()}

    def step(self, gradients: Parameters, rate: float) -> None:
        """Move every parameter against its gradient; ``rate`` is the learning rate of this step."""
        self.steps += 1
        first, second = self.decays
        for name, gradient in gradients.items():
            parameter, mean, square = (
                self.parameters[name],
                self.means[name],
                self.squares[name],
            )
            mean += (1 - first) * (gradient - mean)
            square += (1 - second) * (gradient * gradient - square)
            change = mean / (1 - first**self.steps)
            change /= np.sqrt(square / (1 - second**self.steps)) + 1e-8
            if parameter.ndim > 1:
                change += self.weight_decay * parameter
            parameter -= (rate * change).astype(parameter.dtype)
