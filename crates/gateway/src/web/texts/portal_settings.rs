//! What the portal says about a tool's settings.

use super::texts;

texts! {
    TITLE {
        en: "Tool settings",
        es: "Ajustes de la herramienta",
        fr: "Réglages de l’outil",
        de: "Tool-Einstellungen",
        pt: "Configurações da ferramenta",
    }
    INTRO {
        en: "Changes count at once, on every server.",
        es: "Los cambios valen enseguida, en todos los servidores.",
        fr: "Les changements valent aussitôt, sur chaque serveur.",
        de: "Änderungen gelten sofort, auf jedem Server.",
        pt: "As alterações valem na hora, em todos os servidores.",
    }
    RENAMED {
        en: "LMSs that are connected already keep the old name until they register again or their administrator changes it there.",
        es: "Los LMS ya conectados conservan el nombre antiguo hasta que se registren de nuevo o su administrador lo cambie allí.",
        fr: "Les LMS déjà connectés gardent l’ancien nom jusqu’à ce qu’ils s’enregistrent de nouveau ou que leur administrateur le change là-bas.",
        de: "Schon verbundene LMS behalten den alten Namen, bis sie sich neu registrieren oder ihr Administrator ihn dort ändert.",
        pt: "Os LMSs já conectados mantêm o nome antigo até se registrarem de novo ou o administrador mudá-lo lá.",
    }
    SAVED {
        en: "The settings are saved.",
        es: "Los ajustes se han guardado.",
        fr: "Les réglages sont enregistrés.",
        de: "Die Einstellungen sind gespeichert.",
        pt: "As configurações foram salvas.",
    }
    PLAIN_HTTP {
        en: "Look at {url} once more: with http, others on the way can read who launches. Use https outside of a test.",
        es: "Revise {url}: con http, otros en el camino pueden leer quién accede. Fuera de una prueba, use https.",
        fr: "Vérifiez {url} : en http, d’autres sur le trajet peuvent lire qui lance l’outil. Hors d’un essai, utilisez https.",
        de: "Prüfen Sie {url}: Mit http können andere unterwegs mitlesen, wer das Tool startet. Nehmen Sie außer zum Testen https.",
        pt: "Confira {url}: com http, outros no caminho podem ler quem acessa. Fora de um teste, use https.",
    }
    S_TOOL {
        en: "The tool",
        es: "La herramienta",
        fr: "L’outil",
        de: "Das Tool",
        pt: "A ferramenta",
    }
    S_ASKED {
        en: "What an LMS is asked for",
        es: "Lo que se pide a un LMS",
        fr: "Ce qui est demandé à un LMS",
        de: "Worum ein LMS gebeten wird",
        pt: "O que se pede a um LMS",
    }
    S_REGISTRATION {
        en: "Registration",
        es: "Registro",
        fr: "Enregistrement",
        de: "Registrierung",
        pt: "Registro",
    }
    S_LAUNCHES {
        en: "Launches",
        es: "Accesos",
        fr: "Lancements",
        de: "Starts",
        pt: "Acessos",
    }
    S_KEPT {
        en: "How long things are kept",
        es: "Cuánto tiempo se guardan las cosas",
        fr: "Combien de temps les choses sont conservées",
        de: "Wie lange etwas aufbewahrt wird",
        pt: "Por quanto tempo as coisas são guardadas",
    }
    NAME {
        en: "Name, for LMS administrators and in every placement",
        es: "Nombre, para administradores de LMS y en cada ubicación",
        fr: "Nom, pour les administrateurs de LMS et à chaque emplacement",
        de: "Name, für LMS-Administratoren und an jeder Stelle",
        pt: "Nome, para administradores de LMS e em cada lugar",
    }
    DESCRIPTION {
        en: "Description, one or two sentences",
        es: "Descripción, una o dos frases",
        fr: "Description, une ou deux phrases",
        de: "Beschreibung, ein oder zwei Sätze",
        pt: "Descrição, uma ou duas frases",
    }
    LOGO {
        en: "Address of the logo",
        es: "Dirección del logotipo",
        fr: "Adresse du logo",
        de: "Adresse des Logos",
        pt: "Endereço do logotipo",
    }
    LAUNCH_URL {
        en: "Launch URL, in your application",
        es: "URL de acceso, en su aplicación",
        fr: "URL de lancement, dans votre application",
        de: "Start-Adresse, in Ihrer Anwendung",
        pt: "URL de acesso, no seu aplicativo",
    }
    CHOOSING_URL {
        en: "Where choosing content leads",
        es: "Adónde lleva elegir contenido",
        fr: "Où mène le choix de contenu",
        de: "Wohin das Wählen von Inhalten führt",
        pt: "Para onde leva a escolha de conteúdo",
    }
    CHOOSING {
        en: "Teachers choose content in the tool",
        es: "Los profesores eligen contenido en la herramienta",
        fr: "Les enseignants choisissent du contenu dans l’outil",
        de: "Lehrkräfte wählen Inhalte im Tool",
        pt: "Professores escolhem conteúdo na ferramenta",
    }
    ROSTERS {
        en: "Rosters of courses",
        es: "Listas de los cursos",
        fr: "Listes des cours",
        de: "Teilnehmerlisten der Kurse",
        pt: "Listas dos cursos",
    }
    GRADES {
        en: "Grades",
        es: "Notas",
        fr: "Notes",
        de: "Noten",
        pt: "Notas",
    }
    GROUPS {
        en: "Groups of courses",
        es: "Grupos de los cursos",
        fr: "Groupes des cours",
        de: "Gruppen der Kurse",
        pt: "Grupos dos cursos",
    }
    PRIVACY {
        en: "Personal data",
        es: "Datos personales",
        fr: "Données personnelles",
        de: "Personenbezogene Daten",
        pt: "Dados pessoais",
    }
    P_PUBLIC {
        en: "name and e-mail",
        es: "nombre y correo",
        fr: "nom et e-mail",
        de: "Name und E-Mail",
        pt: "nome e e-mail",
    }
    P_NAME {
        en: "name only",
        es: "solo el nombre",
        fr: "nom seulement",
        de: "nur Name",
        pt: "somente o nome",
    }
    P_EMAIL {
        en: "e-mail only",
        es: "solo el correo",
        fr: "e-mail seulement",
        de: "nur E-Mail",
        pt: "somente o e-mail",
    }
    P_NONE {
        en: "none",
        es: "ninguno",
        fr: "aucune",
        de: "keine",
        pt: "nenhum",
    }
    REG_ON {
        en: "LMSs may register by URL",
        es: "Los LMS pueden registrarse por URL",
        fr: "Les LMS peuvent s’enregistrer par URL",
        de: "LMS dürfen sich per URL registrieren",
        pt: "Os LMS podem se registrar por URL",
    }
    REG_OPEN {
        en: "Without an invitation, too",
        es: "También sin invitación",
        fr: "Sans invitation aussi",
        de: "Auch ohne Einladung",
        pt: "Também sem convite",
    }
    REG_ACTIVE {
        en: "A new platform is active at once",
        es: "Una plataforma nueva está activa enseguida",
        fr: "Une nouvelle plateforme est active aussitôt",
        de: "Eine neue Plattform ist sofort aktiv",
        pt: "Uma nova plataforma fica ativa na hora",
    }
    REG_CONFIRM {
        en: "Its administrator confirms first, on a page of ours",
        es: "Su administrador confirma antes, en una página nuestra",
        fr: "Son administrateur confirme d’abord, sur une page à nous",
        de: "Ihr Administrator bestätigt zuerst, auf einer Seite von uns",
        pt: "O administrador dela confirma antes, em uma página nossa",
    }
    LEEWAY {
        en: "An LMS's clock may be off by, in seconds",
        es: "El reloj de un LMS puede desviarse, en segundos",
        fr: "L’horloge d’un LMS peut s’écarter de, en secondes",
        de: "Die Uhr eines LMS darf falsch gehen, in Sekunden",
        pt: "O relógio de um LMS pode desviar, em segundos",
    }
    MAX_AGE {
        en: "A token may be old, in seconds",
        es: "Un token puede tener una antigüedad, en segundos, de",
        fr: "Un jeton peut être vieux de, en secondes",
        de: "Ein Token darf alt sein, in Sekunden",
        pt: "Um token pode ter idade, em segundos",
    }
    UNKNOWN {
        en: "A deployment seen for the first time",
        es: "Un despliegue que se ve por primera vez",
        fr: "Un déploiement vu pour la première fois",
        de: "Ein zum ersten Mal gesehenes Deployment",
        pt: "Uma implantação vista pela primeira vez",
    }
    U_AUTO {
        en: "is let in",
        es: "se admite",
        fr: "est accepté",
        de: "wird eingelassen",
        pt: "é aceita",
    }
    U_PENDING {
        en: "waits for you",
        es: "espera su decisión",
        fr: "attend votre décision",
        de: "wartet auf Sie",
        pt: "aguarda você",
    }
    U_REJECT {
        en: "is refused",
        es: "se rechaza",
        fr: "est refusé",
        de: "wird abgewiesen",
        pt: "é recusada",
    }
    ANONYMOUS {
        en: "Launches without a person",
        es: "Accesos sin persona",
        fr: "Lancements sans personne",
        de: "Starts ohne Person",
        pt: "Acessos sem pessoa",
    }
    A_ALLOW {
        en: "allow",
        es: "permitir",
        fr: "autoriser",
        de: "erlauben",
        pt: "permitir",
    }
    A_REFUSE {
        en: "refuse",
        es: "rechazar",
        fr: "refuser",
        de: "abweisen",
        pt: "recusar",
    }
    WHO_CHOOSES {
        en: "Who may choose content",
        es: "Quién puede elegir contenido",
        fr: "Qui peut choisir du contenu",
        de: "Wer Inhalte wählen darf",
        pt: "Quem pode escolher conteúdo",
    }
    C_ANYONE {
        en: "anyone",
        es: "cualquiera",
        fr: "tout le monde",
        de: "alle",
        pt: "qualquer pessoa",
    }
    C_STAFF {
        en: "teachers and staff",
        es: "profesores y personal",
        fr: "enseignants et personnel",
        de: "Lehrkräfte und Personal",
        pt: "professores e equipe",
    }
    KEEP_LAUNCH {
        en: "Launches, with who it was, in minutes",
        es: "Accesos, con quién era, en minutos",
        fr: "Lancements, avec qui c’était, en minutes",
        de: "Starts, mit wem, in Minuten",
        pt: "Acessos, com quem era, em minutos",
    }
    KEEP_TRACE {
        en: "Traces, without names, in minutes",
        es: "Trazas, sin nombres, en minutos",
        fr: "Traces, sans noms, en minutes",
        de: "Spuren, ohne Namen, in Minuten",
        pt: "Rastros, sem nomes, em minutos",
    }
    KEEP_STUDENT {
        en: "Students of StudyReel after their last launch, in days; 0 until erased",
        es: "Estudiantes de StudyReel tras su último acceso, en días; 0 hasta borrarlos",
        fr: "Élèves de StudyReel après leur dernier lancement, en jours ; 0 jusqu’à effacement",
        de: "Lernende von StudyReel nach ihrem letzten Start, in Tagen; 0 bis zum Löschen",
        pt: "Estudantes do StudyReel após o último acesso, em dias; 0 até apagar",
    }
    KEEP_DELIVERIES {
        en: "Deliveries of grades, after they have ended, in days",
        es: "Entregas de notas, después de terminar, en días",
        fr: "Envois de notes, une fois terminés, en jours",
        de: "Zustellungen von Noten, nach ihrem Ende, in Tagen",
        pt: "Entregas de notas, depois de terminadas, em dias",
    }
    TEACHER_WINS {
        en: "Grades that someone else gave in the LMS stay",
        es: "Las notas que otra persona puso en el LMS se mantienen",
        fr: "Les notes données dans le LMS par quelqu’un d’autre restent",
        de: "Noten, die jemand anders im LMS gegeben hat, bleiben",
        pt: "As notas que outra pessoa deu no LMS permanecem",
    }
    HOLD_NOT_ENROLLED {
        en: "A grade waits for a student who isn't in the course yet, in days; 0: not at all",
        es: "Una nota espera a un estudiante que aún no está en el curso, en días; 0: no espera",
        fr: "Une note attend un élève qui n’est pas encore dans le cours, en jours ; 0 : pas du tout",
        de: "Eine Note wartet auf eine Person, die noch nicht im Kurs ist, in Tagen; 0: gar nicht",
        pt: "Uma nota espera um estudante que ainda não está no curso, em dias; 0: não espera",
    }
    HOLD_CONCLUDED {
        en: "A grade waits for a course that is over, in days; 0: not at all",
        es: "Una nota espera a un curso que ha terminado, en días; 0: no espera",
        fr: "Une note attend un cours terminé, en jours ; 0 : pas du tout",
        de: "Eine Note wartet auf einen Kurs, der beendet ist, in Tagen; 0: gar nicht",
        pt: "Uma nota espera um curso que terminou, em dias; 0: não espera",
    }
    COLUMN_GONE {
        en: "A grade whose column in the gradebook a teacher deleted",
        es: "Una nota cuya columna eliminó un profesor",
        fr: "Une note dont un enseignant a supprimé la colonne",
        de: "Eine Note, deren Spalte eine Lehrkraft gelöscht hat",
        pt: "Uma nota cuja coluna um professor excluiu",
    }
    G_HOLD { en: "waits", es: "espera", fr: "attend", de: "wartet", pt: "espera" }
    G_REFUSE { en: "is refused", es: "se rechaza", fr: "est refusée", de: "wird abgewiesen", pt: "é recusada" }
    G_RECREATE {
        en: "gets a new column, if possible",
        es: "recibe otra columna, si es posible",
        fr: "reçoit une nouvelle colonne, si possible",
        de: "bekommt eine neue Spalte, wenn möglich",
        pt: "recebe outra coluna, se possível",
    }
    VALUES {
        en: "Traces keep values that say nothing about a person",
        es: "Las trazas guardan valores que no dicen nada de una persona",
        fr: "Les traces gardent des valeurs qui ne disent rien d’une personne",
        de: "Spuren behalten Werte, die nichts über eine Person sagen",
        pt: "Os rastros guardam valores que nada dizem sobre uma pessoa",
    }
    ON {
        en: "yes",
        es: "sí",
        fr: "oui",
        de: "ja",
        pt: "sim",
    }
    OFF {
        en: "no",
        es: "no",
        fr: "non",
        de: "nein",
        pt: "não",
    }
    EVERYTHING {
        en: "Every setting",
        es: "Todos los ajustes",
        fr: "Tous les réglages",
        de: "Jede Einstellung",
        pt: "Todas as configurações",
    }
    EVERYTHING_SAYS {
        en: "As the API has them. What you leave out stays; null puts a member back to its default.",
        es: "Tal como los tiene la API. Lo que omita se queda; null devuelve un miembro a su valor predeterminado.",
        fr: "Tels que l’API les a. Ce que vous omettez reste ; null remet un membre à sa valeur par défaut.",
        de: "So, wie die API sie hat. Was Sie weglassen, bleibt; null setzt ein Feld auf seine Vorgabe zurück.",
        pt: "Como a API as tem. O que você omitir fica; null devolve um membro ao padrão.",
    }
    WHAT_EACH_MEANS {
        en: "What each of them means, and its default (in English)",
        es: "Qué significa cada uno y su valor predeterminado (en inglés)",
        fr: "Ce que chacun signifie, et sa valeur par défaut (en anglais)",
        de: "Was jede bedeutet, und ihre Vorgabe (auf Englisch)",
        pt: "O que cada uma significa e seu padrão (em inglês)",
    }
    AS_JSON {
        en: "As JSON",
        es: "Como JSON",
        fr: "En JSON",
        de: "Als JSON",
        pt: "Como JSON",
    }
    AS_FILE {
        en: "As a file",
        es: "Como archivo",
        fr: "En fichier",
        de: "Als Datei",
        pt: "Como arquivo",
    }
    AS_FILE_SAYS {
        en: "For hallpass.toml: what a new installation begins with. Only what differs from the default.",
        es: "Para hallpass.toml: con lo que empieza una instalación nueva. Solo lo que difiere del valor predeterminado.",
        fr: "Pour hallpass.toml : ce avec quoi une nouvelle installation commence. Seulement ce qui diffère de la valeur par défaut.",
        de: "Für hallpass.toml: womit eine neue Installation beginnt. Nur was von der Vorgabe abweicht.",
        pt: "Para hallpass.toml: com o que uma nova instalação começa. Somente o que difere do padrão.",
    }
    PREVIEW {
        en: "What an LMS's administrator sees",
        es: "Lo que ve el administrador de un LMS",
        fr: "Ce que voit l’administrateur d’un LMS",
        de: "Was der Administrator eines LMS sieht",
        pt: "O que o administrador de um LMS vê",
    }
    PREVIEW_SAYS {
        en: "The page before registering, made of the settings above.",
        es: "La página previa al registro, hecha con los ajustes de arriba.",
        fr: "La page avant l’enregistrement, faite des réglages ci-dessus.",
        de: "Die Seite vor der Registrierung, aus den Einstellungen oben.",
        pt: "A página antes do registro, feita com as configurações acima.",
    }
    PREVIEW_ASKS {
        en: "It asks to:",
        es: "Pide:",
        fr: "Il demande à :",
        de: "Es bittet darum:",
        pt: "Pede para:",
    }
}
