"""Tells the other processes of this machine that have the same SQLite file open what is new in it.

Each has a socket in a folder beside the file, and whoever writes sends the others a datagram. What can't be delivered is
let go: whoever missed it finds it at its next look into the store.
"""

import asyncio
import json
import logging
import os
import secrets
import socket
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

_LOG = logging.getLogger(__name__)
_AT_ONCE = 64  # news in one datagram
_LARGEST = 1 << 18  # bytes
_MOST_UNSENT = 10_000
_AGAIN_S = 0.005  # before it is tried again with one who has yet to take what was sent before
_SETTLED_NS = 1_000_000_000  # a folder's time of change is coarse: what changed less long ago may have changed again
_LONGEST_ADDRESS = 100  # bytes; the system's bound on a socket's name is 104 or 108

Told = Callable[[str, str], None]
"""Called with a conversation in which something is new, and a word about it that is not stored, or ""."""


class Neighbours:
    """The processes that share a file. folder: where their sockets are; told: hears what the others say."""

    def __init__(self, folder: Path, told: Told) -> None:
        self._folder = folder
        self._told = told
        self._name = f"{os.getpid()}-{secrets.token_hex(4)}"
        self._socket: socket.socket | None = None
        self._handle = -1  # of the folder, by which a socket has a short name
        self._others: tuple[str, ...] = ()
        self._changed = -1  # the folder, when the others were looked up, in nanoseconds
        self._unsent: dict[str, dict[tuple[str, str], None]] = {}
        self._sending: asyncio.Handle | None = None

    @contextmanager
    def listening(self) -> Iterator[None]:
        """Hears the others, and is heard by them, until the end of the block."""
        try:
            self._open()
        except (OSError, AttributeError) as error:  # a file system without sockets, a system without them
            _LOG.info("processes on one file will not hear of each other at once: %s", error)
            self._close()
            yield
            return
        try:
            yield
        finally:
            self._send()
            self._close()

    def tell(self, conversation_id: str, word: str = "") -> None:
        """Tells the others, soon; at no cost where there are none."""
        if self._socket is None or not (others := self._found()):
            return
        for name in others:
            self._unsent.setdefault(name, {})[conversation_id, word] = None
        if self._sending is None:
            self._sending = asyncio.get_running_loop().call_soon(self._send)

    def _open(self) -> None:
        self._folder.mkdir(mode=0o700, exist_ok=True)
        self._handle = os.open(self._folder, os.O_RDONLY)
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self._socket.setblocking(False)
        self._socket.bind(self._address(self._name))
        asyncio.get_running_loop().add_reader(self._socket, self._hear)

    def _close(self) -> None:
        if self._socket is not None:
            asyncio.get_running_loop().remove_reader(self._socket)
            self._socket.close()
            (self._folder / self._name).unlink(missing_ok=True)
        if self._handle >= 0:
            os.close(self._handle)
        if self._sending is not None:
            self._sending.cancel()
        self._socket, self._handle, self._sending = None, -1, None

    def _address(self, name: str) -> str:
        whole = str(self._folder / name)
        short = len(os.fsencode(whole)) <= _LONGEST_ADDRESS
        return whole if short else f"/proc/self/fd/{self._handle}/{name}"

    def _found(self) -> tuple[str, ...]:
        """The sockets of the others."""
        with suppress(OSError):
            changed = self._folder.stat().st_mtime_ns
            if changed != self._changed or time.time_ns() - changed < _SETTLED_NS:
                self._changed = changed
                self._others = tuple(one.name for one in self._folder.iterdir() if one.name != self._name)
        return self._others

    def _send(self) -> None:
        """Sends what has not been sent; what one can't take yet, a little later."""
        self._sending = None
        for name, news in list(self._unsent.items()):
            if self._sent(name, news):
                del self._unsent[name]
        if self._unsent:
            self._sending = asyncio.get_running_loop().call_later(_AGAIN_S, self._send)

    def _sent(self, name: str, news: dict[tuple[str, str], None]) -> bool:
        """Whether nothing more is to be sent there."""
        while news and self._socket is not None:
            some = list(news)[:_AT_ONCE]
            try:
                self._socket.sendto(json.dumps(some).encode(), self._address(name))
            except BlockingIOError:
                return len(news) > _MOST_UNSENT
            except ConnectionRefusedError:  # its process has died
                (self._folder / name).unlink(missing_ok=True)
                return True
            except OSError:  # it has just ended
                return True
            for one in some:
                del news[one]
        return True

    def _hear(self) -> None:
        with suppress(BlockingIOError):
            while self._socket is not None:
                for conversation_id, word in json.loads(self._socket.recv(_LARGEST)):
                    self._told(conversation_id, word)
