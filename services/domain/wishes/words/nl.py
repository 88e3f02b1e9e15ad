"""Dutch."""

from collections.abc import Mapping

from services.domain.wishes.ideas import Idea

WORDS: Mapping[Idea, str] = {
    Idea.MAIL: "mail*, email*, e mail*, bericht*, mailtje*, postvak uit, berichten",
    Idea.SEND: "verstur*, stur*, verzend*, zend*, verzonden, verstuurd, gestuurd, gaan weg, gaat weg, weg, eruit, "
    "uit krijgen, naar buiten, mailen, schrijven, versturen",
    Idea.CANNOT: "onmogelijk, fout*, probleem, problemen, mislukt*, storing*, geweigerd, lukt me niet, hapert, "
    "vast, kapot, foutmelding*",
    Idea.NOT: "niet meer, niet langer, niet, geen, nooit, niks, niets, nie, nee",
    Idea.STILL: "nog steeds, nog altijd, steeds, nog niet, dezelfde fout, zelfde fout, nog, blijft, blijven, "
    "alweer, hetzelfde, onveranderd, zelfde probleem",
    Idea.NO_LONGER: "niet meer, geen last meer, niet langer",
    Idea.BLOCKED: "geblokkeerd*, blokk*, beperkt*, beperking*, gelimiteerd, geblokt, opgeschort, limiet*, "
    "uitgesloten, gebanned",
    Idea.BOUNCE: "terug*, stuiter*, geweigerd, onbestelbaar, terugkomen, komt terug, komen terug, retour, afgewezen",
    Idea.RECEIVE: "ontvang*, krijgt, binnenkrijg*",
    Idea.UNBLOCK: "deblokk*, deblokkeer*, gedeblokkeerd, ontgrendel*, vrijgeven, vrijgegeven, opheffen, hef, "
    "blokkade weg, vrij te geven, keur mijn account, blokkering opheffen, geef me vrij, geef mij vrij, opgeheven",
    Idea.WORKS: "komt weer aan, komen weer aan, werk*, doet het, doen het, opgelost, gelukt, lukt, in orde, "
    "aangekomen, gaat goed, alles goed, verholpen, gefikst, is verstuurd, kan weer mailen, kan weer versturen, "
    "komt aan, komen aan, alles werkt, het gaat weer, kan weer sturen, gaat weer, is weg, alles is goed",
    Idea.NOW: "nu, weer, eindelijk, inmiddels, al, vandaag, opnieuw, intussen, meteen, gewoon",
    Idea.YES: "ja, jep, jazeker, inderdaad, klopt, perfect, geweldig, bevestig*, hoera, yes, fijn",
    Idea.CANCEL: "annul*, intrek*, trek * in, laat maar, vergeet het, niet meer nodig, stop mijn, afbreken, "
    "terugtrekken, hoeft niet meer, zit maar, cancel*, stop het verzoek, verwijder mijn, trek mijn, ingetrokken, "
    "in te trekken, intrekken, afzeggen, zie er van af, maakt niet uit, hoeft al niet meer",
    Idea.REQUEST: "aanvra*, aanvraag, verzoek*, ticket*, zaak, dossier, melding",
    Idea.STATUS: "status, nieuws, stand van zaken, hoe staat het, hoe staat, hoe gaat het met, hoever, hoe ver, "
    "voortgang, update*, iets bekend, al goedgekeurd, is er al iets, al iets gehoord, waar blijft, al besloten, "
    "wat gebeurt er met, iets nieuws, hoe zit het met, al bekeken, hoe ziet het eruit",
    Idea.HOW_LONG: "hoe lang, hoelang, hoeveel uur, hoeveel tijd, hoe snel, duurt, tot wanneer, hoeveel dagen, "
    "wachttijd, duurt het lang, hoeveel minuten, hoe veel langer, lang nog",
    Idea.WHEN: "wanneer, hoe laat kan, voor morgen",
    Idea.WHO: "wie, welke beheerder, bij wie, aan wie, met wie, welke persoon",
    Idea.DECIDE: "goedkeur*, keurt * goed, keurt dit goed, keurt het goed, beslis*, beslist, besluit*, bepaalt, "
    "verantwoordelijk*, behandelt, beoordeelt, gaat erover, keurt, toestemming, handelt, gaat hierover",
    Idea.HACKED: "gehackt*, gehacked, hack*, gekraakt, gestolen, gecompromitteerd, virus, ingebroken, overgenomen, "
    "iemand anders, misbruikt, indringer, account veilig, iemand in mijn account, iemand gebruikt, besmet, "
    "account nog veilig, gelekt, iemand zit in, iemand ingelogd",
    Idea.ACCOUNT: "account, adres, gebruiker, rekening, profiel",
    Idea.HUMAN: "mens*, echte persoon, echt persoon, een persoon, medewerker*, iemand van it, iemand van de it, "
    "echt iemand, it afdeling, collega van it, technicus, ict afdeling, ict, iemand spreken, echte mens, "
    "beheerder spreken, geen robot, geen bot, afdeling ict, mensen van it",
    Idea.TALK: "praten, spreken, bellen, contact*, telefon*, bereiken, doorverbind*, telefoonnummer, verbind",
    Idea.HELP_DESK: "helpdesk, servicedesk, ondersteuning, it support, support, hulplijn, it hulp, klantenservice",
    Idea.THANKS: "dank*, bedankt, dank je, dank u, dankjewel, merci, thanks, dankuwel, thnx",
    Idea.FINE: "prima, akkoord, begrepen, duidelijk, goed, is goed, oke, mooi, helder, komt goed, snap ik, goed zo, "
    "in orde dan, leuk",
    Idea.HELLO: "hallo, hoi, goedemorgen, goedemiddag, goedenavond, goedendag, dag, hey, hee, iemand daar, "
    "hallootjes, hoi hoi, ben je daar, goeiemorgen, is daar iemand",
    Idea.HELP: "hulp, help*, helpen",
    Idea.CAPABILITIES: "wie ben jij, wat ben jij, wat kan je, wat kun je, wat kunt u, hoe werkt dit, hoe werkt het, "
    "hoe werk je, wat doe je, wie ben je, waar dien je voor, commando*, handleiding, wat kan ik vragen, "
    "hoe gebruik ik, waarvoor ben je, wat kan deze bot, wat is dit, hoe werkt deze bot, wat doet u, wie bent u, "
    "waarmee kun je, waar kun je mee helpen, wat kan jij, wat kan ik hier, hoe werkt dat hier, wat doet deze bot, "
    "welke opties, instructies, wat ben je",
    Idea.LANGUAGE: "taal, talen, language",
    Idea.ENGLISH: "engels*, english",
    Idea.GERMAN: "duits*",
    Idea.FRENCH: "frans, franse",
    Idea.SPANISH: "spaans*",
    Idea.PORTUGUESE: "portugees*",
    Idea.ITALIAN: "italiaans*",
    Idea.DUTCH: "nederlands*",
    Idea.JAPANESE: "japans*",
    Idea.ARABIC: "arabisch*",
    Idea.CAN_YOU: "kan je, kun je, kunt u, spreek je, spreekt u, kan jij, kun jij, zou je, zou u, kan ik, "
    "spreek jij, kan het ook, is het mogelijk, kan iemand, mag ik, kunnen jullie, kan u",
    Idea.COLLEAGUE: "collega*, mijn baas, onze baas, mijn leidinggevende, een medewerker kan, een gebruiker, "
    "mijn assistent*, onze stagiair*, teamgenoot, onze directeur, de directeur, mijn manager, mijn secretaresse, "
    "een nieuwe medewerker, mijn vriend, mijn chef, een werknemer",
    Idea.MAILBOX: "postvak*, gedeelde mailbox, gedeeld postvak, gedeelde postbus, postbus*, mailbox, "
    "functionele mailbox",
    Idea.WHY: "waarom, hoezo, hoe komt het, reden, waardoor, met welke reden",
    Idea.DENIED: "afgewezen, afwijzing, geweigerd mijn, afgekeurd, niet goedgekeurd, is geweigerd, weigering, "
    "verzoek geweigerd, aanvraag geweigerd",
    Idea.ELSEWHERE: "pizza, weer vandaag, weerbericht, het weer, weer in, mop, grap*, printer*, printen, lunch, "
    "koffie, vpn, wifi, vakantie*, verlof, voetbal, bitcoin, laptop, scherm, toetsenbord, muis, excel, powerpoint, "
    "vergaderzaal, vergaderruimte, gedicht, recept, ziekmelding, salaris, loonstrook, parkeer*, trein, vlucht, "
    "hotel, huiswerk, hoofdstad, verjaardag, liedje, film, laat is het, internet, agenda, kantine, beamer",
    Idea.FROM: "van, vanaf, als, vanuit, met, namens, via, postvak, mailbox, uit, adres",
    Idea.TO: "naar, aan, ontvanger, tegen",
    Idea.SMALL: "alstublieft, alsjeblieft, aub, ajb, svp, ik, mij, me, mijn, m'n, mn, de, het, t, een, n, is, zijn, "
    "was, ben, heb, heeft, hebben, kan, kunt, kon, wil, wilde, graag, en, maar, of, dat, dit, die, er, ook, heel, "
    "erg, veel, dan, daar, hier, in, op, voor, van, te, ten, ze, u, uw, je, jij, jouw, jullie, we, wij, ons, onze, "
    "men, eens, even, toch, dus, wel, sinds, gisteren, moet, zou, willen, alle, alles, met, om, bij, gewoon, echt, "
    "nou, hoor, vanmorgen, vanochtend, beste, meneer, mevrouw, worden, wordt, door, zo",
}
