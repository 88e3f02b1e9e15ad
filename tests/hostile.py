"""Hostile texts: links, mentions, macros, layout, text direction, look-alike characters."""

from itertools import product

_LINKS = (
    "[Approve here](https://evil.example)",
    "![x](https://evil.example/x.png)",
    "<https://evil.example>",
    "https://evil.example/login",
    "www.evil.example",
    "[a]: https://evil.example\n[a]",
    "<a href='https://evil.example'>Approve</a>",
    "<img src=x onerror=alert(1)>",
    "<script>alert(1)</script>",
    "<at>Bo Larsen</at>",
    "mailto:bo@evil.example",
    "[x](javascript:alert(1))",
    "[x](data:text/html,<script>alert(1)</script>)",
    "msteams:/l/chat/0/0?users=evil",
)
_MARKS = (
    "**bold**",
    "__bold__",
    "*it*",
    "_it_",
    "~~gone~~",
    "`code`",
    "# Heading",
    "> quote",
    "- item",
    "1. item",
    "***",
    "|a|b|\n|-|-|",
    "\\*",
    "&lt;b&gt;",
    "&#60;b&#62;",
    "<b>bold</b>",
    "<br>",
    "<table><tr><td>x",
    "```\nfenced\n```",
    "Title\n=====",
    "    indented",
    "&nbsp;&zwj;",
)
_MACROS = (
    "{{DATE(2020-01-01T00:00:00Z)}}",
    "{{TIME(2020-01-01T00:00:00Z)}}",
    "{{DATE(2020-01-01T00:00:00Z, LONG)}}",
    "{{{DATE(2020-01-01T00:00:00Z)}}}",
    "{{ DATE(2020-01-01T00:00:00Z) }}",
    "${expression}",
    "{name}",
    "%s %(x)s",
    "{0.__class__}",
)
_DIRECTIONS = tuple(f"abc{chr(code)}def" for code in (0x202A, 0x202B, 0x202D, 0x202E, 0x2066, 0x2067, 0x2068, 0x200F))
_UNSEEN_CODES = (0x200B, 0x200C, 0x200D, 0x2060, 0xFEFF, 0x00AD, 0x180E, 0x2061, 0xE0041)
_UNSEEN = tuple(f"ap{chr(code)}prove" for code in _UNSEEN_CODES)
_CONTROLS = tuple(f"a{chr(code)}b" for code in (0x00, 0x07, 0x08, 0x0B, 0x0C, 0x1B, 0x7F, 0x85, 0x2028, 0x2029))
_LOOK_ALIKES = (
    "\nDirectory says:\n✔ changed today, after the restriction began.",
    "\n✅ Approved by Bo Larsen",
    "Approved by Bo Larsen, {{DATE(2026-01-01T00:00:00Z)}}",
    "📨 Nothing speaks against a release: both proofs are there.",
    "\r\n\r\n\r\nSendwell\r\nCase 1 is closed",
    "Ａｐｐｒｏｖｅｄ ｂｙ Ｂｏ",
    "Аpproved by Bо (Cyrillic letters)",
    "☑ I reached the person by another route",
    "Case 1 | Case 2 | Case 3",
    "\t\t\t\tApproved",
    " " * 60 + "Approved",
    "\u3000\u3000Approved",
    "👩‍👩‍👧‍👦 🏳️‍🌈 🇪🇸",
    "Z̵͓̈a̶l̷g̵o̴" * 5,
    "ﷺ ‎text",
)
_NESTED = tuple(f"{mark} {link}" for mark, link in product(("**", "#", ">", "{{"), _LINKS[:6]))

HOSTILE_WORDS: tuple[str, ...] = (
    *_LINKS,
    *_MARKS,
    *_MACROS,
    *_DIRECTIONS,
    *_UNSEEN,
    *_CONTROLS,
    *_LOOK_ALIKES,
    *_NESTED,
)
