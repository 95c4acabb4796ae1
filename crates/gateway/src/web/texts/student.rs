//! What students read who arrive through a one-time link.

use super::texts;

texts! {
    TITLE_LINK_OVER {
        en: "Please open the app again",
        es: "Abra la aplicación de nuevo",
        fr: "Veuillez ouvrir l’application à nouveau",
        de: "Bitte öffnen Sie die App noch einmal",
        pt: "Abra o aplicativo novamente",
    }
    LINK_OVER {
        en: "This sign-in link doesn't work any more. Each link works once and only for a few minutes.\nGo back to {platform} and open the app again from there; you get a new link.",
        es: "Este enlace de acceso ya no funciona. Cada enlace sirve una sola vez y solo durante unos minutos.\nVuelva a {platform} y abra la aplicación de nuevo desde allí; recibirá un enlace nuevo.",
        fr: "Ce lien de connexion ne fonctionne plus. Chaque lien ne sert qu’une fois et seulement pendant quelques minutes.\nRetournez dans {platform} et ouvrez-y l’application à nouveau ; vous recevrez un nouveau lien.",
        de: "Dieser Anmeldelink funktioniert nicht mehr. Jeder Link gilt nur einmal und nur einige Minuten lang.\nGehen Sie zurück zu {platform} und öffnen Sie die App von dort noch einmal; Sie bekommen dann einen neuen Link.",
        pt: "Este link de acesso não funciona mais. Cada link serve uma única vez e só por alguns minutos.\nVolte ao {platform} e abra o aplicativo novamente por lá; um novo link será criado.",
    }
    CONTINUE_INTO {
        en: "Choose Continue to open the app.",
        es: "Elija Continuar para abrir la aplicación.",
        fr: "Choisissez Continuer pour ouvrir l’application.",
        de: "Wählen Sie Weiter, um die App zu öffnen.",
        pt: "Escolha Continuar para abrir o aplicativo.",
    }
}
