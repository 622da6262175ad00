"""Follow-ups, in both languages; questions that stand alone stay as they are."""

from collections.abc import Collection

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.types import EntityMention, Utterance
from agent.understand.rewriting.rewriter import RuleRewriter
from agent.understand.standing import Standing
from knowledge.graph import KnowledgeGraph
from knowledge.index.names import spoken

NAMES = ["凭海居", "佛香阁", "颐和园", "小桥流水餐厅", "比邻茶馆", "Better Burger"]
TERMS = ["Silver Saver", "Gold Saver", "Maple Account", *map(spoken, [tuple("白金会员"), ("plus", "会", "员")])]


class NameLinker:
    def link(self, text: str) -> tuple[EntityMention, ...]:
        return tuple(
            EntityMention(id=name, name=name, type="place", span=(text.index(name), text.index(name) + len(name)))
            for name in NAMES
            if name in text
        )


def rewrite(question: str, *said: str) -> str:
    roles = ("user", "assistant")
    history = [Utterance(role=roles[i % 2], content=content) for i, content in enumerate(said)]  # type: ignore[arg-type]
    return RuleRewriter(NameLinker(), lambda: TERMS).standalone(question, history)


@pytest.mark.parametrize(
    ("question", "said", "standalone"),
    [
        ("那它的电话呢？", ("凭海居人均多少", "凭海居的人均消费是110。"), "凭海居的电话呢？"),
        ("坐地铁怎么去", ("颐和园门票多少", "颐和园的门票是30。"), "颐和园坐地铁怎么去"),
        ("那佛香阁呢？", ("颐和园评分多少？", "颐和园的评分是4.7。"), "佛香阁评分多少？"),
        ("它附近评分最高的酒店叫什么？", ("颐和园在哪里？", "在海淀区。"), "颐和园附近评分最高的酒店叫什么？"),
        ("佛香阁的电话是多少？", ("颐和园在哪里？", "在海淀区。"), "佛香阁的电话是多少？"),
        ("那年费呢？", ("白金会员有什么好处？", "免运费。"), "白金会员的年费呢？"),
        ("它能退吗？", ("我买了白金会员", "好的。"), "白金会员能退吗？"),
        ("那Plus会员呢？", ("白金会员多少钱一年？", "299元。"), "Plus会员多少钱一年？"),
        ("Plus会员能退吗？", ("白金会员多少钱一年？", "299元。"), "Plus会员能退吗？"),
        ("这家店几点关门", ("小桥流水餐厅在哪", "在东城区。"), "小桥流水餐厅几点关门"),
        ("比邻茶馆几点开门", ("凭海居在哪", "在东城区。"), "比邻茶馆几点开门"),
        ("比凭海居贵吗", ("比邻茶馆人均多少", "80元。"), "比邻茶馆比凭海居贵吗"),
        ("does it have Better Burger?", ("where is 凭海居", "In Dongcheng."), "does it have Better Burger?"),
    ],
)
def test_chinese(question: str, said: tuple[str, ...], standalone: str) -> None:
    assert rewrite(question, *said) == standalone


PRODUCTS = """name,category,price_usd,waterproof,aliases
Norvane P5,phone,599,yes,P5
Norvane P4,phone,429,no,P4
Drift,headphones,129,no,
Bud,headphones,59,yes,
"""


@pytest.fixture(scope="module")
def products(tmp_path_factory: pytest.TempPathFactory) -> KnowledgeGraph:
    folder = tmp_path_factory.mktemp("products")
    (folder / "products.csv").write_text(PRODUCTS, "utf-8")
    graph = KnowledgeGraph.open(folder / "graph")
    graph.import_file(folder / "products.csv")
    return graph


class HelpArticles:
    def known_share(self, terms: Collection[str]) -> float:
        known = {"express", "deliveri", "return", "item", "加急", "急配", "配送", "分期", "付款"}
        return sum(term in known for term in terms) / len(terms)

    def entitles(self, term: str) -> bool:
        return term in {"退货", "分期", "礼品", "品卡", "保修", "退款", "pay", "instal", "gift", "card"}


@pytest.mark.parametrize(
    ("question", "standalone"),
    [
        ("最便宜的耳机是哪款？", "最便宜的耳机是哪款？"),
        ("What is the cheapest pair of headphones?", "What is the cheapest pair of headphones?"),
        ("And what is the cheapest phone?", "And what is the cheapest phone?"),
        ("加急配送多少钱？", "加急配送多少钱？"),
        ("What does express delivery cost?", "What does express delivery cost?"),
        ("How do I return an item?", "How do I return an item?"),
        ("xxxx", "xxxx"),
        ("asdf qwer zxcv", "asdf qwer zxcv"),
        ("多少钱？", "Norvane P5多少钱？"),
        ("防水吗", "Norvane P5防水吗"),
        ("How much?", "How much? (P5)"),
        ("how much does it cost?", "how much does it cost? (P5)"),
        ("is it waterproof?", "is it waterproof? (P5)"),
    ],
)
def test_only_what_leans_on_the_product_talked_of_carries_it(
    products: KnowledgeGraph, question: str, standalone: str
) -> None:
    history = [
        Utterance(role="user", content="Is the P5 waterproof?"),
        Utterance(role="assistant", content="Yes, Norvane P5: waterproof."),
    ]
    rewriter = RuleRewriter(products, standing=Standing(products, HelpArticles()))

    assert rewriter.standalone(question, history) == standalone


@pytest.mark.parametrize(
    ("said", "question", "standalone"),
    [
        (
            ["which headphones are waterproof?"],
            "which one is the cheapest?",
            "which one is the cheapest? (headphones are waterproof)",
        ),
        (["有没有防水的耳机？"], "哪个最便宜？", "防水的耳机哪个最便宜？"),
        (["有没有防水的耳机？", "哪个最便宜？"], "哪个最贵", "防水的耳机哪个最贵"),
        (["有没有防水的耳机？", "怎么退货？"], "哪个最便宜？", "哪个最便宜？（退货）"),
        (["what does the Bud cost?"], "compare it with the Drift", "compare Bud with the Drift"),
        (["Bud多少钱？"], "它和Drift有什么区别", "Bud和Drift有什么区别"),
    ],
)
def test_a_choice_without_a_kind_and_a_comparison_with_it_take_up_what_was_talked_of(
    products: KnowledgeGraph, said: list[str], question: str, standalone: str
) -> None:
    rewriter = RuleRewriter(products, standing=Standing(products, HelpArticles()))
    history = [Utterance(role="user", content=text) for text in said]
    assert rewriter.standalone(question, history) == standalone


@pytest.mark.parametrize(
    ("question", "relation", "more"),
    [
        ("P5保修要多少钱", "price_usd", True),
        ("P5多少钱", "price_usd", False),
        ("how many hours does the P5 run", "battery_hours", False),
    ],
)
def test_a_question_may_be_about_more_than_the_graph_answers(
    products: KnowledgeGraph,
    question: str,
    relation: str,
    more: bool,
) -> None:
    assert Standing(products, HelpArticles()).about_more(question, relation) == more


def test_a_swapped_name_asks_the_last_question_of_another() -> None:
    asked = "how long does a transfer from our Silver Saver take"
    assert rewrite("what about from our Gold Saver, same thing?", asked, "Two days.") == (
        "how long does a transfer from our Gold Saver take"
    )


def test_a_name_alone_asks_the_same_of_it_also_of_a_follow_up() -> None:
    asked = "What does Silver Saver pay?"
    assert rewrite("And Maple Account?", asked, "2%.") == "What does Maple Account pay?"
    assert rewrite("what about the gold one?", asked, "2%.") == "What does gold Saver pay?"
    assert rewrite("what about the gold one?", "What do you pay?", "On what?", asked, "2%.", "thanks", "Sure.") == (
        "What does gold Saver pay?"
    )


@pytest.mark.parametrize(
    ("question", "said", "standalone"),
    [
        (
            "What does Acme itself charge for a machine of another bank?",
            ("Does Silver Saver pay machine fees back?", "Up to $50."),
            "What does Acme itself charge for a machine of another bank? (Silver Saver)",
        ),
        (
            "Where are we both seated?",
            ("I fly with my guide dog", "Register it."),
            "Where are we both seated? (fly guide dog)",
        ),
        ("剩多少在哪查？", ("礼品卡没花完怎么办", "留在卡里。"), "剩多少在哪查？（礼品卡没花完）"),
        ("那会过期吗", ("礼品卡有哪些面额？", "25元起。"), "那会过期吗（礼品卡有 面额）"),
        (
            "请问商品保修期内换新需要提供什么材料吗？",
            ("礼品卡没花完怎么办", "留在卡里。"),
            "请问商品保修期内换新需要提供什么材料吗？",
        ),
    ],
)
def test_a_question_without_a_subject_of_its_own_carries_what_was_talked_of(
    question: str, said: tuple[str, ...], standalone: str
) -> None:
    assert rewrite(question, *said) == standalone


@pytest.mark.parametrize(
    ("question", "standalone"),
    [
        ("退货有几天时间？", "退货有几天时间？"),
        ("分期可以吗", "分期可以吗"),
        ("保修期多长？", "保修期多长？"),
        ("它的电话呢？", "它的电话呢？（礼品卡有 面额）"),
        ("那退款呢？", "那退款呢？（礼品卡有 面额）"),
        ("退货也可以吗", "退货也可以吗（礼品卡有 面额）"),
        ("退款呢？", "退款呢？（礼品卡有 面额）"),
        ("要几天？", "要几天？（礼品卡有 面额）"),
        ("能买多张吗", "能买多张吗（礼品卡有 面额）"),
    ],
)
def test_a_short_chinese_question_that_names_what_articles_are_about_stands_alone(
    products: KnowledgeGraph, question: str, standalone: str
) -> None:
    history = [Utterance(role="user", content="礼品卡有哪些面额？"), Utterance(role="assistant", content="25元起。")]
    rewriter = RuleRewriter(products, standing=Standing(products, HelpArticles()))
    assert rewriter.standalone(question, history) == standalone


@pytest.mark.parametrize(
    ("question", "standalone"),
    [
        ("Can I pay in instalments?", "Can I pay in instalments?"),
        ("in instalments?", "in instalments? (amounts gift cards come)"),
        ("Can I pay later?", "Can I pay later? (amounts gift cards come)"),
        ("Can I pay for them in instalments?", "Can I pay for them in instalments? (amounts gift cards come)"),
    ],
)
def test_a_short_english_question_about_what_articles_are_entitled_with_stands_alone(
    products: KnowledgeGraph, question: str, standalone: str
) -> None:
    answer = "- From 25 dollars\n- Points and Vouchers count too"
    history = [
        Utterance(role="user", content="which amounts do gift cards come in"),
        Utterance(role="assistant", content=answer),
    ]
    rewriter = RuleRewriter(products, standing=Standing(products, HelpArticles()))
    assert rewriter.standalone(question, history) == standalone


def test_what_about_something_with_a_question_of_its_own_is_no_swap() -> None:
    rewritten = rewrite("What about limits, what range do you give?", "What does Silver Saver pay?", "2%.")
    assert rewritten == "What about limits, what range do you give? (Silver Saver: pay)"


def test_a_follow_up_carries_the_topic_and_what_was_asked() -> None:
    rewritten = rewrite("do i get any of that back?", "What does Maple Account charge for foreign ATMs?", "$2.")
    assert rewritten.startswith("do i get any of that back?")
    assert "Maple Account" in rewritten
    assert "ATMs" in rewritten


def test_a_question_that_names_its_own_topic_is_left_alone() -> None:
    question = "How much does the Gold Saver cost per month?"
    assert rewrite(question, "Where is Maple Account?", "Here.") == question


@given(st.text(max_size=100), st.lists(st.text(max_size=100), max_size=4))
def test_any_text_is_taken_and_nothing_is_lost(question: str, said: list[str]) -> None:
    rewritten = rewrite(question, *said)
    assert bool(rewritten.strip()) >= bool(question.strip())


def talk_of(products: KnowledgeGraph, question: str, *said: str | tuple[str, str]) -> str:
    """said: what the customer wrote, each with the graph's reply, or with an article's, which begins with "Article"."""
    history = []
    for one in said:
        asked, reply = one if isinstance(one, tuple) else (one, "")
        history.append(Utterance(role="user", content=asked))
        if reply:
            names = {mention.name for mention in products.link(reply)}
            told = frozenset[str]() if reply.startswith("Article") else frozenset(names)
            history.append(Utterance(role="assistant", content=reply, told=told))
    return RuleRewriter(products, standing=Standing(products, HelpArticles())).standalone(question, history)


BOTH = ("compare the P5 and the P4", "| Detail | Norvane P5 | Norvane P4 |")
BOTH_ZH = ("P5和P4有什么区别", "| 项目 | Norvane P5 | Norvane P4 |")


@pytest.mark.parametrize(
    ("said", "question", "standalone"),
    [
        ([("cheapest headphones?", "It is Bud ($59).")], "is it waterproof?", "is it waterproof? (Bud)"),
        ([("哪款耳机最便宜", "是Bud（价格59美元）。")], "它防水吗", "Bud防水吗"),
        ([("哪款耳机最便宜", "是Bud（价格59美元）。")], "多少钱", "Bud多少钱"),
        ([("哪款耳机最便宜", "是Bud（价格59美元）。"), ("它防水吗", "是的，Bud防水。")], "那Drift呢", "Drift防水吗"),
        ([("P5多少钱", "Norvane P5的价格是599美元。")], "P4呢", "Norvane P4多少钱"),
        ([("P5有指纹吗", "没有。")], "P4有吗", "Norvane P4有指纹吗"),
        ([("有指纹吗", "看型号。")], "那P4也有吗", "Norvane P4有指纹吗"),
        ([("how long is the warranty", "Article: phones and the Bud: 12 months")], "what do I need?", None),
        ([("保修多久", "Article：手机和Bud：12个月")], "多少钱修", "多少钱修（保修）"),
        ([("which phones do you have", "Article")], "does it come in rose", None),
    ],
)
def test_what_the_graph_answered_is_talked_of_and_what_an_article_names_by_the_way_is_not(
    products: KnowledgeGraph, said: list[str | tuple[str, str]], question: str, standalone: str | None
) -> None:
    rewritten = talk_of(products, question, *said)
    if standalone is None:
        assert not products.link(rewritten)
    else:
        assert rewritten == standalone


@pytest.mark.parametrize(
    ("said", "question", "standalone"),
    [
        ([BOTH], "which is cheaper", "which is cheaper (P5 vs P4)"),
        ([BOTH], "and the price?", "and the price? (P5 vs P4)"),
        ([BOTH], "what's the difference in price?", "what's the difference in price? (P5 vs P4)"),
        ([BOTH], "hm, how much more is it", "hm, how much more is it (P5 vs P4)"),
        ([BOTH], "are they waterproof", "are they waterproof (P5 vs P4)"),
        ([BOTH_ZH], "哪个便宜", "P5和P4哪个便宜"),
        ([BOTH_ZH], "差多少钱", "P5和P4差多少钱"),
        ([BOTH_ZH], "两个差多少", "P5和P4差多少钱"),
        ([BOTH_ZH], "那价格呢", "比较P5和P4：价格呢"),
        ([("P5多少钱", "Norvane P5：599美元"), ("P4呢", "Norvane P4：429美元")], "哪个贵", "P5和P4哪个贵"),
        (
            [BOTH, ("which is cheaper", "Norvane P4 ($429); Norvane P5: $599")],
            "is it waterproof",
            "is it waterproof (Norvane P4)",
        ),
        ([BOTH_ZH, ("哪个便宜", "Norvane P4（429美元），Norvane P5是599美元")], "它防水吗", "Norvane P4防水吗"),
        (
            [BOTH, ("how do I return an item", "Article: in 30 days")],
            "which is cheaper",
            "which is cheaper (return item)",
        ),
        (
            [("how much is the P5", "Norvane P5: $599")],
            "which is cheaper, the P4 or the Bud",
            "which is cheaper, the P4 or the Bud",
        ),
        (
            [("how much is the P5", "Norvane P5: $599")],
            "which payment methods do you take",
            "which payment methods do you take",
        ),
    ],
)
def test_two_things_that_were_compared_stay_two_until_one_is_chosen(
    products: KnowledgeGraph, said: list[str | tuple[str, str]], question: str, standalone: str
) -> None:
    assert talk_of(products, question, *said) == standalone


@pytest.mark.parametrize(
    "question",
    [
        "do you sell tvs",
        "ok what brands do you have",
        "ok where is the nearest store",
        "so do you buy old phones",
        "um, do you take vouchers",
        "where's your shop",
        "what are your opening hours",
        "when do you close",
        "does your store repair bikes",
        "你们有电视吗",
        "那你们卖电视吗",
        "你们收旧货吗",
        "你们门店在哪",
        "门店在哪",
        "请问你们有实体店吗",
    ],
)
def test_a_question_to_the_company_leans_on_nothing(products: KnowledgeGraph, question: str) -> None:
    assert talk_of(products, question, ("how much is the P5", "Norvane P5: $599")) == question


@pytest.mark.parametrize(
    ("question", "standalone"),
    [
        ("do you have it in white", "do you have it in white (P5)"),
        ("so how much is it", "so how much is it (P5)"),
        ("ok and the price", "ok and the price (P5)"),
        ("what colours do you have", "what colours do you have (P5)"),
        ("do you sell this one", "do you sell this one (P5)"),
        ("where can I buy it", "where can I buy it (P5)"),
        ("are they waterproof", "are they waterproof (P5)"),
    ],
)
def test_one_that_points_to_what_was_talked_of_leans_whoever_it_asks(
    products: KnowledgeGraph, question: str, standalone: str
) -> None:
    assert talk_of(products, question, ("how much is the P5", "Norvane P5: $599")) == standalone


@pytest.mark.parametrize(
    ("said", "question", "standalone"),
    [
        ("i'm really disappointed, the delivery is late", "can I get a new one", "can I get a new one (delivery late)"),
        ("Im so angry, my parcel 14, 15 is lost", "how long will it take", "how long will it take (parcel 14 15 lost)"),
        ("compared with others delivery is cheaper, well", "why is that", "why is that (others delivery)"),
    ],
)
def test_feelings_and_comparisons_are_not_carried(
    products: KnowledgeGraph, said: str, question: str, standalone: str
) -> None:
    assert talk_of(products, question, (said, "Article: we are sorry")) == standalone


@pytest.mark.parametrize(
    ("question", "standalone"),
    [
        ("比P5贵多少", "Bud比P5贵多少"),
        ("它能配P5吗", "Bud能配P5吗"),
        ("does it work with the P5", "does Bud work with the P5"),
    ],
)
def test_it_beside_something_named_is_what_was_talked_of(
    products: KnowledgeGraph, question: str, standalone: str
) -> None:
    assert talk_of(products, question, ("哪款耳机最便宜", "是Bud（价格59美元）。")) == standalone


@pytest.mark.parametrize(
    ("told", "standalone"),
    [
        ("**Gold Saver: Wires**\n- A wire takes a day. [1]", "how long does it take (Gold Saver: send wire)"),
        (
            "**Gold Saver: Wires**\n- A wire takes a day. [1]\n\n**Silver Saver: Wires**\n- A wire takes two days. [2]",
            "how long does it take (send wire)",
        ),
    ],
)
def test_who_was_told_of_two_products_has_asked_of_neither(told: str, standalone: str) -> None:
    history = [
        Utterance(role="user", content="can I send a wire"),
        Utterance(role="assistant", content=told, told=frozenset()),
    ]
    assert RuleRewriter(NameLinker(), lambda: TERMS).standalone("how long does it take", history) == standalone


@pytest.mark.parametrize(
    ("asked", "reply", "question", "standalone"),
    [
        ("how much is the cheapest phone", "Norvane P4 (price: $449).", "and the P5?", "P5"),
        ("which phones do you have", "Norvane P5 [1], Norvane P4 [2].", "what about the P4", "P4"),
        ("最便宜的手机是哪款", "是Norvane P4（价格449美元）。", "那P5呢", "Norvane P5"),
        ("how much is the P4", "The price of Norvane P4 is $449.", "and the P5?", "how much is the P5"),
    ],
)
def test_another_thing_than_was_chosen_among_all_is_told_of(
    products: KnowledgeGraph, asked: str, reply: str, question: str, standalone: str
) -> None:
    assert talk_of(products, question, (asked, reply)) == standalone


def test_another_thing_after_an_article_is_not_just_named(products: KnowledgeGraph) -> None:
    assert talk_of(products, "and the P5?", ("how long is the warranty", "Article: 24 months")) != "P5"
