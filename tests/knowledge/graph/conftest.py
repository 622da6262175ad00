"""A small town and a small shop, each a graph of its own."""

import json
from pathlib import Path

import pytest

from knowledge.graph import KnowledgeGraph

TOWN = [
    {"kind": "park", "name": "青松公园", "门票": 20, "评分": 4.5, "电话": "0571-1111", "周边旅店": ["云海旅店(东门店)", "松涛旅店", "竹林旅店"]},
    {"kind": "park", "name": "白鹭公园", "门票": 0, "评分": 4.8, "电话": None, "周边旅店": ["松涛旅店", "荷塘旅店"]},
    {"kind": "park", "name": "石桥公园", "门票": 35, "评分": 4.1, "电话": "0571-1113", "周边旅店": ["荷塘旅店"]},
    {"kind": "park", "name": "落霞公园", "门票": 50, "评分": 4.2, "电话": "0571-1114", "周边旅店": ["竹林旅店"]},
    {"kind": "inn", "name": "云海旅店(东门店)", "价格": 300, "评分": 4.6, "电话": "0571-2221", "设施": ["会议室", "温泉", "早餐", "停车场"]},
    {"kind": "inn", "name": "云海旅店(西门店)", "价格": 280, "评分": 4.0, "电话": "0571-2222", "设施": ["早餐", "健身房", "停车场", "会议室"]},
    {"kind": "inn", "name": "松涛旅店", "价格": 200, "评分": 4.6, "电话": "0571-2223", "设施": ["早餐", "停车场", "健身房", "温泉"]},
    {"kind": "inn", "name": "竹林旅店", "价格": 450, "评分": 3.9, "电话": "0571-2224", "设施": ["会议室", "早餐", "温泉", "健身房"]},
    {"kind": "inn", "name": "荷塘旅店", "价格": 150, "评分": None, "电话": "0571-2225", "设施": ["早餐", "停车场", "会议室", "健身房"]},
]  # fmt: skip

SHOP = """name,category,brand,price_usd,battery_hours,waterproof,rating,works_with
Zephyr Slate 3,laptop,Zephyr,700,9,no,4.2,
Zephyr Slate 5,laptop,Zephyr,950,14,no,4.6,
Orbix Note,laptop,Orbix,820,11,no,4.4,
Hummer One,headphones,Orbix,60,20,yes,4.0,Zephyr Slate 3
Hummer Two,headphones,Orbix,120,35,no,4.7,Zephyr Slate 3;Orbix Note
Quietly,headphones,Mellow,99,28,yes,4.5,Zephyr Slate 5
Mellow Max,headphones,Mellow,240,50,no,4.8,Orbix Note
Zephyr Cup,speaker,Zephyr,45,12,yes,3.9,Zephyr Slate 5
"""


@pytest.fixture
def town_file(tmp_path: Path) -> Path:
    path = tmp_path / "town.jsonl"
    path.write_text("".join(json.dumps(record, ensure_ascii=False) + "\n" for record in TOWN), "utf-8")
    return path


@pytest.fixture
def town(tmp_path: Path, town_file: Path) -> KnowledgeGraph:
    graph = KnowledgeGraph.open(tmp_path / "town")
    graph.import_file(town_file)
    return graph


@pytest.fixture
def shop(tmp_path: Path) -> KnowledgeGraph:
    path = tmp_path / "shop.csv"
    path.write_text(SHOP, "utf-8")
    graph = KnowledgeGraph.open(tmp_path / "shop")
    graph.import_file(path)
    return graph
