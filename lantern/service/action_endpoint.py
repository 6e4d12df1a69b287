"""The way to the action server: one kept connection, three seconds of patience, and a rest after it hung.

Rasa opens a new connection for each call and waits five minutes for an answer.
"""

from __future__ import annotations

import json
import time
from typing import Any

import aiohttp
from rasa.utils.endpoints import ClientResponseError, EndpointConfig, concat_url

from lantern.service.metrics import ACTIONS_FAILED

# how long a user waits for an action server that hangs
PATIENCE_SECONDS = 3.0
# after it hung, calls fail at once for so long: it costs one user the patience, not everybody
REST_SECONDS = 3.0
# the longest answer that is read: a reply is a few kilobytes
MOST_BYTES = 1_000_000


class ActionServerResting(aiohttp.ClientConnectionError):
    """The action server hung a moment ago and is not asked."""


class ActionEndpoint(EndpointConfig):
    """Rasa's endpoint of the action server, as `AvailableEndpoints` holds it."""

    _client: aiohttp.ClientSession | None = None
    _rests_until = 0.0

    @classmethod
    def of(cls, endpoint: EndpointConfig) -> ActionEndpoint:
        """Returns the same endpoint as one of this class."""
        fields = (endpoint.url, endpoint.params, endpoint.headers, endpoint.basic_auth, endpoint.token)
        return cls(*fields, endpoint.token_name, endpoint.cafile, type=endpoint.type, **endpoint.kwargs)

    async def request(
        self,
        method: str = "post",
        subpath: str | None = None,
        content_type: str | None = "application/json",
        compress: bool = False,
        **kwargs: Any,
    ) -> Any:
        """Returns the answer's JSON.

        Raises:
            ClientResponseError: the action server refused.
            aiohttp.ClientError, asyncio.TimeoutError, ValueError: it is away, hangs, or answers garbage.
        """
        if time.monotonic() < self._rests_until:
            ACTIONS_FAILED.labels("resting").inc()
            raise ActionServerResting("the action server is not answering")
        url = concat_url(self.url, subpath)
        params = self.combine_parameters(kwargs)
        try:
            try:
                return await self._ask(method, url, params, kwargs.get("json"))
            except (aiohttp.ServerDisconnectedError, aiohttp.ClientOSError):
                # a kept connection that the other side has closed; actions change nothing, so asking twice is safe
                return await self._ask(method, url, params, kwargs.get("json"))
        except TimeoutError:
            ACTIONS_FAILED.labels("hung").inc()
            self._rests_until = time.monotonic() + REST_SECONDS
            raise
        except Exception as error:
            ACTIONS_FAILED.labels("away" if isinstance(error, aiohttp.ClientConnectionError) else "garbage").inc()
            raise

    async def _ask(self, method: str, url: str, params: dict[str, Any], content: Any) -> Any:
        async with self._session().request(
            method, url, json=content, params=params, headers=self.headers, allow_redirects=False
        ) as answer:
            body = await answer.content.read(MOST_BYTES)
            while not answer.content.at_eof() and len(body) < MOST_BYTES:
                body += await answer.content.read(MOST_BYTES)
            if answer.status >= 300:
                # its body can hold what the user wrote: it is not handed on. 400 would tell Rasa to predict anew
                raise ClientResponseError(502, "refused", b"")
            return json.loads(body) if len(body) < MOST_BYTES else None

    def _session(self) -> aiohttp.ClientSession:
        if self._client is None or self._client.closed:
            # let go before the action server does, which closes after five idle seconds
            connector = aiohttp.TCPConnector(limit=100, keepalive_timeout=2)
            self._client = aiohttp.ClientSession(
                timeout=aiohttp.ClientTimeout(total=PATIENCE_SECONDS), connector=connector
            )
        return self._client

    async def close(self) -> None:
        """Closes the kept connection."""
        if self._client is not None:
            await self._client.close()
