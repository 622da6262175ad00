"""`parley ingest`: help articles, tables and pages, put in, once or each time that they change."""

from contextlib import closing, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.markup import escape

from agent.cli.contradictions import as_json as contradictions_json
from agent.cli.contradictions import print_contradictions
from agent.cli.output import fail, print_json, print_nameless, print_set_aside, print_skipped, progress, stderr, stdout
from agent.home import Home
from agent.settings import home_folder, load_settings
from agent.types import Audience, JsonValue
from knowledge.release import Release, parse_date

if TYPE_CHECKING:
    from knowledge.contradictions import Contradiction
    from knowledge.ingest import IngestReport
    from knowledge.library import Library

_READ = ".md .txt .html .pdf .docx .xlsx .csv .tsv .json .jsonl or .zip"
_CHECKED = 5_000
"""Passages up to which an ingest ends with a look for contradictions; larger libraries have a command for it."""
_SHOWN = 5
_SEEMINGLY = (
    "[yellow]Customers may read {n} that call themselves internal[/] ({title}): the same command with "
    "--internal-titles keeps them for your own people."
)
_QUIET_MS = 800


def register(app: typer.Typer) -> None:
    """Adds the command."""
    app.command("ingest")(ingest)


def ingest(
    sources: Annotated[
        list[str] | None, typer.Argument(metavar="PATH…", help="Files, folders, https pages, sitemaps (….xml).")
    ] = None,
    collection: Annotated[str, typer.Option(help="Name to file them under.")] = "default",
    prune: Annotated[bool, typer.Option("--prune", help="Remove what is no longer in these sources.")] = False,
    rebuild: Annotated[bool, typer.Option("--rebuild", help="Make the indexes anew from what was read.")] = False,
    watch: Annotated[bool, typer.Option("--watch", help="Go on reading what changes, until Ctrl-C.")] = False,
    audience: Annotated[
        Audience | None, typer.Option(help="Who may read what does not say so itself; public unless set.")
    ] = None,
    valid_from: Annotated[
        str, typer.Option(metavar="DATE", help="First day on which to use what names none: 2026-01-31.")
    ] = "",
    valid_until: Annotated[str, typer.Option(metavar="DATE", help="Last day on which to use what names none.")] = "",
    internal_titles: Annotated[
        bool,
        typer.Option(
            "--internal-titles",
            help="Keep what calls itself internal in its title (Internal: …, 内部：…) from customers.",
        ),
    ] = False,
    as_json: Annotated[
        bool, typer.Option("--json", help="Print one JSON object (with --watch, one each time).")
    ] = False,
) -> None:
    """Read help articles and tables; what has not changed is skipped."""
    from agent.homes import home_for_knowledge, open_documents, rebuild_documents

    sources = sources or []
    if not sources and not rebuild:
        raise fail("name files, folders or https pages to read, or --rebuild")
    release = _release(audience, valid_from, valid_until, by_title=internal_titles)
    _refuse_missing(sources, watch=watch)
    home, settings = home_for_knowledge(home_folder())
    if rebuild:
        with progress("Indexing anew") as line:
            rebuild_documents(home, settings, line)
    with open_documents(home, settings) as library:
        run = _Run(home, library, sources, collection, prune, release, as_json)
        report = run.once()
        if watch:
            run.watch()
        elif report.broken and not (report.added or report.changed or report.unchanged or report.removed):
            raise typer.Exit(2)


class _Run:
    """Reads the same sources into the same library, as often as it is told to."""

    def __init__(
        self,
        home: Home,
        library: "Library",
        sources: list[str],
        collection: str,
        prune: bool,
        release: Release,
        as_json: bool,
    ) -> None:
        self._home = home
        self._library = library
        self._sources = sources
        self._collection = collection
        self._prune = prune
        self._release = release
        self._as_json = as_json

    def once(self) -> "IngestReport":
        """Reads, and says what came of it."""
        from agent.homes import open_graph, set_sample_aside
        from agent.stated import forget_hidden

        with progress("Reading and indexing") as line:
            report = self._library.ingest(
                self._sources, collection=self._collection, prune=self._prune, progress=line, release=self._release
            )
        if report.touched or report.removed:
            with closing(open_graph(self._home)) as graph:
                forget_hidden(graph, self._library)
        if report.added and self._collection != "sample":
            stayed = set_sample_aside(self._home, self._library)
            if stayed is not None:
                print_set_aside(stayed)
        if report.added:
            print_nameless(self._home, load_settings(self._home.root))
        self._print(report, self._look_for_contradictions(report))
        return report

    def watch(self) -> None:
        """Reads again whenever a file changes, until Ctrl-C."""
        from watchfiles import watch

        stderr.print(f"Watching {', '.join(self._sources)} (Ctrl-C ends it)", soft_wrap=True)
        with suppress(KeyboardInterrupt):
            for changes in watch(*self._sources, debounce=_QUIET_MS, step=100):
                for change, path in sorted(changes, key=lambda one: one[1]):
                    stderr.print(f"{change.raw_str()} {path}", markup=False, soft_wrap=True)
                self.once()
        stderr.print("Stopped watching; what was read is kept.")

    def _look_for_contradictions(self, report: "IngestReport") -> "list[Contradiction]":
        if not report.touched:
            return []
        if self._library.size > _CHECKED:
            stderr.print("Do articles contradict each other? See: parley knowledge check")
            return []
        return self._library.contradictions(report.touched)

    def _print(self, report: "IngestReport", found: "list[Contradiction]") -> None:
        for broken in report.broken:
            print_skipped(broken.source, broken.reason)
        counts = {
            "added": report.added,
            "changed": report.changed,
            "unchanged": report.unchanged,
            "removed": report.removed,
        }
        internal = self._library.seemingly_internal() if report.touched else []
        if self._as_json:
            broken_json = [{"source": one.source, "reason": one.reason} for one in report.broken]
            shown: dict[str, JsonValue] = {
                "broken": broken_json,
                "contradictions": contradictions_json(found),
                "seemingly_internal": list(internal),
            }
            print_json({**counts, **shown})
            return
        stdout.print(", ".join(f"{count} {name}" for name, count in counts.items()), f"· {len(report.broken)} broken")
        if self._sources and not report.broken and not any(counts.values()):
            stderr.print(f"Nothing was read: no {_READ} in {', '.join(self._sources)}.", markup=False, soft_wrap=True)
        if internal:
            stderr.print(_SEEMINGLY.format(n=len(internal), title=escape(internal[0])), soft_wrap=True)
        if found:
            stderr.print(
                f"[yellow]{len(found)} statements contradict each other[/] (parley knowledge check shows all):"
            )
            print_contradictions(found[:_SHOWN], stderr)


def _refuse_missing(sources: list[str], *, watch: bool) -> None:
    """Raises typer.Exit(2) where a file or folder is not there, or a page is to be watched."""
    from knowledge.sources import is_url

    missing = [source for source in sources if not is_url(source) and not Path(source).exists()]
    if missing:
        raise fail(f"no such file or folder: {', '.join(missing)}")
    if watch and any(map(is_url, sources)):
        raise fail("only files and folders can be watched; run parley ingest for pages from time to time")


def _release(audience: Audience | None, valid_from: str, valid_until: str, *, by_title: bool) -> Release:
    """What the options say of all that is read. Raises typer.Exit(2), having said what is wrong."""
    try:
        first, last = parse_date("--valid-from", valid_from), parse_date("--valid-until", valid_until)
    except ValueError as error:
        raise fail(str(error)) from error
    return Release(audience=audience, valid_from=first, valid_until=last, by_title=by_title)
