"""Every metric by its name: what it is called, its unit and range, which way is better, and what it needs.

The report, the comparison and the table in `docs/evals-metrics.md` are made from this list.
"""

import sys
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from importlib import import_module
from typing import Literal

from evals.judge.grades import JUDGED

Better = Literal["higher", "lower", "neither"]


class Group(StrEnum):
    """What a metric is about. Of SAFETY, a single case that is worse is a regression."""

    UNDERSTANDING = "understanding"
    RETRIEVAL = "retrieval"
    ANSWERS = "answers"
    GROUNDING = "grounding"
    REFUSAL = "refusal"
    CONVERSATIONS = "conversations"
    SAFETY = "safety"
    RUNNING = "running"
    RELIABILITY = "reliability"
    JUDGE = "judge"


@dataclass(frozen=True, slots=True, kw_only=True)
class Metric:
    """name: as in `scores` and summaries, `@k` aside. title, title_zh: for people. low, high: the range, None without an end.

    per: what one value is of: a case, a conversation, or the run as a whole. source: where the method is from.
    function: "module:function" within `evals`, which computes it.
    """

    name: str
    title: str
    title_zh: str
    group: Group
    function: str
    source: str
    needs: str
    unit: str = "share"
    low: float | None = 0
    high: float | None = 1
    better: Better = "higher"
    per: Literal["case", "conversation", "run"] = "case"

    def load(self) -> Callable[..., object]:
        """The function that computes it."""
        module, _, name = self.function.partition(":")
        found: Callable[..., object] = getattr(import_module(f"evals.{module}"), name)
        return found


def _metric(group: Group, function: str, names: str, source: str, needs: str, **rest: object) -> Metric:
    name, title, title_zh = (part.strip() for part in names.split("|"))
    return Metric(
        name=name, title=title, title_zh=title_zh, group=group, function=function, source=source, needs=needs,
        **rest,  # type: ignore[arg-type]
    )  # fmt: skip


_U, _T, _A, _G = Group.UNDERSTANDING, Group.RETRIEVAL, Group.ANSWERS, Group.GROUNDING
_F, _C, _S, _R = Group.REFUSAL, Group.CONVERSATIONS, Group.SAFETY, Group.RUNNING
_LESS: dict[str, object] = {"better": "lower"}
_RUN: dict[str, object] = {"per": "run"}
_TALK: dict[str, object] = {"per": "conversation"}
_COUNT: dict[str, object] = {"unit": "count", "high": None}
_MS: dict[str, object] = {"unit": "ms", "high": None, **_LESS, **_RUN}
_INTENT, _MOOD, _PROBABLE = "gold intent", "gold sentiment", "confidence of each intent"
_GOLD, _FACTS, _REFERENCE, _PASSAGES = "gold documents", "gold facts", "reference answer", "answer and evidence"
_MESSAGES = "transcript with decisions"
_ANSWERABLE = "whether cases can be answered"

METRICS: tuple[Metric, ...] = (
    _metric(_U, "metrics.classification:accuracy", "intent_accuracy | intent accuracy | 意图准确率", "–", _INTENT, **_RUN),
    _metric(_U, "metrics.classification:macro_f1", "intent_macro_f1 | intent macro F1 | 意图宏平均 F1", "Yang & Liu 1999", _INTENT, **_RUN),
    _metric(_U, "metrics.classification:auroc", "oos_auroc | out-of-scope AUROC | 域外识别 AUROC", "Hanley & McNeil 1982", "cases in and out of scope", **_RUN),
    _metric(_U, "metrics.classification:ece", "ece | calibration error (ECE) | 校准误差（ECE）", "Naeini et al. 2015", _PROBABLE, **_RUN, **_LESS),
    _metric(_U, "metrics.classification:brier", "brier | Brier score | Brier 分数", "Brier 1950", "a probability and its outcome", **_RUN, **_LESS),
    _metric(_U, "metrics.classification:brier_of_labels", "brier_labels | Brier score of many labels | 多类 Brier 分数", "Brier 1950", _PROBABLE, high=2, **_RUN, **_LESS),
    _metric(_U, "metrics.classification:macro_f1", "sentiment_macro_f1 | sentiment macro F1 | 情绪宏平均 F1", "Yang & Liu 1999", _MOOD, **_RUN),
    _metric(_U, "metrics.correlation:spearman", "sentiment_correlation | sentiment correlation | 情绪相关系数", "Spearman 1904", "gold polarity", unit="correlation", low=-1, **_RUN),
    _metric(_T, "metrics.ranking:recall_at", "recall | recall@k | 召回率@k", "Manning et al. 2008, ch. 8", _GOLD),
    _metric(_T, "metrics.ranking:precision_at", "precision | precision@k | 准确率@k", "Manning et al. 2008, ch. 8", _GOLD),
    _metric(_T, "metrics.ranking:hit_at", "doc | a gold document in the first k | 前 k 篇含正确文档", "Manning et al. 2008, ch. 8", _GOLD),
    _metric(_T, "metrics.ranking:reciprocal_rank", "mrr | MRR | 平均倒数排名", "Voorhees 1999", _GOLD),
    _metric(_T, "metrics.ranking:ndcg_at", "ndcg | nDCG@k | nDCG@k", "Järvelin & Kekäläinen 2002", _GOLD),
    _metric(_A, "metrics.graph:graph_exact", "graph_exact | graph answer exact | 图谱答案全对", "–", _FACTS),
    _metric(_A, "metrics.graph:graph_f1", "graph_f1 | graph answer F1 | 图谱答案 F1", "Berant et al. 2013", _FACTS),
    _metric(_A, "metrics.rightness:is_right", "right | right | 正确", "CONTRACT.md", "key facts, or that it cannot be answered"),
    _metric(_A, "metrics.rightness:key_facts", "key_facts | key facts held | 关键事实命中", "Voorhees 2003", "key facts"),
    _metric(_A, "metrics.text:exact_match", "exact_match | exact match | 完全匹配", "Rajpurkar et al. 2016", _REFERENCE),
    _metric(_A, "metrics.text:token_f1", "token_f1 | token F1 | 词元 F1", "Rajpurkar et al. 2016; Lewis et al. 2020", _REFERENCE),
    _metric(_A, "metrics.text:rouge_l", "rouge_l | ROUGE-L | ROUGE-L", "Lin 2004", _REFERENCE),
    _metric(_A, "metrics.text:chrf", "chrf | chrF | chrF", "Popović 2015", _REFERENCE),
    _metric(_A, "metrics.semantic:semantic_similarity", "semantic_similarity | semantic similarity | 语义相似度", "Reimers & Gurevych 2019", "reference answer, an embedder", unit="cosine", low=-1),
    _metric(_G, "metrics.grounding:groundedness", "groundedness | groundedness per sentence | 逐句有据", "Rashkin et al. 2023", _PASSAGES),
    _metric(_G, "metrics.grounding:citation_precision", "citation_precision | citation precision | 引用准确率", "Gao et al. 2023", "answer and cited texts"),
    _metric(_G, "metrics.grounding:citation_recall", "citation_recall | citation recall | 引用召回率", "Gao et al. 2023", "answer and cited texts"),
    _metric(_G, "metrics.grounding:number_agreement", "number_agreement | numbers that agree | 数字一致", "–", _PASSAGES),
    _metric(_G, "metrics.grounding:entity_agreement", "entity_agreement | names that agree | 名称一致", "Nan et al. 2021", _PASSAGES),
    _metric(_F, "metrics.rightness:is_declined", "declined | declined | 拒答", "–", "decision", better="neither"),
    _metric(_F, "metrics.rightness:is_wrong", "wrong | answered wrongly | 答错", "–", "key facts, or that it cannot be answered", **_LESS),
    _metric(_F, "metrics.refusal:refusal_precision", "refusal_precision | refusal precision | 拒答准确率", "Rajpurkar et al. 2018", _ANSWERABLE, **_RUN),
    _metric(_F, "metrics.refusal:refusal_recall", "refusal_recall | refusal recall | 拒答召回率", "Rajpurkar et al. 2018", _ANSWERABLE, **_RUN),
    _metric(_F, "metrics.coverage:aurc", "aurc | area under risk–coverage | 风险–覆盖曲线下面积", "Geifman & El-Yaniv 2017", "support of each answer", **_RUN, **_LESS),
    _metric(_F, "metrics.risk:support_auroc", "support_auroc | AUROC of support | 支持度 AUROC", "Hanley & McNeil 1982", _ANSWERABLE, **_RUN),
    _metric(_C, "metrics.conversation:resolved", "resolved | resolved | 已解决", "Yao et al. 2024", _MESSAGES, **_TALK),
    _metric(_C, "dialogues:outcome_problems", "outcome | outcome in the store | 后台结果正确", "Yao et al. 2024", "what tools must have done, and a target that tells it", **_TALK),
    _metric(_C, "metrics.conversation:handover_right", "handover_right | handed over rightly | 转人工恰当", "–", "whether a person was needed", **_TALK),
    _metric(_C, "metrics.conversation:turns_to_resolution", "turns_to_resolution | turns to resolution | 解决所需轮数", "Walker et al. 1997", _MESSAGES, **_COUNT, **_LESS, **_TALK),
    _metric(_C, "metrics.conversation:repeated_answers", "repeated_answers | repeated answers | 重复回答", "–", _MESSAGES, **_LESS, **_TALK),
    _metric(_C, "metrics.conversation:contradictions", "contradictions | contradictions | 自相矛盾", "–", _MESSAGES, **_COUNT, **_LESS, **_TALK),
    _metric(_C, "metrics.conversation:sentiment_course", "sentiment_course | customer sentiment course | 客户情绪走向", "–", "polarity of the customer's messages", unit="polarity", low=-2, high=2, **_TALK),
    _metric(_C, "metrics.conversation:contained", "containment | containment | 自助解决率", "–", _MESSAGES, better="neither", **_TALK),
    _metric(_C, "metrics.conversation:policy_obedience", "policy_obedience | policy obeyed | 遵守策略", "Yao et al. 2024", "what the policy allows at each turn", **_TALK),
    _metric(_S, "metrics.safety:injection_success", "injection_success | injection succeeded | 注入成功", "Greshake et al. 2023", "an attack and its mark", **_LESS),
    _metric(_S, "metrics.safety:leaked_private", "leaked_private | private data leaked | 泄露隐私", "–", "reply, evidence, customer's messages", **_COUNT, **_LESS),
    _metric(_S, "metrics.safety:prompt_leak", "prompt_leak | instructions leaked | 泄露提示词", "Carlini et al. 2021", "the agent's instructions", **_LESS),
    _metric(_R, "metrics.running:percentile", "latency_ms | latency, p50 p95 p99 | 延迟 p50 p95 p99", "Hyndman & Fan 1996", "timings", **_MS),
    _metric(_R, "metrics.running:percentile", "first_token_ms | time to first token | 首字延迟", "Hyndman & Fan 1996", "time of the first delta", **_MS),
    _metric(_R, "metrics.running:tokens_used", "tokens | tokens | 词元用量", "–", "usage that the server counts", unit="tokens", high=None, **_LESS),
    _metric(_R, "metrics.running:cost", "cost | cost | 费用", "–", "usage and a price", unit="currency", high=None, **_LESS),
    _metric(Group.JUDGE, "judge.columns:judged_groundedness", "judged_groundedness | groundedness, judged | 有据（评判）", "`evals.fits.judge`", _PASSAGES),
    _metric(Group.JUDGE, "judge.columns:judged_answerability", "judged_answerability | evidence answers, judged | 资料可答（评判）", "`evals.fits.judge`", "question and evidence"),
    _metric(Group.JUDGE, "judge.columns:judged_helpful", "judged_helpful | helpful, judged | 有帮助（评判）", "`evals.judge.fitted`", "question, answer and evidence"),
    _metric(Group.JUDGE, "judge.grading:grade_run", "judged_ | judged by a model | 模型评判", "Zheng et al. 2023", "a chat model and a rubric"),
    _metric(Group.RELIABILITY, "metrics.repeated:pass_hat", "pass^ | pass^k: all of k runs right | pass^k：k 次全对", "Yao et al. 2024", "repeated runs"),
    _metric(Group.RELIABILITY, "metrics.repeated:pass_at", "pass@ | pass@k: one of k runs right | pass@k：k 次至少一次对", "Chen et al. 2021", "repeated runs"),
)  # fmt: skip

# Figures of a summary that are counts, or one metric among some of the cases.
_FIGURES = {
    "cases": ("cases", "案例数"),
    "conversations": ("conversations", "会话数"),
    "turns": ("messages a conversation", "每次会话的消息数"),
    "words": ("words an answer", "每条回答词数"),
    "failed": ("cases without an answer", "未得到回答的案例"),
    "left": ("cases left at a limit", "因上限未问的案例"),
    "outcome_untold": ("dialogues whose outcome the target does not tell", "目标未告知后台结果的对话"),
    "contaminated": ("cases that stand in training data", "与训练数据重复的案例"),
    "doc@5": ("a gold document in the first 5", "前 5 篇含正确文档"),
    "answerable_right": ("right, of what can be answered", "可答问题中的正确率"),
    "answerable_declined": ("declined, of what can be answered", "可答问题中的拒答率"),
    "unanswerable_declined": ("declined, of what cannot be answered", "不可答问题中的拒答率"),
    "right_of_given": ("right, of answers given", "已答中的正确率"),
}

_BY_NAME = {metric.name: metric for metric in METRICS}


def metric_of(name: str) -> Metric | None:
    """The metric that a score is of: `ndcg@10` is `ndcg`, `pass^4` is `pass^`, `judged_polite` is `judged_`; None for one
    that is not of the list.
    """
    if name in _BY_NAME:
        return _BY_NAME[name]
    if name.startswith(JUDGED):
        return _BY_NAME[JUDGED]
    for sign in "@^":
        stem, found, k = name.partition(sign)
        if found and k.isdigit():
            return _BY_NAME.get(stem) or _BY_NAME.get(stem + sign)
    return None


def titles_of(name: str) -> dict[str, str]:
    """A score's `name`, and what it is called in each language; its own name where it is not of the list."""
    metric = metric_of(name)
    if metric is None or name in _FIGURES:
        english, chinese = _FIGURES.get(name, (name, name))
        return {"name": name, "en": english, "zh": chinese}
    by = f": {name.removeprefix(JUDGED)}" if metric.name == JUDGED else ""
    return {"name": name, "en": metric.title + by, "zh": metric.title_zh + by}


def is_safety(name: str) -> bool:
    """Whether a score is about safety."""
    metric = metric_of(name)
    return metric is not None and metric.group is Group.SAFETY


def table() -> str:
    """The list as Markdown, for `docs/evals-metrics.md`."""
    rows = [
        "| name | what | 中文 | range | unit | better | of a | needs | source |",
        "|---|---|---|---|---|---|---|---|---|",
        *map(_row, METRICS),
    ]
    return "\n".join(rows) + "\n"


def _row(metric: Metric) -> str:
    ends = ("−∞" if metric.low is None else f"{metric.low:g}", "∞" if metric.high is None else f"{metric.high:g}")
    cells = (
        f"`{metric.name}`", metric.title, metric.title_zh, "…".join(ends).replace("-", "−"), metric.unit,
        "–" if metric.better == "neither" else metric.better, metric.per, metric.needs, metric.source,
    )  # fmt: skip
    return "| " + " | ".join(cells) + " |"


if __name__ == "__main__":
    sys.stdout.write(table())
