//! Words that many portal pages use.

use super::texts;

texts! {
    SAVE {
        en: "Save",
        es: "Guardar",
        fr: "Enregistrer",
        de: "Speichern",
        pt: "Salvar",
    }
    CANCEL {
        en: "Cancel",
        es: "Cancelar",
        fr: "Annuler",
        de: "Abbrechen",
        pt: "Cancelar",
    }
    FILTER {
        en: "Filter",
        es: "Filtrar",
        fr: "Filtrer",
        de: "Filtern",
        pt: "Filtrar",
    }
    NEXT {
        en: "Next",
        es: "Siguiente",
        fr: "Suivant",
        de: "Weiter",
        pt: "Seguinte",
    }
    FIRST_PAGE {
        en: "First page",
        es: "Primera página",
        fr: "Première page",
        de: "Erste Seite",
        pt: "Primeira página",
    }
    PAGES {
        en: "Pages",
        es: "Páginas",
        fr: "Pages",
        de: "Seiten",
        pt: "Páginas",
    }
    BREADCRUMB {
        en: "Where you are",
        es: "Dónde está usted",
        fr: "Où vous êtes",
        de: "Wo Sie sind",
        pt: "Onde você está",
    }
    COPY {
        en: "Copy",
        es: "Copiar",
        fr: "Copier",
        de: "Kopieren",
        pt: "Copiar",
    }
    STATE {
        en: "State",
        es: "Estado",
        fr: "État",
        de: "Status",
        pt: "Estado",
    }
    ANY {
        en: "Any",
        es: "Todos",
        fr: "Tous",
        de: "Alle",
        pt: "Todos",
    }
    ANY_PLATFORM {
        en: "Any",
        es: "Todas",
        fr: "Toutes",
        de: "Alle",
        pt: "Todas",
    }
    EVERY_DELIVERY {
        en: "All",
        es: "Todas",
        fr: "Tous",
        de: "Alle",
        pt: "Todas",
    }
    EVERY {
        en: "All",
        es: "Todos",
        fr: "Tous",
        de: "Alle",
        pt: "Todos",
    }
    NEVER {
        en: "never",
        es: "nunca",
        fr: "jamais",
        de: "nie",
        pt: "nunca",
    }
    NAME {
        en: "Name",
        es: "Nombre",
        fr: "Nom",
        de: "Name",
        pt: "Nome",
    }
    CHANGE {
        en: "Change",
        es: "Cambiar",
        fr: "Modifier",
        de: "Ändern",
        pt: "Alterar",
    }
    NEXT_STEP {
        en: "Next step",
        es: "Paso siguiente",
        fr: "Étape suivante",
        de: "Nächster Schritt",
        pt: "Próximo passo",
    }
    WHEN {
        en: "When",
        es: "Cuándo",
        fr: "Quand",
        de: "Wann",
        pt: "Quando",
    }
    SINCE {
        en: "Since",
        es: "Desde",
        fr: "Depuis",
        de: "Seit",
        pt: "Desde",
    }
    OUTCOME {
        en: "Outcome",
        es: "Resultado",
        fr: "Résultat",
        de: "Ergebnis",
        pt: "Resultado",
    }
    REFERENCE {
        en: "Reference",
        es: "Referencia",
        fr: "Référence",
        de: "Kennzeichen",
        pt: "Referência",
    }
    PLATFORM {
        en: "Platform",
        es: "Plataforma",
        fr: "Plateforme",
        de: "Plattform",
        pt: "Plataforma",
    }
    NOT_SAVED {
        en: "Nothing was saved",
        es: "No se ha guardado nada",
        fr: "Rien n’a été enregistré",
        de: "Es wurde nichts gespeichert",
        pt: "Nada foi salvo",
    }
    LEAVE_IT {
        en: "Leave it as it is",
        es: "Dejarlo como está",
        fr: "Laisser tel quel",
        de: "So lassen",
        pt: "Deixar como está",
    }
    KEEP_IT {
        en: "Keep it",
        es: "Conservar",
        fr: "Conserver",
        de: "Behalten",
        pt: "Manter",
    }
    AS_THE_TOOL {
        en: "As the tool: {value}",
        es: "Como la herramienta: {value}",
        fr: "Comme l’outil : {value}",
        de: "Wie das Tool: {value}",
        pt: "Como a ferramenta: {value}",
    }
    DEFAULT_IS {
        en: "Default: {value}.",
        es: "Valor predeterminado: {value}.",
        fr: "Par défaut : {value}.",
        de: "Vorgabe: {value}.",
        pt: "Padrão: {value}.",
    }
    TOOL_HAS {
        en: "Tool: {value}.",
        es: "Herramienta: {value}.",
        fr: "Outil : {value}.",
        de: "Im Tool: {value}.",
        pt: "Ferramenta: {value}.",
    }
    ATTEMPTS {
        en: "Launches",
        es: "Accesos",
        fr: "Lancements",
        de: "Starts",
        pt: "Acessos",
    }
    LAUNCHED {
        en: "Launched",
        es: "Abierta",
        fr: "Lancé",
        de: "Gestartet",
        pt: "Aberta",
    }
    REGISTERED {
        en: "Registered",
        es: "Registrada",
        fr: "Enregistrée",
        de: "Registriert",
        pt: "Registrada",
    }
    REFUSED {
        en: "Refused",
        es: "Rechazado",
        fr: "Refusé",
        de: "Abgewiesen",
        pt: "Recusado",
    }
    WAIT_FOR_A_TEST {
        en: "This was tested often just now. Wait {minutes} min and try again.",
        es: "Esto se ha probado a menudo hace poco. Espere {minutes} min y vuelva a intentarlo.",
        fr: "Cela vient d’être testé souvent. Attendez {minutes} min, puis réessayez.",
        de: "Das wurde gerade oft getestet. Warten Sie {minutes} Min. und versuchen Sie es noch einmal.",
        pt: "Isto acabou de ser testado muitas vezes. Espere {minutes} min e tente de novo.",
    }
    UNFINISHED {
        en: "Not finished",
        es: "Sin terminar",
        fr: "Pas terminé",
        de: "Nicht beendet",
        pt: "Não terminado",
    }
    LOGIN_URL {
        en: "Initiate login URL",
        es: "URL de inicio de sesión",
        fr: "URL d’initiation de connexion",
        de: "URL für den Beginn der Anmeldung",
        pt: "URL de início de login",
    }
    LAUNCH_URL {
        en: "Redirection URI, tool URL",
        es: "URI de redirección, URL de la herramienta",
        fr: "URI de redirection, URL de l’outil",
        de: "Weiterleitungs-URI, Tool-URL",
        pt: "URI de redirecionamento, URL da ferramenta",
    }
    KEYSET_URL {
        en: "Public keyset URL",
        es: "URL del conjunto de claves públicas",
        fr: "URL du jeu de clés publiques",
        de: "URL des öffentlichen Schlüsselsatzes",
        pt: "URL do conjunto de chaves públicas",
    }
}
