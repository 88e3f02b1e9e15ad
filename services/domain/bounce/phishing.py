"""A phishing mail dressed as a bounce. A real one asks for no password and holds nothing back to be released."""

_BOUNCE_WORDS = (
    *("deliver", "bounce", "returned", "undeliver", "failed", "pending", "held", "quarantine", "rejected"),
    *("unzustell", "zugestellt", "zurückgehalten", "zustell", "remis", "entreg", "rebot", "devolv", "consegn"),
    *("recapit", "bezorg"),
)
_STOPPED_WORDS = (
    *("release", "restricted", "blocked", "suspended", "gesperrt", "eingeschränkt", "bloqué", "retenu", "bloquead"),
    *("retenid", "bloccat", "trattenut", "geblokkeerd", "tegengehouden"),
)
"""Words that somebody with an honest trouble writes too: they count beside a link to a stranger."""
_ASKED_FOR = (
    frozenset(
        {
            *("verify", "confirm", "validate", "revalidate", "update", "reactivate", "re-activate", "authenticate"),
            *("restore", "bestätigen", "verifizieren", "aktualisieren", "reaktivieren", "überprüfen"),
            *("vérifier", "vérifiez", "confirmer", "confirmez", "réactiver", "mettre", "verificar", "verifique"),
            *("confirmar", "confirme", "actualizar", "atualizar", "reactivar", "reativar", "verificare", "verifica"),
            *(
                "confermare",
                "conferma",
                "aggiornare",
                "riattivare",
                "bevestigen",
                "bevestig",
                "verifiëren",
                "bijwerken",
            ),
        }
    ),
    frozenset(
        {
            *("account", "password", "mailbox", "identity", "credentials", "login", "ownership"),
            *("konto", "passwort", "kennwort", "postfach", "identität", "zugangsdaten", "compte", "passe", "identité"),
            *("cuenta", "contraseña", "buzón", "conta", "senha", "casella", "identità", "wachtwoord", "postvak"),
        }
    ),
)
_OFFERED = (
    frozenset(
        {
            *("release", "retrieve", "recover", "review", "restore", "view", "fix", "deliver", "allow", "resolve"),
            *("download", "freigeben", "abrufen", "wiederherstellen", "ansehen", "zustellen"),
        }
    ),
    frozenset({"message", "messages", "mail", "mails", "email", "emails", "e-mails", "nachricht", "nachrichten"}),
)
_CLICK = (
    *("click", "button", "link below", "log in", "login", "sign in"),
    *("klicken", "anmelden", "einloggen", "schaltfläche", "cliquez", "haga clic", "clique", "clicca", "fare clic"),
    *("klik",),
)
_NEAR = 6
"""Words."""
_WORDS_AT_MOST = 4_000
_MICROSOFT = ("microsoft.com", "aka.ms", "office.com", "office365.com", "outlook.com", "live.com", "office.net")


def looks_like_phishing(words: str) -> bool:
    """Whether words of a bounce want a password or a click to somewhere that is not Microsoft.

    `words` are those for people; what mail servers write for each other is not among them."""
    lowered = words.casefold()
    tokens = [token.strip(".,;:!?()<>\"'[]") for token in lowered.split()[:_WORDS_AT_MOST]]
    stranger = any(not _is_microsoft(token) for token in tokens if "http://" in token or "https://" in token)
    if not any(word in lowered for word in (*_BOUNCE_WORDS, *(_STOPPED_WORDS if stranger else ()))):
        return False
    led = any(word in lowered for word in _CLICK)
    wants = _near(tokens, *_ASKED_FOR)
    return (wants and (led or stranger)) or (_near(tokens, *_OFFERED) and led and stranger)


def _near(tokens: list[str], verbs: frozenset[str], things: frozenset[str]) -> bool:
    """Whether one of the things stands within a few words of one of the verbs: in some languages the verb goes last."""
    left = {True: -1, False: -1}
    for token in tokens:
        for is_verb, words in ((True, verbs), (False, things)):
            left[is_verb] = _NEAR if token in words else left[is_verb] - 1
        if min(left.values()) >= 0 and (token in verbs or token in things):
            return True
    return False


def _is_microsoft(link: str) -> bool:
    host = link.partition("//")[2].partition("/")[0].partition("?")[0].rpartition("@")[2].partition(":")[0]
    return any(host == name or host.endswith(f".{name}") for name in _MICROSOFT)
