"""Step 4 as it is run: proposals from the conversations of this run, and from the articles of the home."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass

from agent.errors import SettingsError
from agent.homes import open_documents, open_graph
from agent.learning.graph.accepting import Decisions
from agent.learning.graph.known import Known
from agent.learning.graph.links import propose_links
from agent.learning.graph.naming import Naming
from agent.learning.graph.proposals import FILE, Kind, Proposal, State, write_proposals
from agent.learning.graph.reporting import report_of
from agent.learning.graph.speaking import Message, listen
from agent.learning.graph.stated import of_sources, of_talks, propose_stated
from agent.learning.graph.values import propose_values
from agent.learning.records import LoggedConversation, read_records
from agent.learning.runs import StepContext, StepName, StepOutcome
from knowledge.graph.articles import consistent, sources_of
from knowledge.graph.subjects import Subjects


@dataclass(frozen=True, slots=True, kw_only=True)
class ProposeGraph:
    """The step, its options bound. by_model: the model of the settings reads the conversations and articles as well."""

    by_model: bool = False

    def __call__(self, context: StepContext) -> StepOutcome:
        if self.by_model and not context.settings.model.base_url:
            raise SettingsError("no model: set [model] base_url in parley.toml, or leave --model out")
        file = context.run.need(StepName.CLEAN, "conversations.jsonl")
        context.progress("reading", 0, 4)
        with closing(open_graph(context.home)) as graph:
            known = Known.of(record for _, record in graph.records())
            empty = next(iter(graph.records()), None) is None
            talks = list(listen(read_records(file, LoggedConversation), graph))
        found: list[Proposal] = []
        for done, (stage, proposals) in enumerate(self._finders(context, known, talks), 1):
            context.progress(stage, done, 4)
            found.extend(proposals)
        decisions = Decisions.open(context.home)
        run = context.run.root.name
        offered = [p.model_copy(update={"run": run}) for p in decisions.undecided(together(found))]
        write_proposals(context.out / FILE, offered)
        kinds = Counter(p.kind for p in offered if p.state is State.OPEN)
        figures: dict[str, float | int | str] = {
            "conversations": len(talks),
            **{f"proposals: {kind.value}": kinds[kind] for kind in Kind},
            "conflicts with the graph": sum(p.state is State.CONFLICT for p in offered),
            "decided before": len(decisions.accepted) + len(decisions.rejected),
        }
        return StepOutcome(figures=figures, report=report_of(offered, empty=empty))

    def _finders(
        self, context: StepContext, known: Known, talks: Sequence[Sequence[Message]]
    ) -> Iterator[tuple[str, Iterable[Proposal]]]:
        yield "names", Naming(known, talks).propose()
        yield "values", propose_values(known, talks)
        yield "links", propose_links(known, talks)
        yield "articles", self._stated(context, known, talks)

    def _stated(self, context: StepContext, known: Known, talks: Sequence[Sequence[Message]]) -> list[Proposal]:
        with open_documents(context.home, context.settings) as library:
            passages = [passage for passage in library.passages() if passage.audience == "public"]
            subjects = Subjects(library.terms(), passages)
        found = list(propose_stated(known, of_sources(consistent(sources_of(passages, subjects.of)))))
        if self.by_model:
            # Imported here: the client costs a second.
            from agent.generate.extraction import ModelReader

            with closing(ModelReader(context.settings.model)) as read:
                found += propose_stated(known, of_sources(consistent(sources_of(passages, subjects.of, read))))
                found += propose_stated(known, of_talks(talks, read))
        return found


def together(proposals: Iterable[Proposal]) -> list[Proposal]:
    """Each proposal once, with the better score and the evidence of all who make it."""
    found: dict[str, Proposal] = {}
    for proposal in proposals:
        held = found.get(proposal.id)
        if held is not None:
            best, other = (held, proposal) if held.score >= proposal.score else (proposal, held)
            evidence = tuple(dict.fromkeys([*best.evidence, *other.evidence]))[:5]
            found[proposal.id] = best.model_copy(update={"evidence": evidence})
        else:
            found[proposal.id] = proposal
    return list(found.values())
