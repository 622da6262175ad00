"""Where a request comes from: its address, behind proxies too, and the origin of the page that sent it."""

import logging
from collections.abc import Sequence
from ipaddress import IPv6Address, ip_address, ip_network

from starlette.types import Scope

_LOG = logging.getLogger(__name__)


class Addresses:
    """Tells the address of a caller. trusted: addresses or networks of proxies whose X-Forwarded-For is believed."""

    def __init__(self, trusted: Sequence[str]) -> None:
        self._trusted = [ip_network(text) for text in trusted]
        self._warned = False

    def of(self, scope: Scope) -> str:
        """The address, IPv6 as its /64: whoever has one IPv6 address has all of those."""
        peer = scope["client"][0] if scope.get("client") else ""
        forwarded = header(scope, b"x-forwarded-for")
        if not forwarded:
            return _source(peer)
        if not self._trusts(peer):
            self._warn(peer)
            return _source(peer)
        hops = [hop.strip() for hop in forwarded.split(",")]
        while len(hops) > 1 and self._trusts(hops[-1]):
            hops.pop()
        return _source(hops[-1])

    def _trusts(self, address: str) -> bool:
        try:
            parsed = ip_address(address)
        except ValueError:
            return False
        return any(parsed in network for network in self._trusted)

    def _warn(self, peer: str) -> None:
        if not self._warned:
            self._warned = True
            _LOG.warning(
                "requests come through a proxy at %s, which is not trusted: all its callers share one limit. "
                "Is it yours, name it in [server] trusted_proxies.",
                peer,
            )


def header(scope: Scope, name: bytes) -> str:
    """The value of a request's header, several of one name joined; "" when there is none."""
    return ", ".join(value.decode("latin-1") for key, value in scope["headers"] if key == name)


def _source(address: str) -> str:
    """An address as limits count it; whatever is no address counts as one."""
    try:
        parsed = ip_address(address)
    except ValueError:
        return "unknown"
    if isinstance(parsed, IPv6Address):
        if parsed.ipv4_mapped:
            return str(parsed.ipv4_mapped)
        return str(ip_network((parsed, 64), strict=False).network_address)
    return str(parsed)
