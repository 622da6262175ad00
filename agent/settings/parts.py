"""What the sections of the settings are made of."""

from ipaddress import ip_address
from typing import Annotated
from urllib.parse import urlsplit

from pydantic import AfterValidator, BaseModel, ConfigDict


class Section(BaseModel):
    """A table of parley.toml; a name it does not know is an error."""

    model_config = ConfigDict(extra="forbid")


def _server_url(url: str) -> str:
    """Raises ValueError for what is no URL of a server; "" stands for none."""
    parts = urlsplit(url)
    if url and (parts.scheme not in {"http", "https"} or not parts.hostname or parts.port == 0):
        raise ValueError(f"{url!r} is not a URL such as http://127.0.0.1:8000/v1")
    return url


def _origin(text: str) -> str:
    """An origin as browsers write it: lower case, no path. Raises ValueError for anything else."""
    parts = urlsplit(text.strip().lower())
    origin = f"{parts.scheme}://{parts.netloc}"
    usual_port = {"http": ":80", "https": ":443"}.get(parts.scheme, "")
    plain = parts.scheme in {"http", "https"} and parts.hostname and "@" not in parts.netloc and parts.port != 0
    if not plain or parts.path.strip("/") or parts.query or parts.fragment or "*" in text:
        raise ValueError(f"{text!r} is not an origin such as https://shop.example")
    return origin.removesuffix(usual_port)


def is_here(url: str) -> bool:
    """Whether a server runs on this machine."""
    host = urlsplit(url).hostname or ""
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False


ServerUrl = Annotated[str, AfterValidator(_server_url)]
Origin = Annotated[str, AfterValidator(_origin)]
