"""Words that are the same in every language."""

from collections.abc import Mapping

from services.domain.wishes.ideas import Idea

WORDS: Mapping[Idea, str] = {
    Idea.MAIL: "mail, mails, e mail*, email*, outlook, smtp, exchange, ndr",
    Idea.BOUNCE: "bounce*, bouncing, mailer daemon, ndr",
    Idea.MAILBOX: "mailbox*, shared mailbox*",
    Idea.HACKED: "hack, hacked, hacker*, phishing",
    Idea.HELP_DESK: "helpdesk*, help desk*, service desk, servicedesk*, it support, support",
    Idea.STATUS: "status",
    Idea.FINE: "ok, okay, okey, oki, okidoki, k, super, top, 👍, 👌, 🆗, ❤, ♥, 😊, 🙂, 😀, 😃, 👏, 💪",
    Idea.THANKS: "🙏, thx, tks, ty",
    Idea.WORKS: "🎉, ✅",
    Idea.QUESTION: "?",
    Idea.SMALL: "sendwell, bot, hi, m365, office, microsoft, teams, ndrs, info, 5, 1, 8, 550, addr",
}
