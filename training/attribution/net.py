"""The network in torch; ``tocsin.language.relations`` runs the same arithmetic in numpy.

Words → projection → bidirectional LSTM → cue tags (BIO). For each cue, the same states with the cue's own
mean state, its place and its distance added → second bidirectional LSTM → role of each word (outside, source,
content) and whether the cue heads an attribution at all.
"""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor, nn

from tocsin.language.relations import PLACE_WIDTH

__all__ = ["Config", "Tagger"]


@dataclass(frozen=True, slots=True)
class Config:
    """Sizes (units of one direction), dropout rates and the lengths of training."""

    features: int = 1280
    shapes: int = 22
    projected: int = 256
    first: int = 192
    between: int = 192
    second: int = 160
    dropout: float = 0.5
    feature_dropout: float = 0.2
    word_dropout: float = 0.1
    lexicon: int = 6000
    lexical: int = 48
    lexical_dropout: float = 0.5
    article_dropout: float = 0.3
    epochs: int = 10
    words_per_batch: int = 2000
    rate: float = 2e-3
    cue_weight: float = 4.0
    validity_weight: float = 0.3
    seed: int = 1


def _reverse(x: Tensor, lengths: Tensor) -> Tensor:
    """Each row's first ``length`` steps in reverse order, padding left in place; (batch, steps, d)."""
    steps = torch.arange(x.shape[1])[None, :]
    index = torch.where(steps < lengths[:, None], lengths[:, None] - 1 - steps, steps)
    return x.gather(1, index[:, :, None].expand_as(x))


class BiLstm(nn.Module):
    """Two LSTMs, one over the reversed words; exact for padded batches."""

    def __init__(self, width: int, units: int) -> None:
        super().__init__()
        self.forth = nn.LSTM(width, units, batch_first=True)
        self.back = nn.LSTM(width, units, batch_first=True)

    def forward(self, x: Tensor, lengths: Tensor) -> Tensor:
        forth = self.forth(x)[0]
        back = _reverse(self.back(_reverse(x, lengths))[0], lengths)
        return torch.cat([forth, back], dim=-1)


class LockedDropout(nn.Module):
    """The same units are dropped at all steps of a sequence (Gal & Ghahramani 2016)."""

    def __init__(self, rate: float) -> None:
        super().__init__()
        self.rate = rate

    def forward(self, x: Tensor) -> Tensor:
        if not self.training or not self.rate:
            return x
        mask = torch.empty(x.shape[0], 1, x.shape[2]).bernoulli_(1 - self.rate) / (1 - self.rate)
        return x * mask.to(x.dtype)


class Tagger(nn.Module):
    """See the module docstring."""

    def __init__(self, config: Config) -> None:
        super().__init__()
        self.config = config
        self.mean = nn.Parameter(torch.zeros(config.features), requires_grad=False)
        self.scale = nn.Parameter(torch.ones(config.features), requires_grad=False)
        self.project = nn.Linear(config.features + config.shapes, config.projected)
        self.lexical = nn.Embedding(config.lexicon + 1, config.lexical, padding_idx=0)
        self.project_lexical = nn.Linear(config.lexical, config.projected, bias=False)
        self.one = BiLstm(config.projected, config.first)
        self.cue = nn.Linear(2 * config.first, 3)
        self.between = nn.Linear(2 * config.first, config.between)
        self.query = nn.Linear(2 * config.first, config.between, bias=False)
        self.place = nn.Linear(PLACE_WIDTH, config.between, bias=False)
        self.two = BiLstm(config.between, config.second)
        self.role = nn.Linear(2 * config.second, 3)
        self.valid = nn.Linear(4 * config.second + 1, 1)
        self.locked = LockedDropout(config.dropout)
        self.feature_dropout = nn.Dropout(config.feature_dropout)

    def states(self, features: Tensor, shapes: Tensor, lexical: Tensor, lengths: Tensor) -> Tensor:
        """(batch, steps, 1280), (batch, steps, 22), lexicon ids (batch, steps) → (batch, steps, 2 * first).

        In training half of the paragraphs see no lexicon at all, so that the network also learns to do
        without: the lexicon is English, the features are not.
        """
        x = self.feature_dropout((features - self.mean) * self.scale)
        if self.training:
            keep = torch.empty(x.shape[0], x.shape[1], 1).bernoulli_(1 - self.config.word_dropout)
            x = x * keep
            known = torch.empty(x.shape[0], 1).bernoulli_(1 - self.config.lexical_dropout)
            lexical = lexical * (known * keep[:, :, 0]).long()
        x = self.project(torch.cat([x, shapes], dim=-1)) + self.project_lexical(self.lexical(lexical))
        return self.locked(self.one(self.locked(torch.relu(x)), lengths))

    def cues(self, states: Tensor) -> Tensor:
        """Logits of O, B, I."""
        return self.cue(states)

    def roles(
        self, states: Tensor, which: Tensor, cue_mask: Tensor, places: Tensor, lengths: Tensor
    ) -> tuple[Tensor, Tensor]:
        """Logits of outside, source, content (cues, steps, 3); states (cues, 4 * second) for ``validity``.

        ``which`` (cues,) names the row of ``states``; ``cue_mask`` (cues, steps) marks the cue's words;
        ``places`` is (cues, steps, PLACE_WIDTH); ``lengths`` (cues,).
        """
        weight = cue_mask / cue_mask.sum(1, keepdim=True)
        mean = torch.einsum("ct,ctd->cd", weight, states[which])
        x = self.between(states)[which] + self.query(mean)[:, None, :] + self.place(places)
        out = self.locked(self.two(self.locked(torch.relu(x)), lengths))
        logits = self.role(out)
        at_cue = torch.einsum("ct,ctd->cd", weight, out.float())
        inside = torch.arange(out.shape[1])[None, :] < lengths[:, None]
        share = torch.softmax(logits.float(), -1)[:, :, 2] * inside
        content = torch.einsum("ct,ctd->cd", share / (share.sum(1, keepdim=True) + 1), out.float())
        return logits, torch.cat([at_cue, content], dim=-1)

    def validity(self, pooled: Tensor, score: Tensor) -> Tensor:
        """Logit that a cue heads an attribution, given the first network's own logit ``score`` (cues,)."""
        return self.valid(torch.cat([pooled, score[:, None]], dim=-1))[:, 0]
