"""The language models that a home uses: who writes, understands, picks, and what else is read with them."""

from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, closing
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from agent.checking.likeness import Likeness
from agent.generate.extractive.verifier import Verifier
from agent.generate.fallback import CircuitBreaker, FallbackGenerator
from agent.phrases import SetPhrases
from agent.ports import Generator, Picker
from agent.settings import Settings

if TYPE_CHECKING:
    from agent.generate.endpoint import ChatEndpoint
    from agent.generate.model import SecondLook
    from agent.understand.one_call import OneCall


@dataclass(frozen=True, slots=True, kw_only=True)
class Models:
    """Who writes, first the best, each with its breaker; who understands, who acts, who picks. Empty without a model.

    likeness: what is read of sentences in doubt, by the verifier that the composer has, too.
    """

    writers: Sequence[Generator] = ()
    breakers: Sequence[CircuitBreaker] = ()
    reader: "OneCall | None" = None
    endpoint: "ChatEndpoint | None" = None
    picker: Picker | None = None
    verifier: Verifier = field(default_factory=Verifier)
    likeness: Likeness = field(default_factory=Likeness)

    def before(self, composer: Generator, phrases: SetPhrases) -> Generator:
        """Those who write, and the composer where they fail."""
        return FallbackGenerator(self.writers, composer, phrases, self.breakers) if self.writers else composer


@asynccontextmanager
async def open_models(settings: Settings) -> AsyncIterator[Models]:
    """The models to ask: with one HTTP client, and a queue for each server."""
    if not settings.model.base_url:
        yield Models()
        return
    # Imported here: a home without a model need not pay for them at start, nor one with a model for what it does not want.
    from agent.generate.completions import shared_http
    from agent.generate.endpoint import ChatEndpoint
    from agent.generate.model import ModelGenerator
    from agent.generate.picking import ModelPicker

    async with AsyncExitStack() as opened:
        http = await opened.enter_async_context(shared_http(settings.model))
        look: SecondLook | None = None
        if settings.model.verify:
            from agent.generate.second_look import ModelSecondLook

            look = opened.enter_context(closing(ModelSecondLook(settings.model)))
        verifier = Verifier()
        likeness = Likeness(verifier)
        reader = opened.enter_context(closing(_one_call(settings))) if settings.model.understand else None
        prompts = settings.home / "prompts"
        writers = [
            ModelGenerator(one, http=http, second_look=look, prompts=prompts, likeness=likeness)
            for one in (settings.model, *settings.model.others)
        ]
        endpoint = ChatEndpoint(settings.model.model_copy(update={"temperature": 0.0}), http)
        yield Models(
            writers=writers,
            breakers=[CircuitBreaker() for _ in writers],
            reader=reader,
            endpoint=endpoint,
            picker=ModelPicker(endpoint),
            verifier=verifier,
            likeness=likeness,
        )


def _one_call(settings: Settings) -> "OneCall":
    # Imported here: see `open_models`.
    from agent.understand.one_call import OneCall

    return OneCall(settings.model)
