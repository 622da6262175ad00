"""Files that customers send: kept in the home, a folder for each conversation, and gone with it."""

import asyncio
import re
import secrets
import shutil
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import func
from sqlalchemy.ext.asyncio import AsyncEngine
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from agent.conversations.held import held
from agent.errors import ConversationClosed, InvalidMessage, TooMuch, UnknownFile
from agent.store.tables import FileRow
from agent.store.transactions import writing
from agent.store.uninterrupted import uninterrupted
from agent.types import JsonValue

_UNFIT = re.compile(r'[\x00-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ufeff<>:"/\\|?*]')
_LONGEST_NAME = 120


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredFile:
    """A file of a conversation. name: cleaned, for people; type: what its bytes are."""

    id: str
    name: str
    type: str
    bytes: int

    def as_json(self) -> dict[str, JsonValue]:
        """As events and answers show it."""
        return {"id": self.id, "name": self.name, "type": self.type, "bytes": self.bytes}


class Files:
    """Keeps files. folder: of all conversations' files; max_total: most bytes that one conversation may hold."""

    def __init__(self, engine: AsyncEngine, folder: Path, max_total: int) -> None:
        self._engine = engine
        self._folder = folder
        self._max_total = max_total

    async def add(self, conversation_id: str, name: str, type: str, content: bytes) -> StoredFile:
        """Stores a file. Raises UnknownConversation, ConversationClosed or TooMuch, and then keeps nothing of it."""
        file = StoredFile(id=secrets.token_hex(16), name=clean_name(name), type=type, bytes=len(content))
        path = self._path(conversation_id, file.id)
        await asyncio.to_thread(_write, path, content)
        try:
            await self._enter(conversation_id, file)
        except BaseException:
            await asyncio.to_thread(_remove, path)
            raise
        return file

    @uninterrupted
    async def _enter(self, conversation_id: str, file: StoredFile) -> None:
        async with writing(self._engine) as session:
            if (await held(session, conversation_id)).closed_at is not None:
                raise ConversationClosed("This conversation is closed; start a new one.")
            kept = await session.exec(
                select(func.coalesce(func.sum(FileRow.bytes), 0)).where(FileRow.conversation_id == conversation_id)
            )
            if kept.one() + file.bytes > self._max_total:
                raise TooMuch(f"One conversation may hold {self._max_total // 1024} KiB of files.")
            session.add(
                FileRow(
                    conversation_id=conversation_id,
                    id=file.id,
                    name=file.name,
                    type=file.type,
                    bytes=file.bytes,
                    at=datetime.now(UTC),
                )
            )

    @uninterrupted
    async def find(self, conversation_id: str, file_id: str) -> tuple[StoredFile, Path]:
        """A file and where its bytes lie. Raises UnknownFile."""
        async with AsyncSession(self._engine) as session:
            row = await session.get(FileRow, (conversation_id, file_id))
        if row is None:
            raise UnknownFile("There is no such file in this conversation.")
        return _stored(row), self._path(conversation_id, row.id)

    async def remove(self, conversation_ids: Sequence[str]) -> None:
        """Deletes the bytes of all files of these conversations; their rows go with the conversations'."""
        await asyncio.to_thread(remove_files, self._folder, conversation_ids)

    def _path(self, conversation_id: str, file_id: str) -> Path:
        return self._folder / conversation_id / file_id


async def files_in(session: AsyncSession, conversation_id: str, ids: Sequence[str]) -> list[StoredFile]:
    """The files with these ids, in this order, within a transaction. Raises InvalidMessage for one that is not there."""
    rows = await session.exec(
        select(FileRow).where(FileRow.conversation_id == conversation_id, col(FileRow.id).in_(ids))
    )
    found = {row.id: _stored(row) for row in rows}
    if missing := [one for one in ids if one not in found]:
        raise InvalidMessage(f"files: {missing[0][:40]} is no file of this conversation; send it again.")
    return [found[one] for one in dict.fromkeys(ids)]


def clean_name(name: str) -> str:
    """A name that is fit for any disk, header and page: its last part, without control characters; never empty."""
    whole = unicodedata.normalize("NFC", name.encode("utf-8", "ignore").decode("utf-8"))
    last = re.split(r"[/\\]", whole)[-1]
    cleaned = _UNFIT.sub("", last).strip(" .")
    stem, dot, suffix = cleaned.rpartition(".")
    if dot and len(suffix) <= 10:
        return f"{stem[: _LONGEST_NAME - len(suffix) - 1]}.{suffix}"
    return cleaned[:_LONGEST_NAME] or "file"


def remove_files(folder: Path, conversation_ids: Sequence[str]) -> None:
    """Deletes the folders of these conversations; one that has none is passed over."""
    for name in conversation_ids:
        own = folder / name
        if own.parent == folder and own.is_dir():
            shutil.rmtree(own)


def _stored(row: FileRow) -> StoredFile:
    return StoredFile(id=row.id, name=row.name, type=row.type, bytes=row.bytes)


def _write(path: Path, content: bytes) -> None:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    path.touch(mode=0o600)
    path.write_bytes(content)


def _remove(path: Path) -> None:
    path.unlink(missing_ok=True)
    if path.parent.is_dir() and not any(path.parent.iterdir()):
        path.parent.rmdir()
