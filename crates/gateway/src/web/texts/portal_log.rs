//! What the audit log's page says besides its table.

use super::texts;

texts! {
    ANYBODY { en: "Anybody", es: "Cualquiera", fr: "Tous", de: "Alle", pt: "Qualquer um" }
    BY_USERS { en: "Users of the portal", es: "Usuarios del portal", fr: "Utilisateurs du portail", de: "Benutzer des Portals", pt: "Usuários do portal" }
    BY_KEYS { en: "API keys", es: "Claves de API", fr: "Clés d’API", de: "API-Schlüssel", pt: "Chaves de API" }
    BY_COMMANDS { en: "Commands on the server", es: "Comandos en el servidor", fr: "Commandes sur le serveur", de: "Befehle auf dem Server", pt: "Comandos no servidor" }
    BY_LINKS { en: "Links that work once", es: "Enlaces de un solo uso", fr: "Liens à usage unique", de: "Einmal-Links", pt: "Links de uso único" }
    BY_PROVIDER { en: "The identity provider", es: "El proveedor de identidad", fr: "Le fournisseur d’identité", de: "Der Identitätsanbieter", pt: "O provedor de identidade" }
    BY_SERVER { en: "Hallpass itself", es: "El propio Hallpass", fr: "Hallpass lui-même", de: "Hallpass selbst", pt: "O próprio Hallpass" }
    ANYTHING { en: "Anything", es: "Cualquier cosa", fr: "Tout", de: "Alles", pt: "Qualquer coisa" }
    FROM { en: "From", es: "Desde", fr: "Du", de: "Von", pt: "De" }
    TO { en: "To", es: "Hasta", fr: "Au", de: "Bis", pt: "Até" }
    NO_DAY {
        en: "This is no day. Write year, month and day: 2026-11-24",
        es: "Esto no es un día. Escriba año, mes y día: 2026-11-24",
        fr: "Ce n’est pas un jour. Écrivez l’année, le mois et le jour : 2026-11-24",
        de: "Das ist kein Tag. Schreiben Sie Jahr, Monat und Tag: 2026-11-24",
        pt: "Isto não é um dia. Escreva ano, mês e dia: 2026-11-24",
    }
    EXPORT { en: "Export as CSV", es: "Exportar como CSV", fr: "Exporter en CSV", de: "Als CSV exportieren", pt: "Exportar como CSV" }
    CHANGES { en: "Changes", es: "Cambios", fr: "Changements", de: "Änderungen", pt: "Mudanças" }
    ENTRY { en: "Entry {number}", es: "Entrada {number}", fr: "Entrée {number}", de: "Eintrag {number}", pt: "Registro {number}" }
    AND_MORE { en: "and more", es: "y más", fr: "et d’autres", de: "und mehr", pt: "e mais" }
    BACK { en: "Back to the audit log", es: "Volver al registro de cambios", fr: "Retour au journal", de: "Zum Protokoll", pt: "Voltar ao registro" }
    NOT_SO_FAR {
        en: "Nothing was found among the newer entries. There are older ones.",
        es: "No se ha encontrado nada entre las entradas más recientes. Hay otras más antiguas.",
        fr: "Rien n’a été trouvé parmi les entrées récentes. Il y en a de plus anciennes.",
        de: "Unter den neueren Einträgen wurde nichts gefunden. Es gibt ältere.",
        pt: "Nada foi encontrado entre as entradas mais recentes. Há outras mais antigas.",
    }
}
