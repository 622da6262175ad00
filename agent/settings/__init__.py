"""All settings, in `parley.toml` of the home, each also an environment variable (`PARLEY_MODEL__BASE_URL`).

The environment is read here and nowhere else, but for the cache folder's place; it wins over the file.
"""

import os
import re
import tomllib
from collections.abc import Sequence
from pathlib import Path
from tomllib import TOMLDecodeError
from typing import Any, Literal

from pydantic import Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict, TomlConfigSettingsSource

from agent.errors import HomeError, SettingsError
from agent.home import HOME_ENV
from agent.settings.parts import Section, ServerUrl, is_here
from agent.settings.slack import SlackSettings
from agent.settings.web import ServerSettings, WidgetSettings
from agent.settings.wrong import read_text, secrets_in, unknown_variables, unreadable, wrong

_OTHER_VARIABLES = frozenset({HOME_ENV, "PARLEY_DATA", "PARLEY_CUSTOMER_KEY", "PARLEY_EVAL_KEY", "PARLEY_JUDGE_KEY"})
"""Read by commands, not by the settings."""
_BORNE_SECRETS = frozenset({("model", "api_key"), ("server", "secret"), ("server", "api_key")})
_SECRET_NAME = re.compile(r"KEY|TOKEN|SECRET|PASSW|CREDENTIAL", re.IGNORECASE)


class CompanySettings(Section):
    """Who speaks."""

    name: str = Field("our company", description="Company name used in greetings.")
    name_zh: str = Field("本公司", description="Company name in Chinese.")
    handoff_contact: str = Field(
        "", description="What a customer is told when no colleague is connected, e.g. a phone."
    )


class KnowledgeSettings(Section):
    """How documents are indexed and found."""

    embedder: Literal["auto", "minilm", "corpus", "endpoint"] = Field(
        "auto",
        description="auto: minilm where its packages are installed, else corpus-fitted; endpoint: a model server.",
    )
    embedding_base_url: ServerUrl = Field("", description="OpenAI-compatible URL for embedder = endpoint.")
    embedding_model: str = Field("", description="Model name for embedder = endpoint.")
    chroma_url: ServerUrl = Field("", description="Chroma server that holds the vectors; empty: a folder in the home.")
    reranker_base_url: ServerUrl = Field("", description="URL of a server with vLLM's /score; empty: no such server.")
    reranker_model: str = Field("", description="Cross-encoder: its name on that server, or a folder of this machine.")
    reranker_timeout_s: float = Field(2.0, gt=0, description="Seconds to wait for the reranker's server.")
    diversity: float = Field(0.0, ge=0, le=1, description="Keeps near-copies from crowding the passages; 0: off.")
    passages: int = Field(8, ge=1, le=50, description="Passages handed to the generator.")


class UnderstandingSettings(Section):
    """How a message is understood."""

    sentiment: Literal["models", "words"] = Field(
        "models", description="models: those that parley init trains, where they are; words: the lexicon alone."
    )


class OtherModel(Section):
    """Another model, for when the first fails."""

    base_url: ServerUrl = Field(description="OpenAI-compatible URL.")
    name: str = Field("", description="Model name as that server knows it; empty: the first it offers.")
    key: str = Field("", description="Which of [model] keys it wants; empty: none.")
    price_in: float = Field(0.0, ge=0, description="As in [model].")
    price_out: float = Field(0.0, ge=0, description="As in [model].")


class ModelSettings(Section):
    """The generation server; without base_url the extractive composer answers."""

    base_url: ServerUrl = Field("", description="OpenAI-compatible URL, e.g. http://127.0.0.1:8000/v1 of vLLM.")
    name: str = Field("", description="Model name as the server knows it; empty: the first it offers.")
    api_key: SecretStr = Field(SecretStr(""), description="Key of the model server; environment only.")
    connect_timeout_s: float = Field(3.0, gt=0, description="Seconds to connect.")
    first_token_timeout_s: float = Field(20.0, gt=0, description="Seconds to the first token.")
    total_timeout_s: float = Field(60.0, gt=0, description="Seconds for a whole answer.")
    max_tokens: int = Field(400, ge=1, description="Longest answer, in tokens.")
    temperature: float = Field(0.2, ge=0, le=2, description="Sampling temperature.")
    history_tokens: int = Field(800, ge=0, description="Longest history shown; what went before is summed up.")
    evidence_tokens: int = Field(3400, ge=1, description="Most evidence shown, in tokens.")
    retries: int = Field(
        1, ge=0, le=5, description="How often a request that failed before its first word is repeated."
    )
    at_once: int = Field(
        256, ge=1, description="Requests, and turns, at once; more wait, conversation by conversation."
    )
    hedge_base_url: ServerUrl = Field(
        "", description="A second server with the same model, asked when the first is slow."
    )
    hedge_after_s: float = Field(1.5, ge=0, description="Seconds without a first token until then.")
    verify: bool = Field(False, description="Have each sentence checked by a second, constrained request.")
    verify_timeout_s: float = Field(2.0, gt=0, description="Seconds for that; after them the other checks decide.")
    understand: bool = Field(
        False, description="One request for standing-alone question, intents and emotion, before each answer."
    )
    understand_timeout_s: float = Field(2.0, gt=0, description="Seconds for that; after them the classifiers decide.")
    price_in: float = Field(0.0, ge=0, description="Price of a million tokens read, for the cost of each answer.")
    price_out: float = Field(0.0, ge=0, description="Price of a million tokens written.")
    fallbacks: list[OtherModel] = Field(
        default_factory=list,
        description='Asked in this order when the model fails, such as [{base_url = "http://127.0.0.1:8002/v1", name = "small"}].',
    )
    keys: dict[str, SecretStr] = Field(
        default_factory=dict, description="Keys of other models, by name; environment only: PARLEY_MODEL__KEYS__SMALL."
    )
    intents: bool = Field(
        False, description="Let it choose, too, among the intents that a trained bundle holds likely."
    )
    intents_timeout_s: float = Field(
        2.0, gt=0, description="Seconds for that choice; after them the bundle's word stands."
    )

    @property
    def others(self) -> list["ModelSettings"]:
        """The fall-backs, each as settings of its own: everything but server, name, key and prices is shared."""
        return [
            self.model_copy(
                update={
                    "base_url": other.base_url,
                    "name": other.name,
                    "api_key": self.keys.get(other.key, SecretStr("")),
                    "price_in": other.price_in,
                    "price_out": other.price_out,
                    "hedge_base_url": "",
                    "fallbacks": [],
                }
            )
            for other in self.fallbacks
        ]

    @property
    def on_this_machine(self) -> bool:
        """Whether the server runs here, where no proxy of the environment leads."""
        return is_here(self.base_url)


class GuardSettings(Section):
    """When an answer is good enough to be said."""

    wrong_answer_cost: float = Field(
        1.8, gt=0, description="A wrong answer costs as much as this many declined ones; sets the support threshold."
    )


class StoreSettings(Section):
    """Where conversations are kept."""

    url: str = Field("", description="Database URL; empty: SQLite in the home.")


class LearningSettings(Section):
    """What may be learned from."""

    consent: bool = Field(
        False,
        description="Whether a new conversation may be learned from where its customer was not asked; true only where "
        "your terms ask for it. A customer's own word always wins, and changing this changes no older conversation.",
    )


class Settings(BaseSettings):
    """Settings of one deployment. `home` is the folder that holds everything of it."""

    model_config = SettingsConfigDict(env_prefix="PARLEY_", env_nested_delimiter="__", extra="forbid")

    home: Path = Field(Path(".parley"), description="Folder of the deployment.")
    company: CompanySettings = Field(default_factory=CompanySettings)
    knowledge: KnowledgeSettings = Field(default_factory=KnowledgeSettings)
    understanding: UnderstandingSettings = Field(default_factory=UnderstandingSettings)
    model: ModelSettings = Field(default_factory=ModelSettings)
    guard: GuardSettings = Field(default_factory=GuardSettings)
    server: ServerSettings = Field(default_factory=ServerSettings)
    widget: WidgetSettings = Field(default_factory=WidgetSettings)
    slack: SlackSettings = Field(default_factory=SlackSettings)
    store: StoreSettings = Field(default_factory=StoreSettings)
    learning: LearningSettings = Field(default_factory=LearningSettings)

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Arguments first, then the environment, then parley.toml of the home."""
        home = Path(str(init_settings().get("home", ".parley")))
        file = TomlConfigSettingsSource(settings_cls, home / "parley.toml")
        _refuse_secrets(file.toml_data)
        return (init_settings, env_settings, file)

    @property
    def people(self) -> str:
        """By what somebody of the company can be had, for the operator; "" where nobody can take over."""
        if self.slack.support_channel:
            return f"Slack channel {self.slack.support_channel}"
        if self.server.api_key.get_secret_value():
            return "whoever holds [server] api_key, by /v1/operator"
        return f"told to customers: {self.company.handoff_contact}" if self.company.handoff_contact else ""

    @property
    def database_url(self) -> str:
        """Async SQLAlchemy URL of the store."""
        return self.store.url or f"sqlite+aiosqlite:///{(self.home / 'parley.db').resolve()}"


def _refuse_secrets(file: dict[str, Any]) -> None:
    """Raises ValueError where a key stands in the settings file, which people copy and commit, but for those that always might."""
    for path in secrets_in(file, Settings):
        if path not in _BORNE_SECRETS:
            raise ValueError(_misplaced(path))


def _misplaced(path: Sequence[str]) -> str:
    *most, last = (part.upper() for part in path)
    # Of keys by name, such as [model] keys, the file may hold any.
    variable = f"PARLEY_{'__'.join([*most, last])}" + ("__…" if last == "KEYS" else "")
    return f"{'.'.join(path)}: secrets belong in the environment ({variable}), not in this file"


def misplaced_secrets(home: Path) -> list[str]:
    """A line on each secret that parley.toml sets, which works and should not stand there. Raises TOMLDecodeError."""
    return [_misplaced(path) for path in secrets_in(tomllib.loads(read_text(home / "parley.toml")), Settings)]


def load_settings(home: Path, *, must_exist: bool = True) -> Settings:
    """Settings of the deployment in `home`.

    Raises HomeError when the folder is no home, SettingsError when a value is wrong.
    """
    if must_exist and not (home / "parley.toml").is_file():
        raise HomeError(f"{home} is not a Parley home. Create one with: parley init {home}")
    file, text = home / "parley.toml", ""
    try:
        text = read_text(file)
        return Settings(home=home)
    except ValidationError as error:
        raise SettingsError(f"{file}: {wrong(error, Settings, text, os.environ)}") from error
    except TOMLDecodeError as error:
        raise SettingsError(f"{file}: {unreadable(text, error)}") from error
    except ValueError as error:
        raise SettingsError(f"{file}: {error}") from error


def ignored_variables(home: Path) -> list[str]:
    """A line on each variable PARLEY_… of the environment that sets nothing; those that tools.yaml names do."""
    tools = read_text(home / "tools.yaml")
    return unknown_variables(Settings, os.environ, lambda name: name in _OTHER_VARIABLES or name in tools)


def home_folder() -> Path:
    """The home that this process was told of: PARLEY_HOME, else ./.parley."""
    return Path(os.environ.get(HOME_ENV) or ".parley").expanduser()


def secrets_of(home: Path) -> frozenset[str]:
    """The values of the environment that nobody else may read: by their variables' names, or as tools.yaml names them."""
    try:
        named = set(re.findall(r"\w+", read_text(home / "tools.yaml")))
    except (OSError, ValueError):
        named = set()
    return frozenset(value for name, value in os.environ.items() if _SECRET_NAME.search(name) or name in named)


def secret_from(variable: str) -> str:
    """The value of an environment variable that a file names. Raises SettingsError where it is not set."""
    if value := os.environ.get(variable):
        return value
    raise SettingsError(f"the environment variable {variable} is not set; it holds what opens that server")
