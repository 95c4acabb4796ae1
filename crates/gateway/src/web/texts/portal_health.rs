//! What the portal says about the health of an installation and its platforms.

use super::texts;

texts! {
    PEOPLE_TODAY { en: "People today", es: "Personas hoy", fr: "Personnes aujourd’hui", de: "Personen heute", pt: "Pessoas hoje" }
    TODAY { en: "Today", es: "Hoy", fr: "Aujourd’hui", de: "Heute", pt: "Hoje" }
    NOT_COUNTED { en: "Test persons aren’t counted.", es: "Las personas de prueba no se cuentan.", fr: "Les personnes de test ne sont pas comptées.", de: "Testpersonen zählen nicht.", pt: "As pessoas de teste não são contadas." }
    LATE { en: "up to 5 minutes old", es: "hasta 5 minutos de retraso", fr: "jusqu’à 5 minutes de retard", de: "bis zu 5 Minuten alt", pt: "até 5 minutos de atraso" }
    LAUNCHES_TODAY { en: "Launches today", es: "Accesos hoy", fr: "Lancements aujourd’hui", de: "Starts heute", pt: "Acessos hoje" }
    REFUSED_TODAY { en: "Refused in 24 hours", es: "Rechazados en 24 horas", fr: "Refusés en 24 heures", de: "Abgewiesen in 24 Stunden", pt: "Recusados em 24 horas" }
    KEY_SETS { en: "LMSs’ keys", es: "Claves de los LMS", fr: "Clés des LMS", de: "Schlüssel der LMS", pt: "Chaves dos LMS" }
    KEY_SETS_FINE { en: "readable, where needed", es: "legibles, donde hizo falta", fr: "lisibles, là où il fallait", de: "lesbar, wo nötig", pt: "legíveis, onde foi preciso" }
    KEY_SETS_BAD { en: "not readable in 24 hours: {number}", es: "no legibles en 24 horas: {number}", fr: "illisibles en 24 heures : {number}", de: "nicht lesbar in 24 Stunden: {number}", pt: "ilegíveis em 24 horas: {number}" }
    BACKUP { en: "Last backup", es: "Última copia de seguridad", fr: "Dernière sauvegarde", de: "Letzte Sicherung", pt: "Último backup" }
    NO_BACKUP { en: "none yet", es: "ninguna todavía", fr: "aucune encore", de: "noch keine", pt: "nenhum ainda" }
    CERTIFICATE { en: "Certificate", es: "Certificado", fr: "Certificat", de: "Zertifikat", pt: "Certificado" }
    CERTIFICATE_ENDS { en: "ends {when}", es: "caduca {when}", fr: "expire {when}", de: "läuft {when} ab", pt: "expira {when}" }
    CERTIFICATE_ENDED { en: "ended {when}", es: "caducó {when}", fr: "a expiré {when}", de: "ist abgelaufen: {when}", pt: "expirou {when}" }
    CERTIFICATE_DUE {
        en: "Renew the files that tls_cert and tls_key name. The new certificate is used within a minute.",
        es: "Renueve los archivos que indican tls_cert y tls_key. El certificado nuevo se usa en menos de un minuto.",
        fr: "Renouvelez les fichiers que tls_cert et tls_key désignent. Le nouveau certificat sert en moins d’une minute.",
        de: "Erneuern Sie die Dateien, die tls_cert und tls_key nennen. Das neue Zertifikat gilt binnen einer Minute.",
        pt: "Renove os arquivos que tls_cert e tls_key indicam. O novo certificado é usado em menos de um minuto.",
    }
    CLOCK { en: "Its clock", es: "Reloj del LMS", fr: "Horloge du LMS", de: "Uhr des LMS", pt: "Relógio do LMS" }
    CLOCK_RIGHT { en: "right, within {seconds} s", es: "correcto, con {seconds} s de margen", fr: "juste, à {seconds} s près", de: "richtig, auf {seconds} s", pt: "certo, com {seconds} s de margem" }
    CLOCK_SLOW { en: "{seconds} s slow", es: "{seconds} s atrasado", fr: "en retard de {seconds} s", de: "geht {seconds} s nach", pt: "{seconds} s atrasado" }
    CLOCK_FAST { en: "{seconds} s fast", es: "{seconds} s adelantado", fr: "en avance de {seconds} s", de: "geht {seconds} s vor", pt: "{seconds} s adiantado" }
    CLOCK_UNKNOWN { en: "known with the next launch", es: "se sabrá con el próximo acceso", fr: "connue au prochain lancement", de: "bekannt mit dem nächsten Start", pt: "conhecido no próximo acesso" }
    KEY_SINCE { en: "Our key since", es: "Nuestra clave desde", fr: "Notre clé depuis", de: "Unser Schlüssel seit", pt: "Nossa chave desde" }
    GRADES_WAIT { en: "on their way: {number}", es: "en camino: {number}", fr: "en route : {number}", de: "unterwegs: {number}", pt: "a caminho: {number}" }
    GRADES_DONE { en: "none on their way", es: "ninguna en camino", fr: "aucune en route", de: "keine unterwegs", pt: "nenhuma a caminho" }
    ROSTERS { en: "Rosters", es: "Listas", fr: "Listes", de: "Teilnehmerlisten", pt: "Listas" }
    ROSTER_TAKEN { en: "last taken {when}", es: "tomada por última vez: {when}", fr: "reprise en dernier : {when}", de: "zuletzt übernommen: {when}", pt: "tomada por último: {when}" }
    NO_ROSTER { en: "none taken", es: "ninguna tomada", fr: "aucune reprise", de: "keine übernommen", pt: "nenhuma tomada" }
    ROSTERS_SAY {
        en: "Only rosters that your application asked Hallpass to keep are counted here.",
        es: "Aquí solo cuentan las listas que Hallpass guarda a petición de su aplicación.",
        fr: "Seules comptent ici les listes que Hallpass garde à la demande de votre application.",
        de: "Hier zählen nur Teilnehmerlisten, die Hallpass auf Wunsch Ihrer Anwendung aufbewahrt.",
        pt: "Aqui só contam as listas que o Hallpass guarda a pedido do seu aplicativo.",
    }
    ROSTER_CALLS { en: "Reading rosters", es: "Lectura de listas", fr: "Lecture des listes", de: "Teilnehmerlisten lesen", pt: "Leitura de listas" }
    GROUP_CALLS { en: "Reading groups", es: "Lectura de grupos", fr: "Lecture des groupes", de: "Gruppen lesen", pt: "Leitura de grupos" }
    GRADE_CALLS { en: "Grade service", es: "Servicio de notas", fr: "Service de notes", de: "Notendienst", pt: "Serviço de notas" }
    NO_TOKEN { en: "The LMS gives no access token", es: "El LMS no da ningún token de acceso", fr: "Le LMS ne donne aucun jeton d’accès", de: "Das LMS gibt kein Zugangstoken", pt: "O LMS não dá nenhum token de acesso" }
    NOT_GRANTED { en: "The LMS doesn’t allow it", es: "El LMS no lo permite", fr: "Le LMS ne le permet pas", de: "Das LMS erlaubt es nicht", pt: "O LMS não permite" }
    FAILS_SINCE {
        en: "first {since}, last {last}; goes with the next call that works, or after a day",
        es: "primera vez {since}, última {last}; desaparece con la próxima llamada que funcione, o al cabo de un día",
        fr: "première fois {since}, dernière fois {last} ; disparaît au prochain appel réussi, ou après un jour",
        de: "zuerst {since}, zuletzt {last}; verschwindet mit dem nächsten Aufruf, der gelingt, oder nach einem Tag",
        pt: "primeira vez {since}, última {last}; some com a próxima chamada que funcionar, ou depois de um dia",
    }
    SERVICES_FAIL { en: "Its services fail", es: "Fallan servicios del LMS", fr: "Ses services échouent", de: "Dienste schlagen fehl", pt: "Serviços do LMS falham" }
    TEST_LAUNCH_SAYS {
        en: "From a pretend LMS of our own, into your application: whether it opens does not depend on this platform.",
        es: "Desde un LMS simulado nuestro, a su aplicación: que se abra no depende de esta plataforma.",
        fr: "Depuis un LMS fictif à nous, vers votre application : son ouverture ne dépend pas de cette plateforme.",
        de: "Von einem vorgetäuschten LMS von uns in Ihre Anwendung: Ob sie sich öffnet, hängt nicht von dieser Plattform ab.",
        pt: "De um LMS simulado nosso para seu aplicativo: se ele abre não depende desta plataforma.",
    }
}
