"""How rows of tables are said."""

import pytest

from agent.generate.extractive.rows import row_line, table


@pytest.mark.parametrize(
    ("header", "row", "said"),
    [
        (
            "| Way | Hours | Typical wait |",
            "| Phone 0800 555 0142 | Mon–Fri | 3 minutes |",
            "Phone 0800 555 0142 – Hours: Mon–Fri; Typical wait: 3 minutes",
        ),
        ("| Item | Value |", "| Monthly fee | $15.00 |", "Monthly fee: $15.00"),
        ("| Fee | Amount |", "| Returned deposit | $10.00 |", "Returned deposit: $10.00"),
        ("| Plan | Fee |", "| Gold | $5 |", "Gold – Fee: $5"),
        ("| Balance | Fee |", "| $0–$500 | $5 |", "Balance: $0–$500; Fee: $5"),
        ("| Included | Visits |", "| Yes | 6 |", "Included: Yes; Visits: 6"),
        ("| | Gold |", "| Fee | $5 |", "Fee – Gold: $5"),
        (
            "| Line | Why | Amount |",
            "| Excess fee | You went over. | $1 |",
            "Excess fee – Why: You went over; Amount: $1",
        ),
        ("| 联系方式 | 时间 | 等待 |", "| 电话 | 周一至周五 | 3分钟 |", "电话——时间：周一至周五；等待：3分钟"),
        ("| 项目 | 金额 |", "| 年费 | 5元 |", "年费：5元"),
        ("| 余额 | 费用 |", "| 0–500元 | 5元 |", "余额：0–500元；费用：5元"),
        ("| Plan | Fee |", "| Gold | $5 | more |", "Gold, $5, more"),
    ],
)
def test_a_row_is_said_as_a_sentence(header: str, row: str, said: str) -> None:
    assert row_line(header, row) == said


def test_several_rows_are_a_table_of_the_columns_that_say_something() -> None:
    header = "| Way | Note | Hours |"
    assert table(header, ["| Phone | – | 9–5 |", "| Chat | | all \\| day |"], "[1]") == [
        "| Way | Hours |",
        "| --- | --- |",
        "| Phone | 9–5 [1] |",
        "| Chat | all \\| day [1] |",
    ]


@pytest.mark.parametrize("header", ["", "| Item | Value |", "| 项目 | 金额 |", "| One | Two | Three |"])
def test_what_says_no_more_than_lines_do_is_no_table(header: str) -> None:
    assert table(header, ["| Fee | $5 |", "| Limit | $9 |"], "[1]") == []
