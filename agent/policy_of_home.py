"""The policy of a home, read beside what its rules may use; for whoever looks it over without serving it."""

from pathlib import Path

from agent.home import Home
from agent.policy import YamlPolicy, load_policy
from agent.tools.record_lookup import load_tools
from agent.understand.sentiment import default_sentiment


def policy_of(home: Home, path: Path | None = None) -> YamlPolicy:
    """The home's policy, or another file in its place. Raises SettingsError where it is wrong."""
    tools = load_tools(home.tools_file).keys()
    return load_policy(path or home.policy_file, default_sentiment(), tools=tools, flows=flow_names(home))


def flow_names(home: Home) -> frozenset[str]:
    """The flows that there are files of."""
    return frozenset(file.stem for file in home.flows.glob("*.yaml"))
