//! What the portal says about backups.

use super::texts;

texts! {
    DOWNLOAD { en: "Download a backup", es: "Descargar una copia", fr: "Télécharger une sauvegarde", de: "Sicherung herunterladen", pt: "Baixar um backup" }
    WITHOUT_KEY {
        en: "The secret key is not in it. Keep both, apart from each other.",
        es: "La clave secreta no va incluida. Guarde ambas, por separado.",
        fr: "La clé secrète n’y est pas. Gardez les deux, séparément.",
        de: "Der geheime Schlüssel ist nicht darin. Bewahren Sie beide auf, getrennt voneinander.",
        pt: "A chave secreta não está incluída. Guarde os dois, separadamente.",
    }
    ELSEWHERE {
        en: "The database is PostgreSQL, which is backed up with pg_dump: docs/backup.md has the commands.",
        es: "La base de datos es PostgreSQL, cuya copia se hace con pg_dump: docs/backup.md contiene las órdenes.",
        fr: "La base de données est PostgreSQL, qui se sauvegarde avec pg_dump : docs/backup.md donne les commandes.",
        de: "Die Datenbank ist PostgreSQL, das mit pg_dump gesichert wird: docs/backup.md nennt die Befehle.",
        pt: "O banco de dados é PostgreSQL, cujo backup se faz com pg_dump: docs/backup.md traz os comandos.",
    }
    UNDER_WAY {
        en: "Another backup is being made or downloaded. Try again when that is done.",
        es: "Se está haciendo o descargando otra copia. Inténtelo de nuevo cuando termine.",
        fr: "Une autre sauvegarde est en cours ou en téléchargement. Réessayez ensuite.",
        de: "Eine andere Sicherung wird gerade gemacht oder heruntergeladen. Versuchen Sie es danach noch einmal.",
        pt: "Outro backup está sendo feito ou baixado. Tente de novo quando terminar.",
    }
    FAILED {
        en: "The backup could not be made; the server’s log says why. The database’s disk needs as much free space as the database takes.",
        es: "No se pudo hacer la copia; el registro del servidor dice por qué. El disco de la base de datos necesita tanto espacio libre como ocupa esta.",
        fr: "La sauvegarde n’a pas pu être faite ; le journal du serveur dit pourquoi. Le disque de la base de données doit avoir autant d’espace libre qu’elle en occupe.",
        de: "Die Sicherung gelang nicht; das Protokoll des Servers sagt, warum. Auf dem Datenträger der Datenbank muss so viel frei sein, wie sie belegt.",
        pt: "Não foi possível fazer o backup; o log do servidor diz por quê. O disco do banco de dados precisa de tanto espaço livre quanto ele ocupa.",
    }
}
