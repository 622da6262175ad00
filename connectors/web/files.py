"""Files in a conversation: sent by the customer, read by the customer and by colleagues."""

import asyncio
from pathlib import Path
from typing import Annotated, Any
from urllib.parse import quote

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import FileResponse, JSONResponse, Response

from agent.conversations import Conversations
from agent.conversations.files import StoredFile
from agent.errors import UnknownFile
from agent.settings.web import UploadSettings
from connectors.web.access import Opened
from connectors.web.bodies import FileId, FileShown
from connectors.web.content import accepts
from connectors.web.problems import Refused, problems
from connectors.web.rates import Rates

_AT_ONCE = 8  # files in memory
ANY_FILE: dict[int | str, dict[str, Any]] = {
    200: {"description": "The bytes.", "content": {"application/octet-stream": {}}}
}


def files_router(conversations: Conversations, opened: Opened, uploads: UploadSettings, rates: Rates) -> APIRouter:
    """The routes over a running service."""
    router = APIRouter(prefix="/v1/conversations/{conversation_id}/files", tags=["files"])
    reading = Annotated[str, Depends(opened)]
    slots = asyncio.Semaphore(_AT_ONCE)
    body = {kind: {"schema": {"type": "string", "format": "binary"}} for kind in uploads.types or ["application/pdf"]}

    @router.post(
        "",
        status_code=201,
        response_model=FileShown,
        responses=problems(404, 409, 415, 422),
        openapi_extra={"requestBody": {"required": True, "content": body}},
    )
    async def upload(
        conversation_id: reading, request: Request, name: Annotated[str, Query(min_length=1, max_length=500)]
    ) -> Response:
        """Stores a file; a message may then name its id."""
        if not uploads.types or conversations.files is None:
            raise Refused(403, "Files are not taken", "This server takes no files.")
        rates.say(conversation_id)
        async with slots:
            content = await request.body()
            if len(content) > uploads.max_bytes:
                raise Refused(413, "Too large", f"A file may have at most {uploads.max_bytes // 1024} KiB.")
            kind = accepts(uploads.types, request.headers.get("content-type", ""), content)
            if kind is None:
                detail = f"Only {', '.join(uploads.types)} are taken, and Content-Type must be what the bytes are."
                raise Refused(415, "Type not taken", detail)
            file = await conversations.files.add(conversation_id, name, kind, content)
        return JSONResponse(file.as_json(), 201)

    @router.get("/{file_id}", response_class=FileResponse, responses={**problems(404, 422), **ANY_FILE})
    async def download(conversation_id: reading, file_id: FileId) -> Response:
        """The bytes of a file."""
        return await stored(conversations, conversation_id, file_id)

    return router


async def stored(conversations: Conversations, conversation_id: str, file_id: str) -> Response:
    """A file as a download: no browser shows it as a page of this server. Raises UnknownFile."""
    if conversations.files is None:
        raise UnknownFile("There is no such file in this conversation.")
    file, path = await conversations.files.find(conversation_id, file_id)
    if not await asyncio.to_thread(path.is_file):
        raise UnknownFile("The file is no longer there.")
    return _download(file, path)


def _download(file: StoredFile, path: Path) -> Response:
    headers = {
        "Content-Disposition": f"attachment; filename*=UTF-8''{quote(file.name)}",
        "Content-Security-Policy": "default-src 'none'; sandbox",
        "Cache-Control": "private, no-store",
    }
    return FileResponse(path, media_type=file.type, headers=headers)
