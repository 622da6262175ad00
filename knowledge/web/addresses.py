"""Connects to public addresses only: a host is looked up once, all its addresses are checked, and one of them is used.

A name that is looked up for the check and again for the connection could be given a private address the second time
("DNS rebinding"). So the connection goes to the very address that was checked, while TLS and the server are told the name.
"""

import socket
import ssl
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address
from threading import Lock

import httpx

from knowledge.errors import UnreadableSource

Resolver = Callable[[str, int], Sequence[str]]
"""The addresses of a host and port. Raises OSError for an unknown host."""
_NAT64 = IPv6Network("64:ff9b::/96")


def system_addresses(host: str, port: int) -> list[str]:
    """What this machine's resolver says."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(entry[4][0]).split("%")[0] for entry in found))


def is_public(address: str) -> bool:
    """Whether an address is on the public internet, also one that is wrapped in another ("::ffff:127.0.0.1")."""
    given = ip_address(address)
    return all(one.is_global and not (one.is_multicast or one.is_reserved) for one in (given, *_wrapped(given)))


def _wrapped(address: IPv4Address | IPv6Address) -> list[IPv4Address]:
    if isinstance(address, IPv4Address):
        return []
    nat64 = IPv4Address(int(address) & 0xFFFFFFFF) if address in _NAT64 else None
    teredo = address.teredo or ()
    return [one for one in (address.ipv4_mapped, address.sixtofour, nat64, *teredo) if one is not None]


@dataclass(frozen=True, slots=True)
class _Pinned:
    """A host's checked address, with connections of its own: TLS is verified for one name on each."""

    address: str
    transport: httpx.HTTPTransport


class PublicTransport(httpx.BaseTransport):
    """Sends each request to the checked address of its host. Safe to share between threads.

    resolve, allowed: other ways to look hosts up and to judge addresses; verify: other authorities than the usual.
    """

    def __init__(
        self,
        resolve: Resolver = system_addresses,
        allowed: Callable[[str], bool] = is_public,
        verify: ssl.SSLContext | bool = True,
    ) -> None:
        self._resolve = resolve
        self._allowed = allowed
        self._verify = verify
        self._pinned: dict[tuple[str, int], _Pinned] = {}
        self._lock = Lock()

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Raises UnreadableSource, before anything is sent, where the address is not public https."""
        url = request.url
        if url.scheme != "https" or not url.host:
            raise UnreadableSource(str(url), "only https pages are read")
        pinned = self._pin(str(url), url.host, url.port or 443)
        sent = httpx.Request(
            request.method,
            url.copy_with(host=pinned.address),
            headers=request.headers,
            stream=request.stream,
            extensions={**request.extensions, "sni_hostname": url.host},
        )
        return pinned.transport.handle_request(sent)

    def close(self) -> None:
        """Closes all connections."""
        with self._lock:
            for pinned in self._pinned.values():
                pinned.transport.close()
            self._pinned.clear()

    def _pin(self, url: str, host: str, port: int) -> _Pinned:
        with self._lock:
            if (host, port) not in self._pinned:
                address = self._checked(url, host, port)
                transport = httpx.HTTPTransport(verify=self._verify, trust_env=False)
                self._pinned[host, port] = _Pinned(address, transport)
            return self._pinned[host, port]

    def _checked(self, url: str, host: str, port: int) -> str:
        try:
            addresses = self._resolve(host, port)
        except (OSError, UnicodeError) as error:
            raise UnreadableSource(url, "its host is unknown") from error
        if not addresses or not all(map(self._allowed, addresses)):
            raise UnreadableSource(url, "its host is not on the public internet")
        return addresses[0]
