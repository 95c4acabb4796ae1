//! The frame around the portal's pages, and texts that several of them share.

use super::texts;

texts! {
    HOME { en: "Home", es: "Inicio", fr: "Accueil", de: "Übersicht", pt: "Início" }
    PLATFORMS { en: "Platforms", es: "Plataformas", fr: "Plateformes", de: "Plattformen", pt: "Plataformas" }
    FAILURES { en: "Failures", es: "Fallos", fr: "Échecs", de: "Fehlschläge", pt: "Falhas" }
    DELIVERIES { en: "Deliveries", es: "Entregas", fr: "Envois", de: "Zustellungen", pt: "Entregas" }
    PEOPLE { en: "People", es: "Personas", fr: "Personnes", de: "Personen", pt: "Pessoas" }
    PATHS { en: "Learning paths", es: "Itinerarios", fr: "Parcours", de: "Lernpfade", pt: "Trilhas" }
    TOOL { en: "Tool settings", es: "Ajustes", fr: "Réglages", de: "Einstellungen", pt: "Configurações" }
    USERS { en: "Users", es: "Usuarios", fr: "Utilisateurs", de: "Benutzer", pt: "Usuários" }
    USAGE { en: "Usage", es: "Uso", fr: "Utilisation", de: "Nutzung", pt: "Uso" }
    AUDIT { en: "Audit log", es: "Registro de cambios", fr: "Journal", de: "Protokoll", pt: "Registro" }
    API { en: "API", es: "API", fr: "API", de: "API", pt: "API" }
    ACCOUNT { en: "Your account", es: "Su cuenta", fr: "Votre compte", de: "Ihr Konto", pt: "Sua conta" }
    SKIP { en: "Skip to the content", es: "Ir al contenido", fr: "Aller au contenu", de: "Zum Inhalt springen", pt: "Ir para o conteúdo" }
    MENU { en: "Menu", es: "Menú", fr: "Menu", de: "Menü", pt: "Menu" }
    MAIN { en: "Main", es: "Principal", fr: "Principal", de: "Hauptmenü", pt: "Principal" }
    SET_UP { en: "Set up", es: "Configurar", fr: "Configurer", de: "Einrichten", pt: "Configurar" }
    SIGN_OUT { en: "Sign out", es: "Cerrar la sesión", fr: "Se déconnecter", de: "Abmelden", pt: "Sair" }
    WAITING { en: "Waiting", es: "Pendientes", fr: "En attente", de: "Wartet", pt: "Pendentes" }
    IS_WAITING { en: "waiting", es: "pendientes", fr: "en attente", de: "warten", pt: "pendentes" }
    FIND { en: "Find", es: "Buscar", fr: "Trouver", de: "Suchen", pt: "Buscar" }
    FIND_WHAT {
        en: "Find a reference, school, client id or student",
        es: "Buscar una referencia, un centro, un id de cliente o un estudiante",
        fr: "Trouver une référence, un établissement, un identifiant client ou un élève",
        de: "Kennzeichen, Schule, Client-ID oder Person suchen",
        pt: "Buscar uma referência, escola, id de cliente ou estudante",
    }
    FIND_NO_STUDENT {
        en: "Find a reference, school or client id",
        es: "Buscar una referencia, un centro o un id de cliente",
        fr: "Trouver une référence, un établissement ou un identifiant client",
        de: "Kennzeichen, Schule oder Client-ID suchen",
        pt: "Buscar uma referência, escola ou id de cliente",
    }
    FIND_HINT {
        en: "Reference, school…",
        es: "Referencia, centro…",
        fr: "Référence, école…",
        de: "Kennzeichen, Schule…",
        pt: "Referência, escola…",
    }
    OPENING { en: "Opening the portal…", es: "Abriendo el portal…", fr: "Ouverture du portail…", de: "Das Portal öffnet sich…", pt: "Abrindo o portal…" }
    BACK_HOME { en: "Back to Home", es: "Volver al inicio", fr: "Retour à l’accueil", de: "Zur Übersicht", pt: "Voltar ao início" }
    JUST_NOW { en: "just now", es: "ahora mismo", fr: "à l’instant", de: "gerade eben", pt: "agora mesmo" }
    MINUTE_AGO {
        en: "1 min ago",
        es: "hace 1 min",
        fr: "il y a 1 min",
        de: "vor einer Minute",
        pt: "há 1 min",
    }
    MINUTES_AGO {
        en: "{number} min ago",
        es: "hace {number} min",
        fr: "il y a {number} min",
        de: "vor {number} min",
        pt: "há {number} min",
    }
    HOUR_AGO {
        en: "1 h ago",
        es: "hace 1 h",
        fr: "il y a 1 h",
        de: "vor einer Stunde",
        pt: "há 1 h",
    }
    HOURS_AGO {
        en: "{number} h ago",
        es: "hace {number} h",
        fr: "il y a {number} h",
        de: "vor {number} h",
        pt: "há {number} h",
    }
    IN_A_MINUTE {
        en: "in 1 min",
        es: "dentro de 1 min",
        fr: "dans 1 min",
        de: "in einer Minute",
        pt: "em 1 minuto",
    }
    IN_MINUTES { en: "in {number} min", es: "dentro de {number} min", fr: "dans {number} min", de: "in {number} Minuten", pt: "em {number} minutos" }
    IN_AN_HOUR {
        en: "in 1 h",
        es: "dentro de 1 h",
        fr: "dans 1 h",
        de: "in einer Stunde",
        pt: "em 1 hora",
    }
    IN_HOURS { en: "in {number} h", es: "dentro de {number} h", fr: "dans {number} h", de: "in {number} Stunden", pt: "em {number} horas" }
    IN_DAYS { en: "in {number} days", es: "dentro de {number} días", fr: "dans {number} jours", de: "in {number} Tagen", pt: "em {number} dias" }
    COPIED { en: "Copied", es: "Copiado", fr: "Copié", de: "Kopiert", pt: "Copiado" }
    SELECTED {
        en: "Selected: copy it with the keyboard",
        es: "Seleccionado: cópielo con el teclado",
        fr: "Sélectionné : copiez-le avec le clavier",
        de: "Markiert: kopieren Sie es mit der Tastatur",
        pt: "Selecionado: copie com o teclado",
    }
    TIMES_ARE_UTC { en: "Times are UTC", es: "Las horas son UTC", fr: "Heures UTC", de: "Zeiten in UTC", pt: "Horários em UTC" }
    TITLE_FORGED {
        en: "This form can't be taken",
        es: "No se puede aceptar este formulario",
        fr: "Ce formulaire ne peut pas être accepté",
        de: "Dieses Formular kann nicht angenommen werden",
        pt: "Este formulário não pode ser aceito",
    }
    FORGED {
        en: "It wasn't sent by a page of this portal, or you have signed in again since. Open the page again and repeat it.",
        es: "No lo envió una página de este portal, o ha vuelto a iniciar sesión desde entonces. Abra la página de nuevo y repítalo.",
        fr: "Il n’a pas été envoyé par une page de ce portail, ou vous vous êtes reconnecté depuis. Rouvrez la page et recommencez.",
        de: "Es kam nicht von einer Seite dieses Portals, oder Sie haben sich seitdem neu angemeldet. Öffnen Sie die Seite noch einmal und wiederholen Sie es.",
        pt: "Ele não foi enviado por uma página deste portal, ou você entrou de novo desde então. Abra a página outra vez e repita.",
    }
    TITLE_SIGNED_OUT {
        en: "You are signed out",
        es: "Su sesión ha terminado",
        fr: "Vous êtes déconnecté",
        de: "Sie sind abgemeldet",
        pt: "Sua sessão terminou",
    }
    SIGNED_OUT {
        en: "Nothing was changed. Sign in again, and repeat what you did.",
        es: "No se ha cambiado nada. Inicie sesión de nuevo y repita lo que hizo.",
        fr: "Rien n’a été modifié. Reconnectez-vous et recommencez.",
        de: "Es wurde nichts geändert. Melden Sie sich wieder an und wiederholen Sie es.",
        pt: "Nada foi alterado. Entre de novo e repita o que fez.",
    }
    TITLE_FORBIDDEN {
        en: "Your role can't do this",
        es: "Su función no permite esto",
        fr: "Votre rôle ne permet pas cela",
        de: "Ihre Rolle darf das nicht",
        pt: "Sua função não permite isto",
    }
    FORBIDDEN_YOURS {
        en: "You are signed in as {name}, {role}. {may}",
        es: "Ha iniciado sesión como {name}, {role}. {may}",
        fr: "Vous êtes connecté en tant que {name}, {role}. {may}",
        de: "Sie sind angemeldet als {name}, {role}. {may}",
        pt: "Você entrou como {name}, {role}. {may}",
    }
    FORBIDDEN_THEIRS {
        en: "These people can: {names}",
        es: "Pueden hacerlo: {names}",
        fr: "Ces personnes le peuvent : {names}",
        de: "Diese Personen dürfen es: {names}",
        pt: "Estas pessoas podem: {names}",
    }
    FORBIDDEN_NOBODY {
        en: "No role of this portal can.",
        es: "Ninguna función de este portal puede.",
        fr: "Aucun rôle de ce portail ne le peut.",
        de: "Keine Rolle dieses Portals darf es.",
        pt: "Nenhuma função deste portal pode.",
    }
    TITLE_NOTHING {
        en: "There is nothing here",
        es: "Aquí no hay nada",
        fr: "Il n’y a rien ici",
        de: "Hier ist nichts",
        pt: "Não há nada aqui",
    }
    NOTHING {
        en: "It isn't there any more, or the address is mistyped.",
        es: "Ya no existe, o la dirección está mal escrita.",
        fr: "Cela n’existe plus, ou l’adresse est erronée.",
        de: "Es ist nicht mehr da, oder die Adresse ist falsch geschrieben.",
        pt: "Não existe mais, ou o endereço está errado.",
    }
}
