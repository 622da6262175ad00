"""A real HTTPS server on loopback, under any names, with an authority made on the spot."""

import ssl
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import trustme

from knowledge.web.addresses import PublicTransport
from knowledge.web.courtesy import Courtesy
from knowledge.web.reading import Web

NAMES = ("shop.example", "other.example")


@dataclass(frozen=True)
class Answer:
    body: bytes = b""
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Asked:
    host: str
    path: str
    headers: Mapping[str, str]


@dataclass
class Site:
    """pages: what is answered, by path; a function is given the request's headers. asked: every request, in order."""

    port: int
    trusted: ssl.SSLContext
    pages: dict[str, Answer | Callable[[Mapping[str, str]], Answer]] = field(default_factory=dict)
    asked: list[Asked] = field(default_factory=list)
    slept: list[float] = field(default_factory=list)

    def url(self, path: str, host: str = NAMES[0]) -> str:
        return f"https://{host}:{self.port}{path}"

    def web(self) -> Web:
        """A client that takes both names for public ones, trusts the authority, and does not really wait."""
        transport = PublicTransport(self.resolve, allowed=lambda address: address == "127.0.0.1", verify=self.trusted)
        return Web(transport, Courtesy(sleep=self.slept.append))

    def resolve(self, host: str, port: int) -> list[str]:
        if host not in NAMES:
            raise OSError("unknown host")
        return ["127.0.0.1"]

    def paths(self) -> list[str]:
        """What was asked for since the last call, robots.txt aside."""
        found = [asked.path for asked in self.asked if asked.path != "/robots.txt"]
        self.asked.clear()
        return found


@contextmanager
def https_site() -> Iterator[Site]:
    """A server that answers 404 to all that `pages` does not hold."""
    authority = trustme.CA()
    served = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert(*NAMES).configure_cert(served)
    trusted = ssl.create_default_context()
    authority.configure_trust(trusted)

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            headers = {name.lower(): value for name, value in self.headers.items()}
            site.asked.append(Asked(headers.get("host", ""), self.path, headers))
            found = site.pages.get(self.path, Answer(status=404))
            answer = found(headers) if callable(found) else found
            self.send_response(answer.status)
            kind = {} if "content-type" in answer.headers else {"content-type": "text/html; charset=utf-8"}
            for name, value in {**kind, **answer.headers, "content-length": str(len(answer.body))}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(answer.body)

        def log_message(self, *_: object) -> None:
            """Says nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.socket = served.wrap_socket(server.socket, server_side=True)
    site = Site(port=server.server_port, trusted=trusted)
    thread = Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    try:
        yield site
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
