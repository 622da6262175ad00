"""What the widget is told before it begins, and what it must send to begin."""

from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.opening_hours import opening
from agent.settings import load_settings
from agent.settings.web import ConsentSettings, FormField, HoursSettings, UploadSettings, WidgetSettings
from connectors.web.forms import checked_form
from tests.support.web_server import serving

FORM = [
    FormField(name="email", label="E-mail", label_zh="邮箱", type="email", required=True),
    FormField(name="topic", label="Topic", type="select", options=["Order", "Return"], options_zh=["订单", "退货"]),
    FormField(name="phone", label="Phone", type="tel"),
]
WIDGET = WidgetSettings(
    consent=ConsentSettings(required=True, text="May we?", text_zh="可以吗？", privacy_url="https://shop.example/p"),
    form=FORM,
    uploads=UploadSettings(types=["image/png"], max_bytes=1000),
    images=["https://IMG.example:443/"],
    rating=False,
)


async def test_the_widget_is_told_everything_in_its_language(tmp_path: Path) -> None:
    async with serving(tmp_path, WIDGET) as client:
        english = (await client.get("/v1/widget")).json()
        chinese = (await client.get("/v1/widget?lang=zh-Hant-TW")).json()
        assert (await client.get("/v1/widget?lang=de")).json() == english
    assert english["consent"] == {
        "required": True,
        "learning": False,
        "text": "May we?",
        "privacy_url": "https://shop.example/p",
    }
    assert (chinese["consent"]["text"], chinese["suggestions"]) == ("可以吗？", ["ask zh"])
    assert [field["label"] for field in english["form"]] == ["E-mail", "Topic", "Phone"]
    assert [field["label"] for field in chinese["form"]] == ["邮箱", "Topic", "Phone"]
    assert chinese["form"][1]["options"] == ["订单", "退货"]
    assert english["uploads"] == {"types": ["image/png"], "max_bytes": 1000}
    assert (english["images"], english["hours"], english["rating"]) == (["https://img.example"], None, False)


async def test_by_default_nothing_is_asked_and_nothing_taken(tmp_path: Path) -> None:
    async with serving(tmp_path) as client:
        told = (await client.get("/v1/widget")).json()
    assert (told["form"], told["uploads"], told["images"], told["rating"]) == ([], None, [], True)
    assert told["consent"] == {"required": False, "learning": False, "text": "", "privacy_url": ""}


async def test_whoever_would_learn_from_a_chat_asks_before_it(tmp_path: Path) -> None:
    async with serving(tmp_path, WidgetSettings(consent=ConsentSettings(learning=True))) as client:
        told = (await client.get("/v1/widget")).json()["consent"]
        assert (told["required"], told["learning"]) == (True, True)
        made = await client.post("/v1/conversations", json={"consent": True, "learning": False})
    assert made.status_code == 201


async def test_a_conversation_begins_with_consent_and_a_form_that_is_filled_in(tmp_path: Path) -> None:
    good = {"email": "mei@shop.example", "topic": "退货"}
    wrong = [
        ({}, "form.email"),
        ({"email": "no"}, "form.email"),
        ({**good, "topic": "Other"}, "form.topic"),
        ({**good, "phone": "call me"}, "form.phone"),
        ({**good, "age": "7"}, "form.age"),
        ({**good, "phone": 7}, "form.phone"),
    ]
    async with serving(tmp_path, WIDGET) as client:
        for refused in ({"form": good}, {"form": good, "consent": False}):
            assert (await client.post("/v1/conversations", json=refused)).status_code == 403
        assert (await client.post("/v1/conversations")).status_code == 403
        for form, name in wrong:
            answer = await client.post("/v1/conversations", json={"consent": True, "form": form})
            assert answer.status_code == 422
            assert answer.json()["detail"].startswith(name)
        made = await client.post("/v1/conversations", json={"consent": True, "form": good, "lang": "zh-CN"})
        assert (made.status_code, set(made.json())) == (201, {"id", "token"})


@given(st.dictionaries(st.sampled_from(["email", "topic", "phone"]), st.text(max_size=600)))
def test_a_form_is_checked_whatever_is_in_it(answers: dict[str, str]) -> None:
    from agent.errors import InvalidMessage

    try:
        checked = checked_form(FORM, answers)
    except InvalidMessage as error:
        assert str(error).startswith("form.")
    else:
        assert "@" in checked["email"]


def test_answers_are_stored_clean_and_in_one_language() -> None:
    answers = {"email": " mei@shop.example ", "topic": "退货", "phone": "（０１０）１２３４５"}
    assert checked_form(FORM, answers) == {"email": "mei@shop.example", "topic": "Return", "phone": "(010)12345"}


HOURS = HoursSettings(
    time_zone="Asia/Shanghai",
    monday=["09:00-12:00", "13:00-18:00"],
    tuesday=["09:00-18:00"],
    friday=["20:00-24:00"],
    closed=["2026-12-01"],  # type: ignore[list-item]
)


@pytest.mark.parametrize(
    ("at", "open", "opens"),
    [
        ("2026-11-30T09:00", True, None),
        ("2026-11-30T08:59", False, "2026-11-30T09:00"),
        ("2026-11-30T12:00", False, "2026-11-30T13:00"),
        ("2026-11-30T18:00", False, "2026-12-04T20:00"),  # Tuesday is a day off
        ("2026-12-04T23:59", True, None),
        ("2026-12-05T00:00", False, "2026-12-07T09:00"),
    ],
)
def test_hours_are_those_of_the_companys_clock(at: str, open: bool, opens: str | None) -> None:
    zone = ZoneInfo("Asia/Shanghai")
    state = opening(HOURS, datetime.fromisoformat(at).replace(tzinfo=zone).astimezone(UTC))
    assert state is not None
    assert state.open is open
    assert state.opens_at == (datetime.fromisoformat(opens).replace(tzinfo=zone) if opens else None)


def test_without_hours_people_are_always_there() -> None:
    assert opening(HoursSettings(), datetime.now(UTC)) is None


def test_every_setting_comes_from_the_environment_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "parley.toml").write_text('[widget.sites.shop]\norigins = ["https://shop.example"]\n', "utf-8")
    monkeypatch.setenv("PARLEY_WIDGET__SITES__SHOP__KEYS__K1", "x" * 32)
    monkeypatch.setenv("PARLEY_WIDGET__HOURS__MONDAY", '["09:00-17:00"]')
    monkeypatch.setenv("PARLEY_WIDGET__CONSENT__REQUIRED", "true")
    monkeypatch.setenv("PARLEY_WIDGET__FORM", '[{"name": "email", "label": "E-mail", "type": "email"}]')
    monkeypatch.setenv("PARLEY_SERVER__LIMITS__ADDRESS_PER_MINUTE", "0")
    settings = load_settings(tmp_path)
    shop = settings.widget.sites["shop"]
    assert (shop.origins, shop.keys["k1"].get_secret_value()) == (["https://shop.example"], "x" * 32)
    assert settings.widget.hours.monday == ["09:00-17:00"]
    assert (settings.widget.consent.required, settings.widget.form[0].type) == (True, "email")
    assert settings.server.limits.address_per_minute == 0
