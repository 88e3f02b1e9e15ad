"""Every setting with its meaning and default: what docs/settings.md and `.env.example` are made from, and what a
misspelt name is compared with (`services/setting_names.py`)."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Setting:
    """One environment variable. `meaning` is Markdown without a capital at its start; `default` is a value, or in
    `default_said` a sentence where there is no fixed one."""

    name: str
    meaning: str
    default: str = ""
    default_said: str = "none"


SETTINGS = (
    Setting(
        "MicrosoftAppId",
        "the bot's app id",
        default_said="required",
    ),
    Setting(
        "MicrosoftAppTenantId",
        "the tenant; nobody else's activities are let in",
        default_said="required",
    ),
    Setting(
        "MicrosoftAppType",
        "`SingleTenant` or `UserAssignedMSI`",
        "SingleTenant",
    ),
    Setting(
        "MicrosoftAppPassword",
        "the bot's client secret; exactly one of `MicrosoftAppPassword`, `MicrosoftAppPassword_FILE` and "
        "`SENDWELL_CERTIFICATE_FILE` is required, none with a managed identity",
    ),
    Setting(
        "MicrosoftAppPassword_FILE",
        "a file that holds the client secret",
    ),
    Setting(
        "SENDWELL_CERTIFICATE_FILE",
        "PEM file with certificate and RSA key",
    ),
    Setting(
        "SENDWELL_CERTIFICATE_PASSWORD",
        "the password of the key in `SENDWELL_CERTIFICATE_FILE`, where it has one",
    ),
    Setting(
        "SENDWELL_CERTIFICATE_PASSWORD_FILE",
        "a file that holds the password of the key in `SENDWELL_CERTIFICATE_FILE`",
    ),
    Setting(
        "HOST",
        "the address at which `/api/messages` listens; `127.0.0.1` where the front runs on the same machine",
        "0.0.0.0",  # noqa: S104 - a service behind the operator's own front door
    ),
    Setting(
        "PORT",
        "the port at which it listens",
        "3978",
    ),
    Setting(
        "SENDWELL_DATABASE_URL",
        "`sqlite+aiosqlite:///file.db` or `postgresql+psycopg://…`",
        "sqlite+aiosqlite:///sendwell.db",
    ),
    Setting(
        "SENDWELL_DATABASE_URL_FILE",
        "a file that holds the database's URL, in place of the setting itself",
    ),
    Setting(
        "SENDWELL_APPROVERS_GROUP_ID",
        "Entra group whose members may decide; one that anybody can join (public, or dynamic by what "
        "people choose themselves, such as their mobile number) is refused at the start",
        default_said="required",
    ),
    Setting(
        "SENDWELL_APPROVALS_CHANNEL",
        "`teamId;channelId;serviceUrl`, or say “use this channel” in Teams",
    ),
    Setting(
        "SENDWELL_CLOUD",
        "`worldwide`, `gcc`, `gcchigh`, `dod` or `china`: every address of Microsoft's that no setting names, the Bot "
        "Connector's issuer and scope, and the pages cards link to; what the cloud lacks is not asked for",
        "worldwide",
    ),
    Setting(
        "SENDWELL_LOGIN_URL",
        "login service; an address of another cloud is refused, one that is not Microsoft's (a proxy) is not",
        default_said="the cloud's",
    ),
    Setting(
        "SENDWELL_GRAPH_URL",
        "Microsoft Graph",
        default_said="the cloud's",
    ),
    Setting(
        "SENDWELL_EXCHANGE_URL",
        "Exchange Online",
        default_said="the cloud's",
    ),
    Setting(
        "SENDWELL_EXCHANGE_ROUTE",
        "how Exchange cmdlets run: `rest` (not documented by Microsoft) or `powershell` (supported; needs "
        "PowerShell, its module and a certificate), see [which route](exchange-routes.md)",
        "rest",
    ),
    Setting(
        "SENDWELL_EXCHANGE_ORGANIZATION",
        "the organisation's initial domain, such as `contoso.onmicrosoft.com`",
        default_said="required with `powershell`",
    ),
    Setting(
        "SENDWELL_PWSH",
        "the PowerShell program",
        "pwsh",
    ),
    Setting(
        "SENDWELL_OPENID_METADATA_URL",
        "the Bot Connector's keys",
        default_said="the cloud's",
    ),
    Setting(
        "SENDWELL_SERVICE_HOSTS",
        "hosts a Bot Connector may have, comma separated; our token goes nowhere else",
        default_said="the cloud's; required in `china`",
    ),
    Setting(
        "SENDWELL_FILE_HOSTS",
        "hosts from which a bounce that somebody drops into the chat is fetched, comma separated; with a dot at the "
        "beginning: every host whose name ends so. Your own SharePoint alone is `contoso-my.sharepoint.com`",
        default_said="the cloud's",
    ),
    Setting(
        "SENDWELL_CA_FILE",
        "an extra trust root for all outgoing HTTPS",
    ),
    Setting(
        "SSL_CERT_FILE",
        "the usual file of trust roots: added to the system's",
    ),
    Setting(
        "REQUESTS_CA_BUNDLE",
        "another usual file of trust roots: added as well",
    ),
    Setting(
        "SENDWELL_ANONYMOUS",
        "`loopback`: take unsigned activities; refused unless `HOST` is loopback and no app id is set",
        default_said="off",
    ),
    Setting(
        "SENDWELL_CLOCK_FILE",
        "for the sandbox alone: a file that says how many seconds ahead the clock is; refused unless `HOST` and the "
        "login are on this machine",
    ),
    Setting(
        "SENDWELL_CHECK_AFTER",
        "when to re-check an unblock, counted from it; the first is also how far two reads lie apart",
        "1m,3m,10m,20m,40m,60m",
    ),
    Setting(
        "SENDWELL_CHECK_EVERY",
        "how often an undecided or handed-over case is compared with the list",
        "5m",
    ),
    Setting(
        "SENDWELL_SUPPORT_AFTER",
        "still listed after an unblock: a ticket is needed",
        "60m",
    ),
    Setting(
        "SENDWELL_LAG_WINDOW",
        "how long “still bouncing” may be mere lag",
        "60m",
    ),
    Setting(
        "SENDWELL_RELEASE_GRACE",
        "pause before an unblock of unknown outcome is tried again; longer than the 30 s a call may take",
        "15m",
    ),
    Setting(
        "SENDWELL_REMIND_AFTER",
        "first reminder to the channel; each next one after twice as long",
        "30m",
    ),
    Setting(
        "SENDWELL_EXPIRE_AFTER",
        "silence that ends a request",
        "72h",
    ),
    Setting(
        "SENDWELL_TROUBLE_DUE",
        "by when a trouble without a restriction, once told to the admins, should be solved; who took one is reminded "
        "then",
        "24h",
    ),
    Setting(
        "SENDWELL_WATCH_FOR",
        "watch after an unblock",
        "24h",
    ),
    Setting(
        "SENDWELL_PROVE_AFTER",
        "when to look in message trace whether a message was delivered, counted from when the sender left the list, "
        "within `SENDWELL_WATCH_FOR`; of a trouble from the last report",
        "2m,10m,30m,2h,6h,18h,23h",
    ),
    Setting(
        "SENDWELL_CLOCKS_DIFFER_BY",
        "how far this machine's clock and Microsoft's may differ: so much of the newest is left out of a message "
        "trace, which refuses a span that ends in its future",
        "1m",
    ),
    Setting(
        "SENDWELL_APPROVAL_LASTS",
        "an approval that could not be carried out within this time lapses; the case then waits for a new decision",
        "2h",
    ),
    Setting(
        "SENDWELL_ASK_AGAIN_AFTER",
        "pause after a denial",
        "1h",
    ),
    Setting(
        "SENDWELL_DIGEST_OVER",
        "more requests than this, within `SENDWELL_DIGEST_WITHIN`, share one card in the channel",
        "10",
    ),
    Setting(
        "SENDWELL_DIGEST_WITHIN",
        "the time within which requests are many",
        "10m",
    ),
    Setting(
        "SENDWELL_WATCH_EVERY",
        "how often the restricted list is watched for who comes onto it; `off`: not at all",
        "5m",
    ),
    Setting(
        "SENDWELL_TEAMS_APP_ID",
        "the app's id in the organisation's catalogue: lets Sendwell install itself for a person it has to reach",
    ),
    Setting(
        "SENDWELL_RESPONDERS_GROUP_ID",
        "Entra group whose members may contain an account, no more open than the approvers'; without it nobody may",
    ),
    Setting(
        "SENDWELL_RESPONDER_APP_ID",
        "a second app registration for containing, so that the bot's own app needs no right to it",
        default_said="the bot's own app",
    ),
    Setting(
        "SENDWELL_RESPONDER_APP_PASSWORD",
        "the second app's client secret; one of `SENDWELL_RESPONDER_APP_PASSWORD`, "
        "`SENDWELL_RESPONDER_APP_PASSWORD_FILE` and `SENDWELL_RESPONDER_CERTIFICATE_FILE` is required with "
        "`SENDWELL_RESPONDER_APP_ID`",
    ),
    Setting(
        "SENDWELL_RESPONDER_APP_PASSWORD_FILE",
        "a file that holds the second app's client secret",
    ),
    Setting(
        "SENDWELL_RESPONDER_CERTIFICATE_FILE",
        "PEM file with the second app's certificate and RSA key",
    ),
    Setting(
        "SENDWELL_RESPONDER_CERTIFICATE_PASSWORD",
        "the password of the key in `SENDWELL_RESPONDER_CERTIFICATE_FILE`, where it has one",
    ),
    Setting(
        "SENDWELL_RESPONDER_CERTIFICATE_PASSWORD_FILE",
        "a file that holds the password of the key in `SENDWELL_RESPONDER_CERTIFICATE_FILE`",
    ),
    Setting(
        "SENDWELL_LEASE",
        "what a process that died had in hand is taken up again after this; a task may take three quarters of it",
        "90s",
    ),
    Setting(
        "SENDWELL_CLICK_WITHIN",
        "how long the click of an approval may wait for the list and the directory; what takes longer is "
        "decided by itself soon after",
        "6s",
    ),
    Setting(
        "SENDWELL_DECIDE_WITHIN",
        "how long such an approval is checked before it is dropped, with the reason",
        "60s",
    ),
    Setting(
        "SENDWELL_EVIDENCE_WITHIN",
        "how long evidence that was asked for is waited for; what has not come by then is *not checked*",
        "2m",
    ),
    Setting(
        "SENDWELL_EVIDENCE_LASTS",
        "how old the evidence may be that an approval rests on; older evidence is gathered again first",
        "30m",
    ),
    Setting(
        "SENDWELL_SLOW_READ",
        "how long a source of evidence may take to respond (sign-ins of a large tenant take a minute and "
        "more); asked twice at most, and what has not come by then is *not checked*",
        "60s",
    ),
    Setting(
        "SENDWELL_AUDIT_AFTER",
        "when to look whether a search of the audit log has ended, counted from its begin; after the last "
        "it is given up",
        "1m,3m,8m,18m,38m",
    ),
    Setting(
        "SENDWELL_CALL_CODE",
        "`on`: the word by another route that an approval may need takes a code, which the approver gets "
        "in the form and reads out on the phone, and the person types it in their chat; who cannot write there "
        "is then unblocked in Defender only",
        "off",
    ),
    Setting(
        "SENDWELL_REQUESTS_A_DAY",
        "requests to the approvers within 24 hours, by one person or about one mailbox (about which "
        "everybody may ask once), and open cases of one person about other mailboxes while the list "
        "cannot be read",
        "5",
    ),
    Setting(
        "SENDWELL_MESSAGES_A_MINUTE",
        "messages and clicks of one person within a minute; beyond, they are asked to slow down",
        "20",
    ),
    Setting(
        "SENDWELL_TRACE_CALLS",
        "message trace calls that one process may make within five minutes; the organisation has 100 for "
        "all its programs, and for all replicas together",
        "60",
    ),
    Setting(
        "SENDWELL_KEEP_DETAILS_FOR",
        "after this an ended case keeps its times, causes and counts, but no name, address or words; with "
        "a person's last case their chat is forgotten, and at once when they take the app out",
        "365d",
    ),
    Setting(
        "SENDWELL_MENTION",
        "whom a request mentions in the channel, so that Teams notifies them: `members` (five of the "
        "approvers' group) or `members:N` (1 to 20), the first by name; `tag:ID;NAME`, a tag of the team; "
        "`none`",
        "members",
    ),
    Setting(
        "SENDWELL_TIME_ZONE",
        "zone (IANA name, `Europe/Vienna`) of times that Teams cannot show in each reader's own",
        "UTC",
    ),
    Setting(
        "SENDWELL_RULES",
        "a file with the organisation's hours, escalation, expected sign-ins and mailing tools, see "
        "[rules](rules.md); with a mistake in it nothing starts",
    ),
    Setting(
        "SENDWELL_LOG_FORMAT",
        "`text`, or `json`: one object a line, with the reference that people see after a failure",
        "text",
    ),
    Setting(
        "SENDWELL_METRICS_TOKEN",
        "whoever brings this as a bearer token (16 characters at least) may read `/metrics`; without it the address "
        "of the messages serves none, see [seeing it run](operate.md)",
    ),
    Setting(
        "SENDWELL_METRICS_TOKEN_FILE",
        "a file that holds the token of `SENDWELL_METRICS_TOKEN`",
    ),
    Setting(
        "SENDWELL_METRICS_LISTEN",
        "an address for `/metrics` alone, such as `127.0.0.1:9464`; whoever reaches it may read, unless there is a "
        "`SENDWELL_METRICS_TOKEN` too",
    ),
    Setting(
        "SENDWELL_TRACES_URL",
        "where traces go with OTLP over HTTP, such as `http://localhost:4318/v1/traces`; without it none are made",
    ),
    Setting(
        "SENDWELL_WEBHOOK_URL",
        "an `https://` address, of a ticket system for example, that is told of each milestone of a case, see "
        "[webhooks](webhooks.md); without it nobody outside is told",
    ),
    Setting(
        "SENDWELL_WEBHOOK_SECRET",
        "what is sent to `SENDWELL_WEBHOOK_URL` is signed with it: `whsec_` and the base64 of 24 to 64 random bytes; "
        "required with that address",
    ),
    Setting(
        "SENDWELL_WEBHOOK_SECRET_FILE",
        "a file that holds the secret of `SENDWELL_WEBHOOK_SECRET`",
    ),
    Setting(
        "SENDWELL_WEBHOOK_PRIVATE",
        "`on`: the address may be within your own network; else only public addresses are connected to",
        "off",
    ),
    Setting(
        "SENDWELL_HELPDESK_CONTACT",
        "shown where self-service does not reach",
    ),
    Setting(
        "SENDWELL_PASSWORD_RESET_URL",
        "the organisation's reset page",
        default_said="the cloud's",
    ),
    Setting(
        "SENDWELL_SECURITY_INFO_URL",
        "the organisation's security-info page",
        default_said="the cloud's",
    ),
)
"""In the order in which an operator reads them."""
