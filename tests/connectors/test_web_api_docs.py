"""docs/web-api.md: its examples work, and no route of the API is missing."""

import re
from pathlib import Path

import pytest

from agent.settings import load_settings
from agent.settings.web import SiteSettings
from connectors.web.identity import Identities
from tests.support.identities import SECRET
from tests.support.web_server import serving

TEXT = (Path(__file__).parents[2] / "docs" / "web-api.md").read_text("utf-8")


def block(language: str) -> str:
    found = re.search(rf"```{language}\n(.*?)```", TEXT, re.DOTALL)
    assert found
    return found[1]


def test_the_settings_are_understood(tmp_path: Path) -> None:
    (tmp_path / "parley.toml").write_text(block("toml"), "utf-8")
    settings = load_settings(tmp_path)
    assert settings.widget.consent.required
    assert settings.widget.sites["shop"].origins == ["https://www.shop.example"]


def test_the_identity_that_python_signs_holds() -> None:
    names = {"secret": SECRET}
    exec(compile(block("python"), "docs/web-api.md", "exec"), names)
    site = SiteSettings(keys={"k1": SECRET})  # type: ignore[dict-item]
    customer = Identities.of({"shop": site}).check(names["identity"])
    assert (customer.id, customer.name) == ("42", "Mei Lin")


async def test_every_route_is_documented_with_its_errors(tmp_path: Path) -> None:
    async with serving(tmp_path) as client:
        document = (await client.get("/openapi.json")).json()
    assert "HTTPValidationError" not in document["components"]["schemas"]
    for path, operations in document["paths"].items():
        if not path.startswith("/v1/"):
            continue
        assert path.rpartition("/")[2].strip("{}").removesuffix("_id") in TEXT, path
        for method, operation in operations.items():
            where = f"{method} {path}"
            assert {"400", "403", "413", "429", "500"} <= set(operation["responses"]), where
            for status, answer in operation["responses"].items():
                if int(status) >= 400:
                    assert list(answer["content"]) == ["application/problem+json"], where
            if "{conversation_id}" in path:
                assert "404" in operation["responses"], where
                assert operation["security"], where


@pytest.mark.parametrize("path", ["/v1/about", "/v1/suggestions"])
async def test_what_was_replaced_is_gone(tmp_path: Path, path: str) -> None:
    async with serving(tmp_path) as client:
        assert (await client.get(path)).status_code == 404
        assert (await client.put("/v1/conversations/x")).headers["allow"] == "DELETE, GET"
