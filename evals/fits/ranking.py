"""Fits how spans are ranked: a listwise softmax loss over the candidates of each question."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import torch
from torch.nn.utils.rnn import pad_sequence

from agent.generate.extractive.candidates import FEATURES
from agent.generate.extractive.weights import Network
from evals.fits.asking import Asked

Array = npt.NDArray[np.float32]

_HIDDEN, _SEEDS, _EPOCHS, _BATCH = 24, 3, 12, 16


def fit_ranking(asked: Sequence[Asked]) -> Network:
    """The mean of several networks, as one."""
    groups = [(found.features, right) for a in asked for _, found, right in a.parts if right.any()]
    values = np.concatenate([features for features, _ in groups])
    mean, scale = values.mean(0), values.std(0) + 1e-3
    nets = [_train([((x - mean) / scale, y) for x, y in groups], seed) for seed in range(_SEEDS)]
    weights, biases, outs, ends = zip(*nets, strict=True)
    first = (np.concatenate(weights, axis=1), np.concatenate(biases))
    last = (np.concatenate(outs) / np.float32(_SEEDS), np.asarray(np.mean(ends, axis=0), dtype=np.float32))
    return Network(mean=mean, scale=scale, layers=(first, last))


def _train(groups: Sequence[tuple[Array, npt.NDArray[np.bool_]]], seed: int) -> tuple[Array, Array, Array, Array]:
    """Weight [features, hidden] and bias of the hidden layer, then of the output."""
    torch.manual_seed(seed)
    order = np.random.default_rng(seed)
    hidden, out = torch.nn.Linear(len(FEATURES), _HIDDEN), torch.nn.Linear(_HIDDEN, 1)
    net = torch.nn.Sequential(hidden, torch.nn.ReLU(), torch.nn.Dropout(0.2), out)
    optimiser = torch.optim.AdamW(net.parameters(), lr=3e-3, weight_decay=1e-2)
    steps = _EPOCHS * -(-len(groups) // _BATCH)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, 3e-3, total_steps=steps)
    tensors = [(torch.from_numpy(x.clip(-5, 5)), torch.from_numpy(y)) for x, y in groups]
    for _ in range(_EPOCHS):
        shuffled = order.permutation(len(tensors))
        for start in range(0, len(shuffled), _BATCH):
            batch = [tensors[at] for at in shuffled[start : start + _BATCH]]
            values, right = [x for x, _ in batch], [y for _, y in batch]
            each = net(torch.cat(values))[:, 0].split([*map(len, values)])
            logits = pad_sequence(each, batch_first=True, padding_value=-torch.inf)
            optimiser.zero_grad()
            torch.autograd.backward(_loss(logits, pad_sequence(right, batch_first=True)))
            optimiser.step()
            schedule.step()
    numbers = [p.detach().numpy().T for layer in (hidden, out) for p in (layer.weight, layer.bias)]
    return numbers[0], numbers[1], numbers[2], numbers[3]


def _loss(logits: torch.Tensor, right: torch.Tensor) -> torch.Tensor:
    """Mean over questions; both are [questions, spans], what is no span has a logit of minus infinity."""
    among_right = logits.masked_fill(~right, -torch.inf)
    return (torch.logsumexp(logits, 1) - torch.logsumexp(among_right, 1)).mean()
