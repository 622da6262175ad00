"""Parley's Markdown in Slack: nothing lost, nothing broken, nobody called."""

import itertools
import re
import time

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from agent.types import Citation
from connectors.slack.rendering import Quieting, clip, escape, mrkdwn, quiet, render
from connectors.slack.rendering.code_spans import prose_and_code
from connectors.slack.rendering.parsing import parsed, visible
from connectors.slack.rendering.splitting import split

CALL = re.compile(r"<[@#!]|@(?:channel|here|everyone)(?![a-z0-9_])", re.IGNORECASE)
REFUND = Citation(n=1, source_id="r", title="Returns", url="https://shop.example/returns?a=1&b=2", quote="30 days")
NOWHERE = Citation(n=2, source_id="w", title="保修", url=None, quote="两年")

words = st.sampled_from(
    ["refund", "退货", "**bold**", "*it*", "`a<b`", "[site](https://x.example/a_b)", "<!channel>", "<@U1>", "&", "[1]",
     "30", "天。", "~~no~~", "👨‍👩‍👧", "é", "@here", "1 < 2", "|", "\\*", "说：", "!"]
)  # fmt: skip
sentences = st.lists(words, min_size=1, max_size=12).map(" ".join)
code = st.tuples(
    st.sampled_from(["", "py"]), st.lists(st.sampled_from(["x = 1", "", "<!here>", "长" * 30]), max_size=30)
)
tables = st.lists(st.sampled_from(["one", "二", "**3**", "[l](https://x.example)"]), min_size=2, max_size=40).map(
    lambda cells: "| a | b |\n|---|---|\n" + "\n".join(f"| {x} | {y} |" for x, y in itertools.pairwise(cells))
)
blocks = st.one_of(
    sentences,
    st.lists(sentences, min_size=1, max_size=8).map(lambda items: "\n".join(f"- {item}" for item in items)),
    st.lists(sentences, min_size=1, max_size=8).map(
        lambda items: "\n".join(f"{n}. {i}" for n, i in enumerate(items, 1))
    ),
    code.map(lambda c: "```{}\n{}\n```".format(c[0], "\n".join(c[1]))),
    tables,
    sentences.map("## {}".format),
    sentences.map("> {}".format),
)
documents = st.lists(blocks, min_size=1, max_size=6).map("\n\n".join)


@given(documents)
def test_a_text_that_fits_stays_whole(text: str) -> None:
    assert split(text) == [text]


@settings(max_examples=150)
@given(documents, st.integers(100, 400))
@example("```\n" + "x\n" * 200 + "```", 100)
@example("的" * 500, 100)
@example("see [" + "word " * 15 + "](https://x.example/" + "y" * 10 + ") " + "and so on " * 20, 120)
def test_pieces_fit_and_together_say_the_same(text: str, limit: int) -> None:
    pieces = split(text, limit)
    assert all(0 < len(piece) <= limit for piece in pieces)
    assert all(piece.count("```") % 2 == 0 for piece in pieces)
    assert _letters("".join(visible(piece) for piece in pieces)) >= _letters(visible(text))
    flat = "".join(pieces).replace("```", "")
    position = 0
    for word in re.findall(r"\w+", re.sub(r"```\w*", "", text)):  # in their order
        position = flat.find(word[:5], position)
        assert position >= 0


def _letters(text: str) -> int:
    return sum(character.isalnum() for character in text)


def test_code_goes_on_in_a_fence_and_a_table_under_its_heading() -> None:
    fence = split("```py\n" + "\n".join(f"line_{n} = {n}" for n in range(40)) + "\n```", 120)
    assert len(fence) > 3
    assert all(piece.startswith("```py\n") and piece.endswith("\n```") for piece in fence)
    table = split("| 城市 | 天数 |\n|---|---|\n" + "\n".join(f"| 城市{n} | {n} |" for n in range(40)), 120)
    assert all([node.type for node in parsed(piece).children] == ["table"] for piece in table)


def test_a_link_is_not_cut() -> None:
    text = "words " * 18 + "[a link of several words](https://shop.example/a/long/address) " + "more " * 20
    pieces = split(text, 130)
    assert sum("[a link of several words](https://shop.example/a/long/address)" in piece for piece in pieces) == 1


@pytest.mark.parametrize("sign", ["👨‍👩‍👧", "🇨🇳", "e\u0301"])
def test_a_sign_is_not_cut(sign: str) -> None:
    assert all(len(piece) % len(sign) == 0 for piece in split(sign * 120, 100))
    assert clip(sign * 40, 40).removesuffix("…") == sign * ((39) // len(sign))


@given(documents)
@example("`<!channel>` ```\n<@U123>\n```")
@example("[text](<!channel>) @everyone，@channel你好")
@example("<!subteam^S1|@team> <#C1|general> <https://x.example|y>")
def test_nobody_is_called(text: str) -> None:
    for message in render(text, [REFUND]):
        assert not CALL.search(message.markdown)
        assert not CALL.search(message.text)
    if "subteam" not in text:  # which Markdown takes for a mail address
        assert re.sub("\u2060|%E2%81%A0", "", visible(quiet(text))) == visible(text)


@given(documents, st.lists(st.integers(1, 7), min_size=1, max_size=5))
@example("<!channel> and @everyone", [1])
def test_a_stream_calls_nobody_either(text: str, sizes: list[int]) -> None:
    quieting, sent, at, turn = Quieting(), "", 0, 0
    while at < len(text):
        size = sizes[turn % len(sizes)]
        sent += quieting.feed(text[at : at + size])
        assert not CALL.search(sent)
        at, turn = at + size, turn + 1
    assert sent + quieting.end() == quiet(text)


def test_marks_lead_to_their_sources_but_not_in_code() -> None:
    (message,) = render(
        "30 days [1][2], `a[1]`.\n\n```\nb[1]\n```\n\n两年[1]。[1](https://own.example)", [REFUND, NOWHERE]
    )
    mark = "[[1]](https://shop.example/returns?a=1&b=2)"
    assert message.markdown.startswith(f"30 days {mark}[2], `a[1]`.")
    assert "b[1]" in message.markdown
    assert f"两年{mark}。[1](https://own.example)" in message.markdown
    assert "30 days <https://shop.example/returns?a=1&amp;b=2|[1]>[2]" in message.text


@given(st.text(alphabet="`~a \n[1]x", max_size=80))
@example("```\n[1]\n````\n[1] `` ` [1] `` [1]")
def test_pieces_of_prose_and_code_are_the_text(text: str) -> None:
    assert "".join(piece for piece, _ in prose_and_code(text)) == text


@pytest.mark.parametrize(
    "hostile", ["`" * 30_000, "``a`" * 8_000, "![[" * 8_000, "[" * 3_000 + "]" * 3_000, "> " * 9_000]
)
def test_hostile_text_takes_no_long_time(hostile: str) -> None:
    began = time.process_time()
    assert [message.text for message in render(hostile, [REFUND])]
    assert time.process_time() - began < 5


def test_a_notification_reads_like_the_message() -> None:
    text = "# 退货 & 换货\n\n您可以在**30天**内退货[1]，*运费*免费。\n\n1. 申请\n   - 网上\n2. 寄回\n\n> 原话\n\n---\n\n| 城市 | 天 |\n|--|--|\n| 北京 | 3 |\n| Oslo | 10 |"
    assert mrkdwn(text) == (
        "*退货 &amp; 换货*\n\n您可以在\u200b*30天*\u200b内退货[1]，\u200b_运费_\u200b免费。\n\n"
        "1. 申请\n    • 网上\n2. 寄回\n\n&gt; 原话\n\n———\n\n".replace("&gt;", ">")
        + "```\n城市 | 天\n-----+---\n北京 | 3\nOslo | 10\n```"
    )


@pytest.mark.parametrize("url", ["javascript:alert(1)", "<!channel>", "data:text/html,x", ""])
def test_only_addresses_that_slack_opens_are_links(url: str) -> None:
    text = mrkdwn(f"[press](<{url}>)" if "<" not in url else f"[press]({url})")
    assert not re.search(r"<[^|>]+\|press>", text)


@given(st.text(max_size=60))
def test_plain_text_stays_plain(text: str) -> None:
    escaped = escape(text)
    assert "<" not in escaped
    assert ">" not in escaped
    assert not CALL.search(escaped)


@given(st.text(max_size=300), st.integers(2, 80))
def test_clipped_is_short_enough(text: str, limit: int) -> None:
    assert len(clip(text, limit)) <= limit
