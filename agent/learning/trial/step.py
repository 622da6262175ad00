"""The step: a report of the trial that is on; where none is, what could be tried next."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from agent.errors import CallerError
from agent.learning.candidates import newest_trained
from agent.learning.intents.sheets import write_sheet
from agent.learning.report import Report
from agent.learning.runs import StepContext, StepOutcome
from agent.learning.trial.advice import Recommendation, advise_shadow, advise_share
from agent.learning.trial.comparing import shadow_figures, share_figures
from agent.learning.trial.reporting import Shown, head, shadow_report, share_report
from agent.learning.trial.turns import ShadowedTurn, TriedConversation, read_trial
from agent.learning.verdicts import verdict_on
from agent.learning.wording import said
from agent.training.bundle import Task, read_card
from agent.training.speakers import Mode, Trial
from agent.training.versions import Versions, versions_of

TO_LABEL = "to_label.csv"


def shows_nothing(_conversation_id: str) -> bool:
    """The texts of nobody's conversation may be shown."""
    return False


@dataclass(frozen=True, slots=True, kw_only=True)
class Use:
    """The step with its options.

    may_show: whether the customer of a conversation agreed that its texts are shown; mask: takes private data out of them.
    """

    task: Task = Task.INTENT
    may_show: Callable[[str], bool] = shows_nothing
    mask: Callable[[str], str] = str

    def __call__(self, context: StepContext) -> StepOutcome:
        """Writes `to_label.csv` where a shadow disagreed. Raises BundleError when who speaks can't be told."""
        versions = versions_of(context.home, self.task)
        speakers = versions.speakers()
        if speakers.trial is None:
            trained = newest_trained(context.home, self.task) is not None
            return _nothing_tried(versions, trained=trained)
        trial = speakers.trial
        conversations = asyncio.run(read_trial(context.settings, self.task, trial.version, trial.since))
        if trial.mode is Mode.SHADOW:
            return self._shadow(context, versions, trial, conversations)
        return self._share(trial, speakers.version, conversations)

    def _shadow(
        self, context: StepContext, versions: Versions, trial: Trial, conversations: Sequence[TriedConversation]
    ) -> StepOutcome:
        figures = shadow_figures([turn for one in conversations for turn in one.shadowed])
        card = read_card(versions.folder(trial.version))
        found = verdict_on(context.home, card)
        advice = advise_shadow(figures, found.verdict, self.task.value, trial.version)
        report = head(self.task.value, versions.speakers().version, trial, advice)
        shadow_report(report, figures, self._shown)
        _write_to_label(context.out / TO_LABEL, figures.disagreements, self._shown)
        return _outcome(
            report,
            advice,
            turns=figures.agreement.total,
            agreement=figures.agreement.rate,
            evaluated=found.in_words,
        )

    def _share(self, trial: Trial, speaks: str, conversations: Sequence[TriedConversation]) -> StepOutcome:
        figures = share_figures(conversations, trial.version, speaks)
        advice = advise_share(figures, self.task.value, trial.version)
        report = head(self.task.value, speaks, trial, advice)
        share_report(report, figures)
        speaking, tried = figures.conversations
        return _outcome(report, advice, conversations=speaking + tried, tried=tried)

    def _shown(self, turn: ShadowedTurn) -> str | None:
        return self.mask(turn.text) if self.may_show(turn.conversation_id) else None


def _outcome(report: Report, advice: Recommendation, **figures: float | int | str) -> StepOutcome:
    measured = {name: value for name, value in figures.items() if value == value}  # noqa: PLR0124 - NaN is not equal to itself
    told = {"recommendation": advice.advice.value, "why": advice.why, "command": advice.command}
    return StepOutcome(figures={**told, **measured}, report=report)


def _nothing_tried(versions: Versions, *, trained: bool) -> StepOutcome:
    """trained: whether `parley learn train` has left a bundle that is not among the versions yet."""
    speakers, task = versions.speakers(), versions.task.value
    report = Report(said("Use: nothing is on trial for {task}", task=said(task)))
    report.text("{who} speaks.", who=speakers.version or said("What is built in"))
    newest = versions.names()[-1:]
    command = f"promote {task} --shadow"
    if newest and newest[0] == speakers.version:
        report.text("It is the newest version that there is.")
    if not newest and not trained:
        report.text(
            "There is no other bundle yet: label examples, or accept clusters as intents; then: parley learn train"
        )
        return StepOutcome(
            figures={
                "speaks": speakers.version or "built in",
                "recommendation": "label and train first",
                "command": "clusters",
            },
            report=report,
        )
    report.text("A newer bundle is tried without a word to customers by: parley learn {command}", command=command)
    return StepOutcome(
        figures={"speaks": speakers.version or "built in", "recommendation": "try", "command": command}, report=report
    )


def _write_to_label(file: Path, turns: Sequence[ShadowedTurn], shown: Shown) -> None:
    """The disagreements that may be shown, for a person to fill in the label; written whole."""
    rows = [
        (f"{turn.conversation_id}#{turn.message}", text, "", turn.said, turn.shadow)
        for turn in turns
        if (text := shown(turn)) is not None
    ]
    try:
        write_sheet(file, ("id", "text", "label", "speaks", "shadow"), rows)
    except OSError as error:
        raise CallerError(f"{file} can't be written ({error.strerror}); check the disk") from error
