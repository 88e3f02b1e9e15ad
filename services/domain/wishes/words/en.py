"""English."""

from collections.abc import Mapping

from services.domain.wishes.ideas import Idea

WORDS: Mapping[Idea, str] = {
    Idea.MAIL: "mail*, message*, outbox, newsletter*, msg, msgs, inbox, outgoing",
    Idea.SEND: "send*, sent, snd, go out, goes out, going out, went out, get out, gets out, getting out, "
    "leave my outbox, deliver*, mailing, send out, get through, gets through, getting through, reach anyone, "
    "reach anybody, leaves",
    Idea.CANNOT: "cant, cannot, can not, unable, couldnt, could not, not able, not possible, impossible, wont, "
    "will not, fail*, refus*, reject*, stuck, error*, problem*, trouble*, issue*, broken, stopped, not allowed, "
    "no longer able, no longer send, not permitted, cnat, forbidden, disabled, down, cant seem",
    Idea.NOT: "no longer, not anymore, no more, not any more, not, no, dont, doesnt, isnt, didnt, arent, wasnt, "
    "hasnt, havent, never, nothing, nope, none, ain't, nowhere",
    Idea.STILL: "still, yet, keep, keeps, even now, as before, same error, same problem, same issue, same thing, "
    "persists, continues to, no change, nothing changed, unchanged, not yet, same bounce",
    Idea.NO_LONGER: "no longer, not anymore, no more, not any more, anymore, any more, isnt anymore",
    Idea.BLOCKED: "block*, restrict*, limit, limits, limited, locked*, banned, suspend*, blacklist*, quarantin*, "
    "frozen, listed, throttled, lock out, locked out",
    Idea.BOUNCE: "straight back, right back, back to me, bounced back, bounc*, come back, comes back, came back, "
    "coming back, returned, undeliver*, non delivery, delivery failed, sent back, gets back, kicked back, get back, "
    "rejected, bad outbound sender, access denied, returning",
    Idea.RECEIVE: "receive*, receiving, recieve*, get my, gets my",
    Idea.UNBLOCK: "unblock*, unlock*, unrestrict*, release*, lift the, free me, let me send, unban*, "
    "remove the block, remove the restriction, remove restriction, take me off, lift, whitelist*, restore, "
    "reinstate, approve my account",
    Idea.WORKS: "work, works, working, worked, solved, fixed, resolved, all good, went through, arrived, "
    "get through now, sorted, all clear, problem solved, issue resolved, good to go, delivered, gets delivered, "
    "back to normal, can send again, can send now, able to send again, can send mail again, can send emails again, "
    "can send email again, mail flows, i can send, test went out",
    Idea.NOW: "now, again, finally, already, today, this time, fine, since then, everything, fully",
    Idea.YES: "yes, yep, yeah, yup, hooray, great, perfect, yay, woohoo, confirmed, confirm, absolutely, wonderful, "
    "indeed, brilliant, awesome",
    Idea.CANCEL: "cancel*, withdraw*, never mind, nevermind, nvm, forget it, forget about it, take it back, "
    "take back, revoke, stop my request, stop the request, drop it, drop my request, undo my request, abort, "
    "retract, dont need it anymore, dont need this anymore, no longer needed, pull my request, pull back, scrap it, "
    "scrap my, drop the request, call it off, scratch that, changed my mind, discard",
    Idea.REQUEST: "request*, ticket*, case, cases, application, inquiry",
    Idea.STATUS: "going on, what became of, status*, any news, news, any update, any updates, update*, progress, "
    "how far, where are we, where does it stand, where do things stand, whats happening, what is happening, "
    "how is it going, hows it going, what now, anything new, done yet, how are things, where is my, wheres my, "
    "whats up with, what about my, state of, heard back, already approved, been approved, been decided, "
    "decided yet, approved yet, is it approved, did they approve",
    Idea.HOW_LONG: "how long, how many hours, how many minutes, how many days, how much longer, how much time, "
    "how soon, what time, how quickly, how fast, take long, takes long, eta, till when, until when, expected time, "
    "long does it take, how lng, long do i have to wait, time does it take, turnaround, waiting time",
    Idea.WHEN: "when, by tomorrow, before noon, by tonight",
    Idea.WHO: "who, whos, whom, whose, which admin, which person, what person",
    Idea.DECIDE: "approv*, decid*, decision*, in charge, responsible, handles, handle, looks at, authoris*, "
    "authoriz*, review*, sign off, signs off, see my request, gets my request, permission, says yes, "
    "has my request, the boss of",
    Idea.HACKED: "hack*, hijack*, compromis*, stolen, breach*, virus, malware, taken over, someone else using, "
    "someone used my, someone in my account, somebody in my account, intruder, somebody else in, someone logged in, "
    "somebody logged in, someone is using my, someone else in, is my account safe, is my account secure, "
    "password leaked, leaked, account safe, account secure, broke into, broken into, break in, scammer*, infected, "
    "got my password",
    Idea.ACCOUNT: "account*, address, user, profile, login",
    Idea.HUMAN: "human*, real person, a person, someone real, live agent, agent, real agent, operator, "
    "somebody real, real human, actual person, someone from it, technician, it guy, it department, it team, "
    "person please, live person, not a bot, not a robot, not a machine, support person, it staff",
    Idea.TALK: "talk, speak, call, phone, chat, contact, reach, connect me, ring, telephone, escalate",
    Idea.HELP_DESK: "tech support, customer service, support team, hotline, support line, phone number, phone support",
    Idea.THANKS: "thank*, cheers, thanx, much appreciated, appreciate it, appreciated, thnks, tnx",
    Idea.FINE: "alright, got it, understood, i see, good, noted, will do, nice, cool, fair enough, sounds good, "
    "makes sense, roger, excellent",
    Idea.HELLO: "hello, hey, hi, good morning, good afternoon, good evening, howdy, hiya, greetings, morning, yo, "
    "hello there, anyone there, are you there, heya, good day",
    Idea.HELP: "help, assist*, sos",
    Idea.CAPABILITIES: "what can you do, how does this work, how do you work, what do you do, how do i use you, "
    "what are you, who are you, how can you help, what can i ask, how do i use this, what is this, "
    "what is sendwell, commands, what can i type, show me the options, how does it work, manual, what are you for, "
    "what are you able to do, how to use, menu, what is this bot, what does this bot do, explain how you work, "
    "what can i write, what can i do here, what kind of help, what are my options",
    Idea.LANGUAGE: "language*, translate, which tongue",
    Idea.ENGLISH: "english",
    Idea.GERMAN: "german",
    Idea.FRENCH: "french",
    Idea.SPANISH: "spanish",
    Idea.PORTUGUESE: "portuguese, brazilian",
    Idea.ITALIAN: "italian",
    Idea.DUTCH: "dutch",
    Idea.JAPANESE: "japanese",
    Idea.ARABIC: "arabic",
    Idea.CAN_YOU: "can you, could you, do you, would you, will you, can i, are you able to, is there, possible to, "
    "may i, can we, could we, could i, can somebody, can someone, can anyone, could someone, could somebody, can u",
    Idea.COLLEAGUE: "colleague*, coworker*, co worker*, my boss, our boss, teammate*, my manager, my assistant, "
    "our ceo, our intern, my friend, our new employee, an employee, a user, one of our users, team member, "
    "someone else cannot, someone else cant, the new hire, our director, my wife, workmate*, collegue*, coleague*, "
    "my secretary, our receptionist",
    Idea.MAILBOX: "shared inbox, shared address, functional mailbox, team mailbox, group mailbox, mailbox",
    Idea.WHY: "why, how come, what reason, for what reason, what is the reason, whats the reason, reason, y",
    Idea.DENIED: "denied, deny, declined, turned down, rejected my request, refused my request, said no, "
    "rejected my, refused my, denial, refusal",
    Idea.ELSEWHERE: "pizza, weather, joke, jokes, printer*, print, lunch, coffee, vpn, wifi, wi fi, holiday*, "
    "vacation*, football, bitcoin, stock, laptop, monitor, keyboard, mouse, excel, powerpoint, meeting room, poem, "
    "song, recipe, movie, sick leave, payslip, salary, parking, train, flight, hotel, homework, math, capital of, "
    "president, birthday, headset, sharepoint, onedrive, calendar, internet, screen, phone battery, canteen, "
    "expense*, invoice template, taxi, time is it",
    Idea.FROM: "from, as, of, via, through, using, mailbox, address, inbox, account",
    Idea.TO: "to, towards, recipient, reach, for",
    Idea.SMALL: "please, pls, plz, i, im, ive, id, my, me, mine, the, a, an, this, that, it, its, is, am, are, be, "
    "was, were, been, do, does, did, has, have, had, so, just, want, wanted, like, need, to, of, on, in, for, with, "
    "and, but, or, u, you, your, youre, we, our, us, really, very, much, many, all, well, oh, ah, actually, then, "
    "there, here, can, could, would, will, should, think, guess, up, out, at, from, as, by, if, any, some, "
    "everyone, everybody, dear, sir, lot, bit, for me, let, make, go, want to, would like, like to, now please, "
    "kindly, right, too, also, since, sorry",
}
