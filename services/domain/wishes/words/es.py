"""Spanish."""

from collections.abc import Mapping

from services.domain.wishes.ideas import Idea

WORDS: Mapping[Idea, str] = {
    Idea.MAIL: "correo*, email*, mail*, mensaje*, emails, bandeja de salida",
    Idea.SEND: "envi*, mand*, salen, sale, salir, saliente*, escribir, llegan, despach*, reenviar",
    Idea.CANNOT: "imposible, error*, problema*, falla*, fallo*, incapaz, no deja, no me deja, averia, atascad*, "
    "sin funcionar, "
    "sin poder",
    Idea.NOT: "no, nada, nunca, ningun*, tampoco, ni",
    Idea.STILL: "todavia, aun, sigue, siguen, sigo, continua*, mismo error, igual que antes, sin cambios, lo mismo, "
    "nada ha cambiado, seguimos",
    Idea.NO_LONGER: "ya no estoy, ya no esta, ya no me",
    Idea.BLOCKED: "bloque*, restring*, limitad*, suspendid*, restriccion*, vetad*, restrict*, limite*",
    Idea.BOUNCE: "rebot*, devuel*, devolv*, rechaz*, regres*, vuelve*, devuelto*, no entregad*",
    Idea.RECEIVE: "recib*, recepcion, le llega, les llega",
    Idea.UNBLOCK: "desbloque*, liber*, levantar, levanten, quitar el bloqueo, quiten el bloqueo, "
    "quitar la restriccion, habilit*, reactiv*, aprueb* mi cuenta, quita* el bloqueo",
    Idea.WORKS: "funciona*, resuelto*, solucionad*, arreglad*, todo bien, ya sale*, ya puedo enviar, "
    "ya puedo mandar, llego bien, ha llegado, ya llegan, ya envia, se soluciono, se arreglo, quedo listo, "
    "quedo resuelto, ya salen, puedo enviar de nuevo, va bien, va perfecto, ya funciono, listo, todo en orden, "
    "ya anda, anda bien",
    Idea.NOW: "ya, ahora, por fin, de nuevo, otra vez, hoy, nuevamente, finalmente",
    Idea.YES: "si, sip, perfecto, genial, excelente, confirmo, estupendo, claro, exacto, efectivamente",
    Idea.CANCEL: "cancel*, anul*, retir*, olvidalo, olvidelo, dejalo, dejelo, no importa, da igual, "
    "ya no lo necesito, ya no hace falta, ya no la necesito, desist*, revocar, elimin* mi solicitud, "
    "deten* mi solicitud, dejemoslo, olvida mi, borra mi",
    Idea.REQUEST: "solicitud*, peticion*, ticket*, caso, tramite, pedido",
    Idea.STATUS: "estado, estatus, novedad*, noticia*, como va, en que va, en que quedo, avance*, progreso, "
    "que hay de, que paso con, alguna actualizacion, ya aprobaron, ya lo aprobaron, ya esta aprobad*, han aprobado, "
    "como vamos, como anda, seguimiento, hay algo nuevo, que tal va",
    Idea.HOW_LONG: "cuanto tiempo, cuanto tarda*, cuanto demora*, cuantas horas, cuanto falta, cuantos dias, "
    "cuanto dura*, hasta cuando, cuanto mas, cuanto hay que esperar, cuanto se tarda, cuanto tardan, "
    "cuantos minutos, cuanto toma, cuanto tengo que esperar, plazo, tarda mucho, cuanto va a tardar",
    Idea.WHEN: "cuando, a que hora, para manana",
    Idea.WHO: "quien, quienes, a quien, que persona, que administrador",
    Idea.DECIDE: "aprueb*, aprob*, decid*, autoriz*, encarg*, responsable*, revis*, decision*, atiend*, acept*",
    Idea.HACKED: "hacke*, jaque*, pirate*, comprometid*, robad*, robaron, virus, intruso, suplant*, alguien mas, "
    "otra persona, alguien entro, alguien usa, esta segura, es segura, infectad*, vulnerad*, segura mi cuenta, "
    "robo mi, alguien ha entrado, otro usando",
    Idea.ACCOUNT: "cuenta*, direccion, usuario, buzon",
    Idea.HUMAN: "human*, persona real, una persona, un agente, agente, operador*, alguien de sistemas, "
    "alguien de soporte, un tecnico, tecnico, alguien real, persona de verdad, de carne y hueso, "
    "departamento de informatica, informatico",
    Idea.TALK: "hablar, contactar, llamar, comunicar*, telefono, contacto, comuniqueme, pasame con, paseme con, "
    "ponme con, platicar",
    Idea.HELP_DESK: "mesa de ayuda, soporte, soporte tecnico, servicio tecnico, centro de ayuda, mesa de servicio, "
    "atencion al usuario, sistemas",
    Idea.THANKS: "agradezco, agradezc*, gracias, graci*, muchas gracias, agradec*, mil gracias",
    Idea.FINE: "vale, de acuerdo, entendido, bien, muy bien, bueno, esta bien, perfecto, comprendo, dale, va, "
    "recibido, entiendo, genial",
    Idea.HELLO: "hola, buenos dias, buenas tardes, buenas noches, buenas, que tal, hola que tal, hay alguien, "
    "saludos, holi, buen dia, estas ahi",
    Idea.HELP: "ayuda*, auxilio, socorro, ayudame, ayudenme",
    Idea.CAPABILITIES: "que puedes hacer, que puede hacer, como funciona, que sabes hacer, que haces, quien eres, "
    "que eres, para que sirves, como te uso, como se usa, comandos, instrucciones, que es esto, quien es usted, "
    "como funcionas, como funciona esto, en que puedes ayudar*, que puedo preguntar*, que opciones hay, "
    "como puedo usar*, que hace este bot, en que me puedes ayudar, para que sirve",
    Idea.LANGUAGE: "idioma*, lengua, lenguaje",
    Idea.ENGLISH: "ingles",
    Idea.GERMAN: "aleman",
    Idea.FRENCH: "frances",
    Idea.SPANISH: "espanol, castellano",
    Idea.PORTUGUESE: "portugues",
    Idea.ITALIAN: "italiano",
    Idea.DUTCH: "holandes, neerlandes",
    Idea.JAPANESE: "japones",
    Idea.ARABIC: "arabe",
    Idea.CAN_YOU: "puedes, puede usted, podrias, podria, hablas, habla usted, hablan, puedo, se puede, me puedes, "
    "me pueden, pueden, me puede",
    Idea.COLLEAGUE: "companer*, colega*, mi jefe, mi jefa, nuestro jefe, mi asistente, un empleado, una empleada, "
    "un usuario, una usuaria, nuestro becario, mi secretaria, mi equipo, nuestro director, mi amigo, "
    "nuestra directora, el nuevo empleado",
    Idea.MAILBOX: "buzon compartido, buzon, buzones, correo compartido, cuenta compartida, casilla",
    Idea.WHY: "por que, porque, xq, pq, motivo, razon, a que se debe",
    Idea.DENIED: "denegad*, denegaron, negaron, negado, rechazaron mi, rechazada, rechazo de mi, negada, "
    "rechazado mi, rechazaron",
    Idea.ELSEWHERE: "que hora es, pizza, tiempo hace, clima, chiste*, impresora*, imprimir, almuerzo, cafe, vpn, "
    "wifi, vacaciones, futbol, bitcoin, portatil, ordenador, pantalla, teclado, raton, excel, powerpoint, "
    "sala de reuniones, poema, receta, baja medica, nomina, sueldo, parking, tren, vuelo, hotel, deberes, "
    "capital de, cumpleanos, cancion, pelicula, hora es, computadora, estacionamiento, internet, calendario, comedor",
    Idea.FROM: "de, desde, con, como, buzon, del, cuenta, en nombre de, direccion, via, correo",
    Idea.TO: "a, al, para, hacia, destinatario",
    Idea.SMALL: "por favor, porfa, porfavor, yo, me, mi, mis, mio, el, la, los, las, lo, un, una, unos, es, esta, "
    "esto, este, esa, ese, eso, estoy, son, fue, ser, he, ha, han, hay, y, e, o, pero, que, se, te, le, nos, "
    "nuestro, nuestra, su, sus, tu, usted, muy, mas, todo, todos, toda, quiero, quisiera, quiere, necesito, puedo, "
    "puede, podria, tengo, tiene, con, en, de, del, para, por, al, a, desde, ayer, manana, entonces, pues, bueno, "
    "favor, gustaria, va, aqui, senor, senora, estimad*, mucho, sin, como, si, los demas, mismo, solo",
}
