"""A packaged BERT as torch trains it: all that it knows stays, additions of low rank are learnt (`knowledge.embedders.low_rank`).

Its weights are rounded as `knowledge.embedders.bert` will round them, so that it learns to do with those (quantisation-aware
training, Jacob et al. 2018, arXiv:1712.05877). What is read is not: that doubles the time for an eighth of the error.
"""

import math
from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt
import torch
from transformers import BertConfig, BertModel

from knowledge.embedders.bert import DIMENSIONS, Weights
from knowledge.embedders.low_rank import SCALE, LowRank
from knowledge.embedders.whole_numbers import MOST

DEVICE = "cuda" if torch.cuda.is_available() else "cpu"

Floats = npt.NDArray[np.float32]

_TINY = 1e-6


class LowRankLinear(torch.nn.Module):
    """A linear layer with an addition of low rank, which alone is trained."""

    def __init__(self, layer: torch.nn.Linear, rank: int) -> None:
        super().__init__()
        self.layer = layer
        self.down = torch.nn.Parameter(torch.randn(rank, layer.in_features) / math.sqrt(layer.in_features))
        self.up = torch.nn.Parameter(torch.zeros(layer.out_features, rank))

    def forward(self, values: torch.Tensor) -> torch.Tensor:
        """The layer's output with the addition."""
        with torch.autocast(DEVICE, enabled=False):
            weight = rounded(self.layer.weight + SCALE * (self.up @ self.down))
        return torch.nn.functional.linear(values, weight, self.layer.bias)


def rounded(weight: torch.Tensor) -> torch.Tensor:
    """A weight [out, in], each row to whole numbers of its greatest magnitude / MOST; the gradient goes through unchanged."""
    scale = weight.detach().abs().amax(dim=-1, keepdim=True).clamp_min(_TINY) / MOST
    return weight + ((weight / scale).round() * scale - weight).detach()


class LowRankBert(torch.nn.Module):
    """The model of these weights with additions to every linear layer."""

    def __init__(self, weights: Weights, layers: int, rank: int, *, pools: bool) -> None:
        super().__init__()
        config = BertConfig(
            hidden_size=DIMENSIONS, num_hidden_layers=layers, intermediate_size=4 * DIMENSIONS,
            hidden_dropout_prob=0.0, attention_probs_dropout_prob=0.0,
        )  # fmt: skip
        self.bert = BertModel(config, add_pooling_layer=pools)  # type: ignore[no-untyped-call]
        tables = {name for name in self.bert.state_dict() if name.endswith("_embeddings.weight")}
        values = {n: weights.looked_up(n)[:] if n in tables else weights(n) for n in self.bert.state_dict()}
        self.bert.load_state_dict({name: torch.from_numpy(np.array(value)) for name, value in values.items()})
        self.bert.requires_grad_(False)
        self.added: dict[str, LowRankLinear] = {}
        for name, module in list(self.bert.named_modules()):
            if isinstance(module, torch.nn.Linear):
                above, _, own = name.rpartition(".")
                self.added[name] = LowRankLinear(module, rank)
                setattr(self.bert.get_submodule(above), own, self.added[name])
        self.to(DEVICE)

    def begin_with(self, learnt: LowRank) -> None:
        """Goes on from additions that a file holds, of the same rank."""
        for name, layer in self.added.items():
            layer.down.data, layer.up.data = (torch.tensor(one, device=DEVICE) for one in learnt.factors(name))

    def trained(self) -> list[torch.nn.Parameter]:
        """The additions."""
        return [parameter for layer in self.added.values() for parameter in (layer.down, layer.up)]

    def read(self, texts: Sequence[tuple[Sequence[int], int]]) -> tuple[torch.Tensor, torch.Tensor]:
        """[n, tokens, 384] and the mask [n, tokens], of tokens, each with the place where its second text begins."""
        length = max(len(ids) for ids, _ in texts)
        table = np.zeros((3, len(texts), length), dtype=np.int64)
        for row, (tokens, second) in enumerate(texts):
            table[0, row, : len(tokens)] = tokens
            table[1, row, second : len(tokens)] = 1
            table[2, row, : len(tokens)] = 1
        ids, types, mask = torch.from_numpy(table).to(DEVICE, non_blocking=True)
        with torch.autocast(DEVICE, torch.bfloat16, enabled=DEVICE == "cuda"):
            read = self.bert(input_ids=ids, attention_mask=mask, token_type_ids=types).last_hidden_state
        return read, mask

    def pooled(self, tokens: torch.Tensor) -> torch.Tensor:
        """[n, 384] of what was read, [n, tokens, 384]."""
        first: torch.Tensor = torch.tanh(self.added["pooler.dense"](tokens[:, 0].float()))
        return first

    def changes(self) -> dict[str, torch.Tensor]:
        """What each module's weight grows by, [out, in]."""
        return {name: (SCALE * (layer.up @ layer.down)).detach() for name, layer in self.added.items()}


def factors(changes: Sequence[Mapping[str, torch.Tensor]], rank: int) -> dict[str, Floats]:
    """The mean of the changes of several models (Wortsman et al. 2022, arXiv:2203.05482), as additions of this rank."""
    found: dict[str, Floats] = {}
    for name in changes[0]:
        mean = torch.stack([one[name] for one in changes]).mean(dim=0)
        up, values, down = torch.linalg.svd(mean.float(), full_matrices=False)
        root = values[:rank].sqrt()
        found[f"{name}/B"] = (up[:, :rank] * root).cpu().numpy()
        found[f"{name}/A"] = (root[:, None] * down[:rank] / SCALE).cpu().numpy()
    return found


class Descent:
    """Steps down a loss: AdamW, its rate rising over an eighth of the steps and then falling."""

    def __init__(
        self,
        added: Sequence[torch.nn.Parameter],
        others: Sequence[torch.nn.Parameter],
        rates: tuple[float, float],
        steps: int,
    ) -> None:
        self._added = added
        rated = [(list(group), rate) for group, rate in zip((added, others), rates, strict=True) if group]
        groups = [{"params": group, "lr": rate} for group, rate in rated]
        self._optimiser = torch.optim.AdamW(groups, weight_decay=1e-2)
        self._schedule = torch.optim.lr_scheduler.OneCycleLR(
            self._optimiser, [rate for _, rate in rated], total_steps=steps + 1, pct_start=0.12
        )

    def step(self, loss: torch.Tensor) -> None:
        """One step."""
        self._optimiser.zero_grad()
        torch.autograd.backward(loss)
        torch.nn.utils.clip_grad_norm_(self._added, 1.0)
        self._optimiser.step()
        self._schedule.step()
