"""Whoever types an approval and says no, "wait" or "if" in the same breath has not approved: in nine languages, since a
decision that is held too easily costs a click, and one that is taken too easily a mailbox."""

import re
from unicodedata import combining, normalize


def _words(*of_languages: str) -> frozenset[str]:
    return frozenset(" ".join(of_languages).split())


_SAYS_NOTHING = _words(
    "please pls but only just ok okay well then sorry bitte aber nur doch lieber s'il te vous plait svp mais seulement",
    "por favor pero solo mejor per favore ma meglio mas so melhor alsjeblieft maar alleen liever من فضلك فقط لكن",
)
_NOT_NOW = _words(
    "not never nope nobody wait hold cancel stop wrong moment cannot dont",
    "nicht nie niemals nein nee niemand warte warten abwarten stopp halt falsch",
    "non ne pas jamais attends attendez attendre arrete personne",
    "nunca jamas todavia aun espera espere esperar esperad momento cuanto nadie",
    "mai aspetta aspetti aspettare aspettate attendi attendere ancora nessuno",
    "nao ainda aguarda aguarde aguardar ninguem",
    "niet nooit wacht wachten fout",
    "لا ليس لم لن انتظر انتظري انتظروا توقف",
)
"""What says no to what stands before it, or that it is too early for it."""
_DEPENDS = _words(
    "if unless when once after before until till later tomorrow maybe perhaps should",
    "wenn falls sofern sobald nachdem bevor erst spater morgen vielleicht",
    "si quand lorsque apres avant plus demain peut",
    "cuando despues luego antes hasta manana quizas quiza tal",
    "se quando dopo prima domani forse appena finche depois ate amanha talvez",
    "als wanneer zodra nadat voordat indien tenzij eerst misschien",
    "اذا لو عندما بعد قبل حتى لاحقا غدا ربما",
)
_CONDITIONS = (
    *("as soon", "as long", "in case", "on condition", "assuming", "pending", "subject to"),
    *("provided that ", "provided she ", "provided he ", "provided they "),
    *("vorausgesetzt", "unter der bedingung", "unter der voraussetzung", "sowie sie", "sowie er", "solange"),
    *("des que ", "des qu'", "a condition", "pourvu qu", "tant que ", "tant qu'"),
    *("siempre que", "siempre y cuando", "a condicion", "con la condicion"),
    *("a condizione", "purche", "qualora", "sempre che", "assim que", "desde que", "contanto que"),
    *("mits ", "op voorwaarde", "حالما", "بشرط", "شريطة"),
)
"""Beginnings that do so in more words than one; with a blank where a longer word begins alike."""
_NO_TO_IT = _words("lo la le apruebes aprobar aprueben por per please thanks gracias grazie ahora adesso yet")
"""After "no": else it may belong to what follows, as in "no findings"."""
_IN_JAPANESE = _words("まだ 待 いいえ だめ ダメ 駄目 しない ないで 保留 中止 却下 後で たら もし")
"""Anywhere: Japanese is written without blanks."""
_SAID_FIRST = 3
"""Words, without those that say nothing by themselves: whoever hesitates says so at once. A reason may come later."""
_READ_AT_MOST = 120
_PIECES = re.compile(r"[\w']++|[^\w\s]")
_YES = re.compile(r"\bs[íì]\b")
"""Without its accent it is "if"."""


def hesitates(text: str) -> bool:
    """Whether what follows an approval begins with a no, a "wait" or an "if"."""
    beginning = text[:_READ_AT_MOST]
    pieces = _PIECES.findall(_bare(beginning))
    first = [(at, piece) for at, piece in enumerate(pieces) if piece[0].isalnum() and piece not in _SAYS_NOTHING]
    said = "".join(f"{piece} " for _, piece in first)
    if first and (first[0][1] in _DEPENDS or said.startswith(_CONDITIONS)):
        return True
    if any(_says_no(piece, pieces[at + 1 :]) for at, piece in first[:_SAID_FIRST]):
        return True
    return any(word in beginning for word in _IN_JAPANESE)


def _says_no(piece: str, then: list[str]) -> bool:
    if piece != "no":
        return piece in _NOT_NOW or piece.endswith("n't")
    return not then or not then[0][0].isalnum() or then[0] in _NOT_NOW | _NO_TO_IT


def _bare(text: str) -> str:
    """In lower case and without accents, which are often left out."""
    folded = _YES.sub("yes", normalize("NFC", text.casefold())).replace("’", "'")
    return "".join(char for char in normalize("NFD", folded) if combining(char) == 0)
