"""What is said for each form and status, in both languages."""

from dataclasses import replace

import pytest

from agent.generate.graph.composer import compose
from agent.types import DecisionKind, Language
from knowledge.types import Fact, GraphAnswer, GraphStatus, Wording

PHONE = Fact(head="凭海居", relation="电话", tail="62272288", source_id="records.jsonl")
A, B = (Fact(head=h, relation="评分", tail=t, source_id="r") for h, t in (("甲", "4.6"), ("乙", "4.5")))
PRICE = Fact(head="Orbix Note", relation="price_usd", tail="820", source_id="shop.csv")
DRY = Fact(head="Quietly", relation="waterproof", tail="yes", source_id="shop.csv")


def said(language: Language, **fields: object) -> str:
    return compose(GraphAnswer(status=GraphStatus.ANSWERED, score=0.9, **fields), language).text  # type: ignore[arg-type]


def test_an_attribute_cites_its_fact() -> None:
    draft = compose(
        GraphAnswer(
            status=GraphStatus.ANSWERED,
            form="attribute",
            subjects=("凭海居",),
            relation="电话",
            facts=(PHONE,),
            score=0.9,
        ),
        "zh",
    )

    assert draft.text == "凭海居的电话是62272288。 [1]"
    assert (draft.decision, draft.support) == (DecisionKind.ANSWER, 0.9)
    assert draft.citations[0].quote == "凭海居 电话 62272288"
    assert draft.citations[0].source_id == "records.jsonl"


def test_money_has_its_sign() -> None:
    assert "$820" in said("en", form="attribute", subjects=("Orbix Note",), relation="price_usd", facts=(PRICE,))


def test_a_relation_that_holds_or_not_is_said_as_a_verdict() -> None:
    fields = {"form": "attribute", "subjects": ("Quietly",), "relation": "waterproof", "facts": (DRY,)}
    assert said("en", **fields).startswith("Yes, Quietly")
    assert said("zh", **fields).startswith("是")


WORDING = Wording(
    labels={"price_usd": "价格", "waterproof": "防水"},
    values={"price_usd": "{}美元"},
    verdicts={("waterproof", True): "防水", ("waterproof", False): "不防水"},
    terms={"Orbix Note": "奥比本", "Quietly": "静静"},
)


@pytest.mark.parametrize(
    ("language", "rows"),
    [
        (
            "en",
            [
                "| Detail | Orbix Note | Quietly |",
                "| --- | --- | --- |",
                "| price | $820 | – |",
                "| waterproof | – | yes |",
            ],
        ),
        ("zh", ["| 项目 | 奥比本 | 静静 |", "| --- | --- | --- |", "| 价格 | 820美元 | – |", "| 防水 | – | 是 |"]),
    ],
)
def test_things_side_by_side_are_a_table_with_its_marks_below(language: Language, rows: list[str]) -> None:
    names = ("Orbix Note", "Quietly")
    wording = WORDING if language == "zh" else Wording()
    text = said(language, form="table", subjects=names, results=names, facts=(PRICE, DRY), wording=wording)
    assert text == "\n".join(rows) + "\n\n[1][2]"


def test_what_a_mapping_words_is_said_and_quoted_so() -> None:
    answer = GraphAnswer(
        status=GraphStatus.ANSWERED,
        form="superlative",
        results=("Orbix Note",),
        measure="price_usd",
        facts=(PRICE,),
        score=0.9,
        wording=WORDING,
    )
    draft = compose(answer, "zh")

    assert draft.text.startswith("是奥比本（价格820美元）。")
    assert (draft.citations[0].title, draft.citations[0].quote) == ("奥比本", "奥比本 价格 820美元")
    assert draft.facts == (PRICE,)


def test_a_verdict_is_worded_and_its_opposite_is_not_denied() -> None:
    wet = replace(DRY, tail="no")
    fields = {"form": "attribute", "relation": "waterproof", "wording": WORDING}
    assert said("zh", facts=(DRY,), **fields).startswith("是的，静静防水。")
    assert said("zh", facts=(wet,), **fields).startswith("抱歉，静静不防水。")
    assert said("en", facts=(wet,), options=("not",), **{**fields, "wording": Wording()}).startswith(
        "Quietly is not waterproof."
    )


@pytest.mark.parametrize(
    ("language", "text"), [("en", "The battery of Drift is 38 hours."), ("zh", "Drift的battery是38小时。")]
)
def test_a_unit_in_a_relation_s_name_stands_at_the_value(language: Language, text: str) -> None:
    fact = Fact(head="Drift", relation="battery_hours", tail="38", source_id="s")
    assert said(language, form="attribute", relation="battery_hours", facts=(fact,)).startswith(text)


def test_a_comparison_names_the_winner_first() -> None:
    text = said(
        "zh", form="compare", subjects=("甲", "乙"), measure="评分", results=("甲",), options=("high",), facts=(A, B)
    )
    assert text.startswith("甲的评分更高（4.6）")
    assert "4.5" in text


def test_a_count_gives_number_and_names() -> None:
    assert said("zh", form="count", results=("2",), options=("甲", "乙")).startswith("共2个：甲、乙")
    assert said("en", form="count", results=("2",), options=("A", "B")).startswith("2: A, B")


def test_a_boolean_never_mixes_yes_and_no() -> None:
    yes = said("zh", form="boolean", subjects=("甲",), results=("yes",), options=("温泉",))
    no = said("zh", form="boolean", subjects=("甲",), results=("no",), options=("温泉",))
    assert yes.startswith("有")
    assert "没有" not in yes
    assert "没有列出温泉" in no


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize(
    ("status", "decision"),
    [
        (GraphStatus.MISSING, DecisionKind.DECLINE),
        (GraphStatus.UNSUPPORTED, DecisionKind.DECLINE),
        (GraphStatus.UNKNOWN, DecisionKind.DECLINE),
        (GraphStatus.AMBIGUOUS, DecisionKind.CLARIFY),
    ],
)
def test_what_is_not_answered_is_not_an_answer(language: Language, status: GraphStatus, decision: DecisionKind) -> None:
    draft = compose(GraphAnswer(status=status, subjects=("甲",), relation="电话", options=("甲一", "甲二")), language)

    assert draft.decision is decision
    assert draft.text
    assert not draft.citations
    assert ("甲一" in draft.text) == (status in {GraphStatus.AMBIGUOUS, GraphStatus.UNKNOWN})
    assert bool(draft.choices) == (status is GraphStatus.AMBIGUOUS)


def flagged(head: str, tail: str) -> Fact:
    return Fact(head=head, relation="waterproof", tail=tail, source_id="r")


def test_a_mark_stands_behind_its_own_name_though_another_begins_with_it() -> None:
    facts = (flagged("Sonavo Bud", "yes"), flagged("Sonavo Bud Run", "yes"))
    fields = {"form": "list", "results": ("Sonavo Bud", "Sonavo Bud Run"), "facts": facts}

    assert said("en", **fields) == "Sonavo Bud [1], Sonavo Bud Run [2]."
    assert said("en", **fields, polar="has") == "Yes: Sonavo Bud [1], Sonavo Bud Run [2]."
    assert said("zh", **fields, polar="is") == "是的，Sonavo Bud [1]、Sonavo Bud Run [2]。"


def test_a_list_of_values_marks_each_that_has_a_proof_of_its_own() -> None:
    rated = [
        Fact(head=head, relation="brand", tail=tail, source_id="r") for head, tail in (("A", "Orbix"), ("B", "Mellow"))
    ]
    both = [Fact(head="A", relation="brand", tail=tail, source_id="r") for tail in ("Orbix", "Mellow")]
    fields = {"form": "list", "results": ("Orbix", "Mellow"), "relation": "brand"}

    assert said("en", facts=tuple(rated), **fields) == "Orbix [1], Mellow [2]."
    assert said("en", facts=tuple(both), **fields) == "Orbix, Mellow. [1]"


def test_a_verdict_on_several_names_those_that_are_not() -> None:
    facts = (flagged("A", "yes"), flagged("B", "no"), flagged("C", "yes"))
    fields = {"form": "attribute", "relation": "waterproof", "subjects": ("A", "B", "C"), "facts": facts}

    assert said("en", polar="is", **fields).startswith("Not all: A and C are waterproof; B is not waterproof.")
    assert said("zh", polar="is", wording=WORDING, **fields).startswith("不全是：A、C防水；B不防水。")
    assert said("en", **fields).startswith("A and C are waterproof; ")


@pytest.mark.parametrize(
    ("tails", "holds", "total", "en", "zh"),
    [
        (("Black",), "yes", 2, "Yes: the colors of A include Black.", "是的，A的colors包括Black。"),
        (("Black", "Grey"), "no", 2, "No: the colors of A are Black and Grey.", "不是，A的colors是Black、Grey。"),
    ],
)
def test_verbs_agree(tails: tuple[str, ...], holds: str, total: int, en: str, zh: str) -> None:
    facts = tuple(Fact(head="A", relation="colors", tail=tail, source_id="r") for tail in tails)
    fields = {"form": "is", "subjects": ("A",), "relation": "colors", "results": (holds,), "options": ("Black",)}

    assert said("en", **fields, facts=facts, total=total) == f"{en} [1]"
    assert said("zh", **fields, facts=facts, total=total) == f"{zh} [1]"


def test_what_is_not_on_record_of_one_of_several_is_said() -> None:
    facts = (PRICE,)
    fields = {"form": "attribute", "subjects": ("Orbix Note", "Nubo"), "relation": "price_usd", "facts": facts}

    assert said("en", **fields).startswith("Price of Orbix Note: $820; price of Nubo: not on record.")


def test_a_verdict_is_said_as_its_words_go() -> None:
    def verdict(relation: str, tail: str, wording: Wording = Wording()) -> str:  # noqa: B008
        fact = Fact(head="Marram", relation=relation, tail=tail, source_id="r")
        return said("en", form="attribute", relation=relation, facts=(fact,), polar="is", wording=wording)

    worded = Wording(verdicts={("pool", True): "with a pool", ("pool", False): "without a pool"})

    assert verdict("waterproof", "no") == "No, Marram is not waterproof. [1]"
    assert verdict("pool", "no") == "No, on record, “pool” is “no” for Marram. [1]"
    assert verdict("pool", "no", worded) == "No, Marram comes without a pool. [1]"
    assert verdict("parking", "none") == "Marram has no parking. [1]"


def test_verdicts_on_several_are_said_as_their_words_go() -> None:
    facts = tuple(Fact(head=h, relation="sauna", tail=t, source_id="r") for h, t in (("A", "yes"), ("B", "no")))

    text = said("en", form="attribute", relation="sauna", facts=facts, polar="is", subjects=("A", "B"))

    assert text.startswith("Not all: “sauna” is “yes” for A; “sauna” is “no” for B.")


def test_a_relation_that_is_no_noun_is_not_put_before_of() -> None:
    made = Fact(head="Birka", relation="made in", tail="Poland", source_id="t.csv")
    fields = {"subjects": ("Birka",), "relation": "made in", "facts": (made,)}
    assert said("en", form="attribute", **fields) == "Birka – made in: Poland. [1]"
    assert "the made in" not in said("en", form="is", results=("no",), **fields)


def test_things_without_a_kind_are_not_called_entities() -> None:
    missing = GraphAnswer(status=GraphStatus.MISSING, subjects=("entity",), relation="price", score=0.9)
    assert compose(missing, "en").text == "Sorry, I have no price on record."
    assert compose(missing, "zh").text == "抱歉，资料里没有price。"
