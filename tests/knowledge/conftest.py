"""A small bilingual library for the tests of this room."""

from pathlib import Path

import pytest

from knowledge.library import Library

ARTICLES = {
    "returns.md": "# Returns\n\nYou can send a product back within 30 days.\n\n## Costs\n\nReturn shipping is free.\n",
    "delivery.md": "---\ntitle: Delivery\nurl: https://shop.example/delivery\n---\nStandard delivery takes 3 days.\n",
    "保修.md": "# 保修政策\n\n手机的保修期是两年。电池保修一年。\n\n## 如何申请\n\n请拨打客服电话申请维修。\n",
    "发票.txt": "发票说明\n\n下单时可以选择电子发票。纸质发票需要七个工作日。\n",
    "hours.html": "<html><head><title>x</title></head><body><nav>Menu</nav><main><h1>Opening hours</h1>"
    "<ul><li>Monday to Friday: 9 to 18</li><li>Saturday: 10 to 14</li></ul></main></body></html>",
    "prices.csv": "name,price,colour\nKettle,$20,red\nToaster,$35,black\n",
}


@pytest.fixture
def docs(tmp_path: Path) -> Path:
    folder = tmp_path / "docs"
    folder.mkdir()
    for name, text in ARTICLES.items():
        (folder / name).write_text(text, "utf-8")
    return folder


@pytest.fixture
def library(tmp_path: Path, docs: Path) -> Library:
    opened = Library.open(tmp_path / "library", "corpus")
    opened.ingest([docs])
    return opened
