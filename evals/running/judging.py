"""Has a job's judge grade its replies, and finds the answers that people graded."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from evals.running.job import Job
from evals.running.run import Limits
from evals.scoring.turns import Result
from knowledge.progress import Progress

if TYPE_CHECKING:
    from evals.judge.grading import Graded
    from evals.judge.rated import RatedAnswer
    from evals.judge.rubric import Rubric


async def graded(job: Job, results: Sequence[Result], limits: Limits, progress: Progress) -> "Graded":
    """The results with the grades of the job's judge. Raises CallerError where its rubrics or rated answers are broken."""
    # Imported here: the client costs a second that a run without a judge need not pay.
    from evals.judge.endpoint import open_judge
    from evals.judge.grading import grade_run

    wanted = job.judge
    assert wanted is not None
    rubrics, rated = rated_answers(job)
    async with open_judge(wanted.openai, wanted.model, votes=wanted.votes, tries=limits.tries) as judge:
        return await grade_run(results, rubrics, judge, job.out, rated, at_once=limits.at_once, progress=progress)


def rated_answers(job: Job) -> "tuple[list[Rubric], list[RatedAnswer]]":
    """The rubrics of the job's judge, without one those that are shipped, and the answers that people graded by them.

    Raises CallerError where they are broken.
    """
    from evals.judge.rated import load_rated_answers
    from evals.judge.rubric import SHIPPED, load_rubric

    wanted = job.judge
    place = job.suite.path if job.suite and wanted and job.suite.suite.judge == wanted else Path
    names = wanted.rubrics if wanted else SHIPPED
    rubrics = [load_rubric(place(name) if Path(name).suffix else name) for name in names]
    file = place(wanted.rated) if wanted and wanted.rated else Path(job.rated) if job.rated else None
    return rubrics, load_rated_answers(file, rubrics) if file else []
