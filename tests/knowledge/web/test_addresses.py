"""Only addresses on the public internet are connected to, also where a name changes its mind."""

import httpx
import pytest

from knowledge.errors import UnreadableSource
from knowledge.web.addresses import PublicTransport, is_public
from knowledge.web.courtesy import Courtesy
from knowledge.web.reading import Web
from tests.support.https_site import Answer, https_site


@pytest.mark.parametrize(
    "address",
    [
        *(
            "127.0.0.1",
            "10.1.2.3",
            "172.16.0.1",
            "192.168.1.1",
            "169.254.169.254",
            "100.64.0.1",
            "0.0.0.0",
            "224.0.0.1",
        ),
        *("::1", "::", "fe80::1", "fc00::1", "ff02::1", "::ffff:127.0.0.1", "::ffff:10.0.0.1", "64:ff9b::7f00:1"),
        "2002:7f00:0001::1",
    ],
)
def test_private_addresses_are_told_in_any_form(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize("address", ["1.1.1.1", "93.184.216.34", "2606:4700:4700::1111"])
def test_public_ones_as_well(address: str) -> None:
    assert is_public(address)


@pytest.mark.parametrize(
    "url", ["http://shop.example/", "https://127.0.0.1/x", "https://[::1]/", "https://10.0.0.1", "ftp://x", "https://"]
)
def test_what_is_not_public_https_is_refused(url: str) -> None:
    web = Web(PublicTransport(lambda host, _: [host.strip("[]")]))
    with pytest.raises(UnreadableSource, match=r"only https|public internet|host is unknown"):
        web.read(url)
    web.close()


def test_one_private_address_among_public_ones_is_enough_to_refuse() -> None:
    web = Web(PublicTransport(lambda *_: ["1.1.1.1", "10.0.0.1"]))
    with pytest.raises(UnreadableSource, match="public internet"):
        web.read("https://shop.example/")
    web.close()


def test_a_name_is_looked_up_once_and_the_checked_address_is_used() -> None:
    answers = [["127.0.0.1"], ["10.0.0.1"]]  # what a rebinding name says first, and then
    with https_site() as site:
        site.pages["/"] = Answer(b"<p>hi</p>")
        transport = PublicTransport(lambda *_: answers.pop(0), allowed=lambda a: a == "127.0.0.1", verify=site.trusted)
        web = Web(transport, Courtesy(sleep=lambda _: None))
        assert web.read(site.url("/")) is not None
        assert web.read(site.url("/")) is not None
        web.close()
        assert len(answers) == 1
        assert {asked.host for asked in site.asked} == {f"shop.example:{site.port}"}


def test_the_certificate_is_checked_for_the_name_and_not_the_address() -> None:
    with https_site() as site:
        transport = PublicTransport(lambda *_: ["127.0.0.1"], allowed=lambda _: True, verify=site.trusted)
        web = Web(transport, Courtesy(sleep=lambda _: None))
        with pytest.raises(UnreadableSource, match=r"(?i)certificate"):
            web.read(site.url("/", host="impostor.example"))
        web.close()


def test_a_redirect_to_a_private_host_is_refused_before_it_is_asked() -> None:
    with https_site() as site:
        site.pages["/"] = Answer(status=302, headers={"location": f"https://10.0.0.1:{site.port}/admin"})
        site.pages["/plain"] = Answer(status=301, headers={"location": "http://shop.example/"})
        transport = PublicTransport(
            lambda host, _: ["127.0.0.1"] if host == "shop.example" else [host],
            allowed=lambda address: address == "127.0.0.1",
            verify=site.trusted,
        )
        web = Web(transport, Courtesy(sleep=lambda _: None))
        with pytest.raises(UnreadableSource, match="public internet"):
            web.read(site.url("/"))
        with pytest.raises(UnreadableSource, match="only https"):
            web.read(site.url("/plain"))
        web.close()


def test_other_transports_can_stand_in_for_the_network() -> None:
    web = Web(httpx.MockTransport(lambda request: httpx.Response(404 if "robots" in request.url.path else 200)))
    assert web.read("https://a.example/") is not None
    web.close()
