"""A small company's home, made in a second; the sample shop's, made in a dozen."""

from pathlib import Path

import pytest

from agent.homes import new_home, open_documents, sample_home
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
    """The sample shop, its knowledge found by this embedder."""
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("PARLEY_KNOWLEDGE__EMBEDDER", embedder)
        sample_home(root, lambda *_: None)
    settings = root / "parley.toml"
    settings.write_text(settings.read_text("utf-8").replace('# embedder = "auto"', f'embedder = "{embedder}"'), "utf-8")
    return root
