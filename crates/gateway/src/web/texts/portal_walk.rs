//! The labels in the picture of an attempt. Most of them are between two lines, with room for about
//! twenty letters.

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
    HANDED_ON { en: "browser sent there", es: "navegador enviado", fr: "navigateur envoyé", de: "Browser hingeschickt", pt: "navegador enviado" }
    LINKED { en: "link to it", es: "enlace a ella", fr: "lien vers elle", de: "Link dorthin", pt: "link para ele" }
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
    KEEPS { en: "are cookies kept?", es: "¿guarda cookies?", fr: "garde-t-il les cookies ?", de: "behält er Cookies?", pt: "guarda cookies?" }
    RETURNS { en: "comes back", es: "vuelve", fr: "revient", de: "kommt zurück", pt: "volta" }
    FORM_READ { en: "form read", es: "formulario leído", fr: "formulaire lu", de: "Formular gelesen", pt: "formulário lido" }
    STATE_OPENED { en: "state opened", es: "estado abierto", fr: "état ouvert", de: "Zustand geöffnet", pt: "estado aberto" }
    PLATFORM_FOUND { en: "platform found", es: "plataforma hallada", fr: "plateforme trouvée", de: "Plattform gefunden", pt: "plataforma encontrada" }
    BROWSER_KNOWN { en: "browser known", es: "navegador conocido", fr: "navigateur reconnu", de: "Browser erkannt", pt: "navegador conhecido" }
    KEY_FOUND { en: "key found", es: "clave hallada", fr: "clé trouvée", de: "Schlüssel gefunden", pt: "chave encontrada" }
    SIGNATURE_VERIFIED { en: "signature verified", es: "firma verificada", fr: "signature vérifiée", de: "Signatur geprüft", pt: "assinatura verificada" }
    CLAIMS_CHECKED { en: "claims checked", es: "datos comprobados", fr: "données vérifiées", de: "Angaben geprüft", pt: "dados conferidos" }
    DEPLOYMENT_ADMITTED { en: "deployment admitted", es: "despliegue admitido", fr: "déploiement admis", de: "Deployment zugelassen", pt: "implantação admitida" }
    TARGET_ALLOWED { en: "target allowed", es: "destino permitido", fr: "cible autorisée", de: "Ziel erlaubt", pt: "destino permitido" }
    ADMITTED { en: "admitted", es: "admitido", fr: "admis", de: "zugelassen", pt: "admitido" }
    CONFIGURATION_READ { en: "configuration read", es: "configuración leída", fr: "configuration lue", de: "Konfiguration gelesen", pt: "configuração lida" }
    PLATFORM_ANSWERED { en: "platform answered and stored", es: "la plataforma respondió y guardó", fr: "réponse reçue et enregistrée", de: "Plattform hat geantwortet und gespeichert", pt: "a plataforma respondeu e guardou" }
    BODY_READ { en: "body read", es: "cuerpo leído", fr: "corps lu", de: "Inhalt gelesen", pt: "corpo lido" }
    PROOF_CHECKED { en: "proof checked", es: "prueba comprobada", fr: "preuve vérifiée", de: "Nachweis geprüft", pt: "prova conferida" }
    STUDENT_FOUND { en: "student found", es: "estudiante hallado", fr: "élève trouvé", de: "lernende Person gefunden", pt: "estudante encontrado" }
    STUDENT_CREATED { en: "student created", es: "estudiante creado", fr: "élève créé", de: "lernende Person angelegt", pt: "estudante criado" }
    STORED { en: "handed to the store", es: "entregado al almacén", fr: "remis au stockage", de: "an den Speicher gegeben", pt: "entregue ao armazenamento" }
}
