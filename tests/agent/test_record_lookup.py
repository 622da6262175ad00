"""Looking up an order: asked for what is missing, shown only to someone who knows the e-mail, in either language."""

from pathlib import Path

import pytest

from agent.errors import SettingsError
from agent.tools.record_lookup import load_tools
from agent.types import Language, Understanding, Utterance

ORDERS = "order_number,email,status\nLO-1,a@example.com,shipped\n"
TOOLS = r"""
orders:
  file: orders.csv
  key: order_number
  key_pattern: '\bLO-\d+\b'
  proof: email
  proof_pattern: '[\w.+-]+@[\w.-]+\.\w+'
  values: {status: {shipped: {en: on its way, zh: 已发货}}}
  say:
    en:
      found: "{order_number} is {status}."
      ask_key: Which order?
      ask_proof: Your e-mail?
      not_found: "No {order_number}."
    zh:
      found: "{order_number}{status}。"
      ask_key: 哪个订单？
      ask_proof: 邮箱？
      not_found: "没有{order_number}。"
"""


def write_tools(folder: Path, text: str = TOOLS) -> Path:
    (folder / "orders.csv").write_text(ORDERS, "utf-8")
    (folder / "tools.yaml").write_text(text, "utf-8")
    return folder / "tools.yaml"


@pytest.mark.parametrize(
    ("said", "language", "customer", "text", "missing"),
    [
        (["where is my order"], "en", None, "Which order?", ("order_number",)),
        (["where is lo-1"], "en", None, "Your e-mail?", ("email",)),
        (["where is LO-1", "a@example.com"], "en", None, "LO-1 is on its way.", ()),
        (["where is LO-1, A@Example.com"], "en", None, "LO-1 is on its way.", ()),
        (["where is LO-1"], "en", "a@example.com", "LO-1 is on its way.", ()),
        (["where is LO-1", "b@example.com"], "en", None, "No LO-1.", ("order_number",)),
        (["where is LO-9", "a@example.com"], "en", None, "No LO-9.", ("order_number",)),
        (["查一下 LO-1", "a@example.com"], "zh", None, "LO-1已发货。", ()),
    ],
)
async def test_lookup(
    tmp_path: Path, said: list[str], language: Language, customer: str | None, text: str, missing: tuple[str, ...]
) -> None:
    tool = load_tools(write_tools(tmp_path))["orders"]
    history = [Utterance(role="user", content=earlier) for earlier in said[:-1]]
    understanding = Understanding(text=said[-1], question=said[-1], language=language)
    result = await tool.run(understanding, history, customer)
    assert (result.text, result.missing) == (text, missing)


def test_no_file_means_no_tools(tmp_path: Path) -> None:
    assert load_tools(tmp_path / "tools.yaml") == {}


@pytest.mark.parametrize("text", ["orders: {file: orders.csv}", "orders: [", TOOLS.replace("orders.csv", "gone.csv")])
def test_a_wrong_file_is_named(tmp_path: Path, text: str) -> None:
    with pytest.raises(SettingsError, match=r"tools\.yaml"):
        load_tools(write_tools(tmp_path, text))
