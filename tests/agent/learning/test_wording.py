import ast
from collections.abc import Iterator
from pathlib import Path
from string import Formatter

import agent.learning
from agent.learning.clean.dropping import EXPLAINED, Reason
from agent.learning.evaluate.comparison import Verdict
from agent.learning.report import Report
from agent.learning.trial.advice import Advice
from agent.learning.wording import chinese, numbered, said
from agent.training.bundle import Task
from agent.types import Emotion

_ALIKE = {"", "–"}
_TELLING = {"text", "heading", "said", "table", "set", "set_xlabel", "set_ylabel"}


def test_all_that_reports_say_is_said_in_chinese_with_the_same_fields() -> None:
    words = {one for file in Path(agent.learning.__file__).parent.rglob("*.py") for one in _words(file)}
    names = {str(one) for kind in (Reason, Verdict, Advice, Task, Emotion) for one in kind} | {*EXPLAINED.values()}
    assert len(words) > 150
    assert (words | names) - chinese().keys() <= _ALIKE
    for english, translated in chinese().items():
        assert _fields(english) == _fields(translated), english


def test_sentences_nest_and_join_in_both_languages() -> None:
    ways = tuple(
        said("{language} by {way}", language=said(name), way=said("wording")) for name in ("English", "Chinese")
    )
    found = said("{n:,} {ways}", n=1200, ways=ways)
    assert str(found) == "1,200 English by wording, Chinese by wording"
    assert found.to("zh") == "1,200 英文按用词、中文按用词"


def test_data_that_looks_like_a_template_stands_as_it_is() -> None:
    assert said("{0} {x}").to("zh") == "{0} {x}"
    assert said("{who} speaks.", who="{x} menu").to("zh") == "正在使用：{x} menu。"


def test_a_note_from_a_file_is_known_by_what_stands_around_its_numbers() -> None:
    note = "After: the graph with the 12 proposals of this run whose score is 0.9 or more."
    assert str(numbered(note)) == note
    assert numbered(note).to("zh") == "之后：加入本次分数不低于 0.9 的 12 条建议后的图谱。"
    assert numbered("Something else, 3 times").to("zh") == "Something else, 3 times"


def test_a_report_is_written_in_both_languages(tmp_path: Path) -> None:
    report = Report(said("Training"))
    report.heading("Clusters")
    report.table(("utterance", "because"), [("my <card> & 卡", said("unsure"))])
    report.figure("drawn", said("Proposals by score"), lambda axes: axes.set(xlabel="messages", ylabel="card_lost"))
    report.write(tmp_path, figures={"utterances": 3, "recommendation": "go on"})
    page, own = (tmp_path / "report.html").read_text("utf-8"), (tmp_path / "report.zh.md").read_text("utf-8")
    assert '<span lang="en">Training</span><span lang="zh">训练</span>' in page
    assert '<tspan lang="en">messages</tspan><tspan lang="zh">消息数</tspan>' in page
    assert "my &lt;card&gt; &amp; 卡" in page
    assert "card_lost" in page
    assert own.startswith("# 训练")
    assert "| 建议 | 继续 |" in own
    assert "模型没有把握" in own
    assert "(drawn.zh.svg)" in own
    assert "消息数" in (tmp_path / "drawn.zh.svg").read_text("utf-8")
    assert "消息数" not in (tmp_path / "drawn.svg").read_text("utf-8")
    assert "训练" not in (tmp_path / "report.md").read_text("utf-8")


def _words(file: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(file.read_text("utf-8"))):
        if isinstance(node, ast.Call):
            name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            if name in _TELLING:
                for told in (*node.args[:1], *(one.value for one in node.keywords if name == "set")):
                    yield from _literals(told)


def _literals(node: ast.AST) -> Iterator[str]:
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value
    elif isinstance(node, ast.IfExp):
        yield from (*_literals(node.body), *_literals(node.orelse))
    elif isinstance(node, ast.Tuple):
        for one in node.elts:
            yield from _literals(one)


def _fields(template: str) -> set[str]:
    return {f"{name}:{spec}" for _, name, spec, _ in Formatter().parse(template) if name}
