"""Where files are kept that any deployment of this user may share, and that may be deleted: they are made again."""

import os
from pathlib import Path


def cache_folder() -> Path:
    """XDG_CACHE_HOME or ~/.cache, then parley. Raises RuntimeError where the user has no home."""
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "parley"
