"""Asks the model server for an answer that a JSON schema holds to its form; one request at a time, blocking."""

from collections.abc import Mapping

import openai
from openai.types.shared_params import ResponseFormatJSONSchema

from agent.errors import ModelUnavailable
from agent.settings import ModelSettings


class StructuredModel:
    """A model behind an OpenAI-compatible URL, for many threads at once. Close it after use.

    timeout: seconds for a whole answer; the settings' where None. retries: how often a request that failed is made again.
    kept_open: whether connections outlive a request; without retries, one that the server closed would cost an answer.
    """

    def __init__(
        self,
        settings: ModelSettings,
        *,
        timeout: float | openai.Timeout | None = None,
        retries: int = 1,
        kept_open: bool = True,
    ) -> None:
        self._settings = settings
        self._name = settings.name
        self._client = openai.OpenAI(
            base_url=settings.base_url,
            api_key=settings.api_key.get_secret_value() or "none",
            timeout=settings.total_timeout_s if timeout is None else timeout,
            max_retries=retries,
            http_client=openai.DefaultHttpxClient(trust_env=not settings.on_this_machine),
            default_headers=None if kept_open else {"Connection": "close"},
        )

    def close(self) -> None:
        """Closes the connections to the server."""
        self._client.close()

    def ask(self, instructions: str, question: str, *, form: str, schema: Mapping[str, object], max_tokens: int) -> str:
        """The answer as the model wrote it, "" where it wrote none. form: a name for the schema. Raises ModelUnavailable."""
        try:
            self._name = self._name or self._client.models.list().data[0].id
            answer = self._client.chat.completions.create(
                model=self._name,
                messages=[{"role": "system", "content": instructions}, {"role": "user", "content": question}],
                response_format=ResponseFormatJSONSchema(
                    type="json_schema", json_schema={"name": form, "schema": dict(schema), "strict": True}
                ),
                temperature=0,
                max_completion_tokens=max_tokens,
            )
        except (openai.OpenAIError, IndexError) as error:
            reason = " ".join(f"{type(error).__name__}: {error}".split())[:300]
            raise ModelUnavailable(f"The model server at {self._settings.base_url} failed: {reason}") from error
        return (answer.choices[0].message.content or "") if answer.choices else ""
