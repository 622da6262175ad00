"""A turn that does what the message tells it to, for tests of everything round the turn."""

import asyncio
from collections.abc import AsyncIterator, Sequence

from agent.forgotten import Digests
from agent.ports import Retract, TurnStep
from agent.types import Decision, DecisionKind, InboundMessage, Language, Reply, Retrieval, Understanding, Utterance

DIGESTS = Digests(b"of a home in tests")


class ScriptedRunner:
    """`slow:2` takes two seconds, `fail` raises, `handoff` hands over, `withdraw` takes that back, `retract` takes a word back; else it echoes."""

    def __init__(self) -> None:
        self.histories: list[tuple[Utterance, ...]] = []
        self.running = 0
        self.most_running = 0

    async def run(self, message: InboundMessage, history: Sequence[Utterance]) -> AsyncIterator[TurnStep]:
        self.histories.append(tuple(history))
        self.running += 1
        self.most_running = max(self.most_running, self.running)
        try:
            async for step in self._steps(message.text):
                yield step
        finally:
            self.running -= 1

    async def _steps(self, text: str) -> AsyncIterator[TurnStep]:
        understanding = Understanding(text=text, question=text, language="en")
        yield understanding
        kind = DecisionKind.HANDOFF if "handoff" in text else DecisionKind.ANSWER
        yield Decision(kind=kind, rule="scripted")
        yield Retrieval()
        if "fail" in text:
            raise RuntimeError("secret detail")
        if "retract" in text:
            yield "wrong " * 20
            yield Retract()
        words = [f"You said: {text}.", *(f" Word {i} of a long answer, so that there is a middle." for i in range(8))]
        pause = float(text.split("slow:")[1].split(maxsplit=1)[0]) / len(words) if "slow:" in text else 0
        for word in words:
            yield word
            await asyncio.sleep(pause)
        yield Reply(
            text="".join(words),
            language="en",
            decision=kind,
            understanding=understanding,
            withdraws="withdraw" in text,
        )


class EchoPhrases:
    """Says the name and the language of the phrase."""

    def say(self, name: str, language: Language, **values: str) -> str:
        return f"<{name} {language}>"
