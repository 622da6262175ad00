"""What a server has loaded is not looked through by the collector of garbage again."""

import gc

from agent.memory import settle_memory


class Loaded:
    """Something that stays."""


def test_what_is_there_is_no_longer_collected_through() -> None:
    loaded = Loaded()
    assert any(one is loaded for one in gc.get_objects())
    settle_memory()
    try:
        assert not any(one is loaded for one in gc.get_objects())
    finally:
        gc.unfreeze()
    assert any(one is loaded for one in gc.get_objects())
