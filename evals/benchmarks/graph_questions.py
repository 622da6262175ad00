"""Questions of every kind that a graph of places can be asked, with their answers worked out from the records alone.

    python -m evals.benchmarks.graph_questions RECORDS.jsonl

The wordings are ones that customers of such services use; none is taken from the development questions.
"""

import argparse
import json
import random
import tempfile
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeAlias

from knowledge.graph import KnowledgeGraph
from knowledge.types import GraphAnswer

Record: TypeAlias = dict[str, Any]

_ONE_HOP = {
    "电话": ["麻烦给个{}的电话", "{}电话多少啊", "{}的联系电话是什么？我怕找不到", "能把{}的电话告诉我吗？", "what's the phone number of {}?", "could you give me {}'s phone"],
    "地址": ["{}的地址是在哪啊？", "麻烦查一下{}的具体位置", "{}怎么走", "where is {} located?", "address of {} please", "{}在哪条路上"],
    "评分": ["{}的评分怎样？", "{}评价怎么样，几分", "{}口碑如何，打多少分", "what is the rating of {}?", "how is {} rated?"],
    "门票": ["{}门票贵不贵", "去{}玩门票要多少", "{}票价是多少呀", "how much is a ticket to {}?", "{}的门票价格帮我看一下"],
    "人均消费": ["{}一个人大概花多少", "去{}吃饭人均多少钱", "{}人均贵吗", "how much does a meal at {} cost?"],
    "价格": ["{}一晚上多少钱", "{}住宿价格是多少啊", "how much is a night at {}?", "{}房间价格多少"],
    "地铁": ["去{}坐地铁在哪站下", "{}离哪个地铁站近", "which metro station is near {}?", "{}的地铁站是哪个"],
    "营业时间": ["{}的营业时间是啥时候", "{}晚上开到几点", "when does {} open?", "{}几点营业呢"],
    "游玩时间": ["{}大概玩多长时间", "{}逛完需要多久", "{}游玩时间多长"],
    "酒店类型": ["{}是什么类型的酒店", "{}属于什么档次"],
    "推荐菜": ["{}有什么比较赞的推荐菜？", "{}招牌菜有哪些", "what dishes does {} recommend?"],
}  # fmt: skip
_PRICE = {"景点": "门票", "餐馆": "人均消费", "酒店": "价格"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """One question. right: judges an answer."""

    kind: str
    text: str
    right: Callable[[GraphAnswer], bool]


class Places:
    """The records by name, and what lies around each."""

    def __init__(self, records: Sequence[Record]) -> None:
        counts = Counter(record["名称"] for record in records)
        self.records = [record for record in records if counts[record["名称"]] == 1]
        self.by_name = {record["名称"]: record for record in self.records}

    def around(self, record: Record, type_: str) -> list[Record]:
        """Things of a type near a place."""
        return [self.by_name[n] for n in record.get(f"周边{type_}") or [] if n in self.by_name]


def _said(value: object) -> str:
    return f"{value:g}" if isinstance(value, int | float) else str(value)


def _exactly(*wanted: str) -> Callable[[GraphAnswer], bool]:
    return lambda answer: answer.status == "answered" and set(answer.results) == set(wanted)


def _one_of(*wanted: str) -> Callable[[GraphAnswer], bool]:
    return lambda answer: answer.status == "answered" and bool(answer.results) and set(answer.results) <= set(wanted)


def _best(records: Sequence[Record], relation: str, *, highest: bool) -> list[str]:
    numbers = {r["名称"]: r[relation] for r in records if r.get(relation) is not None}
    if not numbers:
        return []
    end = max(numbers.values()) if highest else min(numbers.values())
    return [name for name, number in numbers.items() if number == end]


def _one_hop(places: Places, chance: random.Random) -> Iterator[Question]:
    for relation, forms in _ONE_HOP.items():
        having = [r for r in places.records if r.get(relation) not in (None, "", [])]
        for form in forms:
            for record in chance.sample(having, min(4, len(having))):
                value = record[relation]
                wanted = [_said(v) for v in value][:20] if isinstance(value, list) else _said(value).split(";")
                yield Question(kind="one hop", text=form.format(record["名称"]), right=_exactly(*wanted))


def _missing(places: Places, chance: random.Random) -> Iterator[Question]:
    for relation in ("评分", "门票", "地铁", "价格"):
        lacking = [r for r in places.records if relation in r and r[relation] in (None, "", [])]
        for form in _ONE_HOP[relation]:
            for record in chance.sample(lacking, min(3, len(lacking))):
                yield Question(
                    kind="missing",
                    text=form.format(record["名称"]),
                    right=lambda a: a.status in {"missing", "unsupported"},
                )
    for form in (
        "{}有多少员工",
        "{}的老板电话",
        "{}什么时候装修的",
        "{}wifi密码是多少",
        "who owns {}?",
        "{}能不能刷医保卡",
        "{}今天人多不多",
    ):
        for record in chance.sample(places.records, 4):
            yield Question(kind="unsupported", text=form.format(record["名称"]), right=lambda a: a.status != "answered")


def _near(places: Places, chance: random.Random) -> Iterator[Question]:
    forms = {
        ("评分", True): ["{0}周边口碑最好的{1}是哪家？", "住在{0}，附近评分最高的{1}推荐一下", "what is the best rated {2} near {0}?", "{0}旁边打分最高的{1}叫什么名字"],
        ("price", False): ["{0}边上最便宜的{1}是哪个", "帮我找{0}周围最实惠的{1}", "which is the cheapest {2} near {0}?"],
        ("price", True): ["{0}附近最贵的{1}是什么", "what's the most expensive {2} around {0}"],
    }  # fmt: skip
    english = {"景点": "attraction", "餐馆": "restaurant", "酒店": "hotel"}
    for type_ in ("景点", "餐馆", "酒店"):
        having = [r for r in places.records if len(places.around(r, type_)) > 3]
        for (relation, highest), texts in forms.items():
            measure = _PRICE[type_] if relation == "price" else relation
            for text in texts:
                for record in chance.sample(having, min(4, len(having))):
                    best = _best(places.around(record, type_), measure, highest=highest)
                    if best:
                        asked = text.format(record["名称"], type_, english[type_])
                        yield Question(kind="superlative nearby", text=asked, right=_exactly(*best))


def _filtered(places: Places, chance: random.Random) -> Iterator[Question]:
    having = [r for r in places.records if len(places.around(r, "酒店")) > 3 and len(places.around(r, "景点")) > 3]
    for record in chance.sample(having, min(25, len(having))):
        name, hotels, sights = record["名称"], places.around(record, "酒店"), places.around(record, "景点")
        for limit, words, least in (
            (4.5, "{}附近4.5分以上的酒店有哪些", True),
            (4.6, "hotels near {} with a rating of at least 4.6", True),
            (4.3, "{}周边评分低于4.3的酒店都有哪些？", False),
        ):
            rated = [h for h in hotels if h.get("评分") is not None]
            fitting = [h["名称"] for h in rated if (h["评分"] >= limit) == least]
            if fitting:
                yield Question(kind="filtered nearby", text=words.format(name), right=_exactly(*fitting[:20]))
        cheap = [h["名称"] for h in hotels if h.get("价格") is not None and 300 <= h["价格"] <= 500]
        if cheap:
            text = f"{name}附近价格在300-500元之间的酒店有哪些"
            yield Question(kind="filtered nearby", text=text, right=_exactly(*cheap[:20]))
        free = [s["名称"] for s in sights if s.get("门票") == 0]
        if free:
            yield Question(kind="filtered nearby", text=f"{name}周边有哪些不要门票的景点", right=_exactly(*free[:20]))
            yield Question(kind="count nearby", text=f"{name}旁边免费的景点有几个？", right=_exactly(str(len(free))))
        kind = chance.choice(hotels)["酒店类型"]
        of_kind = [h for h in hotels if h["酒店类型"] == kind]
        yield Question(kind="count nearby", text=f"{name}周围有多少家{kind}酒店", right=_exactly(str(len(of_kind))))
        yield Question(
            kind="count nearby", text=f"how many hotels are there near {name}?", right=_exactly(str(len(hotels)))
        )
        yield Question(
            kind="list nearby",
            text=f"{name}的周边景点都有哪些啊",
            right=_exactly(*(s for s in (record.get("周边景点") or [])[:20])),
        )
        if len(of_kind) == 1:
            yield Question(
                kind="attribute nearby",
                text=f"{name}旁边的{kind}酒店电话多少",
                right=_exactly(_said(of_kind[0]["电话"])),
            )


def _joined(places: Places, chance: random.Random) -> Iterator[Question]:
    by_hotel: dict[str, list[Record]] = defaultdict(list)
    for record in places.records:
        for hotel in record.get("周边酒店") or []:
            by_hotel[hotel].append(record)
    pairs = [chance.sample(near, 2) for near in by_hotel.values() if len(near) > 2]
    for first, second in chance.sample(pairs, min(20, len(pairs))):
        shared = [n for n in first["周边酒店"] if n in second["周边酒店"] and n in places.by_name]
        for form in (
            "{0}和{1}附近都有的酒店是哪些",
            "有哪些酒店同时在{0}和{1}的周边？",
            "which hotels are near both {0} and {1}?",
        ):
            text = form.format(first["名称"], second["名称"])
            yield Question(kind="intersection", text=text, right=_exactly(*shared[:20]))
    for type_, relation in (("酒店", "评分"), ("餐馆", "人均消费"), ("景点", "门票")):
        having = [r for r in places.records if r["领域"] == type_ and r.get(relation) is not None]
        for _ in range(8):
            first, second = chance.sample(having, 2)
            if first[relation] == second[relation]:
                continue
            high = max((first, second), key=lambda r: r[relation])["名称"]
            low = min((first, second), key=lambda r: r[relation])["名称"]
            a, b = first["名称"], second["名称"]
            words = {
                "评分": ((f"{a}和{b}相比谁评分更高", high), (f"which is rated higher, {a} or {b}?", high)),
                "人均消费": ((f"{a}跟{b}哪家便宜些", low), (f"which is cheaper, {a} or {b}?", low)),
                "门票": ((f"{a}与{b}，哪个门票贵", high), (f"{a}和{b}哪个门票更便宜", low)),
            }
            for text, wanted in words[relation]:
                yield Question(kind="comparison", text=text, right=_exactly(wanted))


def _everywhere(places: Places, chance: random.Random) -> Iterator[Question]:
    hotels = [r for r in places.records if r["领域"] == "酒店"]
    facilities = Counter(f for h in hotels for f in h["酒店设施"])
    for facility in chance.sample([f for f, n in facilities.items() if 5 < n < 600 and len(f) > 2], 14):
        having = [h for h in hotels if facility in h["酒店设施"]]
        best, cheap = _best(having, "评分", highest=True), _best(having, "价格", highest=False)
        yield Question(
            kind="best of all",
            text=f"有{facility}的酒店里评分最高的是哪家",
            right=_one_of(*best),
        )
        yield Question(kind="best of all", text=f"提供{facility}的酒店哪家最便宜", right=_exactly(*cheap))
        yield Question(kind="count", text=f"有几家酒店提供{facility}？", right=_exactly(str(len(having))))
        one, other = chance.choice(having), chance.choice([h for h in hotels if facility not in h["酒店设施"]])
        yield Question(kind="yes or no", text=f"{one['名称']}有{facility}吗", right=_exactly("yes"))
        yield Question(kind="yes or no", text=f"请问{other['名称']}提供{facility}吗？", right=_exactly("no"))
    for type_, english in (("景点", "attractions"), ("餐馆", "restaurants"), ("酒店", "hotels")):
        count = _exactly(str(sum(r["领域"] == type_ for r in places.records)))
        for text in (f"一共有多少家{type_}", f"how many {english} are there?"):
            yield Question(kind="count of all", text=text, right=count)
    stations = Counter(r["地铁"] for r in places.records if r.get("地铁"))
    for station in chance.sample([s for s, n in stations.items() if 3 <= n <= 15], 6):
        one = chance.choice([r for r in places.records if r.get("地铁") == station])
        # Which station it is near says so, too.
        yield Question(
            kind="yes or no",
            text=f"{one['名称']}在{station}附近吗",
            right=_one_of("yes", station),
        )
    for record in chance.sample(hotels, 8):
        kind, name = record["酒店类型"], record["名称"]
        unlike: str = chance.choice([k for k in ("经济型", "舒适型", "高档型", "豪华型") if k != kind])
        yield Question(kind="yes or no", text=f"{name}是{kind}酒店吗？", right=_exactly("yes"))
        yield Question(kind="yes or no", text=f"{name}是{unlike}的吗", right=_exactly("no"))
        yield Question(kind="yes or no", text=f"{name}是餐馆吗？", right=_exactly("no"))
        yield Question(kind="yes or no", text=f"is {name} a hotel?", right=_exactly("yes"))


def _three_hops(places: Places, chance: random.Random) -> Iterator[Question]:
    for _ in range(60):
        start = chance.choice(places.records)
        hotels = places.around(start, "酒店")
        best = _best(hotels, "评分", highest=True)
        if len(best) != 1:
            continue
        dining = places.around(places.by_name[best[0]], "餐馆")
        cheap = _best(dining, "人均消费", highest=False)
        if len(cheap) != 1:
            continue
        name, phone = start["名称"], places.by_name[cheap[0]]["电话"]
        yield Question(
            kind="three hops", text=f"{name}附近评分最高的酒店周边最便宜的餐馆是哪家？", right=_exactly(cheap[0])
        )
        yield Question(
            kind="three hops", text=f"{name}附近评分最高的酒店旁边最便宜的餐馆电话是多少", right=_exactly(_said(phone))
        )
        yield Question(
            kind="three hops",
            text=f"what is the phone number of the cheapest restaurant near the best rated hotel near {name}?",
            right=_exactly(_said(phone)),
        )
        sights = places.around(places.by_name[cheap[0]], "景点")
        if sights:
            yield Question(
                kind="three hops",
                text=f"{name}附近评分最高的酒店周边最便宜的餐馆附近有哪些景点",
                right=_exactly(*[s["名称"] for s in sights][:20]),
            )


def all_questions(records: Sequence[Record], seed: int = 11) -> list[Question]:
    """The same questions for the same records."""
    places, chance = Places(records), random.Random(seed)
    makers = (_one_hop, _missing, _near, _filtered, _joined, _everywhere, _three_hops)
    return [question for maker in makers for question in maker(places, chance)]


def main() -> None:
    """Prints the share that is right, for each kind, and those that are wrong."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("records", type=Path)
    parser.add_argument("--wrong", action="store_true", help="print the questions that are answered wrongly")
    options = parser.parse_args()
    records = [json.loads(line) for line in options.records.read_text("utf-8").splitlines()]
    right: Counter[str] = Counter()
    asked: Counter[str] = Counter()
    with tempfile.TemporaryDirectory() as folder:
        graph = KnowledgeGraph.open(Path(folder))
        graph.import_file(options.records)
        for question in all_questions(records):
            answer = graph.answer(question.text)
            asked[question.kind] += 1
            if question.right(answer):
                right[question.kind] += 1
            elif options.wrong:
                print(f"{question.kind}: {question.text} -> {answer.status} {answer.form} {answer.results[:4]}")
    for kind, n in asked.items():
        print(f"{kind:20}{right[kind]:5} of {n:4}  {right[kind] / n:6.1%}")
    print(f"{'all':20}{right.total():5} of {asked.total():4}  {right.total() / asked.total():6.1%}")


if __name__ == "__main__":
    main()
