"""Italian."""

from collections.abc import Mapping

from services.domain.wishes.ideas import Idea

WORDS: Mapping[Idea, str] = {
    Idea.MAIL: "mail*, email*, e mail*, messagg*, posta, posta in uscita, emails",
    Idea.SEND: "invi*, mand*, sped*, partono, parte, partire, escono, uscire, scrivere, spedizion*, partite",
    Idea.CANNOT: "impossibile, errore*, errori, problem*, fall*, incapace, guast*, non mi fa, non mi lascia, rifiut*, "
    "senza funzionare, senza poter*",
    Idea.NOT: "non, no, nessun*, niente, nulla, mai, nn, neanche, nemmeno",
    Idea.STILL: "ancora, continua*, continuano, sempre, stesso errore, come prima, stesso problema, tuttora, "
    "niente da fare, nulla e cambiato, uguale a prima",
    Idea.NO_LONGER: "non sono piu, non e piu, non piu",
    Idea.BLOCKED: "blocc*, limitat*, restri*, sospes*, limite*, bannat*, blocco",
    Idea.BOUNCE: "torna*, tornan*, rimbalz*, respint*, indietro, restituit*, rifiutat*, mancat* recapito, "
    "mancata consegna, non recapitat*",
    Idea.RECEIVE: "ricev*, ricezione",
    Idea.UNBLOCK: "sblocc*, liber*, togli* il blocco, rimuov* il blocco, rimuovere il blocco, "
    "togli* la restrizione, riabilit*, riattiv*, approv* il mio account",
    Idea.WORKS: "funzion*, risolt*, a posto, tutto ok, va tutto bene, ora va, adesso va, sistemat*, e arrivata, "
    "e partita, riesco a inviare, tutto bene, va bene adesso, arrivano, e arrivato, riesco di nuovo, "
    "posso inviare di nuovo, ripartit*, tutto a posto, posso di nuovo inviare, riesco a mandare, sono partite, "
    "e andata",
    Idea.NOW: "ora, adesso, di nuovo, finalmente, gia, nuovamente, oggi, stavolta",
    Idea.YES: "si, perfetto, ottimo, certo, confermo, esatto, fantastico, evviva, grande",
    Idea.CANCEL: "annull*, ritir*, cancell*, lascia perdere, lasciate perdere, lasci perdere, dimentica*, "
    "non importa, non serve piu, non mi serve piu, fa niente, revoc*, interromp* la richiesta, come non detto, "
    "ci ripenso, ci ho ripensato, rinunci*, lascia stare",
    Idea.REQUEST: "richiest*, ticket*, pratica, caso, domanda, segnalazione",
    Idea.STATUS: "stato, novita, aggiornament*, a che punto, come va, come procede, notizie, progressi, "
    "che fine ha fatto, gia approvat*, e stata approvata, come sta andando, hanno approvato, si sa qualcosa, "
    "come siamo messi, ci sono sviluppi, sviluppi, dov'e la mia, come stiamo",
    Idea.HOW_LONG: "quanto tempo, quanto ci vuole, quante ore, quanto dura, quanti giorni, fino a quando, "
    "quanto manca, quanto devo aspettare, tempi, tempistic*, quanto ancora, quanti minuti, ci vuole molto, "
    "quanto ci mette*, quanto tempo ci vuole, entro quanto, tempo di attesa",
    Idea.WHEN: "quando, a che ora, entro domani",
    Idea.WHO: "chi, a chi, con chi, quale persona, quale amministratore",
    Idea.DECIDE: "approv*, decid*, autorizz*, responsabil*, decision*, si occupa, se ne occupa, valut*, gestisce, "
    "accett*",
    Idea.HACKED: "hacker*, hackerat*, violat*, compromess*, rubat*, virus, piratat*, intruso, qualcun altro, "
    "e sicuro il mio, infett*, account sicuro, account e sicuro, qualcuno e entrato, qualcuno sta usando, "
    "qualcuno usa, hanno bucato, bucat*, qualcuno ha usato, entrato nel mio, clonat*",
    Idea.ACCOUNT: "account, indirizzo, utente, casella, profilo, conto",
    Idea.HUMAN: "uman*, persona vera, persona reale, una persona, operator*, qualcuno dell'it, "
    "qualcuno dell'assistenza, tecnico, un tecnico, persona in carne, reparto it, reparto informatico, "
    "qualcuno di vero, agente, informatico, qualcuno in carne",
    Idea.TALK: "parlare, contattare, chiamare, telefon*, contatto, sentire, numero, passami, passatemi, rivolgermi",
    Idea.HELP_DESK: "assistenza, supporto, servizio clienti, assistenza tecnica, supporto tecnico, "
    "servizio assistenza, centro assistenza",
    Idea.THANKS: "grazie*, ringrazi*, grz, molte grazie",
    Idea.FINE: "va bene, d'accordo, capito, bene, ho capito, ricevuto, benissimo, perfetto, chiaro, va benissimo, "
    "okay, intesi, bello",
    Idea.HELLO: "ciao, buongiorno, buonasera, salve, buon pomeriggio, buondi, ehi, c'e qualcuno, buona sera, "
    "buon giorno, ciaoo, sei li",
    Idea.HELP: "aiuto, aiut*, aiutami, aiutatemi",
    Idea.CAPABILITIES: "cosa puoi fare, cosa sai fare, come funziona, come funzioni, chi sei, cosa fai, "
    "a cosa servi, comandi, istruzioni, come ti uso, cosa puo fare, cos'e questo, che cosa fai, come si usa, "
    "a che serve, che cosa puoi fare, in cosa puoi aiutar*, come puoi aiutar*, cosa posso chiedere, chi e lei, "
    "che fai, cosa sei, a cosa serve, che cosa sai fare, come si usa questo bot, cosa posso fare, a che servi",
    Idea.LANGUAGE: "lingua, lingue, linguaggio",
    Idea.ENGLISH: "inglese",
    Idea.GERMAN: "tedesco, tedesca",
    Idea.FRENCH: "francese",
    Idea.SPANISH: "spagnolo",
    Idea.PORTUGUESE: "portoghese",
    Idea.ITALIAN: "italiano, italiana",
    Idea.DUTCH: "olandese",
    Idea.JAPANESE: "giapponese",
    Idea.ARABIC: "arabo",
    Idea.CAN_YOU: "puoi, potete, puo, parli, parla, potresti, potreste, posso, si puo, sai parlare, e possibile, "
    "mi puoi, mi potete",
    Idea.COLLEAGUE: "collega, colleghi, colleghe, il mio capo, la mia capa, mio capo, la mia responsabile, "
    "un dipendente, una dipendente, il mio assistente, la mia assistente, un utente, la segretaria, "
    "il nostro direttore, uno stagista, lo stagista, la mia segretaria, il mio responsabile, il direttore",
    Idea.MAILBOX: "casella condivisa, casella di posta condivisa, casella di posta, casella, cassetta postale, "
    "indirizzo condiviso",
    Idea.WHY: "perche, per quale motivo, motivo, come mai, ragione, xke, xche",
    Idea.DENIED: "negat*, rifiutat* la, respint* la, rifiutata, respinta la, rifiuto, bocciat*, hanno rifiutato, "
    "hanno respinto, hanno detto di no",
    Idea.ELSEWHERE: "pizza, tempo fa, meteo, barzelletta, barzellette, stampante*, stampare, pranzo, caffe, vpn, "
    "wifi, ferie, vacanze, calcio, bitcoin, portatile, computer, schermo, tastiera, mouse, excel, powerpoint, "
    "sala riunioni, poesia, ricetta, malattia, stipendio, busta paga, parcheggio, treno, volo, hotel, compiti, "
    "capitale, compleanno, canzone, film, che ore sono, ore sono, internet, calendario, mensa, treni",
    Idea.FROM: "da, dal, dalla, come, con, casella, di, del, della, per conto di, indirizzo, via, account",
    Idea.TO: "a, ad, al, verso, destinatario, alla",
    Idea.SMALL: "per favore, perfavore, per cortesia, cortesemente, io, mi, mio, mia, miei, mie, il, lo, la, i, "
    "gli, le, un, uno, una, e, è, ho, ha, hanno, sono, sei, siamo, era, ed, ma, o, che, si, ti, ci, vi, ne, nostro, "
    "nostra, suo, sua, tuo, tua, lei, tu, molto, piu, tutto, tutti, tutta, voglio, vorrei, devo, posso, potrei, "
    "riesco, con, in, di, del, della, dei, per, da, dal, al, alla, ieri, allora, questo, questa, quello, qui, po, "
    "solo, pure, senza, gentile, gentilmente, cortesia, stamattina, dell, all, l, d, stato, stata, favore, va",
}
