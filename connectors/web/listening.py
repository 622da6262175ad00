"""The address that the server listens on, taken before anything slow begins."""

import errno
import socket

from agent.errors import OperatorError

_BACKLOG = 2048
"""Callers that may wait; as many as uvicorn lets wait."""


def bound(host: str, port: int) -> socket.socket:
    """A socket that listens on the address; who calls before the server is ready waits.

    It listens at once, as several sockets may be bound to an address where none listens yet.

    Raises OperatorError, which says what to do, when the address can't be had.
    """
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        taken = socket.socket(family, kind, protocol)
    except OSError as error:
        raise OperatorError(f"{host} is no address of this machine: choose another with --host") from error
    try:
        taken.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        taken.bind(address)
        taken.listen(_BACKLOG)
    except OSError as error:
        taken.close()
        raise OperatorError(_why(error, host, port)) from error
    return taken


def _why(error: OSError, host: str, port: int) -> str:
    if error.errno == errno.EADDRINUSE:
        other = f"--port {port + 1 if port < 65535 else port - 1}"
        return f"port {port} of {host} is taken: end what uses it, or choose another with {other} (make run: PORT=…)"
    if error.errno == errno.EACCES:
        return f"port {port} needs more rights than you have: choose one above 1023 with --port"
    return f"{host}:{port} can't be listened on ({error.strerror}): choose another with --host and --port"
