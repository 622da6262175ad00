"""Makes an English follow-up stand alone: asks the last question of something else, or says what it was about."""

import re
from collections.abc import Sequence

from agent.understand.content_words import content_words
from agent.understand.in_place import in_place
from agent.understand.pointing import EN_FOLLOW, EN_OPENER, EN_POINTS, EN_SAME, EN_SWAP, fragment_of
from agent.understand.rewriting.another import asked_of_another
from agent.understand.rewriting.both import of_both
from agent.understand.rewriting.names import KnownNames, guessed
from agent.understand.same_head import with_its_object, with_same_head, with_same_preposition
from agent.understand.standing import Standing
from agent.understand.talk import Talk

_EN_ALONE = re.compile(
    r"(?:and|or|so|but|then|ok(?:ay)?)\b[,\s]*(?:from |for |with |on |in |to )?(?:the |our |my |your )?(?P<new>[^?.!,]+)\W*",
    re.IGNORECASE,
)
_EN_SENTENCE = re.compile(
    r"(?:can|could|do|does|did|is|are|will|would|may|must|should|have|has|how|what|when|where|who|which|why)\b.*\b(?:i|you|we|my|your|the|an?|is|are)\b",
    re.IGNORECASE,
)
_EN_COMPANY = re.compile(
    r"(?:do|does|did|can|could|will|would) (?:you|u|your (?:shops?|stores?|company))(?: guys| people| folks)?(?: also| even)?"
    r" (?:sell|have|stock|carry|offer|take|accept|buy|provide|deliver|ship|repair|fix|rent|hire) \w"
    r"|(?:where(?:'?s| is| are)|(?:where|how) (?:can|do) i find) (?:the|your|you)\b"
    r"|(?:what|which) (?:brands?|makes?|products?|models?|kinds? of|sorts? of|types? of|payment|stores?|shops?)\b.*\b(?:you|your)\b"
    r"|(?:what|when)(?:'?s| is| are) your \w|when (?:do|are) you (?:open|clos)|what (?:time|days?) (?:do|are) you\b",
    re.IGNORECASE,
)
_ARTICLE = re.compile(r"^(?:the|our|my|your|an?)\s+", re.IGNORECASE)
_FEW = 2  # words that say little
_MANY = 4  # words that say all, where none points to what was said before
_OWN_QUESTION = 3  # words from which on what follows "what about X" is a question of its own


class EnglishFollowUps:
    """Gives English questions what they leave out.

    standing: tells what leans on what was said from what does not; without it every short question leans.
    """

    def __init__(self, names: KnownNames, standing: Standing | None) -> None:
        self._names = names
        self._standing = standing

    def standalone(self, question: str, talk: Talk) -> str:
        """The question with what it leaves out; one that stands alone is returned untouched."""
        said = EN_OPENER.sub("", question, count=1) or question
        known = self._names.written_in(said)
        own = known or guessed(said)
        if not own and _EN_COMPANY.match(said) and not EN_POINTS.search(said):
            return question
        topic_names = self._names.recent(said, talk)
        last = talk.last_asked
        if again := self._asked_again(said, known, topic_names, last, talk):
            return again
        if own and not EN_FOLLOW.search(said):
            return question if known else self._about_what_was_named(question, talk)
        missing = [name for name in topic_names if name.lower() not in said.lower()]
        if own:
            missing = []
        elif self._stands(said, missing):
            return question
        if missing and tuple(missing) == talk.compared:
            return of_both(talk.compared, question)
        carried = " ".join(self._context(last, question, own or missing, missing))
        if missing:
            carried = ", ".join(missing[:2]) + (f": {carried}" if carried else "")
        return f"{question} ({carried})" if carried else question

    def _asked_again(self, said: str, known: Sequence[str], topics: Sequence[str], last: str, talk: Talk) -> str:
        """The last question, where an English one says nothing but what is other now ("what about the gold one?", "for Starter?",
        "and 20 days?", "does the Team plan?"); else "".
        """
        fragment = fragment_of(said)
        swap = EN_SWAP.match(said) or _named_alone(said, known) or (fragment if known else None)
        piece = swap or fragment or _EN_ALONE.fullmatch(said)
        named = piece["new"].strip() if piece else ""
        new = _ARTICLE.sub("", named)
        if not known and (again := with_same_preposition(said, last)):
            return again
        if new and not known and (again := in_place(new, last) or with_same_head(new, last)):
            return again
        if (
            new
            and not known
            and not self._has_subject(new)
            and (again := with_its_object(new, last, thing=new != named))
        ):
            return again
        same = EN_SAME.match(said) if len(known) == 1 else None
        named = same["new"] if same else said
        if known and named.strip(" ?!.").lower() == known[0].lower() and self._names.types(known[:1]):
            return asked_of_another(known[0], known[0], talk, self._names)
        # "What about the limit, does it change?" asks for something else; "What about the gold one?" asks the same again.
        own = known or guessed(said)
        if swap and last and (own or self._asks_again(said, swap, topics)):
            return self._swapped(said, swap["new"].strip(), own, last, talk)
        return ""

    def _stands(self, question: str, missing: Sequence[str]) -> bool:
        """Whether an English question that names nothing stands by itself after names that it does not say again."""
        if fragment_of(question):
            return False
        if self._alone(question, *missing) or not _leans(question, after_names=bool(missing)):
            return True
        return not missing and self._says_its_subject(question)

    def _has_subject(self, new: str) -> bool:
        """Whether what is named next is what articles are entitled with, or no thing at all."""
        said = content_words(new, "", ())
        return len(said) != len(new.split()) or (self._standing is not None and self._standing.has_subject(said))

    def _says_its_subject(self, question: str) -> bool:
        """Whether a short English question is a sentence about what articles are entitled with: "Can I pay in instalments?"."""
        said = content_words(question, "", ())
        if self._standing is None or len(said) < _FEW or EN_FOLLOW.search(question) or not _EN_SENTENCE.match(question):
            return False
        return all(self._standing.has_subject([word]) for word in said)

    def _about_what_was_named(self, question: str, talk: Talk) -> str:
        """With what the documents call what was talked of: a capital alone ("What does Acme charge?") names no product."""
        names = next((names for names in map(talk.named, range(len(talk))) if names), [])
        return f"{question} ({', '.join(names[:2])})" if names and not self._names.types(names) else question

    def _context(self, last: str, question: str, about: Sequence[str], missing: Sequence[str]) -> Sequence[str]:
        """Words of the last question; of one about a thing that the graph holds only what the graph does not read in it, and
        none where this question asks for something else of the thing.
        """
        for mention in reversed(self._names.link(last)):
            last = f"{last[: mention.span[0]]} {last[mention.span[1] :]}"
        if self._standing is None or not self._names.types(about):
            return content_words(last, question, missing)
        if self._standing.asks(question):
            return ()
        unread = self._standing.unread(last)
        return [word for word in content_words(last, question, missing) if word.lower() in unread]

    def _alone(self, question: str, *topics: str) -> bool:
        """Whether the question needs nothing of these topics."""
        return self._standing is not None and self._standing.alone(question, self._names.types(topics))

    def _asks_again(self, question: str, swap: re.Match[str], topics: Sequence[str]) -> bool:
        """Whether nothing follows "what about X" that is a question of its own."""
        if self._names.types(topics) and self._standing and self._standing.asks(question):
            return False
        return len(question[swap.end() :].split()) < _OWN_QUESTION and not self._alone(question, *topics)

    def _swapped(self, question: str, new: str, own: Sequence[str], last: str, talk: Talk) -> str:
        """ "What about the gold one?": the last question, asked of something else."""
        topics = self._names.recent(question, talk)
        if own and self._names.types(own[:1]) and (again := asked_of_another(own[0], own[0], talk, self._names)):
            more = " ".join(content_words(new, again, own[:1]))
            return f"{again} ({more})" if more else again
        bare = own[0] if own else re.sub(r"^(?:the|our|my|your|an?)\s+|\s+ones?$", "", new, flags=re.IGNORECASE)
        for topic in topics:
            replacement = bare if " " in bare else self._names.like(topic, bare)
            if topic.lower() in last.lower() and topic.lower() != replacement.lower():
                return re.sub(re.escape(topic), replacement, last, flags=re.IGNORECASE)
        return f"{question} ({' '.join(content_words(last, question, ()))})"


def _named_alone(question: str, names: Sequence[str]) -> re.Match[str] | None:
    """ "And the Gold Saver?": a name and nothing else."""
    found = _EN_ALONE.fullmatch(question)
    said = found["new"].lower().removesuffix(" one") if found else ""
    return found if said in {name.lower() for name in names} else None


def _leans(question: str, *, after_names: bool) -> bool:
    """Whether it may need what was said before: it points there, says little, or, after names, does not say all."""
    if EN_FOLLOW.search(question) or fragment_of(question):
        return True
    own = len(content_words(question, "", ()))
    return own <= _FEW or (after_names and own < _MANY)
