"""What can be looked up and done: tools, flows, and a model that acts."""

from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AsyncExitStack, aclosing, asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import TypeAlias

from agent.bundles import BundlesInUse
from agent.flows.loading import load_flows
from agent.flows.runner import FlowRunner
from agent.home import Home
from agent.phrases import SetPhrases
from agent.policy import YamlPolicy, load_policy
from agent.ports import Accounts, Actions, Actor, Tool
from agent.settings import secret_from
from agent.tools.declared import on_behalf_in, open_operations
from agent.tools.record_lookup import load_tools
from agent.understand.in_use import SentimentInUse
from agent.wiring.models import Models

Clock: TypeAlias = Callable[[], datetime]


@dataclass(frozen=True, slots=True, kw_only=True)
class Doing:
    """What can be looked up and done. runner, actor: None where there is nothing to run."""

    tools: Mapping[str, Tool]
    policy: YamlPolicy
    runner: FlowRunner | None
    actor: Actor | None


@asynccontextmanager
async def open_doing(
    home: Home,
    bundles: BundlesInUse,
    actions: Actions,
    phrases: SetPhrases,
    models: Models,
    accounts: Accounts,
    clock: Clock,
) -> AsyncIterator[Doing]:
    """The tools and flows of a home, connected as long as the block lasts."""
    async with AsyncExitStack() as opened:
        operations = await opened.enter_async_context(open_operations(home.tools_file, secret_from))
        flows = load_flows(home.flows, operations)
        tools, feelings = load_tools(home.tools_file, lambda: clock().date()), SentimentInUse(bundles.sentiment)
        policy = load_policy(home.policy_file, feelings, phrases=phrases.names, tools=tools.keys(), flows=flows.keys())
        actor: Actor | None = None
        of_askers = on_behalf_in(home.tools_file)
        if models.endpoint is not None and (operations or of_askers) and policy.lets_models_act:
            # Imported here: see `agent.wiring.models`.
            from agent.tools.acting import ModelActor
            from agent.tools.chat_model import ToolChat
            from agent.tools.on_behalf import OnBehalf

            behalf = OnBehalf(of_askers, accounts) if of_askers else None
            chat = await opened.enter_async_context(aclosing(ToolChat(models.endpoint)))
            actor = ModelActor(chat, operations, phrases, home.root, clock, behalf)
        runner: FlowRunner | None = None
        if flows or actor:
            runner = FlowRunner(flows, operations, actions, phrases, home.root, clock, acts=actor is not None)
        yield Doing(tools=tools, policy=policy, runner=runner, actor=actor)
