"""The settings about seeing it run: log, metrics and traces."""

from dataclasses import dataclass, field
from urllib.parse import urlsplit

from services.setting_values import Reader, port

_TOKEN_AT_LEAST = 16


@dataclass(frozen=True, slots=True, kw_only=True)
class Listen:
    """An address of this machine and a port."""

    host: str
    port: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Observing:
    """How the bot shows what it does."""

    json_log: bool = False
    metrics_token: str | None = field(default=None, repr=False)
    """What a reader of /metrics has to bring; `None`: nothing, and the address of the messages has no /metrics."""
    metrics_at: Listen | None = None
    """Where /metrics alone is served; `None`: nowhere."""
    traces_url: str | None = None
    """Where traces are sent with OTLP over HTTP; `None`: none are made."""


def read_observing(reader: Reader) -> Observing:
    """The settings; faults are left with the reader."""
    return Observing(
        json_log=reader.given("SENDWELL_LOG_FORMAT", _log_format, "text"),
        metrics_token=reader.secret("SENDWELL_METRICS_TOKEN", _token),
        metrics_at=reader.optional("SENDWELL_METRICS_LISTEN", _listen),
        traces_url=reader.optional("SENDWELL_TRACES_URL", _url),
    )


def _log_format(text: str) -> bool:
    if text not in ("text", "json"):
        raise ValueError("text or json")
    return text == "json"


def _token(text: str) -> str:
    if len(text) < _TOKEN_AT_LEAST or not text.isascii() or not text.isprintable() or " " in text:
        raise ValueError(f"at least {_TOKEN_AT_LEAST} ASCII characters without blanks")
    return text


def _url(text: str) -> str:
    parts = urlsplit(text)
    if parts.scheme not in ("http", "https") or not parts.hostname or "@" in parts.netloc:
        raise ValueError("an address such as http://localhost:4318/v1/traces")
    return text


def _listen(text: str) -> Listen:
    host, colon, number = text.rpartition(":")
    if not colon or not host.strip("[]"):
        raise ValueError("an address of this machine and a port, such as 127.0.0.1:9464")
    try:
        return Listen(host=host.strip("[]"), port=port(number))
    except ValueError:
        raise ValueError("an address of this machine and a port, such as 127.0.0.1:9464") from None
