"""A person takes over: the list of who waits, one colleague a customer, silence of the bot, and back again."""

import asyncio
from pathlib import Path

from agent.settings.web import FormField, SiteSettings, WidgetSettings
from tests.support.identities import SECRET, signed
from tests.support.web_client import Event, begin, events, follow
from tests.support.web_server import KEY, serving

STAFF = {"Authorization": f"Bearer {KEY}"}
LIST = "/v1/operator/conversations"


async def test_a_person_takes_over_writes_and_gives_back(tmp_path: Path) -> None:
    async with serving(tmp_path) as client:
        path, headers = await begin(client, lang="en")
        theirs = path.replace("/v1/", "/v1/operator/")
        await client.post(f"{path}/messages", json={"text": "handoff 人工", "client_id": "1"}, headers=headers)
        await events(client, path, headers)
        waiting = (await client.get(LIST, headers=STAFF)).json()["conversations"]
        assert [(one["id"], one["state"], one["language"]) for one in waiting] == [
            (path.rpartition("/")[2], "waiting", "en")
        ]
        assert waiting[0]["last_message"]["text"] == "handoff 人工"
        assert waiting[0]["sentiment"]["emotion"] == "neutral"

        early = await client.post(
            f"{theirs}/reply", json={"text": "hi", "name": "Mei", "client_id": "0"}, headers=STAFF
        )
        assert early.status_code == 409
        for _ in range(2):
            assert (await client.post(f"{theirs}/accept", json={"name": "Mei"}, headers=STAFF)).status_code == 200
        assert (await client.post(f"{theirs}/accept", json={"name": "Tom"}, headers=STAFF)).status_code == 409
        assert (await client.get(LIST, headers=STAFF)).json() == {"conversations": []}
        with_person = (await client.get(f"{LIST}?state=with_person", headers=STAFF)).json()["conversations"]
        assert with_person[0]["colleague"] == "Mei"

        body = {"text": "您好，我是小梅", "name": "Mei", "client_id": "r1"}
        said = [(await client.post(f"{theirs}/reply", json=body, headers=STAFF)) for _ in range(2)]
        assert [answer.status_code for answer in said] == [201, 201]
        assert said[0].json() == said[1].json()
        await client.post(f"{path}/messages", json={"text": "thanks", "client_id": "2"}, headers=headers)
        await asyncio.sleep(0.3)
        seen = (await client.get(path, headers=headers)).json()["events"]
        assert [event["type"] for event in seen][-3:] == ["handoff.accepted", "message.agent", "message.received"]
        assert seen[-3]["data"] == {"name": "Mei"}
        assert (await client.get(theirs, headers=STAFF)).json()["events"] == seen
        assert "Colleague Mei (" in (await client.get(f"{path}/transcript", headers=headers)).text

        assert (await client.post(f"{theirs}/return", headers=STAFF)).status_code == 200
        await client.post(f"{path}/messages", json={"text": "and now?", "client_id": "3"}, headers=headers)
        later = await events(client, path, {**headers, "Last-Event-ID": str(seen[-1]["n"])})
        assert later[0]["type"] == "handoff.closed"
        assert later[-1]["data"]["text"].startswith("You said: and now?.")


async def test_people_of_the_company_see_who_it_is_and_what_was_filled_in(tmp_path: Path) -> None:
    site = SiteSettings(keys={"k1": SECRET})  # type: ignore[dict-item]
    widget = WidgetSettings(form=[FormField(name="email", label="E-mail", type="email")], sites={"shop": site})
    async with serving(tmp_path, widget) as client:
        asked = {"text": "handoff 人工", "client_id": "1"}
        for told in ({"form": {"email": "mei@shop.example"}, "identity": signed(sub="7")}, {}):
            path, headers = await begin(client, **told)
            await client.post(f"{path}/messages", json=asked, headers=headers)
            await events(client, path, headers)
        listed = (await client.get(LIST, headers=STAFF)).json()["conversations"]
        assert [(one["customer"] or {}).get("id") for one in listed] == ["7", None]
        assert [one["form"] for one in listed] == [{"email": "mei@shop.example"}, None]
        for one in listed:
            whole = (await client.get(f"{LIST}/{one['id']}", headers=STAFF)).json()
            assert (whole["customer"], whole["form"]) == (one["customer"], one["form"])
        assert set((await client.get(path, headers=headers)).json()) == {"id", "events"}  # the customer's is as it was


async def test_taking_over_stops_what_the_bot_was_saying(tmp_path: Path) -> None:
    async with serving(tmp_path) as client:
        path, headers = await begin(client)
        theirs = path.replace("/v1/", "/v1/operator/")
        await client.post(f"{path}/messages", json={"text": "slow:20", "client_id": "1"}, headers=headers)
        await events(client, path, headers, most=3)
        assert (await client.post(f"{theirs}/accept", json={"name": "Mei"}, headers=STAFF)).status_code == 200
        assert (await events(client, path, headers))[-1]["type"] == "turn.stopped"
        assert (await client.post(f"{theirs}/close", headers=STAFF)).json() == {"closed": True}
        for action, body in (("accept", {"name": "Mei"}), ("return", None)):
            assert (await client.post(f"{theirs}/{action}", json=body, headers=STAFF)).status_code == 409
        assert (await client.get(f"{LIST}?state=with_person", headers=STAFF)).json() == {"conversations": []}


async def test_typing_passes_by_and_is_not_kept(tmp_path: Path) -> None:
    async with serving(tmp_path) as client:
        path, headers = await begin(client)
        theirs = path.replace("/v1/", "/v1/operator/")

        async def listen() -> list[Event]:
            return [event async for event in follow(client, path, headers, last={"agent.typing"})]

        listening = asyncio.create_task(listen())
        await asyncio.sleep(0.3)
        assert (await client.post(f"{theirs}/typing", json={"name": "小梅"}, headers=STAFF)).status_code == 204
        heard = await asyncio.wait_for(listening, 5)
        assert (heard[0]["type"], heard[0]["data"]) == ("agent.typing", {"name": "小梅"})
        assert "n" not in heard[0]
        assert (await client.get(path, headers=headers)).json()["events"] == []


async def test_the_key_opens_it_and_no_customers_token(tmp_path: Path) -> None:
    async with serving(tmp_path) as client:
        path, headers = await begin(client)
        theirs = path.replace("/v1/", "/v1/operator/")
        for wrong in ({}, headers, {"Authorization": "Bearer \xff".encode("latin-1")}):
            assert (await client.get(LIST, headers=wrong)).status_code == 401  # type: ignore[arg-type]
            assert (await client.get(theirs, headers=wrong)).status_code == 401  # type: ignore[arg-type]
        assert (await client.get(f"{LIST}/none", headers=STAFF)).status_code == 404
        assert (await client.get(f"{LIST}?state=closed", headers=STAFF)).status_code == 422
        assert (await client.post(f"{theirs}/accept", json={"name": ""}, headers=STAFF)).status_code == 422
