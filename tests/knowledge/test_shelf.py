"""What an audience may read of a library: hidden passages shape nothing, and cost the others no place."""

from datetime import date
from pathlib import Path

import pytest

from knowledge.library import Library
from knowledge.release import Release

TODAY = date(2026, 6, 15)
BIRDS = ("Osprey", "Kestrel", "Heron", "Bittern", "Plover", "Wigeon", "Dunlin", "Avocet")


class Calendar:
    """A day that can be turned."""

    def __init__(self) -> None:
        self.day = TODAY

    def __call__(self) -> date:
        return self.day


@pytest.fixture
def calendar() -> Calendar:
    return Calendar()


@pytest.fixture
def library(tmp_path: Path, calendar: Calendar) -> Library:
    folder = tmp_path / "docs"
    folder.mkdir()
    for number in range(32):
        bird = BIRDS[number // 4]
        (folder / f"secret-{number}.md").write_text(
            f"---\naudience: internal\n---\n# {bird} card {number}\n\nThe parking fee of an {bird} card is {number} crowns.\n"
        )
    for number in range(10):
        (folder / f"open-{number}.md").write_text(
            f"# Notice {number}\n\nThe parking fee in zone {number} is due daily.\n"
        )
    (folder / "may.md").write_text("---\nvalid_until: 2026-06-15\n---\n# Parking\n\nThe parking fee is low in May.\n")
    (folder / "july.md").write_text("---\nvalid_from: 2026-06-16\n---\n# Parking\n\nThe parking fee is high in July.\n")
    opened = Library.open(tmp_path / "library", "corpus", today=calendar)
    opened.ingest([folder])
    return opened


def sources(library: Library, k: int = 50) -> set[str]:
    return {found.passage.source_id for found in library.search("What is the parking fee?", k).passages}


def test_k_visible_results_however_many_hidden_ones_are_nearer(library: Library) -> None:
    assert len(library.search("parking fee of an osprey card", 8).passages) == 8
    assert len(library.search_arm("lexical", "parking fee of an osprey card", 8)) == 8
    assert len(library.search_arm("vector", "parking fee of an osprey card", 8)) == 8
    assert not any("secret" in source for source in sources(library))
    staff = library.shelf("internal").search("parking fee of an osprey card", 8).passages
    assert any("secret" in found.passage.source_id for found in staff)


def test_articles_are_used_from_their_first_day_to_their_last(library: Library, calendar: Calendar) -> None:
    assert "docs/may.md" in sources(library)
    assert "docs/july.md" not in sources(library)
    calendar.day = date(2026, 6, 16)
    assert "docs/may.md" not in sources(library)
    assert "docs/july.md" in sources(library)


def test_names_and_words_are_learnt_from_what_may_be_read(library: Library) -> None:
    assert not any("osprey" in term for term in library.terms())
    assert any("osprey" in term for term in library.shelf("internal").terms())
    assert library.known_share({"osprey", "park"}) == 0.5
    assert library.shelf("internal").known_share({"osprey", "park"}) == 1.0


def test_another_day_that_hides_the_same_learns_nothing_anew(library: Library, calendar: Calendar) -> None:
    names = library._names()
    calendar.day = date(2026, 6, 14)
    assert library._names() is names
    calendar.day = date(2026, 6, 17)
    assert library._names() is not names


def test_a_passage_that_becomes_internal_is_hidden_at_once(library: Library, tmp_path: Path) -> None:
    assert "docs/open-1.md" in sources(library)
    library.ingest([tmp_path / "docs"], release=Release(audience="internal"))
    assert sources(library) == set()
    assert not library.passages()


def test_the_last_word_has_what_a_passage_says_itself(library: Library) -> None:
    stale = library._visible()
    library._store._run("update passage set audience = 'internal' where source_id = 'docs/open-1.md'")
    assert "docs/open-1.md" not in {
        found.passage.source_id for found in library._search.search("parking fee in zone 1", 8, "en", stale).passages
    }


def test_finding_the_hidden_ones_reads_only_them(library: Library) -> None:
    plan = library._store._query(
        "explain query plan select id from passage where (audience <> 'public' or valid_from is not null or"
        " valid_until is not null) and (valid_from > '2026' or valid_until < '2026' or audience <> 'public')"
    )
    assert "passage_release" in str(plan)
