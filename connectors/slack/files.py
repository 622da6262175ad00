"""Files that people send in Slack, read where the settings allow their kind."""

import logging
from collections.abc import Sequence
from urllib.parse import urlsplit

import aiohttp

from agent.conversations import Conversations
from agent.errors import CallerError
from agent.settings_web import FileType, UploadSettings
from connectors.slack.workspaces import TRANSPORT, Workspace
from connectors.web.content import accepts

_LOG = logging.getLogger(__name__)
_TIMEOUT = aiohttp.ClientTimeout(total=20)
_MOST = 5


class FilesIn:
    """Brings files from Slack into conversations."""

    def __init__(self, conversations: Conversations, uploads: UploadSettings, session: aiohttp.ClientSession) -> None:
        self._files = conversations.files
        self._types: Sequence[FileType] = uploads.types
        self._most_bytes = uploads.max_bytes
        self._session = session

    async def fetch(self, workspace: Workspace, conversation_id: str, files: object) -> tuple[tuple[str, ...], bool]:
        """The ids of those that were taken, and whether any was not."""
        named = [one for one in files if isinstance(one, dict)] if isinstance(files, Sequence) else []
        taken = []
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
        return tuple(taken), len(taken) < len(named)

    async def _download(self, workspace: Workspace, file: dict[str, object]) -> bytes | None:
        """Its bytes; None where Slack does not give them, or it is too large."""
        size = file.get("size")
        if isinstance(size, int) and size > self._most_bytes:
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
    host = urlsplit(url).hostname or ""
    if host and host == urlsplit(api_url).hostname:
        return True
    return url.startswith("https://") and (host == "slack.com" or host.endswith(".slack.com"))
