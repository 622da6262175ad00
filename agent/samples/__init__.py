"""The bundled sample company: a fictitious electronics shop with a small loan desk, in English and Chinese."""

from importlib.resources import files
from pathlib import Path


def sample_path() -> Path:
    """Folder of the sample company, as installed."""
    return Path(str(files(__name__))) / "shop"
