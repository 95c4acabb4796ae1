//! Why an attempt at a grade failed, and what to do about it.

use super::texts;

texts! {
    NO_TOKEN_ENDPOINT {
        en: "There is no access token endpoint at this address",
        es: "En esta dirección no se emiten tokens de acceso",
        fr: "Aucun jeton d’accès n’est délivré à cette adresse",
        de: "Unter dieser Adresse gibt es keine Zugangstokens",
        pt: "Neste endereço não são emitidos tokens de acesso",
    }
    DO_NO_TOKEN_ENDPOINT {
        en: "Compare the access token endpoint in the platform’s settings with the one that the LMS shows. Then try again.",
        es: "Compare la dirección de los tokens de acceso en los ajustes de la plataforma con la que muestra el LMS. Después, reintente.",
        fr: "Comparez l’adresse des jetons d’accès dans les réglages de la plateforme avec celle que le LMS affiche. Puis réessayez.",
        de: "Vergleichen Sie die Adresse für Zugangstokens in den Einstellungen der Plattform mit der, die das LMS zeigt. Versuchen Sie es dann erneut.",
        pt: "Compare o endereço dos tokens de acesso nas configurações da plataforma com o que o LMS mostra. Depois, tente de novo.",
    }
    TOKEN_REFUSED {
        en: "The LMS refuses us an access token",
        es: "El LMS nos niega un token de acceso",
        fr: "Le LMS nous refuse un jeton d’accès",
        de: "Das LMS verweigert uns ein Zugangstoken",
        pt: "O LMS nos nega um token de acesso",
    }
    DO_TOKEN_REFUSED {
        en: "Compare the client id in the platform’s settings with the LMS. If it is right, ask the LMS’s administrator whether the tool is still switched on there, and whether the LMS can fetch our key set.",
        es: "Compare el id de cliente de los ajustes de la plataforma con el del LMS. Si es correcto, pregunte al administrador del LMS si la herramienta sigue activada allí y si el LMS puede descargar nuestro conjunto de claves.",
        fr: "Comparez l’identifiant client des réglages de la plateforme avec celui du LMS. S’il est juste, demandez à l’administrateur du LMS si l’outil y est encore activé et si le LMS peut récupérer notre jeu de clés.",
        de: "Vergleichen Sie die Client-ID in den Einstellungen der Plattform mit dem LMS. Stimmt sie, fragen Sie die Administration des LMS, ob das Tool dort noch eingeschaltet ist und ob das LMS unseren Schlüsselsatz abrufen kann.",
        pt: "Compare o id do cliente nas configurações da plataforma com o do LMS. Se estiver certo, pergunte ao administrador do LMS se a ferramenta continua ativada lá e se o LMS consegue buscar nosso conjunto de chaves.",
    }
    TOKEN_NOT_GIVEN {
        en: "No access token came from this address",
        es: "De esta dirección no llegó ningún token de acceso",
        fr: "Aucun jeton d’accès n’est venu de cette adresse",
        de: "Von dieser Adresse kam kein Zugangstoken",
        pt: "Deste endereço não veio nenhum token de acesso",
    }
    DO_TOKEN_NOT_GIVEN {
        en: "It is tried again by itself. If this lasts, compare the access token endpoint in the platform’s settings with the LMS, and check that this server can reach it.",
        es: "Se reintenta por sí solo. Si continúa, compare la dirección de los tokens de acceso en los ajustes de la plataforma con el LMS y compruebe que este servidor puede llegar a ella.",
        fr: "Un nouvel essai a lieu de lui-même. Si cela dure, comparez l’adresse des jetons d’accès dans les réglages de la plateforme avec le LMS, et vérifiez que ce serveur peut la joindre.",
        de: "Es wird von selbst erneut versucht. Hält es an, vergleichen Sie die Adresse für Zugangstokens in den Einstellungen der Plattform mit dem LMS, und prüfen Sie, ob dieser Server sie erreicht.",
        pt: "Tenta-se de novo automaticamente. Se continuar, compare o endereço dos tokens de acesso nas configurações da plataforma com o LMS e verifique se este servidor o alcança.",
    }
    TOKEN_NOT_ACCEPTED {
        en: "The LMS doesn’t accept its own access token",
        es: "El LMS no acepta su propio token de acceso",
        fr: "Le LMS n’accepte pas son propre jeton d’accès",
        de: "Das LMS nimmt sein eigenes Zugangstoken nicht an",
        pt: "O LMS não aceita o próprio token de acesso",
    }
    DO_TOKEN_NOT_ACCEPTED {
        en: "It is tried again by itself. If this lasts, the LMS’s administrator must look at the tool’s registration there.",
        es: "Se reintenta por sí solo. Si continúa, el administrador del LMS debe revisar allí el registro de la herramienta.",
        fr: "Un nouvel essai a lieu de lui-même. Si cela dure, l’administrateur du LMS doit y regarder l’enregistrement de l’outil.",
        de: "Es wird von selbst erneut versucht. Hält es an, muss die Administration des LMS die Registrierung des Tools dort ansehen.",
        pt: "Tenta-se de novo automaticamente. Se continuar, o administrador do LMS precisa ver lá o registro da ferramenta.",
    }
    SENT_ELSEWHERE {
        en: "The LMS leads to another page instead of taking the grade",
        es: "El LMS lleva a otra página en vez de aceptar la nota",
        fr: "Le LMS mène à une autre page au lieu de prendre la note",
        de: "Das LMS leitet auf eine andere Seite, statt die Note anzunehmen",
        pt: "O LMS leva a outra página em vez de aceitar a nota",
    }
    DO_SENT_ELSEWHERE {
        en: "It is tried again by itself. The LMS may be under maintenance or have moved: if this lasts, ask its administrator.",
        es: "Se reintenta por sí solo. El LMS puede estar en mantenimiento o haberse mudado: si continúa, pregunte a su administrador.",
        fr: "Un nouvel essai a lieu de lui-même. Le LMS est peut-être en maintenance ou a déménagé : si cela dure, demandez à son administrateur.",
        de: "Es wird von selbst erneut versucht. Vielleicht wird das LMS gewartet oder ist umgezogen: Hält es an, fragen Sie seine Administration.",
        pt: "Tenta-se de novo automaticamente. O LMS pode estar em manutenção ou ter mudado de lugar: se continuar, pergunte ao administrador.",
    }
    NOT_SENT {
        en: "The grade couldn’t be sent to the LMS",
        es: "No se pudo enviar la nota al LMS",
        fr: "La note n’a pas pu être envoyée au LMS",
        de: "Die Note konnte nicht an das LMS gesendet werden",
        pt: "Não foi possível enviar a nota ao LMS",
    }
    NO_ANSWER {
        en: "The LMS gave no answer",
        es: "El LMS no respondió",
        fr: "Le LMS n’a pas répondu",
        de: "Das LMS hat nicht geantwortet",
        pt: "O LMS não respondeu",
    }
    DO_REACH {
        en: "It is tried again by itself. If this lasts, check that the LMS works and that this server can reach it.",
        es: "Se reintenta por sí solo. Si continúa, compruebe que el LMS funciona y que este servidor puede llegar a él.",
        fr: "Un nouvel essai a lieu de lui-même. Si cela dure, vérifiez que le LMS fonctionne et que ce serveur peut le joindre.",
        de: "Es wird von selbst erneut versucht. Hält es an, prüfen Sie, ob das LMS läuft und ob dieser Server es erreicht.",
        pt: "Tenta-se de novo automaticamente. Se continuar, verifique se o LMS funciona e se este servidor o alcança.",
    }
    PLATFORM_FAILED {
        en: "The LMS had an error of its own",
        es: "El LMS tuvo un error propio",
        fr: "Le LMS a eu une erreur de son côté",
        de: "Das LMS hatte selbst einen Fehler",
        pt: "O LMS teve um erro próprio",
    }
    NOT_READABLE {
        en: "The LMS’s answer can’t be understood",
        es: "La respuesta del LMS no se entiende",
        fr: "La réponse du LMS est incompréhensible",
        de: "Die Antwort des LMS ist unverständlich",
        pt: "A resposta do LMS não pode ser entendida",
    }
    DO_PLATFORM_FAILED {
        en: "It is tried again by itself. If this lasts, tell the LMS’s administrator the time and what the LMS said.",
        es: "Se reintenta por sí solo. Si continúa, dígale al administrador del LMS la hora y lo que respondió el LMS.",
        fr: "Un nouvel essai a lieu de lui-même. Si cela dure, donnez à l’administrateur du LMS l’heure et la réponse du LMS.",
        de: "Es wird von selbst erneut versucht. Hält es an, nennen Sie der Administration des LMS die Zeit und die Antwort des LMS.",
        pt: "Tenta-se de novo automaticamente. Se continuar, informe ao administrador do LMS a hora e o que o LMS respondeu.",
    }
    THROTTLED {
        en: "The LMS is busy and asked us to wait",
        es: "El LMS está ocupado y pidió esperar",
        fr: "Le LMS est occupé et a demandé d’attendre",
        de: "Das LMS ist ausgelastet und bat zu warten",
        pt: "O LMS está ocupado e pediu para esperar",
    }
    DO_THROTTLED {
        en: "There is nothing to do: the grade is sent when the LMS takes requests again.",
        es: "No hay nada que hacer: la nota se envía cuando el LMS vuelve a aceptar solicitudes.",
        fr: "Il n’y a rien à faire : la note est envoyée dès que le LMS accepte de nouveau les demandes.",
        de: "Es ist nichts zu tun: Die Note wird gesendet, sobald das LMS wieder Anfragen annimmt.",
        pt: "Não há nada a fazer: a nota é enviada quando o LMS voltar a aceitar solicitações.",
    }
}
