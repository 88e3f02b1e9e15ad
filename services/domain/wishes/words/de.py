"""German."""

from collections.abc import Mapping

from services.domain.wishes.ideas import Idea

WORDS: Mapping[Idea, str] = {
    Idea.MAIL: "mail*, email*, nachricht*, emails, mailen, newsletter*, rundmail*, postausgang, outlook",
    Idea.SEND: "send*, versend*, verschick*, schick*, gesendet*, raus, rausgeh*, hinausgeh*, rausschick*, "
    "abschick*, absend*, versand, versandt, verschickt*, geschickt, rausgehen, zugestellt, mailen, schreiben, "
    "durchgeh*, ausgehend*",
    Idea.CANNOT: "unmoglich, fehler*, fehlgeschlagen, problem*, abgelehnt, verweigert*, geht nix, storung*, klemmt, "
    "hangt, hangen, scheitert, fehlermeldung*, kaputt, schlagt fehl, verboten",
    Idea.NOT: "nicht mehr, kein* mehr, nicht, nich, net, ned, nix, nichts, kein*, nie, niemals, koa, nit, nimmer",
    Idea.STILL: "immer noch, noch immer, noch nicht, weiterhin, weiter, nach wie vor, noch, immernoch, schon wieder, "
    "unverandert, gleicher fehler, derselbe fehler, gleiche meldung, dasselbe, keine anderung",
    Idea.NO_LONGER: "nicht mehr, kein* mehr, nimmer",
    Idea.BLOCKED: "gesperrt*, sperr*, blockier*, eingeschrankt*, geblockt*, limitiert, beschrankt*, gebannt, "
    "ausgesperrt, sperre, limit*, gebloggt",
    Idea.BOUNCE: "zuruck, unzustellbar*, zuruckgekommen, zuruckkommen, retour, prallt*, abgewiesen, zuruckgewiesen, "
    "kommt zuruck, kommen zuruck, nicht zugestellt, unzustellbarkeit*",
    Idea.RECEIVE: "empfang*, erhalt*, bekommt, bekommen, kriegt",
    Idea.UNBLOCK: "entsperr*, freischalt*, freigeb*, entblock*, freigeschaltet, freigegeben, sperre aufheben, "
    "aufheben, aufgehoben, schalt* mich, freigabe, genehmig* mein konto, entsperrt",
    Idea.WORKS: "funktioniert, funktionieren, klappt, klappts, geklappt, geht wieder, gehen wieder, laeuft, lauft, "
    "erledigt, gelost, behoben, angekommen, geht jetzt, gehts, geht, rausgegangen, durchgegangen, "
    "kann wieder senden, kann wieder mails senden, alles gut, alles wieder gut, kann wieder schreiben, "
    "kann wieder mails schreiben, tut wieder, alles in ordnung, passt alles, problem gelost, problem behoben, "
    "kam an, ist raus, kann wieder verschicken, tuts",
    Idea.NOW: "jetzt, wieder, nun, endlich, schon, mittlerweile, inzwischen, heute, bereits, nu",
    Idea.YES: "ja, jo, jawohl, jup, jep, genau, juhu, hurra, bestatige, bestatigt, stimmt, perfekt, prima, "
    "wunderbar, doch",
    Idea.CANCEL: "abbrech*, zuruckzieh*, zuruckziehen, stornier*, vergiss es, vergessen sie es, zuruckgezogen, "
    "zurucknehm*, hat sich erledigt, brauche ich nicht mehr, brauch ich nicht mehr, lass es, lassen sie es, "
    "annullier*, storno, ruckgangig, widerruf*, egal, zuruck nehmen, zuruck ziehen, doch nicht, cancel*, "
    "lass gut sein, verwerfen, brauche das nicht mehr, brauchs nicht mehr, zieh* * zuruck, nehm* * zuruck, "
    "losch* meine, brich ab",
    Idea.REQUEST: "antrag*, anfrage*, ticket*, fall, gesuch, vorgang, anliegen, request",
    Idea.STATUS: "tut sich, status*, stand, wie siehts aus, wie sieht es aus, neuigkeiten, was neues, neues, "
    "gibts was neues, wie weit, fortschritt, update*, was ist mit mein*, was ist los mit, tut sich was, wie stehts, "
    "wie steht es, wie steht, was macht mein*, schon entschieden, schon genehmigt, wo ist mein*, was wird aus, "
    "ruckmeldung, bearbeitungsstand, zwischenstand, was lauft gerade",
    Idea.HOW_LONG: "wie lang*, wie viele stunden, wieviele stunden, wie schnell, dauert das, dauert es, dauer, "
    "bis wann, ab wann, wie viel zeit, wieviel zeit, noch lange, wartezeit, dauerts, wie lange noch, dauert",
    Idea.WHEN: "wann, bis morgen, heute noch",
    Idea.WHO: "wer, wem, wen, welcher admin, bei wem, von wem, an wen, wessen",
    Idea.DECIDE: "entscheid*, genehmig*, zustandig*, bewillig*, verantwortlich*, freigibt, bestimmt, pruft, "
    "bearbeitet, zustimmen, bearbeiten, kummert, sieht mein*, erlaubt",
    Idea.HACKED: "noch sicher, gehackt*, hacker*, gekapert*, kompromittiert*, gestohlen*, geklaut, virus, trojaner, "
    "eingebrochen, ubernommen, jemand anders, jemand anderes, jemand in meinem konto, fremd*, missbraucht, "
    "konto sicher, schadsoftware, geknackt, jemand meinen account, jemand mein konto, hackt, phishing*, einbruch, "
    "passwort bekannt",
    Idea.ACCOUNT: "konto, account, zugang, adresse, postfach, kennung, benutzer",
    Idea.HUMAN: "mensch*, echten menschen, echte person, mitarbeiter*, sachbearbeiter, kollegen aus der it, person, "
    "jemand echten, jemand richtigen, it abteilung, richtige person, jemand von der it, techniker*, edv, "
    "admin sprechen, kein bot, kein roboter, jemandem sprechen, jemanden sprechen",
    Idea.TALK: "sprechen, reden, anrufen, telefon*, kontakt*, erreich*, verbinde*, wenden, rufen, schwatzen",
    Idea.HELP_DESK: "helpdesk, benutzerservice, it support, support, hotline, it hilfe, it service, "
    "benutzerbetreuung, telefonnummer, anwenderbetreuung",
    Idea.THANKS: "danke*, vielen dank, dankesch*, besten dank, merci, dank, dank dir, dank ihnen, herzlichen dank, "
    "danke sehr",
    Idea.FINE: "alles klar, verstanden, in ordnung, gut, passt, klar, aha, gerne, ist gut, schon gut, "
    "einverstanden, mach ich, okay, top, supi, geht klar, cool, schon",
    Idea.HELLO: "hallo, hallochen, guten morgen, guten tag, moin, servus, gruss gott, guten abend, gruezi, na, hi, "
    "hey, grusse, tach, jemand da, bist du da, gruss dich, mahlzeit, moin moin, gude, morgen zusammen",
    Idea.HELP: "hilfe, hilf*, helfen, hilfst",
    Idea.CAPABILITIES: "was kannst du, was konnen sie, wie funktioniert das, wie funktionierst du, was machst du, "
    "was bist du, wer bist du, wie geht das, was kann ich hier, was kann ich fragen, wozu bist du da, befehle, "
    "anleitung, wofur bist du, wobei kannst du, was ist das hier, wer sind sie, was kann der bot, welche befehle, "
    "wie benutze ich, was tust du, wie kannst du mir helfen, womit kannst du, was kann ich dich fragen, "
    "was kann ich tun, was kann das, bedienung",
    Idea.LANGUAGE: "sprache*, sprachen, language, sprachauswahl",
    Idea.ENGLISH: "englisch*",
    Idea.GERMAN: "deutsch*, german",
    Idea.FRENCH: "franzosisch*",
    Idea.SPANISH: "spanisch*",
    Idea.PORTUGUESE: "portugiesisch*",
    Idea.ITALIAN: "italienisch*",
    Idea.DUTCH: "niederlandisch*, hollandisch*",
    Idea.JAPANESE: "japanisch*",
    Idea.ARABIC: "arabisch*",
    Idea.CAN_YOU: "kannst du, konnen sie, sprichst du, sprechen sie, konntest du, kann ich, konnten sie, "
    "geht das auch, verstehst du, kann man, konnte man, konnen wir, kann mich, verstehen sie, kann jemand, "
    "konnt ihr, redest du",
    Idea.COLLEAGUE: "kolleg*, chef, chefin, vorgesetzte*, mitarbeiterin kann, ein mitarbeiter kann, teamkolleg*, "
    "praktikant*, unser geschaftsfuhrer, meine assistentin, mein team, bei einer kollegin, neue mitarbeiterin, "
    "sekretarin, azubi, eine nutzerin, ein nutzer, freundin, arbeitskolleg*, werkstudent*",
    Idea.MAILBOX: "postfach*, sammelpostfach*, gruppenpostfach*, funktionspostfach*, gemeinschaftspostfach*, "
    "freigegebenes postfach",
    Idea.WHY: "warum, wieso, weshalb, weswegen, grund, begrundung, aus welchem grund",
    Idea.DENIED: "abgelehnt, ablehnung, verweigert, abgewiesen, nicht genehmigt, abgeschmettert",
    Idea.ELSEWHERE: "pizza, wetter, witz*, drucker*, mittagessen, kaffee, vpn, wlan, urlaub*, fussball, bitcoin, "
    "laptop, bildschirm, tastatur, maus, excel, powerpoint, besprechungsraum, gedicht, rezept, krankmeldung, "
    "gehalt*, parkplatz, bahn, flug, hotel, hausaufgaben, hauptstadt, geburtstag, kantine, drucken, headset, "
    "kalender, uhr, spat, sharepoint, reisekosten, rechner, kino, zug, taxi, internet, film, lied",
    Idea.FROM: "von, als, aus, vom, mit, uber, postfach, unter, adresse, via",
    Idea.TO: "an, nach, empfanger, zu",
    Idea.SMALL: "bitte, bitteschon, ich, mir, mich, mein*, dein*, der, die, das, den, dem, des, ein, eine, einen, "
    "einer, einem, ist, sind, war, bin, hab, habe, haben, hat, wird, werden, wurde, kann, konnte, mochte, will, "
    "wollte, es, und, aber, oder, so, doch, mal, ganz, auch, sehr, viel, dann, da, hier, bei, in, im, auf, fur, "
    "von, zu, zum, zur, ne, sie, ihr, ihre, ihnen, du, dich, dir, wir, uns, unser*, man, denn, eigentlich, halt, "
    "eben, einfach, leider, seit, gestern, soll, muss, alle, alles, am, um, mit, wurd, gern, lieber, liebe, damen, "
    "herren, also, noch mal, nochmal, sich",
}
