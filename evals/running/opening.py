"""Opens what a job is run against: a home, a running server, an endpoint, a function."""

import asyncio
import os
from collections.abc import AsyncIterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import datetime
from itertools import cycle
from pathlib import Path
from typing import TYPE_CHECKING

from agent.cli.output import progress, stderr
from agent.errors import CallerError
from evals.running.job import READINGS, Job
from evals.targets.target import Target

if TYPE_CHECKING:
    from ssl import SSLContext

    import httpx

    from agent.conversations import Conversations
    from agent.loop import Agent
    from agent.settings import Settings

KEY = "PARLEY_EVAL_KEY"
_CLIENTS = 16


@asynccontextmanager
async def open_target(job: Job, work: Path) -> AsyncIterator[Target]:
    """What the job is run against. work: folder for homes that suites make."""
    import httpx

    wanted = job.target
    if wanted.stage != "turn" and any(case.dialogue for case in job.cases):
        raise CallerError("a dialogue needs whole turns; leave `stage: understand` out, or the dialogues")
    # Each imported where it is used: a run of the home needs no client of other servers.
    if wanted.function:
        from evals.targets.function import FunctionTarget

        yield FunctionTarget.load(wanted.function)
        return
    if wanted.url:
        from evals.targets.served import ServedTarget

        async with server_client(wanted.url) as client:
            yield ServedTarget(client, instructions=instructions_of(None))
        return
    if wanted.openai:
        from evals.targets.openai import OpenAITarget

        verify = httpx.create_ssl_context()
        async with AsyncExitStack() as opened:
            clients = [await opened.enter_async_context(server_client(wanted.openai, verify)) for _ in range(_CLIENTS)]
            yield OpenAITarget(client=clients[0], model=wanted.model or "default", clients=cycle(clients))
        return
    async with _open_home(job, work) as target:
        yield target


@asynccontextmanager
async def server_client(address: str, verify: "SSLContext | None" = None) -> AsyncIterator["httpx.AsyncClient"]:
    """A client of what is asked at an address, with the key of PARLEY_EVAL_KEY. verify: where one context serves several."""
    import httpx

    key = os.environ.get(KEY)
    headers = {"Authorization": f"Bearer {key}"} if key else {}
    base = address.rstrip("/") + "/"
    async with httpx.AsyncClient(base_url=base, headers=headers, timeout=120, verify=verify or True) as client:
        yield client


@asynccontextmanager
async def _open_home(job: Job, work: Path) -> AsyncIterator[Target]:
    from agent.build import open_agent, open_conversations
    from agent.settings import home_folder, load_settings
    from evals.suites.preparing import prepare_home
    from evals.targets.home import HomeTarget
    from evals.targets.understanding import UnderstandingTarget

    root = home_folder()
    if job.suite and job.target.home:
        with progress("Preparing") as line:
            root = await asyncio.to_thread(prepare_home, job.suite, job.target.home, work, line)
    settings = load_settings(root)
    now = job.target.home.now if job.target.home else None
    clock = lambda: now or datetime.now().astimezone()  # noqa: E731
    if job.target.stage == "understand":
        async with open_agent(settings, warm=True, clock=clock, at_once=READINGS) as reader:
            asyncio.get_running_loop().set_default_executor(ThreadPoolExecutor(READINGS))
            yield UnderstandingTarget(reader, f"understanding of home {root.resolve()}")
        return
    missing = await asyncio.to_thread(_missing, job, settings)
    held = sum(case.dialogue is not None for case in job.cases)
    async with AsyncExitStack() as opened:
        agent: Agent | None = None
        desk: Conversations | None = None
        if held < len(job.cases):
            agent = await opened.enter_async_context(open_agent(settings, warm=True, clock=clock))
        if held:
            desk = await opened.enter_async_context(open_conversations(settings, clock=clock))
        yield HomeTarget(
            agent,
            f"home {root.resolve()}",
            instructions_of(root / "prompts"),
            (settings.company.handoff_contact,),
            desk,
            missing,
        )


def _missing(job: Job, settings: "Settings") -> frozenset[str]:
    """Gold documents that the home does not hold, having said so."""
    from agent.home import Home
    from agent.homes import open_documents
    from evals.gold_docs import about_missing, missing_gold

    if not any(case.gold_docs for case in job.cases):
        return frozenset()
    with open_documents(Home(settings.home), settings) as library:
        missing = missing_gold(job.cases, library)
        if missing:
            held = sorted({passage.source_id for passage in library.all_passages()})
            stderr.print(about_missing(missing, held), markup=False, soft_wrap=True)
    return missing


def instructions_of(own: Path | None) -> tuple[str, ...]:
    """What an agent must keep to itself, in both languages. own: the folder of a home's prompts; None: as they are shipped."""
    from agent.generate.prompt_files import PromptFiles

    prompts = PromptFiles(own)
    return (prompts.instructions("en"), prompts.instructions("zh"))
