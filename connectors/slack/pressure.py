"""Whether this process keeps up: how late its event loop is, by which questions are taken up sooner or later."""

import asyncio
from contextlib import suppress

_LOOK_S = 0.01
_LATE_S = 0.025
_FADES = 0.7


class Pressure:
    """What is acknowledged must not wait for what is answered. So a question is taken up when the loop is prompt."""

    def __init__(self, patience_s: float) -> None:
        """patience_s: how long a question waits for that, so that a machine that is never quiet answers, too."""
        self._patience_s = patience_s
        self._late_s = 0.0
        self._quiet = asyncio.Event()
        self._quiet.set()

    async def watch(self) -> None:
        """Looks again and again."""
        loop = asyncio.get_running_loop()
        while True:
            begun = loop.time()
            await asyncio.sleep(_LOOK_S)
            self._late_s = max(loop.time() - begun - _LOOK_S, self._late_s * _FADES)
            if self._late_s < _LATE_S:
                self._quiet.set()
            else:
                self._quiet.clear()

    async def eased(self) -> None:
        """Returns when the loop is prompt, or has not been for too long."""
        with suppress(TimeoutError):
            async with asyncio.timeout(self._patience_s):
                await self._quiet.wait()
