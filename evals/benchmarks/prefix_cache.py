"""How much of its prompts a vLLM server finds in its prefix cache: Parley's layout beside that of a plain RAG agent.

`python -m evals.benchmarks.prefix_cache --home HOME --url http://127.0.0.1:8000/v1` holds the same talks of five questions
over the sample home twice, and reads vLLM's own counters (`vllm:prefix_cache_queries_total`, `…_hits_total`) before and after
each: with the prompts that Parley lays out, with the same prompts where each turn knows nothing of what the last one showed,
and with passages as they were found, best first, in the system message, which is what langchain's documentation shows. One
token is asked for. Nobody else may use the server meanwhile.
"""

import argparse
import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import httpx
from prometheus_client.parser import text_string_to_metric_families
from rich.console import Console
from rich.table import Table

from agent.generate.arranging import ShownBefore
from agent.generate.messages import Message
from agent.generate.prompt import next_prompt, prompt_for
from agent.generate.prompt_files import PromptFiles
from agent.home import Home
from agent.homes import open_documents, open_graph
from agent.ports import GenerationRequest
from agent.retrieval import KnowledgeRetriever
from agent.settings import load_settings
from agent.types import Language, Utterance
from agent.types import Understanding as Understood

_TALKS: Sequence[tuple[Language, tuple[str, ...]]] = (
    (
        "en",
        (
            "How long do I have to return something?",
            "Does that hold for a laptop that I have opened, too?",
            "How do I send it back?",
            "Who pays for the return shipping?",
            "When do I get my money back?",
        ),
    ),
    (
        "en",
        (
            "How much is express delivery?",
            "How long does standard delivery take?",
            "Do you deliver to a collection point?",
            "Can I change the address after I have ordered?",
            "What if nobody is at home?",
        ),
    ),
    ("zh", ("退货期限是多久？", "开封的笔记本电脑也可以退吗？", "怎么寄回？", "退货运费谁付？", "多久能收到退款？")),
    (
        "zh",
        (
            "快递加急多少钱？",
            "标准配送需要几天？",
            "可以送到自提点吗？",
            "下单之后还能改地址吗？",
            "家里没人怎么办？",
        ),
    ),
)
_PATIENCE_S = 120.0
_SAID = 300  # characters of the best passage, which stand for the answer in what follows

Layout = Callable[[GenerationRequest], Sequence[Message]]


@dataclass(frozen=True, slots=True)
class Tokens:
    """Of prompts: all, and those found in the cache."""

    asked: float
    found: float


def main() -> None:
    """Measures both and prints the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--home", type=Path, required=True)
    parser.add_argument("--url", required=True, help="of the server, such as http://127.0.0.1:8000/v1")
    parser.add_argument(
        "--passages", type=int, default=0, help="in each prompt; default: as the home's settings have it"
    )
    arguments = parser.parse_args()
    Console().print(asyncio.run(_measured(arguments.home, arguments.url, arguments.passages)))


async def _measured(home: Path, url: str, passages: int) -> Table:
    table = Table(
        "layout", "prompt tokens", "in the cache", "hit rate", "read", title="Five questions each in four talks"
    )
    async with httpx.AsyncClient(trust_env=False, base_url=url, timeout=_PATIENCE_S) as http:
        model = (await http.get("/models")).raise_for_status().json()["data"][0]["id"]
        requests = await _requests(home, passages)
        layouts = (("a plain RAG agent's", _plain), ("Parley's, turn by turn", _alone), ("Parley's", _going_on()))
        for name, layout in layouts:
            before = await _counted(http, url)
            for request in requests:
                # Its own first word keeps each layout from finding what the other left.
                first, *others = layout(request)
                messages = [Message("system", f"{name}\n{first.text}"), *others]
                body = {
                    "model": model,
                    "messages": [message.as_json() for message in messages],
                    "max_tokens": 1,
                    "temperature": 0,
                }
                (await http.post("/chat/completions", json=body)).raise_for_status()
            after = await _counted(http, url)
            asked, found = after.asked - before.asked, after.found - before.found
            table.add_row(name, f"{asked:,.0f}", f"{found:,.0f}", f"{found / asked:.0%}", f"{asked - found:,.0f}")
    return table


async def _requests(home: Path, passages: int) -> list[GenerationRequest]:
    """All turns of all talks, the talks one after the other."""
    settings, found = load_settings(home), list[GenerationRequest]()
    with open_documents(Home(home), settings) as library:
        graph = open_graph(Home(home))
        retriever = KnowledgeRetriever(library.shelf("public"), graph, passages=passages or settings.knowledge.passages)
        for number, (language, questions) in enumerate(_TALKS):
            history: tuple[Utterance, ...] = ()
            for question in questions:
                understood = Understood(text=question, question=question, language=language)
                retrieval = await retriever.retrieve(understood)
                found.append(
                    GenerationRequest(
                        understanding=understood, retrieval=retrieval, history=history, conversation_id=str(number)
                    )
                )
                answer = f"{retrieval.passages[0].passage.text[:_SAID]} [1]"
                history += (Utterance(role="user", content=question), Utterance(role="assistant", content=answer))
        graph.close()
    return found


def _alone(request: GenerationRequest) -> Sequence[Message]:
    return prompt_for(request, _PROMPTS).messages


def _going_on() -> Layout:
    """As the generator lays out the turns of a conversation."""
    shown = ShownBefore()
    return lambda request: next_prompt(request, _PROMPTS, shown).messages


def _plain(request: GenerationRequest) -> Sequence[Message]:
    """Instructions and passages, the history, the question."""
    passages = "\n\n".join(
        f"[{n}] {one.passage.title}\n{one.passage.text}" for n, one in enumerate(request.retrieval.passages, start=1)
    )
    told = Message("system", f"{_PROMPTS.instructions(request.understanding.language)}\n\n{passages}")
    history = [Message("user" if said.role == "user" else "assistant", said.content) for said in request.history]
    return [told, *history, Message("user", request.understanding.text)]


async def _counted(http: httpx.AsyncClient, url: str) -> Tokens:
    """vLLM's counters, since its start."""
    answer = await http.get(f"{url.rstrip('/').removesuffix('/v1')}/metrics")
    answer.raise_for_status()
    samples = [one for family in text_string_to_metric_families(answer.text) for one in family.samples]
    return Tokens(
        *(
            sum(one.value for one in samples if one.name == f"vllm:prefix_cache_{name}_total")
            for name in ("queries", "hits")
        )
    )


_PROMPTS = PromptFiles()


if __name__ == "__main__":
    main()
