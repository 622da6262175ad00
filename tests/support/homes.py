"""A small company's home, made in a second; the sample shop's, made in a dozen."""

from pathlib import Path

import pytest

from agent.homes import new_home, open_documents, sample_home
from agent.samples import sample_path
from agent.samples.dated import WRITTEN
from agent.settings import load_settings

ARTICLES = {
    "returns.md": "# Returns\n\nYou can send a product back within 30 days. Return shipping is free.\n",
    "shipping.md": "# Delivery\n\nStandard delivery takes 3 days and costs $4.50.\n",
    "保修.md": "# 保修政策\n\n手机的保修期是两年。电池保修一年。\n",
}
QUESTION = "How many days do I have to send a product back?"


def small_home(folder: Path) -> Path:
    """A home with three articles and the embedder that needs no model."""
    articles = folder / "articles"
    articles.mkdir(parents=True)
    for name, text in ARTICLES.items():
        (articles / name).write_text(text, "utf-8")
    root = folder / "home"
    home = new_home(root)
    # So few articles give little support to anything.
    home.settings_file.write_text('[knowledge]\nembedder = "corpus"\n[guard]\nwrong_answer_cost = 0.1\n', "utf-8")
    with open_documents(home, load_settings(root)) as library:
        library.ingest([articles])
    return root


def sample_shop(root: Path, embedder: str) -> Path:
    """The sample shop as of the day on which its orders were written, its knowledge found by this embedder."""
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("PARLEY_KNOWLEDGE__EMBEDDER", embedder)
        sample_home(root, lambda *_: None, WRITTEN)
    settings = root / "parley.toml"
    settings.write_text(settings.read_text("utf-8").replace('# embedder = "auto"', f'embedder = "{embedder}"'), "utf-8")
    return root


def acting_home(folder: Path) -> Path:
    """A small home in which a model acts on what is said of a refund, with the sample shop's operations and orders."""
    root = small_home(folder)
    shop = sample_path()
    (root / "orders.csv").write_bytes((shop / "orders.csv").read_bytes())
    functions = {"find_order": "false", "request_refund": "true"}
    told = (f"{n}:\n  function: agent.samples.operations:{n}\n  changes: {c}\n" for n, c in functions.items())
    (root / "tools.yaml").write_text("".join(told), "utf-8")
    rules = "rules:\n  - {name: acts, when: {mentions: 'refund|退款|LO-'}, do: act}\n  - {name: asks, do: answer}\n"
    (root / "policy.yaml").write_text(rules, "utf-8")
    return root


def flow_home(folder: Path) -> Path:
    """A small home with the sample shop's refund flow and what it needs."""
    root, shop = small_home(folder), sample_path()
    (root / "flows").mkdir(exist_ok=True)
    for name in ("orders.csv", "tools.yaml", "flows/refund.yaml"):
        (root / name).write_bytes((shop / name).read_bytes())
    rules = "rules:\n  - {name: refund, when: {mentions: 'refund|退款'}, do: flow, flow: refund}\n  - {name: asks, do: answer}\n"
    (root / "policy.yaml").write_text(rules, "utf-8")
    return root
