"""The connections to the login, for msal: which certificates they trust, and how long they wait."""

import ssl
from typing import Any

import requests
from requests.adapters import HTTPAdapter


def login_session(context: ssl.SSLContext, timeout: tuple[float, float]) -> requests.Session:
    """A session that trusts what the context trusts. `timeout`: seconds to connect, and to wait for a response."""
    session = requests.Session()
    session.mount("https://", _Trusting(context, timeout))
    session.mount("http://", _OnThisHost(timeout))
    return session


class _Trusting(HTTPAdapter):
    """An adapter with its own trust roots: `REQUESTS_CA_BUNDLE` would override a session's `verify`."""

    def __init__(self, context: ssl.SSLContext, timeout: tuple[float, float]) -> None:
        self._context = context
        self._timeout = timeout
        super().__init__()

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        super().init_poolmanager(*args, ssl_context=self._context, **kwargs)

    def proxy_manager_for(self, *args: Any, **kwargs: Any) -> Any:
        return super().proxy_manager_for(*args, ssl_context=self._context, **kwargs)

    def cert_verify(self, conn: Any, url: Any, verify: Any, cert: Any) -> None:
        """Does nothing: the TLS context verifies, and `requests` must not add its own bundle."""

    def send(self, request: requests.PreparedRequest, *args: Any, **kwargs: Any) -> requests.Response:
        kwargs["timeout"] = kwargs.get("timeout") or self._timeout
        return super().send(request, *args, **kwargs)


class _OnThisHost(HTTPAdapter):
    """An adapter for the platform's own endpoint, which speaks plain HTTP and is not to be asked through a proxy."""

    def __init__(self, timeout: tuple[float, float]) -> None:
        self._timeout = timeout
        super().__init__()

    def send(self, request: requests.PreparedRequest, *args: Any, **kwargs: Any) -> requests.Response:
        kwargs |= {"timeout": kwargs.get("timeout") or self._timeout, "proxies": {}}
        return super().send(request, *args, **kwargs)
