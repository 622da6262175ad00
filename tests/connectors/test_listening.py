"""The server's address: had by one, from the moment that it is taken."""

import socket
import subprocess
import sys

import pytest

from agent.errors import OperatorError
from connectors.web.listening import bound

_HOLDS = """
import sys
from connectors.web.listening import bound
with bound("127.0.0.1", 0) as address:
    print(address.getsockname()[1], flush=True)
    sys.stdin.read()
"""


def test_a_second_server_is_refused_while_the_first_still_loads() -> None:
    with bound("127.0.0.1", 0) as first:
        port = first.getsockname()[1]
        with pytest.raises(OperatorError, match=f"port {port} of 127.0.0.1 is taken"):
            bound("127.0.0.1", port)


def test_also_where_the_first_is_another_process() -> None:
    holder = subprocess.Popen([sys.executable, "-c", _HOLDS], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    try:
        assert holder.stdout is not None
        port = int(holder.stdout.readline())
        with pytest.raises(OperatorError, match="is taken"):
            bound("127.0.0.1", port)
    finally:
        holder.communicate()
    bound("127.0.0.1", port).close()  # free again


def test_who_calls_before_the_server_is_ready_waits() -> None:
    with bound("127.0.0.1", 0) as address, socket.create_connection(address.getsockname(), timeout=5) as caller:
        caller.sendall(b"GET / HTTP/1.1\r\n\r\n")
        taken, _ = address.accept()
        with taken:
            assert taken.recv(3) == b"GET"


def test_an_address_that_was_just_used_can_be_had_at_once() -> None:
    with bound("127.0.0.1", 0) as address:
        port = address.getsockname()[1]
        with socket.create_connection(("127.0.0.1", port)):
            taken, _ = address.accept()
            taken.close()  # the server ends the connection, whose address lingers
    bound("127.0.0.1", port).close()
