"""What the apps themselves can do by now: whether the login takes their credential, and which cmdlets Exchange lets
them run."""

import ssl
from datetime import timedelta
from pathlib import Path

import aiohttp

from services.clients.exchange.inventory import granted_cmdlets
from services.clients.http import ApiClient
from services.clients.tokens import MsalTokens
from services.domain.unknown import UnknownReason
from services.ports.errors import Unavailable
from services.settings import Applicant, AppType, Credential, FaultySettingsError
from services.setup.env_file import EnvFile
from services.setup.names import SETTINGS_OF

_WITHIN = timedelta(seconds=60)


class AppAccess:
    """Both apps, with the credentials of the `.env` as it is now."""

    def __init__(
        self,
        tenant: str,
        env: EnvFile,
        session: aiohttp.ClientSession,
        context: ssl.SSLContext,
        *,
        login_url: str,
        exchange_url: str,
    ) -> None:
        self._tenant, self._env = tenant, env
        self._session, self._context = session, context
        self._login_url, self._exchange_url = login_url, exchange_url
        self._tokens: dict[str, MsalTokens] = {}

    def close(self) -> None:
        for tokens in self._tokens.values():
            tokens.close()

    async def refusal(self, role: str) -> str | None:
        """Why the login gives this app no token, `None` if it gives one. Raises `Unavailable`."""
        try:
            await self._fresh(role).token(f"{self._exchange_url}/.default")
        except FaultySettingsError as faulty:
            return str(faulty)
        except Unavailable as trouble:
            if trouble.reason is not UnknownReason.NO_PERMISSION:
                raise
            return trouble.detail
        return None

    async def cmdlets(self, role: str) -> frozenset[str]:
        """The cmdlets that this app may run, in lower case. Raises `Unavailable`."""
        api = ApiClient(session=self._session, base_url=self._exchange_url, tokens=self._fresh(role), timeout=_WITHIN)
        try:
            granted = await granted_cmdlets(api, self._tenant)
        except Unavailable as trouble:
            if trouble.reason is UnknownReason.NO_PERMISSION:
                return frozenset()  # no role yet, or a token from before the consent
            raise
        return frozenset(map(str.casefold, granted))

    def _fresh(self, role: str) -> MsalTokens:
        """Tokens of now: what was granted since is in no older one."""
        if role in self._tokens:
            self._tokens.pop(role).close()
        names = SETTINGS_OF[role]
        file, secret = (self._env.value(name) for name in (names.certificate, names.secret))
        applicant = Applicant(
            app_id=self._env.value(names.id),
            tenant=self._tenant,
            app_type=AppType.SINGLE_TENANT,
            credential=Credential(certificate_file=Path(file)) if file else Credential(secret=secret),
            login_url=self._login_url,
            app_setting=names.id,
        )
        self._tokens[role] = MsalTokens(applicant, self._context)
        return self._tokens[role]
