"""Files that people send in Slack, read where the settings allow their kind."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

import aiohttp

from agent.conversations import Conversations
from agent.errors import CallerError
from agent.settings.web import FileType, UploadSettings
from connectors.slack.workspaces import TRANSPORT, Workspace
from connectors.web.content import accepts

_LOG = logging.getLogger(__name__)
_TIMEOUT = aiohttp.ClientTimeout(total=20)
_MOST = 5
_MEGABYTE = 1024 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class Fetched:
    """ids: of the files that were taken; refused: the phrase that says why others were not, "" where all were."""

    ids: tuple[str, ...] = ()
    refused: str = ""


class FilesIn:
    """Brings files from Slack into conversations."""

    def __init__(self, conversations: Conversations, uploads: UploadSettings, session: aiohttp.ClientSession) -> None:
        self._files = conversations.files
        self._types: Sequence[FileType] = uploads.types
        self._most_bytes = uploads.max_bytes
        self._session = session

    @property
    def most_megabytes(self) -> int:
        """What the largest file may have, for people to read."""
        return max(1, self._most_bytes // _MEGABYTE)

    async def fetch(self, workspace: Workspace, conversation_id: str, files: object) -> Fetched:
        """Takes what may be taken."""
        named = [one for one in files if isinstance(one, dict)] if isinstance(files, Sequence) else []
        taken: list[str] = []
        too_large = any(self._is_too_large(one) for one in named)
        for one in named[:_MOST]:
            said = str(one.get("mimetype") or "")
            content = await self._download(workspace, one) if self._files and said in self._types else None
            kind = accepts(self._types, said, content) if content else None
            if content and kind and self._files:
                try:
                    stored = await self._files.add(conversation_id, str(one.get("name") or "file"), kind, content)
                except CallerError as error:
                    _LOG.info("a file from Slack was not taken: %s", error)
                    continue
                taken.append(stored.id)
        if len(taken) == len(named):
            return Fetched(ids=tuple(taken))
        return Fetched(ids=tuple(taken), refused="file_too_large" if too_large and self._types else "no_files")

    def _is_too_large(self, file: dict[str, object]) -> bool:
        size = file.get("size")
        return isinstance(size, int) and size > self._most_bytes

    async def _download(self, workspace: Workspace, file: dict[str, object]) -> bytes | None:
        """Its bytes; None where Slack does not give them, or it is too large."""
        if self._is_too_large(file):
            return None
        url = str(file.get("url_private") or "")
        if not _is_of_slack(url, workspace.client.base_url):
            return None  # the token is for Slack alone
        try:
            headers = {"Authorization": f"Bearer {workspace.token}"}
            async with self._session.get(url, headers=headers, timeout=_TIMEOUT, allow_redirects=False) as answer:
                if answer.status != 200:
                    return None
                content = b""
                while len(content) <= self._most_bytes and (piece := await answer.content.read(65_536)):
                    content += piece
        except (ValueError, *TRANSPORT) as error:
            _LOG.info("a file from Slack could not be read: %s", type(error).__name__)
            return None
        return content if len(content) <= self._most_bytes else None


def _is_of_slack(url: str, api_url: str) -> bool:
    try:
        address, api = urlsplit(url), urlsplit(api_url)
        host = address.hostname or ""
    except ValueError:
        return False
    if host and (address.scheme, address.netloc) == (api.scheme, api.netloc):
        return True
    return address.scheme == "https" and (host == "slack.com" or host.endswith(".slack.com"))
