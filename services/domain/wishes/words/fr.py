"""French."""

from collections.abc import Mapping

from services.domain.wishes.ideas import Idea

WORDS: Mapping[Idea, str] = {
    Idea.MAIL: "mail*, courriel*, message*, email*, mel, mels, messagerie, boite d'envoi, courrier*",
    Idea.SEND: "envoy*, envoi*, envoie*, expedi*, part, partent, partir, passent, sortent, sort, transmettre, "
    "emettre, ecrire",
    Idea.CANNOT: "impossible*, echou*, echec, erreur*, probleme*, souci*, pb, incapable, en panne, panne, refuse*, "
    "interdit, n'arrive plus, n'arrive pas, sans fonctionner, sans pouvoir",
    Idea.NOT: "pas, ne, n, aucun*, rien, jamais, non, ni",
    Idea.STILL: "toujours, encore, pas encore, continue*, meme erreur, meme probleme, comme avant, rien n'a change, "
    "rien ne change, persiste, meme message d'erreur",
    Idea.NO_LONGER: "plus bloque*, plus restreint*, ne suis plus, n'est plus",
    Idea.BLOCKED: "bloqu*, rebloqu*, restreint*, limit*, suspendu*, verrouill*, banni*, restriction*, blocage*, "
    "interdit*",
    Idea.BOUNCE: "rejet*, revien*, retour*, renvoye*, non remis*, non distribu*, reviennent, refus*, rebond*",
    Idea.RECEIVE: "recoi*, recev*, recu, recus",
    Idea.UNBLOCK: "debloqu*, deverrouill*, leve*, liber*, retablir, reactiv*, autorisez moi, lever, deblocage*, "
    "approuvez mon compte",
    Idea.WORKS: "ca marche, fonctionne*, marche*, ca roule, regle, reglee, resolu*, arrive bien, est passe, "
    "est parti, repart*, c'est bon, passe bien, tout est rentre dans l'ordre, remarche*, refonctionne*, est arrive, "
    "sont partis, tout va bien, peux a nouveau envoyer, arrive a envoyer, peux de nouveau envoyer, c'est repare, "
    "nickel",
    Idea.NOW: "maintenant, a nouveau, de nouveau, enfin, deja, desormais, la, ca y est, cette fois, aujourd'hui",
    Idea.YES: "oui, ouais, parfait, genial, exact, confirme, super, impeccable, youpi",
    Idea.CANCEL: "annul*, retir*, laisse tomber, laissez tomber, oublie*, abandonn*, tant pis, plus besoin, "
    "stopper ma, supprim* ma demande, arrete* ma demande, revoquer, renonce*",
    Idea.REQUEST: "demande*, ticket*, dossier*, requete*, cas",
    Idea.STATUS: "statut*, etat, des nouvelles, nouvelle*, ou en est*, ou en suis, ou en sommes, avance*, "
    "avancement, du nouveau, quoi de neuf, ca avance, suivi, deja approuve*, mise a jour, a ete approuve*, "
    "a ete accepte*, ou en etes",
    Idea.HOW_LONG: "combien de temps, combien d'heures, combien de jours, combien de minutes, quel delai, delai*, "
    "jusqu'a quand, ca prend, ca dure, encore longtemps, longtemps, dans combien, tps, cb de temps",
    Idea.WHEN: "quand, a quelle heure, d'ici demain, avant ce soir",
    Idea.WHO: "qui, quel administrateur, quelle personne, lequel",
    Idea.DECIDE: "approuv*, decid*, valid*, autoris*, responsable*, decision*, s'en occupe, traite*, charge de, "
    "s'occupe*, examine*",
    Idea.HACKED: "pirat*, hack*, compromis*, vole, volee, virus, usurp*, intrus, quelqu'un d'autre, infecte*, "
    "en securite, quelqu'un est entre, quelqu'un utilise, quelqu'un s'est connecte, securise, malveillant, detourn*",
    Idea.ACCOUNT: "compte*, adresse*, boite, utilisateur, identifiant",
    Idea.HUMAN: "humain*, vraie personne, une personne, quelqu'un de l'informatique, quelqu'un du support, "
    "un agent, conseiller*, technicien*, un operateur, service informatique, equipe informatique, "
    "quelqu'un de reel, un vrai, informaticien*, dsi",
    Idea.TALK: "parler, contacter, appeler, joindre, telephon*, discuter, contacte, numero, m'adresser",
    Idea.HELP_DESK: "assistance, support technique, support informatique, support, centre d'assistance, hotline, "
    "depannage",
    Idea.THANKS: "merci*, remerci*, mrc, mci",
    Idea.FINE: "d'accord, dac, compris, entendu, tres bien, bien, ca marche, bien recu, ca me va, c'est note, parfait",
    Idea.HELLO: "bonjour, salut, bonsoir, coucou, slt, bjr, allo, bonjour a tous, y a quelqu'un, vous etes la, "
    "rebonjour",
    Idea.HELP: "aide, aider, aidez, a l'aide, au secours, aidez moi, aide moi",
    Idea.CAPABILITIES: "a quoi tu sers, a quoi vous servez, que peux tu faire, que pouvez vous faire, "
    "que sais tu faire, que savez vous faire, comment ca marche, comment ca fonctionne, qui es tu, qui etes vous, "
    "a quoi sers tu, a quoi servez vous, c'est quoi, comment tu marches, tu sers a quoi, tu fais quoi, "
    "qu'est ce que tu fais, qu'est ce que tu peux faire, mode d'emploi, commandes, comment t'utiliser, "
    "comment vous utiliser, comment fonctionne ce bot, tu peux faire quoi, vous faites quoi, comment utiliser, "
    "qu'est ce que vous pouvez faire, peux tu m'aider a quoi, a quoi ca sert",
    Idea.LANGUAGE: "langue*, langage",
    Idea.ENGLISH: "anglais*",
    Idea.GERMAN: "allemand*",
    Idea.FRENCH: "francais*",
    Idea.SPANISH: "espagnol*",
    Idea.PORTUGUESE: "portugais*",
    Idea.ITALIAN: "italien*",
    Idea.DUTCH: "neerlandais*",
    Idea.JAPANESE: "japonais*",
    Idea.ARABIC: "arabe*",
    Idea.CAN_YOU: "peux tu, pouvez vous, parles tu, parlez vous, tu parles, vous parlez, est ce que tu, "
    "est ce que vous, pourriez vous, pourrais tu, puis je, tu peux, vous pouvez, est il possible, peut on, on peut, "
    "est ce que je peux",
    Idea.COLLEAGUE: "collegue*, mon chef, ma chef, mon patron, ma patronne, mon responsable, mon assistante, "
    "mon assistant, notre stagiaire, un utilisateur, une employee, un employe, notre directeur, notre directrice, "
    "ma secretaire, mon equipier, un ami",
    Idea.MAILBOX: "boite partagee, boite aux lettres partagee, boite aux lettres, bal, boite generique, "
    "adresse partagee",
    Idea.WHY: "pourquoi, pour quelle raison, pour quelles raisons, raison, motif, pk, pq, comment ca se fait",
    Idea.DENIED: "refusee, refuse ma, refus, demande refusee, rejete ma, rejetee, ete refuse*, refusez, decline*",
    Idea.ELSEWHERE: "quelle heure est il, pizza, meteo, blague*, imprimante*, imprimer, dejeuner, cafe, vpn, wifi, "
    "vacances, conges, conge, football, foot, bitcoin, ordinateur, ecran, clavier, souris, excel, powerpoint, "
    "salle de reunion, poeme, recette, arret maladie, salaire, parking, train, vol, hotel, devoirs, capitale, "
    "anniversaire, cantine, film, chanson, heure est il, fiche de paie, calendrier, internet",
    Idea.FROM: "de, depuis, avec, boite, adresse, via, du, comme, sur, au nom de",
    Idea.TO: "a, vers, au, aux, destinataire",
    Idea.SMALL: "s'il vous plait, s'il te plait, svp, stp, je, j, me, m, moi, mon, ma, mes, le, la, les, l, un, "
    "une, des, du, de, d, est, c, ce, ca, cela, suis, ai, a, ont, sont, et, mais, ou, il, elle, on, nous, vous, tu, "
    "te, se, s, y, en, qu, que, tout, tous, toute, tres, bien, tres bien, voudrais, veux, veut, souhaite, aimerais, "
    "peux, puis, faut, pour, par, sur, dans, avec, alors, donc, depuis, hier, matin, plus, au, aux, votre, vos, "
    "ton, ta, tes, notre, nos, etre, ete, quelqu, simplement, finalement, cher, chere, madame, monsieur, arrive, "
    "vraiment, effet, merci de, bien vouloir, son, sa, ses",
}
