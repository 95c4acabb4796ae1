//! The labels in the picture of an attempt. Most of them are between two lines, with room for about twenty letters.

use super::texts;

texts! {
    BROWSER { en: "Browser", es: "Navegador", fr: "Navigateur", de: "Browser", pt: "Navegador" }
    APPLICATION { en: "Application", es: "Aplicación", fr: "Application", de: "Anwendung", pt: "Aplicativo" }
    OPENS { en: "opens the activity", es: "abre la actividad", fr: "ouvre l’activité", de: "öffnet die Aktivität", pt: "abre a atividade" }
    ADDS { en: "adds the tool", es: "añade la herramienta", fr: "ajoute l’outil", de: "fügt das Tool hinzu", pt: "adiciona a ferramenta" }
    ASKS { en: "asks for a launch", es: "pide un acceso", fr: "veut un lancement", de: "will einen Start", pt: "pede um acesso" }
    WANTS_IN { en: "wants to register", es: "quiere registrarse", fr: "veut s’enregistrer", de: "will sich anmelden", pt: "quer se registrar" }
    WHO { en: "who is it?", es: "¿quién es?", fr: "qui est-ce ?", de: "wer ist es?", pt: "quem é?" }
    ANSWERS { en: "signed answer", es: "respuesta firmada", fr: "réponse signée", de: "signierte Antwort", pt: "resposta assinada" }
    SIGNED { en: "signed launch", es: "acceso firmado", fr: "lancement signé", de: "signierter Start", pt: "acesso assinado" }
    REGISTERED { en: "is registered", es: "está registrado", fr: "est enregistré", de: "ist registriert", pt: "está registrado" }
    HANDED_ON { en: "opens with the launch", es: "se abre con el acceso", fr: "s’ouvre avec lui", de: "öffnet sich damit", pt: "abre com o acesso" }
    NOTHING { en: "nothing sent", es: "nada enviado", fr: "rien d’envoyé", de: "nichts gesendet", pt: "nada enviado" }
    ERROR_PAGE { en: "error page with the reference", es: "página de error con la referencia", fr: "page d’erreur avec la référence", de: "Fehlerseite mit dem Kennzeichen", pt: "página de erro com a referência" }
    PICTURE {
        en: "The walk of this attempt: browser, LMS, Hallpass, application. The list below has every step.",
        es: "El recorrido de este intento: navegador, LMS, Hallpass, aplicación. La lista de abajo tiene cada paso.",
        fr: "Le parcours de cet essai : navigateur, LMS, Hallpass, application. La liste ci-dessous a chaque étape.",
        de: "Der Weg dieses Versuchs: Browser, LMS, Hallpass, Anwendung. Die Liste darunter hat jeden Schritt.",
        pt: "O percurso desta tentativa: navegador, LMS, Hallpass, aplicativo. A lista abaixo tem cada passo.",
    }
    PICTURE_ENDS {
        en: "The walk of this attempt: browser, LMS, Hallpass, application. It ended in Hallpass: {reason}. The list below has every step.",
        es: "El recorrido de este intento: navegador, LMS, Hallpass, aplicación. Terminó en Hallpass: {reason}. La lista de abajo tiene cada paso.",
        fr: "Le parcours de cet essai : navigateur, LMS, Hallpass, application. Il s’est arrêté dans Hallpass : {reason}. La liste ci-dessous a chaque étape.",
        de: "Der Weg dieses Versuchs: Browser, LMS, Hallpass, Anwendung. Er endete in Hallpass: {reason}. Die Liste darunter hat jeden Schritt.",
        pt: "O percurso desta tentativa: navegador, LMS, Hallpass, aplicativo. Terminou no Hallpass: {reason}. A lista abaixo tem cada passo.",
    }
}
