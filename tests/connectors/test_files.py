"""Files that customers send: taken when they are what they say, bounded, private, and gone with the conversation."""

import io
import zipfile
from pathlib import Path

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.conversations.files import clean_name
from agent.settings.web import FileType, UploadSettings, WidgetSettings
from connectors.web.content import accepts, type_of
from tests.support.web_client import begin, events
from tests.support.web_server import KEY, MAX_FILES, serving

PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 100
TYPES: list[FileType] = ["image/png", "text/plain", "application/pdf"]
WIDGET = WidgetSettings(uploads=UploadSettings(types=TYPES, max_bytes=40_000))


async def send(
    client: httpx.AsyncClient, path: str, headers: dict[str, str], content: bytes, kind: str, name: str = "photo.png"
) -> httpx.Response:
    return await client.post(
        f"{path}/files", params={"name": name}, content=content, headers={**headers, "Content-Type": kind}
    )


async def test_a_file_is_sent_named_in_a_message_and_read_again(tmp_path: Path) -> None:
    async with serving(tmp_path, WIDGET) as client:
        path, headers = await begin(client, lang="zh")
        made = await send(client, path, headers, PNG, "image/png", name="../../照片\u202e 1.png")
        file = made.json()
        assert (made.status_code, file) == (
            201,
            {"id": file["id"], "name": "照片 1.png", "type": "image/png", "bytes": len(PNG)},
        )
        body = {"text": "", "client_id": "1", "files": [file["id"]]}
        sent = await client.post(f"{path}/messages", json=body, headers=headers)
        assert (sent.status_code, sent.json()["data"]["files"]) == (202, [file])
        reply = (await events(client, path, headers))[-1]
        assert (reply["type"], reply["data"]["text"]) == ("reply.completed", "<files zh>")
        got = await client.get(f"{path}/files/{file['id']}", headers=headers)
        assert (got.content, got.headers["content-type"]) == (PNG, "image/png")
        assert got.headers["content-disposition"].startswith("attachment; filename*=UTF-8''")
        assert got.headers["x-content-type-options"] == "nosniff"
        assert "sandbox" in got.headers["content-security-policy"]
        assert "文件：照片 1.png" in (await client.get(f"{path}/transcript", headers=headers)).text
        operator = {"Authorization": f"Bearer {KEY}"}
        theirs = path.replace("/v1/", "/v1/operator/")
        assert (await client.get(f"{theirs}/files/{file['id']}", headers=operator)).content == PNG


async def test_nobody_else_reads_it_and_no_other_conversation_names_it(tmp_path: Path) -> None:
    async with serving(tmp_path, WIDGET) as client:
        path, headers = await begin(client)
        file = (await send(client, path, headers, PNG, "image/png")).json()["id"]
        other, others = await begin(client)
        for where, who in ((path, others), (other, others), (path, {})):
            assert (await client.get(f"{where}/files/{file}", headers=who)).status_code == 404
        assert (await send(client, path, others, PNG, "image/png")).status_code == 404
        body = {"text": "look", "client_id": "1", "files": [file]}
        assert (await client.post(f"{other}/messages", json=body, headers=others)).status_code == 422
        for odd in ("..%2f..%2fparley.db", "x" * 500, "%00"):
            assert (await client.get(f"{path}/files/{odd}", headers=headers)).status_code == 404


async def test_what_is_too_large_or_too_much_is_refused_and_not_kept(tmp_path: Path) -> None:
    async with serving(tmp_path, WIDGET) as client:
        path, headers = await begin(client)
        assert (await send(client, path, headers, b"x" * 40_001, "text/plain")).status_code == 413
        for n in range(MAX_FILES // 40_000):
            assert (await send(client, path, headers, b"x" * 40_000, "text/plain", f"{n}.txt")).status_code == 201
        assert (await send(client, path, headers, b"x" * 40_000, "text/plain")).status_code == 413
        assert len(list((tmp_path / "files").rglob("*/*"))) == MAX_FILES // 40_000


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (PNG, "text/plain"),
        (PNG, "image/jpeg"),
        (b"<html>", "image/png"),
        (b"", "text/plain"),
        (b"MZ\x90\x00", "application/pdf"),
        (b"GIF89a", "image/gif"),  # recognised, but not among the types
        (b"\xff\xfe", "text/plain"),
    ],
)
async def test_what_is_not_what_it_says_is_refused(tmp_path: Path, content: bytes, kind: str) -> None:
    async with serving(tmp_path, WIDGET) as client:
        path, headers = await begin(client)
        assert (await send(client, path, headers, content, kind)).status_code == 415
        assert not (tmp_path / "files").exists()


async def test_files_are_off_unless_types_are_named(tmp_path: Path) -> None:
    async with serving(tmp_path) as client:
        path, headers = await begin(client)
        assert (await send(client, path, headers, PNG, "image/png")).status_code == 403


async def test_files_go_with_the_conversation(tmp_path: Path) -> None:
    async with serving(tmp_path, WIDGET) as client:
        path, headers = await begin(client)
        await send(client, path, headers, PNG, "image/png")
        kept, others = await begin(client)
        await send(client, kept, others, PNG, "image/png")
        assert len(list((tmp_path / "files").iterdir())) == 2
        assert (await client.delete(path, headers=headers)).status_code == 204
        assert [folder.name for folder in (tmp_path / "files").iterdir()] == [kept.rpartition("/")[2]]
        closed = await client.post(f"{kept}/close", headers=others)
        assert closed.status_code == 200
        assert (await send(client, kept, others, PNG, "image/png")).status_code == 409
        assert len(list((tmp_path / "files").rglob("*/*"))) == 1


def office(*names: str) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for name in names:
            archive.writestr(name, "<x/>")
    return file.getvalue()


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (PNG, "image/png"),
        (b"\xff\xd8\xff\xe0", "image/jpeg"),
        (b"GIF87a..", "image/gif"),
        (b"RIFF\0\0\0\0WEBPVP8 ", "image/webp"),
        (b"%PDF-1.7\n", "application/pdf"),
        ("订单 17\n".encode(), "text/plain"),
        (office("[Content_Types].xml", "word/document.xml"), "wordprocessingml.document"),
        (office("[Content_Types].xml", "xl/workbook.xml"), "spreadsheetml.sheet"),
        (office("[Content_Types].xml", "word/document.xml", "word/vbaProject.bin"), None),
        (office("run.exe"), None),
        (b"PK\x03\x04 broken", None),
        (b"RIFF\0\0\0\0WAVEfmt ", None),
        (b"a\0b", None),
    ],
)
def test_a_type_is_told_by_the_bytes(content: bytes, kind: str | None) -> None:
    found = type_of(content)
    assert (found is None) if kind is None else (found or "").endswith(kind)


@given(st.binary(max_size=300), st.text(max_size=40))
def test_whatever_comes_is_typed_or_refused(content: bytes, said: str) -> None:
    found = accepts(TYPES, said, content)
    assert found is None or (found == type_of(content) and found in TYPES)


@given(st.text(max_size=400))
def test_a_name_is_clean_and_stays_so(name: str) -> None:
    cleaned = clean_name(name)
    assert 0 < len(cleaned) <= 120
    assert not set(cleaned) & set('/\\:*?"<>|\r\n\0\u202e')
    assert cleaned not in {".", ".."}
    assert clean_name(cleaned) == cleaned
