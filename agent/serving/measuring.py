"""How fast a model server writes, and what vLLM tells of itself."""

import time
from dataclasses import dataclass

import httpx
from prometheus_client.parser import text_string_to_metric_families

from agent.closing import closing
from agent.generate.completions import shared_http
from agent.generate.endpoint import ChatEndpoint
from agent.generate.messages import Message
from agent.settings import ModelSettings

_QUESTION = "Count from one to forty, in words."
_TOKENS = 64


@dataclass(frozen=True, slots=True, kw_only=True)
class Speed:
    """Of one short request: seconds to the first token; tokens a second after it, 0 where only one came."""

    first_token_s: float
    tokens_per_s: float

    @property
    def said(self) -> str:
        """In words."""
        rate = f", then {self.tokens_per_s:,.1f} tokens a second" if self.tokens_per_s else ""
        return f"first token after {self.first_token_s * 1000:,.0f} ms{rate} (one request at a time)"


@dataclass(frozen=True, slots=True, kw_only=True)
class Load:
    """vLLM's own metrics: requests, shares 0…1. prefix_hits: of the prompt tokens since its start, None before any."""

    running: int
    waiting: int
    cache_used: float
    prefix_hits: float | None

    @property
    def said(self) -> str:
        """In words."""
        hits = "none yet" if self.prefix_hits is None else f"{self.prefix_hits:.0%}"
        return (
            f"vLLM: {self.running} running, {self.waiting} waiting, KV cache {self.cache_used:.0%} used, "
            f"prefix hit rate {hits}"
        )


async def measure(model: ModelSettings) -> Speed:
    """Asks for a few dozen tokens. Raises ModelUnavailable."""
    http = shared_http(model)
    try:
        endpoint = ChatEndpoint(model.model_copy(update={"max_tokens": _TOKENS, "retries": 0}), http)
        await endpoint.name()
        began = time.perf_counter()
        first, pieces, tokens = 0.0, 0, 0
        async with closing(endpoint.written([Message("user", _QUESTION)])) as written:
            async for piece in written:
                first = first or time.perf_counter() - began
                pieces += bool(piece.text)
                tokens = max(tokens, piece.completion)
        rest = time.perf_counter() - began - first
        count = max(tokens or pieces, 1) - 1
        return Speed(first_token_s=first, tokens_per_s=count / rest if rest > 0 else 0.0)
    finally:
        await http.close()


async def vllm_metrics(model: ModelSettings) -> Load | None:
    """What the server tells at /metrics, where it is vLLM; None elsewhere."""
    url = f"{model.base_url.rstrip('/').removesuffix('/v1')}/metrics"
    try:
        async with httpx.AsyncClient(timeout=5, trust_env=not model.on_this_machine) as client:
            answer = await client.get(url)
            answer.raise_for_status()
        return load_in(answer.text)
    except (httpx.HTTPError, httpx.InvalidURL, ValueError):
        return None


def load_in(text: str) -> Load | None:
    """vLLM's metrics in Prometheus' text; None where they are another server's. Raises ValueError for what is no such text."""
    sums: dict[str, float] = {}
    for family in text_string_to_metric_families(text):
        for sample in family.samples:
            sums[sample.name] = sums.get(sample.name, 0.0) + sample.value
    if "vllm:num_requests_running" not in sums:
        return None
    asked = sums.get("vllm:prefix_cache_queries_total", 0.0)
    return Load(
        running=int(sums["vllm:num_requests_running"]),
        waiting=int(sums.get("vllm:num_requests_waiting", 0)),
        cache_used=sums.get("vllm:kv_cache_usage_perc", 0.0),
        prefix_hits=sums.get("vllm:prefix_cache_hits_total", 0.0) / asked if asked else None,
    )
