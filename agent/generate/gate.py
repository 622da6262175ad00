"""Lets a model's sentences through one by one, each only once it is whole and its evidence supports it.

What a customer sees has been checked before they see it. A heading or a "Yes." waits for the sentence that it leads up to.
"""

import re
from dataclasses import replace
from itertools import pairwise

from agent.checking.grounding import Grounded, Grounds, Sentence, grounded, lines_of
from agent.checking.likeness import Doubt
from knowledge.cutting.spans import ends_like_a_word

_MAY_END = re.compile(r"[.!?。！？…]")
_BEGUN, _WORD_SAID = re.compile(r"\w"), re.compile(r"\w\W|[\u3400-\u9fff]")
_LONGEST_SENTENCE = 3_000  # characters without an end
_REPEATED = 3  # sentences said again
_WITHHELD_IN_A_ROW = 12


class SpeechGate:
    """One answer. Feed it pieces with `hear`, and `hear_end`; `release` gives what may be said now."""

    def __init__(self, grounds: Grounds) -> None:
        self._grounds = grounds
        self._written = ""
        self._read = 0  # characters that whole sentences took, when last looked at
        self._found = Grounded()
        self._goes_on = False  # without an end, or without a word that stays
        self.said = ""

    def hear(self, piece: str) -> bool:
        """Takes what the model wrote; whether a sentence became whole with it."""
        self._written += piece
        whole = self._whole()
        if whole == self._read:
            return False
        self._read = whole
        self.look()
        return True

    def hear_end(self) -> None:
        """The model has finished: what is not whole by now is all there will be of it."""
        self._read = len(self._written)
        self.look()

    @property
    def claims(self) -> tuple[tuple[str, str], ...]:
        """Sentences that cite and stay so far, each with its evidence; for a second look."""
        evidence = self._grounds.evidence
        return tuple((one.claim, "\n".join(evidence[n] for n in one.marks)) for one in self._found.kept if one.marks)

    @property
    def doubts(self) -> tuple[Doubt, ...]:
        """What has to be read before the sentences in doubt may be said; `look` then finds them."""
        return self._found.doubts

    def deny(self, claims: frozenset[str]) -> None:
        """Withholds these sentences, too."""
        if claims:
            self._grounds = replace(self._grounds, denied=self._grounds.denied | claims)
            self.look()

    def release(self) -> str:
        """What may be said now that has not been said."""
        text = self._found.text
        if not text.startswith(self.said):
            return ""  # Markdown across sentences was mended: the whole is said anew at the end
        delta, self.said = text[len(self.said) :], text
        return delta

    @property
    def text(self) -> str:
        """All that may be said."""
        return self._found.text

    @property
    def withheld(self) -> tuple[str, ...]:
        """Sentences that stated something and were kept back."""
        return tuple(one.claim for one in self._found.withheld if re.search(r"\w", one.claim))

    @property
    def is_stuck(self) -> bool:
        """Whether the model will not come to an end by itself: it repeats itself, or says nothing that stays."""
        return self._goes_on or len(self._written) - self._read > _LONGEST_SENTENCE

    def look(self) -> None:
        """Checks anew all that is whole."""
        self._found = grounded(self._written[: self._read], self._grounds)
        self._goes_on = _goes_on(self._found)

    def _whole(self) -> int:
        """How much of the text will not be changed by what comes: all sentences that another one follows.

        Its first letter tells that they have ended, and is waited for: a mark may stand between. After what ends like an
        abbreviation only its first word does.
        """
        start = self._written.rfind("\n") + 1
        if not _MAY_END.search(self._written, max(start, self._read)):
            return max(start, self._read)
        line: tuple[Sentence, ...] = lines_of(self._written[start:])[0]
        place = start + len(line[0].sign) if line else start
        whole = start
        for sentence, after in pairwise(line):
            place += len(sentence.written)
            begun = _WORD_SAID if ends_like_a_word(sentence.written) else _BEGUN
            if begun.search(after.claim) and not after.written.lstrip().startswith("["):
                whole = place
        return max(whole, self._read)


def _goes_on(found: Grounded) -> bool:
    """Whether sentences are said again and again, or none of the last ones stays."""
    said = [claim for sentence in found.sentences if (claim := sentence.claim)]
    if len(said) - len(set(said)) >= _REPEATED:
        return True
    last, kept = said[-_WITHHELD_IN_A_ROW:], {sentence.claim for sentence in found.kept}
    return len(last) == _WITHHELD_IN_A_ROW and kept.isdisjoint(last)
