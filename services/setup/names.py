"""The settings of each of the two apps, by the role of the app."""

from dataclasses import dataclass

from services.setup.needs import BOT, RESPONDER


@dataclass(frozen=True, slots=True, kw_only=True)
class AppSettings:
    """The names of one app's settings."""

    id: str
    secret: str
    certificate: str


SETTINGS_OF = {
    BOT: AppSettings(id="MicrosoftAppId", secret="MicrosoftAppPassword", certificate="SENDWELL_CERTIFICATE_FILE"),  # noqa: S106 - a name
    RESPONDER: AppSettings(
        id="SENDWELL_RESPONDER_APP_ID",
        secret="SENDWELL_RESPONDER_APP_PASSWORD",  # noqa: S106 - a name
        certificate="SENDWELL_RESPONDER_CERTIFICATE_FILE",
    ),
}
