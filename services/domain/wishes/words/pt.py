"""Portuguese, as in Brazil."""

from collections.abc import Mapping

from services.domain.wishes.ideas import Idea

WORDS: Mapping[Idea, str] = {
    Idea.MAIL: "email*, e mail*, mail*, mensage*, msg, msgs, correio, caixa de saida",
    Idea.SEND: "envi*, mand*, saem, sai, sair, saindo, escrever, dispar*, saida",
    Idea.CANNOT: "impossivel, erro*, problema*, falh*, nao da, travad*, incapaz, defeito, nao deixa, sem funcionar, "
    "sem conseguir",
    Idea.NOT: "nao, nada, nunca, nenhum*, n, naum, num, nem, ñ",
    Idea.STILL: "ainda, continu*, mesmo erro, segue, do mesmo jeito, mesma coisa, nada mudou, permanece, sigo",
    Idea.NO_LONGER: "nao estou mais, nao esta mais, nao ta mais, nao to mais",
    Idea.BLOCKED: "bloque*, restrit*, restri*, limitad*, suspens*, barrad*, travad*, banid*, limite*",
    Idea.BOUNCE: "volt*, devolv*, rejeit*, retorn*, recusad*, nao entregue*",
    Idea.RECEIVE: "receb*, recep*",
    Idea.UNBLOCK: "desbloque*, liber*, destrav*, remov* o bloqueio, tir* o bloqueio, tir* a restricao, "
    "aprov* minha conta, habilit*, reativ*",
    Idea.WORKS: "funcion*, resolvid*, resolveu, consertad*, deu certo, tudo certo, ja consigo enviar, "
    "ja consigo mandar, voltou ao normal, consegui enviar, consegui mandar, chegou, ta indo, foi enviado, "
    "normalizou, arrumou, consigo enviar de novo, consigo enviar agora, tudo ok, voltou a funcionar, esta saindo, "
    "estao saindo, solucionad*, tudo bem agora, voltou a enviar",
    Idea.NOW: "ja, agora, enfim, finalmente, de novo, novamente, outra vez, hoje, normalmente",
    Idea.YES: "sim, isso, perfeito, otimo, confirmo, excelente, claro, maravilha, show",
    Idea.CANCEL: "cancel*, anul*, retir*, esquec*, deixa pra la, deixe pra la, deixa para la, nao precisa mais, "
    "nao preciso mais, desist*, revog*, apag* meu pedido, exclu* minha solicitacao, deixa quieto, pode cancelar, "
    "tanto faz",
    Idea.REQUEST: "solicita*, pedido*, chamado*, ticket*, caso, requisic*, processo",
    Idea.STATUS: "status, situacao, andamento, novidade*, noticia*, como esta, como ta, como anda, em que pe, "
    "alguma atualizacao, ja aprovaram, ja foi aprovad*, retorno sobre, posicao sobre, alguma posicao, como vai, "
    "acompanhar, foi aprovado, que aconteceu com, cade, alguma resposta",
    Idea.HOW_LONG: "quanto tempo, quantas horas, quantos dias, demora*, ate quando, prazo, quanto falta, "
    "quantos minutos, previsao, vai demorar",
    Idea.WHEN: "quando, que horas, ate amanha",
    Idea.WHO: "quem, qual pessoa, qual administrador, com quem",
    Idea.DECIDE: "aprov*, decid*, autoriz*, responsavel, responsaveis, analis*, decis*, cuida*, avali*, libera os",
    Idea.HACKED: "hacke*, invadi*, comprometid*, roubad*, roubaram, virus, clonad*, invas*, outra pessoa, "
    "alguem entrou, alguem usando, alguem esta usando, segura minha conta, conta esta segura, infectad*, vazou, "
    "vazad*, alguem acessou, conta segura, golpe, hackead*",
    Idea.ACCOUNT: "conta*, endereco, usuario, login",
    Idea.HUMAN: "human*, pessoa real, pessoa de verdade, uma pessoa, atendente*, um agente, alguem da ti, "
    "alguem do ti, alguem do suporte, tecnico*, gente de verdade, pessoal da ti, pessoal de ti, equipe de ti, "
    "alguem de verdade, setor de ti",
    Idea.TALK: "falar, conversar, ligar, contatar, contato, telefone, telefonar, chamar, entro em contato, ramal",
    Idea.HELP_DESK: "suporte, central de atendimento, central de suporte, atendimento, suporte tecnico, "
    "central de ajuda",
    Idea.THANKS: "obrigad*, valeu, brigad*, vlw, agradec*, obg, grat*",
    Idea.FINE: "ta bom, tudo bem, certo, entendi, beleza, blz, combinado, entendido, legal, joia, bom, bem, "
    "ok entao, pode deixar, ta, fechado",
    Idea.HELLO: "ola, oi, bom dia, boa tarde, boa noite, opa, eai, e ai, oie, tem alguem ai, alo, oii, saudacoes",
    Idea.HELP: "ajud*, socorro, me ajuda, auxilio",
    Idea.CAPABILITIES: "o que voce faz, o que voce pode fazer, o que vc faz, como funciona, o que voce sabe fazer, "
    "quem e voce, pra que serve, para que serve, para que voce serve, comandos, instrucoes, como usar, como te uso, "
    "o que e isso, como isso funciona, o que vc pode fazer, como uso isso, no que voce pode ajudar, "
    "como voce pode me ajudar, o que posso perguntar, quem e vc, o que e voce, o que esse bot faz, "
    "como voce funciona",
    Idea.LANGUAGE: "idioma*, lingua*",
    Idea.ENGLISH: "ingles",
    Idea.GERMAN: "alemao",
    Idea.FRENCH: "frances",
    Idea.SPANISH: "espanhol",
    Idea.PORTUGUESE: "portugues",
    Idea.ITALIAN: "italiano",
    Idea.DUTCH: "holandes",
    Idea.JAPANESE: "japones",
    Idea.ARABIC: "arabe",
    Idea.CAN_YOU: "voce pode, vc pode, pode me, voce fala, vc fala, fala em, pode falar, poderia, podem, da pra, "
    "da para, posso, consegue, tem como, podes",
    Idea.COLLEAGUE: "colega*, meu chefe, minha chefe, meu gerente, minha gerente, um funcionario, uma funcionaria, "
    "meu assistente, nosso estagiario, minha secretaria, um usuario, uma usuaria, minha equipe, nosso diretor, "
    "meu amigo, nossa diretora, minha assistente, coordenador*",
    Idea.MAILBOX: "caixa compartilhada, caixa de correio compartilhada, caixa postal compartilhada, "
    "caixa de correio, caixa postal, email compartilhado",
    Idea.WHY: "por que, porque, pq, por q, motivo, razao, por qual motivo",
    Idea.DENIED: "negad*, negaram, recusaram, recusad*, rejeitaram, indeferid*, reprovad*, rejeitada",
    Idea.ELSEWHERE: "que horas sao, pizza, previsao do tempo, clima, tempo hoje, piada*, impressora*, imprimir, "
    "almoco, cafe, vpn, wifi, ferias, futebol, bitcoin, notebook, computador, monitor, teclado, mouse, excel, "
    "powerpoint, sala de reuniao, poema, receita, atestado, salario, holerite, estacionamento, trem, voo, hotel, "
    "licao, capital da, capital do, aniversario, musica, filme, horas sao, internet, calendario, refeitorio",
    Idea.FROM: "de, do, da, com, pelo, pela, como, caixa, desde, conta, em nome de, endereco, via, email",
    Idea.TO: "a, ao, para, pro, pra, destinatario, ate",
    Idea.SMALL: "por favor, pfv, pf, eu, me, meu, minha, meus, minhas, o, a, os, as, um, uma, e, é, esta, estou, "
    "ta, to, sao, foi, ser, tem, ha, mas, ou, que, se, te, lhe, nos, nosso, nossa, seu, sua, voce, vc, voces, "
    "muito, mais, tudo, todos, toda, quero, queria, gostaria, preciso, posso, pode, poderia, tenho, com, em, no, "
    "na, de, do, da, para, pra, por, ao, desde, ontem, entao, isso, isto, esse, essa, este, aqui, aí, consigo, "
    "favor, prezad*, senhor, senhora, gente, mesmo, so, sem, gentileza, la, ai, vou, estao, estava",
}
