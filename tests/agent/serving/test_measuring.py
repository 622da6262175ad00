"""How fast a server writes, and vLLM's own metrics."""

import pytest

from agent.errors import ModelUnavailable
from agent.serving.measuring import Load, load_in, measure, vllm_metrics
from agent.settings import ModelSettings
from tests.support.openai_server import fails, model_server, writes

METRICS = """\
# HELP vllm:num_requests_running Number of requests.
# TYPE vllm:num_requests_running gauge
vllm:num_requests_running{engine="0",model_name="m"} 2.0
vllm:num_requests_running{engine="1",model_name="m"} 1.0
# TYPE vllm:num_requests_waiting gauge
vllm:num_requests_waiting{engine="0",model_name="m"} 4.0
# TYPE vllm:kv_cache_usage_perc gauge
vllm:kv_cache_usage_perc{engine="0",model_name="m"} 0.25
# TYPE vllm:prefix_cache_queries counter
vllm:prefix_cache_queries_total{engine="0",model_name="m"} 1000.0
# TYPE vllm:prefix_cache_hits counter
vllm:prefix_cache_hits_total{engine="0",model_name="m"} 640.0
"""


def test_vllms_metrics_are_summed_over_its_engines() -> None:
    load = load_in(METRICS)
    assert load == Load(running=3, waiting=4, cache_used=0.25, prefix_hits=0.64)
    assert load is not None
    assert load.said == "vLLM: 3 running, 4 waiting, KV cache 25% used, prefix hit rate 64%"
    assert load_in("# TYPE up gauge\nup 1\n") is None


async def test_the_speed_of_a_server_is_measured() -> None:
    async with model_server(writes(["one "] * 20, pause_s=0.01)) as server:
        speed = await measure(ModelSettings(base_url=server.url))
        assert await vllm_metrics(ModelSettings(base_url=server.url)) is None
    assert 0 < speed.first_token_s < 2
    assert 5 < speed.tokens_per_s < 110
    assert "tokens a second" in speed.said
    async with model_server(fails(500)) as server:
        with pytest.raises(ModelUnavailable):
            await measure(ModelSettings(base_url=server.url))
