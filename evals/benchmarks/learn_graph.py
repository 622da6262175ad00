"""How well step 4 of learning finds what a graph lacks: parts of a real graph are hidden and looked for in dialogues over it.

    python -m evals.benchmarks.learn_graph DATA [--half tune|measure] [--hide 0.15] [--seed 1]

DATA holds beijing/records.jsonl, beijing/dialogues_val.json.zip and questions/beijing_dev.jsonl. Every second dialogue was
used to choose settings ("tune"); the others measure. Recall is of what was hidden and the dialogues say: facts that their
annotation informs of, and names that they mention.
"""

import argparse
import json
import random
import re
import tempfile
import zipfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, NamedTuple

from agent.learning.evaluate.frozen import FrozenQuestion
from agent.learning.evaluate.graph_questions import compare_graphs
from agent.learning.evaluate.judging import Terms
from agent.learning.graph.accepting import graph_with
from agent.learning.graph.known import Known, plain
from agent.learning.graph.links import propose_links
from agent.learning.graph.naming import Naming
from agent.learning.graph.proposals import Kind, Proposal, State
from agent.learning.graph.speaking import Message, listen
from agent.learning.graph.values import propose_values
from agent.learning.records import LoggedConversation, SaidTurn
from knowledge.graph import KnowledgeGraph
from knowledge.graph.entities import EntityRecord, Source, SourceHead
from knowledge.graph.name_table import fold

_FLOORS = (0.3, 0.5, 0.7, 0.9)


class Told(NamedTuple):
    """A fact as it is compared."""

    head: str
    relation: str
    tail: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Dialogues:
    """One half of them. informed: the facts that the staff's messages state, as annotated."""

    conversations: Sequence[LoggedConversation]
    informed: frozenset[Told]


Right = Callable[[Proposal], Told | None]
"""What of the hidden a proposal finds; None for a wrong one."""


def read_dialogues(data: Path, half: str) -> Dialogues:
    """Every second dialogue."""
    with zipfile.ZipFile(data / "beijing" / "dialogues_val.json.zip") as archive:
        raw: dict[str, Any] = json.loads(archive.read("val.json"))
    names = list(raw)[0 if half == "tune" else 1 :: 2]
    conversations = []
    informed: set[Told] = set()
    for name in names:
        messages = raw[name]["messages"]
        turns = [
            SaidTurn(n=n, role="user" if m["role"] == "usr" else "agent", text=m["content"])
            for n, m in enumerate(messages, 1)
        ]
        conversations.append(LoggedConversation(id=name, source="dialogues", turns=tuple(turns)))
        for message in messages:
            informed.update(_informed(message))
    return Dialogues(conversations=conversations, informed=frozenset(informed))


def _informed(message: Mapping[str, Any]) -> Iterator[Told]:
    for act, domain, relation, value in message["dialog_act"]:
        if message["role"] == "sys" and act == "Inform":
            heads = message["sys_state"].get(domain, {}).get("selectedResults", [])
            whole = plain(re.sub("[元分]$", "", value))
            parts = {whole, *(plain(re.sub("[元分]$", "", part)) for part in value.split())}
            yield from (Told(fold(head), relation, part) for head in heads for part in parts)


@contextmanager
def made(records: Iterable[EntityRecord]) -> Iterator[KnowledgeGraph]:
    """A graph that states these records, gone at the end."""
    with tempfile.TemporaryDirectory() as folder, closing(KnowledgeGraph.open(Path(folder))) as graph:
        graph.take([Source(head=SourceHead(source_id="records.jsonl", fingerprint=""), entities=list(records))])
        yield graph


def hide_values(records: Sequence[EntityRecord], share: float, chance: random.Random) -> list[EntityRecord]:
    """Without some relations of some entities; the relation stays possible."""
    out = []
    for record in records:
        gone = {relation for relation, items in record.values.items() if items and chance.random() < share}
        kept = {relation: items for relation, items in record.values.items() if relation not in gone}
        out.append(replace(record, values=kept))
    return out


def hide_links(records: Sequence[EntityRecord], share: float, chance: random.Random) -> list[EntityRecord]:
    """Without some edges."""
    return [
        replace(r, links={rel: [n for n in names if chance.random() >= share] for rel, names in r.links.items()})
        for r in records
    ]


def hide_entities(records: Sequence[EntityRecord], share: float, chance: random.Random) -> list[EntityRecord]:
    """Without some entities and all that leads to them."""
    gone = {record.name for record in records if chance.random() < share}
    return [
        replace(r, links={rel: [n for n in names if n not in gone] for rel, names in r.links.items()})
        for r in records
        if r.name not in gone
    ]


def rename(records: Sequence[EntityRecord], share: float, chance: random.Random) -> dict[str, str]:
    """Name → the other form under which the graph is to hold it."""
    forms = {r.name: _other_form(r.name, chance) for r in records if chance.random() < share}
    taken = {record.name for record in records}
    return {name: form for name, form in forms.items() if form not in taken}


def _other_form(name: str, chance: random.Random) -> str:
    """Part in brackets put first, without the city, with a character missing or wrong, with a blank, or with more."""
    forms = [f"北京市{name}"] if len(name) >= 6 else []
    if re.search(r"[(（]", name):
        forms.append(re.sub(r"^(.*?)[(（](.*?)[)）]", r"\2\1", name))
    if name.startswith("北京") and len(name) > 5:
        forms.append(name[2:])
    if len(name) >= 5:
        at = chance.randrange(1, len(name) - 1)
        forms += [name[:at] + name[at + 1 :], name[:at] + chance.choice("新大金天华") + name[at + 1 :]]
        forms.append(f"{name[:at]} {name[at:]}")
    return chance.choice(forms) if forms else name


def _report(title: str, proposals: Sequence[Proposal], right: Right, hidden: frozenset[Told] | set[Told]) -> None:
    offered = [p for p in proposals if p.state is State.OPEN]
    print(f"\n{title}: {len(hidden)} hidden and said")
    for floor in _FLOORS:
        shown = [p for p in offered if p.score >= floor]
        found = [told for p in shown if (told := right(p)) is not None]
        precision, recall = len(found) / max(1, len(shown)), len(hidden & set(found)) / max(1, len(hidden))
        mean = sum(p.score for p in shown) / max(1, len(shown))
        print(f"  score ≥ {floor}: {len(shown):4} proposed, precision {precision:.3f} (mean score {mean:.3f}), recall {recall:.3f}")  # fmt: skip


def _facts(records: Sequence[EntityRecord]) -> set[Told]:
    known = Known.of(records)
    return {
        Told(fold(k[1]), r, value)
        for held in (known.values, known.links)
        for (k, r), vs in held.items()
        for value in vs
    }


def _measure_facts(
    records: Sequence[EntityRecord], left: Sequence[EntityRecord], dialogues: Dialogues, kind: Kind
) -> None:
    true = _facts(records)
    hidden = (true - _facts(left)) & dialogues.informed

    def right(proposal: Proposal) -> Told | None:
        told = Told(fold(proposal.head), proposal.relation, plain(proposal.tail))
        return told if told in true else None

    with made(left) as graph:
        talks = list(listen(dialogues.conversations, graph))
    finder = propose_values if kind is Kind.VALUE else propose_links
    _report(f"{kind.value}s", list(finder(Known.of(left), talks)), right, hidden)


def _mentioned(records: Sequence[EntityRecord], dialogues: Dialogues) -> dict[str, str]:
    """Folded name → type of what the whole graph links in the dialogues."""
    with made(records) as graph:
        talks = listen(dialogues.conversations, graph)
        return {fold(m.name): m.type for talk in talks for message in talk for m in message.mentions}


def _names(records: Sequence[EntityRecord], dialogues: Dialogues) -> tuple[list[Proposal], list[list[Message]]]:
    with made(records) as graph:
        talks = list(listen(dialogues.conversations, graph))
    return list(Naming(Known.of(records), talks).propose()), talks


def _measure_entities(records: Sequence[EntityRecord], left: Sequence[EntityRecord], dialogues: Dialogues) -> None:
    types = _mentioned(records, dialogues)
    gone = {fold(r.name) for r in records} - {fold(r.name) for r in left}
    hidden = {Told(name, "type", type_) for name, type_ in types.items() if name in gone}
    proposals = [p for p in _names(left, dialogues)[0] if p.kind is Kind.ENTITY]
    by_name = {told.head: told for told in hidden}
    _report("new entities, by name", proposals, lambda p: by_name.get(fold(p.head)), hidden)
    typed = {told: told for told in hidden}
    _report(
        "new entities, by name and type", proposals, lambda p: typed.get(Told(fold(p.head), "type", p.tail)), hidden
    )


def _measure_aliases(
    records: Sequence[EntityRecord], share: float, dialogues: Dialogues, chance: random.Random
) -> None:
    mentioned = _mentioned(records, dialogues)
    forms = rename([r for r in records if fold(r.name) in mentioned], share, chance)
    renamed = [
        replace(
            r,
            name=forms.get(r.name, r.name),
            links={rel: [forms.get(n, n) for n in names] for rel, names in r.links.items()},
        )
        for r in records
    ]
    proposals, talks = _names(renamed, dialogues)
    linked = {m.name for talk in talks for message in talk for m in message.mentions}
    pairs = {Told(fold(form), "alias", fold(name)) for name, form in forms.items()}
    hidden = {Told(fold(form), "alias", fold(name)) for name, form in forms.items() if form not in linked}

    def right(proposal: Proposal) -> Told | None:
        told = Told(fold(proposal.head), "alias", fold(proposal.tail))
        return told if told in pairs else None

    _report("aliases", [p for p in proposals if p.kind is Kind.ALIAS], right, hidden)


def _measure_answers(
    title: str, records: Sequence[EntityRecord], dialogues: Dialogues, questions: Sequence[FrozenQuestion]
) -> None:
    """What accepting does to the answers to frozen questions."""
    with made(records) as graph:
        talks = list(listen(dialogues.conversations, graph))
        known = Known.of(records)
        found = [*Naming(known, talks).propose(), *propose_values(known, talks), *propose_links(known, talks)]
        print(f"\nquestions, {title}")
        for floor in (0.5, 0.7, 0.9):
            taken = [p for p in found if p.state is State.OPEN and p.score >= floor]
            with graph_with(graph, taken) as after:
                compared = compare_graphs(questions, graph, after, Terms())
            figures = "; ".join(
                f"{f.name} {f.before:.3f} → {f.after:.3f} [{f.low:+.3f}, {f.high:+.3f}]" for f in compared.figures
            )
            print(f"  {len(taken)} of score ≥ {floor}: {figures}; {compared.verdict.value}")
            for flip in compared.flips[:4] if floor == 0.9 else ():
                print(f"    {'gained' if flip.gained else 'lost'}: {flip.text} ({flip.before} → {flip.after})")


def _questions_about(
    records: Sequence[EntityRecord], left: Sequence[EntityRecord], dialogues: Dialogues
) -> list[FrozenQuestion]:
    """Questions for the values that were hidden and that the dialogues state."""
    true, kept = Known.of(records).values, Known.of(left).values
    found = []
    for (key, relation), held in true.items():
        said = [text for value, text in held.items() if Told(fold(key[1]), relation, value) in dialogues.informed]
        if said and not kept.get((key, relation)):
            facts = tuple((key[1], relation, text) for text in said)
            found.append(FrozenQuestion(question=f"{key[1]}的{relation}是什么？", facts=facts, language="zh"))
    return found


def _questions(data: Path) -> list[FrozenQuestion]:
    lines = (data / "questions" / "beijing_dev.jsonl").read_text("utf-8").splitlines()
    cases = [case for line in lines if not (case := json.loads(line))["history"]]
    return [
        FrozenQuestion(
            question=c["question"], facts=tuple((h, r, str(t)) for h, r, t in c["gold_facts"]), language="zh"
        )
        for c in cases
    ]


def main() -> None:
    """Prints precision and recall of each kind of proposal, and what accepting does to answers."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path)
    parser.add_argument("--half", choices=("tune", "measure"), default="measure")
    parser.add_argument("--hide", type=float, default=0.15)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, closing(KnowledgeGraph.open(Path(folder))) as graph:
        graph.import_file(given.data / "beijing" / "records.jsonl")
        records = [record for _, record in graph.records()]
    dialogues = read_dialogues(given.data, given.half)
    chance = random.Random(given.seed)
    print(f"{len(dialogues.conversations)} dialogues ({given.half}), {given.hide:.0%} hidden, seed {given.seed}")
    _measure_facts(records, hide_values(records, given.hide, chance), dialogues, Kind.VALUE)
    _measure_facts(records, hide_links(records, given.hide, chance), dialogues, Kind.LINK)
    _measure_entities(records, hide_entities(records, given.hide, chance), dialogues)
    _measure_aliases(records, given.hide, dialogues, chance)
    questions = _questions(given.data)
    _measure_answers("the whole graph", records, dialogues, questions)
    left = hide_values(records, given.hide, chance)
    _measure_answers("values hidden", left, dialogues, questions)
    _measure_answers("values hidden, asked for", left, dialogues, _questions_about(records, left, dialogues))


if __name__ == "__main__":
    main()
