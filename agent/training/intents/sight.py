"""A kernel over the examples' vectors, with what it says of examples, and of whole intents, that it has not met."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from agent.training.intents.kernel import Fitted, Kernel, evenly, fit_kernel, gaussian
from agent.training.intents.latent import LatentSpace
from agent.training.intents.linear import folds
from agent.training.intents.mixing import Mixed
from agent.training.intents.sentences import SentenceSpace
from agent.training.intents.terms import Matrix

Floats = npt.NDArray[np.float32]
Places = npt.NDArray[np.int64]

_MOST_ANCHORS = 16_000  # a kernel of n examples takes 8n² bytes while it is fitted
_MOST_OF_TERMS = 10_000  # where there are no sentence vectors, messages are wanted fast
_WIDTH_OF_TERMS = 1.5  # of the kernel: 1 did a little better with ten examples of an intent, 2 with a hundred
_AT_ONCE = 1024


@dataclass(frozen=True, slots=True)
class Sight:
    """The examples as vectors. places: of the anchors among the examples, whose vectors and labels these are; names: how
    many names of intents are anchors behind them; strange: vectors of those labelled `oos`.
    """

    space: SentenceSpace | LatentSpace
    fitted: Fitted
    vectors: Floats
    places: Places
    labels: Places
    names: int
    strange: Floats

    @property
    def kernel(self) -> Kernel:
        """What goes into the bundle."""
        return self.fitted.kernel

    def left_out(self) -> Floats:
        """[places, labels]: of each example what the kernel says that has not met it.

        Over terms others of its fold are left out with it, as lines are fitted without them: else the kernel would look
        the better of the two where examples are few.
        """
        if isinstance(self.space, SentenceSpace):
            return self.fitted.left_out()[: len(self.places)]
        found = np.zeros((len(self.places), self.fitted.targets.shape[1]), np.float32)
        for _, left in folds(self.labels):
            found[left] = self.fitted.without(left)
        return found

    def apart(self, groups: Sequence[Places]) -> Floats:
        """[places, labels]: what the kernel says that never met the example's label, nor others of its group."""
        size, count = len(self.places), self.fitted.targets.shape[1]
        found = np.zeros((size, count), np.float32)
        every = np.concatenate([self.labels, np.arange(self.names)])
        for group in groups:
            rows = np.flatnonzero(np.isin(every, group))
            found[rows[rows < size]] = self.fitted.without(rows)[rows < size]
            found[np.ix_(rows[rows < size], group)] = 0.0
        return found

    def nearest(self, groups: Sequence[Places] = ()) -> Floats:
        """[places]: the likeness of the nearest other example, of another group where there are groups of labels."""
        group_of = np.arange(self.fitted.targets.shape[1])
        for number, group in enumerate(groups):
            group_of[group] = number
        found = np.zeros(len(self.places), np.float32)
        for start in range(0, len(found), _AT_ONCE):
            rows = np.arange(start, min(start + _AT_ONCE, len(found)))
            likeness = gaussian(self.vectors[rows], self.vectors, self.kernel.gamma)
            likeness[np.arange(len(rows)), rows] = 0.0
            if groups:
                likeness[group_of[self.labels[rows]][:, None] == group_of[self.labels][None, :]] = 0.0
            found[rows] = likeness.max(axis=1)
        return found


def by_sentences(mixed: Mixed, vectors: Floats, labels: Places, count: int, strange: Floats) -> Sight:
    """Of vectors [n, d] in the space that was chosen."""
    places = evenly(labels, _MOST_ANCHORS)
    anchors = np.concatenate([vectors[places], mixed.name_vectors])
    names = len(mixed.name_vectors)
    every = np.concatenate([labels[places], np.arange(names)])
    fitted = fit_kernel(anchors, every, count, gamma=mixed.gamma, ridge=mixed.ridge)
    return Sight(mixed.space, fitted, vectors[places], places, labels[places], names, strange)


def by_terms(rows: Matrix, labels: Places, count: int, strange: Matrix, names: Matrix | None) -> Sight:
    """Of texts that were read by terms; strange: of those labelled `oos`; names: of the intents' names, where these teach."""
    space = LatentSpace.fit(rows)
    places = evenly(labels, _MOST_OF_TERMS)
    vectors = space.project(rows[places])
    anchors, every = vectors, labels[places]
    if names is not None:
        anchors = np.concatenate([vectors, space.project(names)])
        every = np.concatenate([every, np.arange(count)])
    fitted = fit_kernel(anchors, every, count, gamma=_WIDTH_OF_TERMS)
    return Sight(space, fitted, vectors, places, labels[places], len(anchors) - len(vectors), space.project(strange))
