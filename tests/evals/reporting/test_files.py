"""What a run leaves behind, and that nothing in a case gets out of its place."""

import csv
import json
import re
from html.parser import HTMLParser
from xml.etree import ElementTree

import pytest

from evals.cases import Case
from evals.reporting.files import junit, markdown, table
from evals.reporting.page import report_page
from evals.scoring.summary import summarise
from evals.scoring.turns import Result, score
from evals.suites.suite import Threshold
from evals.targets.replies import plain_reply
from tests.support.xss import PAYLOADS


def result(number: int, question: str, answer: str) -> Result:
    case = Case(id=f"{number}{question[:9]}", kind=question[:5], question=question, must_include=[["30 days"]])
    reply = plain_reply(answer, question, "en", {"total": 5.0}, "x")
    return Result(case=case, reply=reply, scores=score(case, reply))


class Elements(HTMLParser):
    """Counts scripts and gathers what would run or be fetched."""

    def __init__(self) -> None:
        super().__init__()
        self.scripts = 0
        self.reached: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.scripts += tag == "script"
        self.reached += [name for name, _ in attrs if name.startswith("on") or name in {"src", "href", "srcdoc"}]


@pytest.mark.parametrize("language", ["en", "zh"])
def test_hostile_text_stays_text(language: str) -> None:
    results = [result(n, payload, payload) for n, payload in enumerate(PAYLOADS)]
    page = report_page(results, summarise(results), {}, language)
    elements = Elements()
    elements.feed(page)
    assert elements.scripts == 4
    assert elements.reached == []
    data = re.search(r'id="data">(.*?)</script>', page, re.DOTALL)
    assert data
    assert {row["q"] for row in json.loads(data.group(1))} == set(PAYLOADS)
    assert f'<html lang="{language}" ' in page


def test_a_big_run_keeps_traces_of_the_wrong_only() -> None:
    results = [result(n, f"Question {n}?", "30 days" if n % 2 else "no") for n in range(2100)]
    page = report_page(results, summarise(results), {}, "en")
    rows = json.loads(page.split('id="data">')[1].split("</script>")[0])
    assert len(rows) == 2100
    assert sum("trace" in row for row in rows) == 2000
    assert all("trace" in row for row in rows if row["verdict"] == "wrong")


def test_junit_counts_wrong_answers_and_errors_even_with_characters_that_xml_forbids() -> None:
    suite = ElementTree.fromstring(junit([result(1, "a\x00b", "no"), result(2, "c", "30 days")], {"x": "busy\x1b"}))
    assert (suite.get("tests"), suite.get("failures"), suite.get("errors")) == ("3", "1", "1")


def test_the_table_of_a_pull_request_marks_what_is_below() -> None:
    told = markdown({"right": 0.5, "wrong": 0.1, "intervals": {"right": [0.4, 0.6]}}, {"right": Threshold(min=0.8)})
    assert "| right | 0.5 | 0.4…0.6 | ≥ 0.8 | ❌ |" in told
    assert "| wrong | 0.1 |  |  |  |" in told


def test_a_spreadsheet_computes_nothing_of_a_case() -> None:
    rows = list(csv.DictReader(table([result(1, "=HYPERLINK(1)", "30 days")]).splitlines()))
    assert rows[0]["question"] == "'=HYPERLINK(1)"
    assert rows[0]["right"] == "1.0"
