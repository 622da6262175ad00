"""A real PostgreSQL server of our own on a free port of this machine, gone with the tests."""

import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path

import psycopg
from psycopg import sql

_START_S = 60.0
_USER = "parley"
_SYSTEM_USER = "postgres"  # the server refuses to run as root


@dataclass
class PostgresServer:
    """A server that is ready; everything in it is lost when it ends."""

    port: int
    _numbers: Iterator[int] = field(default_factory=lambda: count(1))

    def new_database(self) -> str:
        """A new, empty database, as `[store] url` names it."""
        name = f"parley_{next(self._numbers)}"
        with psycopg.connect(self._address("postgres"), autocommit=True) as connection:
            connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        return self._address(name).replace("postgresql://", "postgresql+asyncpg://")

    def accepts(self) -> bool:
        """Whether it takes connections yet."""
        try:
            psycopg.connect(self._address("postgres"), connect_timeout=2).close()
        except psycopg.OperationalError:
            return False
        return True

    def _address(self, database: str) -> str:
        return f"postgresql://{_USER}@127.0.0.1:{self.port}/{database}"


@contextmanager
def postgres_server() -> Iterator[PostgresServer]:
    """Makes a cluster and serves it on loopback. Needs PostgreSQL's programs (`scripts/postgres.sh`)."""
    programs = max(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: int(path.parent.name))
    owner = _SYSTEM_USER if os.geteuid() == 0 else None
    folder = Path(tempfile.mkdtemp(prefix="parley-postgres-"))
    if owner:
        shutil.chown(folder, owner)
    data = folder / "data"
    making = [programs / "initdb", "-D", data, "-U", _USER, "-E", "UTF8", "--locale=C", "--auth=trust", "--no-sync"]
    subprocess.run(making, check=True, user=owner, cwd=folder, stdout=subprocess.DEVNULL)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        server = PostgresServer(port=free.getsockname()[1])
    settings = {"listen_addresses": "127.0.0.1", "unix_socket_directories": "", "fsync": "off"}
    serving = [programs / "postgres", "-D", data, "-p", str(server.port)]
    serving += [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(serving, user=owner, cwd=folder, stdout=log, stderr=log)
    try:
        _wait_for(server, process, folder / "log")
        yield server
    finally:
        process.send_signal(signal.SIGINT)
        process.wait(30)
        shutil.rmtree(folder, ignore_errors=True)


def _wait_for(server: PostgresServer, process: subprocess.Popen[bytes], log: Path) -> None:
    until = time.monotonic() + _START_S
    while not server.accepts():
        assert process.poll() is None, log.read_text("utf-8", "replace")
        assert time.monotonic() < until, log.read_text("utf-8", "replace")
        time.sleep(0.1)
