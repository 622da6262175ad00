"""What the step leaves for a person to decide on."""

from pydantic import BaseModel, ConfigDict

from agent.types import Language

CLUSTERS = "clusters.jsonl"
"""Where the step leaves them."""


class Example(BaseModel):
    """An utterance of a cluster. nearness: cosine with the cluster's middle, −1…1."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: str
    text: str
    nearness: float


class Known(BaseModel):
    """The intent a cluster is most like. share: of its utterances that look like that intent, 0…1."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    label: str
    share: float


class Cluster(BaseModel):
    """Utterances that seem to want the same.

    name: suggested; that of the intent itself where `more_of` says that these are further examples of it.
    terms: what tells it from the other clusters, most telling first. central: the nearest to its middle first;
    borderline: the least sure ones, which a person should look at before accepting. members: ids, nearest first.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: str
    name: str
    language: Language
    size: int
    terms: tuple[str, ...]
    central: tuple[Example, ...]
    borderline: tuple[Example, ...]
    nearest: Known | None = None
    more_of: str | None = None
    members: tuple[str, ...]


class Suspect(BaseModel):
    """A labelled utterance whose label seems wrong. score: how many times as probable the suggested one is,
    log 10."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: str
    text: str
    label: str
    suggested: str
    score: float


class Wanted(BaseModel):
    """An utterance worth labelling. suggested: what the classifier would say, or ""; cluster: where it lies, or ""."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: str
    text: str
    suggested: str
    cluster: str
    reason: str
