"""Looks a deployment over: each part is good, absent (Parley does without it), or broken with the way to mend it."""

import sys
from collections.abc import Callable, Collection
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import cache, partial
from pathlib import Path

import httpx

from agent.bundles import BUNDLES, Aged, aged_bundles, check_in_use
from agent.company import how_to_name, nameless
from agent.errors import ModelUnavailable, ParleyError
from agent.home import Home
from agent.homes import open_documents, open_graph
from agent.policy_of_home import policy_of
from agent.policy_update import policy_update
from agent.secrecy import without_secrets
from agent.settings import (
    ModelSettings,
    Settings,
    ignored_variables,
    load_settings,
    misplaced_secrets,
    secret_from,
    secrets_of,
)
from agent.store.database import close_engine, open_engine
from agent.tools.declared import looked_over
from agent.tools.record_lookup import load_tools
from agent.training.mood.defaults import open_sentiment
from agent.training.versions import Versions, versions_of
from agent.understand.sentiment.blended import BlendedSentiment
from knowledge.embedders import minilm, use
from knowledge.errors import KnowledgeError
from knowledge.rerankers import packaged


class Health(StrEnum):
    """State of one part."""

    GOOD = "good"
    ABSENT = "absent"
    BAD = "bad"


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One line of the diagnosis; `mend` says what to do, "" where nothing need be done."""

    name: str
    health: Health
    detail: str
    mend: str = ""


async def diagnose(root: Path) -> list[Finding]:
    """All findings, in the order in which to mend them; other systems' words in them without secrets."""
    secrets = secrets_of(root)
    return [replace(one, detail=without_secrets(one.detail, secrets)) for one in await _findings(root)]


async def _findings(root: Path) -> list[Finding]:
    python = f"{sys.version_info.major}.{sys.version_info.minor}.{sys.version_info.micro}"
    findings = [Finding(name="python", health=Health.GOOD, detail=python), _embeddings()]
    try:
        settings = load_settings(root)
    except ParleyError as error:
        return [*findings, _broken_home(root, error)]
    home = Home(root)
    aged = cache(partial(aged_bundles, home))  # reads bundles: once, and only where one is good
    sample = " (holds the sample company)" if home.holds_sample else ""
    findings.append(Finding(name="home", health=Health.GOOD, detail=f"{root}{sample}"))
    findings += [
        *(Finding(name="environment", health=Health.ABSENT, detail=one) for one in ignored_variables(root)),
        *(
            Finding(name="secrets", health=Health.ABSENT, detail=f"parley.toml: {one}")
            for one in misplaced_secrets(root)
        ),
        _company(home, settings),
        _people(settings),
        _guarded("policy", lambda: _policy(home)),
        *await _tools(home),
        _guarded("documents", lambda: _documents(home, settings)),
        _guarded("graph", lambda: _graph(home)),
        *(_young(aged, _guarded(name, partial(_bundle, name, versions_of(home, task)))) for name, task in BUNDLES),
        _young(aged, _guarded("moods", lambda: _moods(home, settings))),
        await _store(settings),
        *await _models(settings),
    ]
    return findings


def _broken_home(root: Path, error: ParleyError) -> Finding:
    """A new home is proposed only where there is none, as nothing else would be lost by it."""
    home = Home(root)
    if home.settings_file.is_file():
        mend = f"mend that in {home.settings_file}, or in the environment where the line above names a variable"
    elif home.documents.exists() and not home.holds_sample:
        mend = f"parley init --empty {root}"
    else:
        mend = f"parley init {root}"
    return Finding(name="home", health=Health.BAD, detail=str(error), mend=mend)


async def _models(settings: Settings) -> list[Finding]:
    """Each model server: whether it answers, how fast, and what vLLM tells of itself."""
    found: list[Finding] = []
    for number, model in enumerate((settings.model, *settings.model.others)):
        finding = await _model(model)
        found.append(finding if not number else replace(finding, name=f"model {number + 1}"))
        if finding.health is Health.GOOD:
            found += await _measured(model, found[-1].name)
    return found


async def _measured(model: ModelSettings, name: str) -> list[Finding]:
    # Imported here: the client costs a second that a home without a model need not pay.
    from agent.serving.measuring import measure, vllm_metrics

    found: list[Finding] = []
    try:
        found.append(Finding(name=f"{name} speed", health=Health.GOOD, detail=(await measure(model)).said))
    except ModelUnavailable as error:
        mend = "see what the server logs; a request of a few words must be answered"
        found.append(Finding(name=f"{name} speed", health=Health.BAD, detail=str(error), mend=mend))
    if metrics := await vllm_metrics(model):
        found.append(Finding(name=f"{name} load", health=Health.GOOD, detail=metrics.said))
    return found


def _guarded(name: str, look: Callable[[], Finding]) -> Finding:
    """The finding, or the named error as one."""
    try:
        return look()
    except (ParleyError, KnowledgeError, OSError) as error:
        return Finding(name=name, health=Health.BAD, detail=str(error), mend="mend what the line above names")


def _embeddings() -> Finding:
    if minilm.is_available() and not packaged.is_available():
        return Finding(
            name="embeddings",
            health=Health.ABSENT,
            detail="the packaged MiniLM; the cross-encoder that tells what answers is missing, and answers go by words",
            mend="better answers in both languages: make setup",
        )
    if minilm.is_available():
        detail = "the packaged MiniLM, by ONNX Runtime; Chinese by CC-CEDICT"
        if use.is_available():
            return Finding(name="embeddings", health=Health.GOOD, detail=f"{detail} and the multilingual encoder")
        return Finding(
            name="embeddings",
            health=Health.ABSENT,
            detail=f"{detail}; the multilingual encoder, by which more intents are told in Chinese, is missing",
            mend="more intents told in Chinese: make setup",
        )
    return Finding(
        name="embeddings",
        health=Health.ABSENT,
        detail="not installed: the embedder fitted on your own documents is used",
        mend="better retrieval in both languages: make setup",
    )


def _company(home: Home, settings: Settings) -> Finding:
    if wrong := nameless(home, settings):
        return Finding(name="company", health=Health.ABSENT, detail=wrong, mend=how_to_name(home))
    said = " · ".join(dict.fromkeys((settings.company.name, settings.company.name_zh)))
    return Finding(name="company", health=Health.GOOD, detail=said)


def _people(settings: Settings) -> Finding:
    if settings.people:
        return Finding(name="people", health=Health.GOOD, detail=settings.people)
    return Finding(
        name="people",
        health=Health.ABSENT,
        detail="nobody can take over: who asks for a person is told so, and may leave a message",
        mend="set [company] handoff_contact, [slack] support_channel (docs/slack.md), or PARLEY_SERVER__API_KEY for "
        "your own desk (docs/web-api.md)",
    )


def _policy(home: Home) -> Finding:
    policy_of(home)
    said, missing = str(home.policy_file), policy_update(home).missing
    if not missing:
        return Finding(name="policy", health=Health.GOOD, detail=said)
    said += f"; {len(missing)} rules that ship now are not in it, as {missing[0]!r}"
    return Finding(name="policy", health=Health.GOOD, detail=said, mend="parley policy update --dry-run")


async def _tools(home: Home) -> list[Finding]:
    """Each entry of tools.yaml: whether what it names is there, and answers."""
    try:
        lookups, declared = load_tools(home.tools_file), await looked_over(home.tools_file, secret_from)
    except ParleyError as error:
        return [Finding(name="tools", health=Health.BAD, detail=str(error), mend="mend what the line above names")]
    if not lookups and not declared:
        return [Finding(name="tools", health=Health.ABSENT, detail="none declared in tools.yaml")]
    found = _lookups(home, lookups)
    for entry in declared:
        of_server = "" if entry.operations == (entry.name,) else f": {', '.join(entry.operations)}"
        detail = f"{entry.name}{of_server}"
        if not entry.wrong:
            found.append(Finding(name="tools", health=Health.GOOD, detail=detail))
            continue
        mend = f"mend {entry.name} in {home.tools_file}, or what it names"
        found.append(Finding(name="tools", health=Health.BAD, detail=f"{detail}: {entry.wrong}", mend=mend))
    return found


def _lookups(home: Home, names: Collection[str]) -> list[Finding]:
    """Each lookup of records: whether a rule of the policy uses it, as nothing else does."""
    try:
        used = policy_of(home).tools
    except ParleyError:
        used = frozenset(names)  # the policy's own finding says what is wrong
    return [
        Finding(name="tools", health=Health.GOOD, detail=f"{name}: looks up records")
        if name in used
        else Finding(
            name="tools",
            health=Health.ABSENT,
            detail=f"{name}: looks up records, but no rule of {home.policy_file.name} uses it, so that it is never used",
            mend=f"add to the rules of {home.policy_file}, before the last one: {_RULE.format(name=name)}",
        )
        for name in names
    ]


_RULE = "{{name: uses {name}, when: {{mentions: 'an expression for what customers write'}}, do: act, tool: {name}}}"


def _documents(home: Home, settings: Settings) -> Finding:
    with open_documents(home, settings) as library:
        passages, embedder, internal = library.size, library.embedder_name, library.seemingly_internal()
    if not passages:
        return Finding(name="documents", health=Health.ABSENT, detail="none", mend="parley ingest PATH…")
    said = f"{passages} passages, embedder {embedder}"
    if not internal:
        return Finding(name="documents", health=Health.GOOD, detail=said)
    said += f"; customers may read {len(internal)} articles that call themselves internal, as {internal[0]!r}"
    return Finding(name="documents", health=Health.GOOD, detail=said, mend="parley ingest PATH… --internal-titles")


def _graph(home: Home) -> Finding:
    stats = open_graph(home).stats()
    if not stats.entities:
        return Finding(name="graph", health=Health.ABSENT, detail="empty", mend="parley graph import FILE")
    return Finding(name="graph", health=Health.GOOD, detail=f"{stats.entities} entities, {stats.facts} facts")


def _bundle(name: str, versions: Versions) -> Finding:
    said = check_in_use(versions)
    health = Health.GOOD if versions.speakers().version else Health.ABSENT
    return Finding(name=name, health=health, detail=said)


def _young(aged: Callable[[], list[Aged]], finding: Finding) -> Finding:
    """With what to do where a bundle that is good should be trained anew."""
    if finding.health is not Health.GOOD:
        return finding
    told = (one for one in aged() if one.name == finding.name)
    return next((replace(finding, detail=f"{finding.detail}, {one.why}", mend=one.mend) for one in told), finding)


def _moods(home: Home, settings: Settings) -> Finding:
    if settings.understanding.sentiment == "words":
        return Finding(name="moods", health=Health.GOOD, detail="the lexicon alone, as the settings have it")
    scorer = open_sentiment(home.moods)
    if isinstance(scorer, BlendedSentiment):
        return Finding(name="moods", health=Health.GOOD, detail=str(home.moods))
    return Finding(
        name="moods",
        health=Health.ABSENT,
        detail="no trained models: the lexicon alone is used",
        mend=f"parley --home {home.root} sentiment build",
    )


async def _store(settings: Settings) -> Finding:
    try:
        await close_engine(await open_engine(settings.database_url))
    except (ParleyError, OSError) as error:
        return Finding(name="store", health=Health.BAD, detail=str(error), mend="check [store] url, or the disk")
    return Finding(name="store", health=Health.GOOD, detail=settings.store.url.split("@")[-1] or "SQLite in the home")


async def _model(model: ModelSettings) -> Finding:
    if not model.base_url:
        return Finding(
            name="model",
            health=Health.ABSENT,
            detail="none: the extractive composer answers",
            mend="to have answers written: set [model] base_url to an OpenAI-compatible server",
        )
    try:
        names = await _offered(model)
    except (httpx.HTTPError, httpx.InvalidURL, ValueError, KeyError, TypeError) as error:
        said = str(error) or type(error).__name__
        return _without_model(f"{model.base_url}: {said}", "start the server, or mend [model] base_url or api_key")
    if not names:
        return _without_model(f"{model.base_url} serves no model", "start the server with a model")
    if model.name and model.name not in names:
        return _without_model(
            f"{model.base_url} does not serve {model.name!r}", f"set [model] name to one of: {', '.join(names)}"
        )
    return Finding(name="model", health=Health.GOOD, detail=f"{model.name or names[0]} at {model.base_url}")


async def _offered(model: ModelSettings) -> list[str]:
    """Names of the models that the server offers."""
    key = model.api_key.get_secret_value()
    headers = {"Authorization": f"Bearer {key}"} if key else {}
    trust = not model.on_this_machine
    async with httpx.AsyncClient(timeout=model.connect_timeout_s, headers=headers, trust_env=trust) as client:
        answer = await client.get(f"{model.base_url.rstrip('/')}/models")
        answer.raise_for_status()
        return [str(one["id"]) for one in answer.json()["data"]]


def _without_model(detail: str, mend: str) -> Finding:
    return Finding(
        name="model", health=Health.BAD, detail=f"{detail}; the extractive composer answers meanwhile", mend=mend
    )
