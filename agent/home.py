"""The home: one folder that holds everything of one deployment."""

import os
import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from agent.errors import HomeError

HOME_ENV = "PARLEY_HOME"
SAMPLE_MARK = ".sample"


@dataclass(frozen=True, slots=True)
class Home:
    """Where things lie in a home."""

    root: Path

    @property
    def settings_file(self) -> Path:
        return self.root / "parley.toml"

    @property
    def policy_file(self) -> Path:
        return self.root / "policy.yaml"

    @property
    def tools_file(self) -> Path:
        return self.root / "tools.yaml"

    @property
    def flows(self) -> Path:
        """A file for each flow."""
        return self.root / "flows"

    @property
    def suggestions_file(self) -> Path:
        return self.root / "suggestions.yaml"

    @property
    def documents(self) -> Path:
        return self.root / "documents"

    @property
    def articles(self) -> Path:
        """Articles that colleagues wrote while they worked, a file for each."""
        return self.root / "articles"

    @property
    def graph(self) -> Path:
        return self.root / "graph"

    @property
    def bundles(self) -> Path:
        return self.root / "bundles"

    @property
    def moods(self) -> Path:
        return self.root / "bundles" / "moods"

    @property
    def files(self) -> Path:
        """What customers sent, a folder for each conversation."""
        return self.root / "files"

    @property
    def secret_file(self) -> Path:
        return self.root / "secret.key"

    @property
    def holds_sample(self) -> bool:
        """Whether the bundled sample company is still what this home is about."""
        return (self.root / SAMPLE_MARK).is_file()

    def secret(self) -> str:
        """Key that signs tokens and opens the API of this home; made at first use, readable by its owner alone."""
        return _secret(self.secret_file)

    def forgetting_secret(self) -> str:
        """What salts the digests by which the deleted are remembered; made at first use, and never to be changed."""
        return _secret(self.root / "forgotten.key")

    def key(self, name: str) -> str:
        """A key of this home for one purpose, 32 bytes in URL-safe base64; made at first use, for its owner alone."""
        return _secret(self.root / f"{name}.key")


def _secret(file: Path) -> str:
    """What the file holds, made whole where there is none: of several processes one makes it, and all read the same."""
    if not file.is_file():
        file.parent.mkdir(parents=True, exist_ok=True)
        draft = file.with_name(f".{file.name}-{secrets.token_hex(8)}")
        draft.touch(mode=0o600)
        draft.write_text(secrets.token_urlsafe(32), "utf-8")
        with suppress(FileExistsError):
            os.link(draft, file)
        draft.unlink()
    return file.read_text("utf-8").strip()


@contextmanager
def new_folder(root: Path, *, settings: str, policy: Path) -> Iterator[Home]:
    """A new home, to be filled in the block; what is already there is left as it is.

    The settings file, by which a folder is known to be a home, is written last and whole: a home whose making was
    interrupted is made again. Raises HomeError when the folder can't be made or written.
    """
    home = Home(root)
    with _writing(root):
        root.mkdir(parents=True, exist_ok=True)
        if not home.policy_file.exists():
            shutil.copyfile(policy, home.policy_file)
        home.secret()
    yield home
    with _writing(root):
        if not home.settings_file.exists():
            draft = home.settings_file.with_suffix(".toml.new")
            draft.write_text(settings, "utf-8")
            draft.replace(home.settings_file)


@contextmanager
def _writing(root: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise HomeError(f"{root} can't be written ({error.strerror}). Choose another folder with --home.") from error
