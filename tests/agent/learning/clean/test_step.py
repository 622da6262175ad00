"""Step 2 over whole conversations: what goes on, what is dropped, and that doing it twice is doing it once."""

from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import given, settings
from hypothesis import strategies as st

from agent.home import Home
from agent.learning.clean import Clean
from agent.learning.clean.dropping import Dropped, Reason
from agent.learning.clean.step import DROPPED, UTTERANCES
from agent.learning.collect import CONVERSATIONS
from agent.learning.records import CleanUtterance, LoggedConversation, SaidTurn, read_records, write_records
from agent.learning.report import Report
from agent.learning.runs import Run, StepContext, StepName, StepOutcome, new_run, perform
from agent.learning.wording import said
from agent.settings import Settings
from knowledge.progress import silent
from tests.agent.learning.clean.test_cleaning import TEXTS


def cleaned_run(root: Path, conversations: Sequence[LoggedConversation]) -> Run:
    """A run whose first step collected these, and whose second is done."""
    home = Home(root)
    run = new_run(home)

    def collect(context: StepContext) -> StepOutcome:
        write_records(context.out / CONVERSATIONS, conversations)
        return StepOutcome(figures={}, report=Report(said("Given")))

    for name, step in ((StepName.COLLECT, collect), (StepName.CLEAN, Clean())):
        context = StepContext(home=home, settings=Settings(home=root), run=run, out=run.folder(name), progress=silent)
        perform(name, step, context, inputs="")
    return run


def conversation(name: str, *texts: str, labels: Sequence[str | None] = ()) -> LoggedConversation:
    turns = (
        SaidTurn(n=n, role="user", text=text, intent="guess", correction=labels[n - 1] if labels else None)
        for n, text in enumerate(texts, 1)
    )
    return LoggedConversation(id=f"file/{name}", source="file.csv", turns=tuple(turns))


def results(run: Run) -> tuple[list[LoggedConversation], list[CleanUtterance], list[Dropped]]:
    folder = run.folder(StepName.CLEAN)
    return (
        list(read_records(folder / CONVERSATIONS, LoggedConversation)),
        list(read_records(folder / UTTERANCES, CleanUtterance)),
        list(read_records(folder / DROPPED, Dropped)),
    )


def test_what_goes_on_and_what_is_dropped(tmp_path: Path) -> None:
    given_ = [
        conversation("a", "你好，我叫张伟，要退款，谢谢", "好的", "1", "Where is my parcel?"),
        conversation("b", "where is my parcel", "<p></p>", "配送はいつですか", labels=["track", None, None]),
    ]
    conversations, utterances, dropped = results(cleaned_run(tmp_path, given_))
    assert conversations[0].turns[0].text == "你好，我叫[name]，要退款，谢谢"
    assert [turn.n for turn in conversations[1].turns] == [1, 3]
    assert [(one.id, one.text, one.language, one.label, one.predicted, one.copies) for one in utterances] == [
        ("file/a#1", "我叫[name]，要退款", "zh", None, "guess", 0),
        ("file/a#4", "Where is my parcel?", "en", "track", "guess", 1),
    ]
    assert [(one.id, one.reason, one.original) for one in dropped] == [
        ("file/a#2", Reason.COURTESY, None),
        ("file/a#3", Reason.MENU, None),
        ("file/b#1", Reason.COPY, "file/a#4"),
        ("file/b#2", Reason.EMPTY, None),
        ("file/b#3", Reason.LANGUAGE, None),
    ]


@settings(max_examples=3)  # each makes two runs with their reports
@given(st.lists(TEXTS, min_size=4, max_size=16))
def test_cleaning_a_clean_run_again_changes_nothing(texts: list[str]) -> None:
    with TemporaryDirectory() as folder:
        once = results(cleaned_run(Path(folder), [conversation("a", *texts)]))
        twice = results(cleaned_run(Path(folder), once[0]))
        assert twice[0] == once[0]
        assert [one.text for one in twice[1]] == [one.text for one in once[1]]
