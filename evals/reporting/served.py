"""`parley eval serve`: the reports in a folder, for a browser on this machine."""

from collections.abc import Mapping
from pathlib import Path

from markupsafe import Markup
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.requests import Request
from starlette.responses import FileResponse, HTMLResponse, PlainTextResponse, Response
from starlette.routing import Route

from agent.types import JsonValue
from evals.reporting.figures_drawn import trend
from evals.reporting.history import Earlier, run_of, runs_below
from evals.reporting.page import environment

_SHOWN = {
    "report.html": "text/html", "report.md": "text/plain", "cases.csv": "text/csv", "conversations.csv": "text/csv",
    "junit.xml": "text/xml",
}  # fmt: skip
_HEADERS = {"X-Content-Type-Options": "nosniff", "Cache-Control": "no-store", "Referrer-Policy": "no-referrer"}
_HOSTS = ["127.0.0.1", "localhost"]


def browser_of(root: Path, language: str = "en") -> Starlette:
    """The pages. They need no token, so whoever serves them binds to the loopback; other host names are refused, as a page
    elsewhere could have its name point here.
    """

    def index(_: Request) -> HTMLResponse:
        return HTMLResponse(index_page(root, language), headers=_HEADERS)

    def shown(request: Request) -> Response:
        folder, _, name = request.path_params["path"].rpartition("/")
        found = {_named(root, one): one for one, _ in runs_below(root)}.get(folder or ".")
        if found is None or name not in _SHOWN or not (found / name).is_file():
            return PlainTextResponse("There is no such report.", status_code=404, headers=_HEADERS)
        return FileResponse(found / name, media_type=_SHOWN[name], headers=_HEADERS)

    routes = [Route("/", index), Route("/runs/{path:path}", shown)]
    return Starlette(routes=routes, middleware=[Middleware(TrustedHostMiddleware, allowed_hosts=_HOSTS)])


def index_page(root: Path, language: str) -> str:
    """Every run below the folder, the newest first, and the trend of each suite that ran more than once."""
    runs = sorted(runs_below(root), key=lambda run: str(run[1].get("at", "")), reverse=True)
    rows = [
        {
            "name": _named(root, folder), "suite": summary.get("suite", ""), "at": str(summary.get("at", ""))[:16].replace("T", " "),
            "joint": "suites" in summary, "talks": "conversations" in summary,
            "cases": summary.get("cases", summary.get("conversations", "")), "right": _share(summary.get("right")), "wrong": _share(summary.get("wrong")),
        }
        for folder, summary in runs
    ]  # fmt: skip
    return (
        environment()
        .get_template("runs.html")
        .render(language=language, rows=rows, trends=_trends(root, runs, language))
    )


def _trends(root: Path, runs: list[tuple[Path, Mapping[str, JsonValue]]], language: str) -> dict[str, Markup]:
    suites: dict[str, list[Earlier]] = {}
    newest: dict[str, JsonValue] = {}
    for folder, summary in runs:
        suite = str(summary.get("suite", ""))
        run = run_of(_named(root, folder), summary, newest.get(suite, summary.get("version")))
        if suite and run:
            newest.setdefault(suite, summary.get("version"))
            suites.setdefault(suite, []).insert(0, run)
    drawn = {suite: trend(found, language) for suite, found in suites.items()}
    return {suite: Markup(svg) for suite, svg in drawn.items() if svg}  # noqa: S704 - its words are escaped


def _named(root: Path, folder: Path) -> str:
    return folder.relative_to(root).as_posix()


def _share(value: JsonValue) -> str:
    return f"{value:.1%}" if isinstance(value, int | float) else ""
