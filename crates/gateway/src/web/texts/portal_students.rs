//! What the portal says about students and learning paths.

use super::texts;

texts! {
    TITLE {
        en: "People",
        es: "Personas",
        fr: "Personnes",
        de: "Personen",
        pt: "Pessoas",
    }
    INTRO {
        en: "Only students of StudyReel: where each stands, and why. People who come from an LMS aren't kept by name.",
        es: "Solo estudiantes de StudyReel: dónde está cada uno y por qué. De quienes llegan desde un LMS no se guarda el nombre.",
        fr: "Seulement les élèves de StudyReel : où chacun se trouve, et pourquoi. Le nom de qui vient d’un LMS n’est pas conservé.",
        de: "Nur Lernende von StudyReel: wo jede Person steht, und warum. Namen von Personen aus einem LMS werden nicht aufbewahrt.",
        pt: "Só estudantes do StudyReel: onde cada um está e por quê. O nome de quem vem de um LMS não é guardado.",
    }
    FIND {
        en: "Find a student",
        es: "Buscar a un estudiante",
        fr: "Trouver un élève",
        de: "Lernende Person finden",
        pt: "Encontrar um estudante",
    }
    FIND_BY {
        en: "What the platform calls them (often an e-mail address), or your application's own id",
        es: "Cómo los llama la plataforma (a menudo un correo) o el id propio de su aplicación",
        fr: "Comment la plateforme les appelle (souvent un e-mail), ou l’identifiant de votre application",
        de: "Wie die Plattform sie nennt (oft eine E-Mail-Adresse), oder die eigene ID Ihrer Anwendung",
        pt: "Como a plataforma os chama (muitas vezes um e-mail), ou o id do seu aplicativo",
    }
    FIND_BUTTON {
        en: "Find",
        es: "Buscar",
        fr: "Trouver",
        de: "Finden",
        pt: "Buscar",
    }
    NOT_FOUND {
        en: "No student was found.",
        es: "No se encuentra a nadie con esto.",
        fr: "Personne n’est trouvé ainsi.",
        de: "Damit wird niemand gefunden.",
        pt: "Ninguém foi encontrado com isso.",
    }
    NOBODY {
        en: "No student has come yet.",
        es: "Aún no ha venido ningún estudiante.",
        fr: "Aucun élève n’est encore venu.",
        de: "Noch niemand ist gekommen.",
        pt: "Nenhum estudante veio ainda.",
    }
    STUDENT {
        en: "Student",
        es: "Estudiante",
        fr: "Élève",
        de: "Lernende Person",
        pt: "Estudante",
    }
    STANDS {
        en: "Stands at",
        es: "Está en",
        fr: "Se trouve à",
        de: "Steht bei",
        pt: "Está em",
    }
    LAST_LAUNCH {
        en: "Last launch",
        es: "Último acceso",
        fr: "Dernier lancement",
        de: "Letzter Start",
        pt: "Último acesso",
    }
    ACTIVE {
        en: "Active",
        es: "Activo",
        fr: "Actif",
        de: "Aktiv",
        pt: "Ativo",
    }
    DISABLED {
        en: "Disabled",
        es: "Desactivado",
        fr: "Désactivé",
        de: "Deaktiviert",
        pt: "Desativado",
    }
    ERASED {
        en: "Erased",
        es: "Borrado",
        fr: "Effacé",
        de: "Gelöscht",
        pt: "Apagado",
    }
    GRADE {
        en: "grade {grade}",
        es: "grado {grade}",
        fr: "niveau {grade}",
        de: "Stufe {grade}",
        pt: "série {grade}",
    }
    PRE_KINDERGARTEN {
        en: "pre-kindergarten",
        es: "preescolar",
        fr: "petite section",
        de: "Vorkindergarten",
        pt: "pré-escola",
    }
    KINDERGARTEN {
        en: "kindergarten",
        es: "jardín de infancia",
        fr: "maternelle",
        de: "Kindergarten",
        pt: "jardim de infância",
    }
    MATH {
        en: "Math",
        es: "Matemáticas",
        fr: "Maths",
        de: "Mathematik",
        pt: "Matemática",
    }
    LANGUAGE_USAGE {
        en: "Language usage",
        es: "Uso de la lengua",
        fr: "Langue",
        de: "Sprachgebrauch",
        pt: "Uso da língua",
    }
    SCIENCE {
        en: "Science",
        es: "Ciencias",
        fr: "Sciences",
        de: "Naturwissenschaften",
        pt: "Ciências",
    }
    READING {
        en: "Reading",
        es: "Lectura",
        fr: "Lecture",
        de: "Lesen",
        pt: "Leitura",
    }
    BY_STUDYREEL {
        en: "By the grade that StudyReel reports.",
        es: "Por el grado que indica StudyReel.",
        fr: "D’après le niveau indiqué par StudyReel.",
        de: "Nach der Stufe, die StudyReel meldet.",
        pt: "Pela série informada pelo StudyReel.",
    }
    BY_RIT {
        en: "By the MAP score.",
        es: "Por la puntuación MAP.",
        fr: "D’après le score MAP.",
        de: "Nach dem MAP-Wert.",
        pt: "Pela pontuação MAP.",
    }
    BY_AGE {
        en: "By age: nothing is measured yet.",
        es: "Por la edad: aún no hay mediciones.",
        fr: "D’après l’âge : rien n’est encore mesuré.",
        de: "Nach dem Alter: Noch ist nichts gemessen.",
        pt: "Pela idade: nada foi medido ainda.",
    }
    BY_NOTHING {
        en: "Nothing is known yet: it is the path's lowest grade.",
        es: "Aún no se sabe nada: es el grado más bajo del itinerario.",
        fr: "On ne sait encore rien : c’est le niveau le plus bas du parcours.",
        de: "Noch ist nichts bekannt: Es ist die niedrigste Stufe des Lernpfads.",
        pt: "Nada se sabe ainda: é a série mais baixa da trilha.",
    }
    NOT_OFFERED {
        en: "The path doesn't offer {grade}.",
        es: "El itinerario no ofrece {grade}.",
        fr: "Le parcours n’a pas ce niveau : {grade}.",
        de: "Der Lernpfad bietet nicht an: {grade}.",
        pt: "A trilha não oferece {grade}.",
    }
    WAS_PLACED {
        en: "Placed",
        es: "Situado",
        fr: "Placé",
        de: "Eingestuft",
        pt: "Posicionado",
    }
    WAS_SUGGESTED {
        en: "Suggested",
        es: "Sugerido",
        fr: "Suggéré",
        de: "Vorgeschlagen",
        pt: "Sugerido",
    }
    CONFLICT {
        en: "StudyReel's grade and the MAP score disagree: the score is that of {grade}",
        es: "el grado de StudyReel y la puntuación MAP no coinciden: la puntuación corresponde a: {grade}",
        fr: "le niveau de StudyReel et le score MAP se contredisent : le score correspond à : {grade}",
        de: "die Stufe von StudyReel und der MAP-Wert widersprechen sich: Der Wert entspricht: {grade}",
        pt: "a série do StudyReel e a pontuação MAP discordam: a pontuação corresponde a: {grade}",
    }
    DIAGNOSTIC {
        en: "begins with a diagnostic",
        es: "empieza con un diagnóstico",
        fr: "commence par un diagnostic",
        de: "beginnt mit einer Diagnose",
        pt: "começa com um diagnóstico",
    }
    SUGGESTED {
        en: "a later launch pointed to {grade}",
        es: "un acceso posterior apuntó a: {grade}",
        fr: "un lancement ultérieur indiquait : {grade}",
        de: "ein späterer Start wies auf: {grade}",
        pt: "um acesso posterior apontou: {grade}",
    }
    PLACEMENTS {
        en: "Where they stand, and why",
        es: "Dónde está, y por qué",
        fr: "Où il se trouve, et pourquoi",
        de: "Wo die Person steht, und warum",
        pt: "Onde está, e por quê",
    }
    NOT_PLACED {
        en: "Not placed in any path yet.",
        es: "Aún no está en ningún itinerario.",
        fr: "Pas encore placé dans un parcours.",
        de: "Noch in keinem Lernpfad eingestuft.",
        pt: "Ainda não está em nenhuma trilha.",
    }
    FACTS {
        en: "What the platform said",
        es: "Lo que dijo la plataforma",
        fr: "Ce que la plateforme a dit",
        de: "Was die Plattform sagte",
        pt: "O que a plataforma disse",
    }
    F_ISSUER {
        en: "Platform",
        es: "Plataforma",
        fr: "Plateforme",
        de: "Plattform",
        pt: "Plataforma",
    }
    F_SUBJECT {
        en: "User id there",
        es: "Id de usuario allí",
        fr: "Identifiant d’utilisateur là-bas",
        de: "Dortige Benutzer-ID",
        pt: "Id de usuário lá",
    }
    F_EXTERNAL {
        en: "Your application's id",
        es: "Id de su aplicación",
        fr: "Identifiant de votre application",
        de: "ID Ihrer Anwendung",
        pt: "Id do seu aplicativo",
    }
    F_OURS {
        en: "Our id",
        es: "Nuestro id",
        fr: "Notre identifiant",
        de: "Unsere ID",
        pt: "Nosso id",
    }
    F_AGE_GRADE {
        en: "Grade by age",
        es: "Grado por edad",
        fr: "Niveau selon l’âge",
        de: "Stufe nach Alter",
        pt: "Série pela idade",
    }
    F_GRADES {
        en: "Grades by subject",
        es: "Grados por materia",
        fr: "Niveaux par matière",
        de: "Stufen nach Fach",
        pt: "Séries por matéria",
    }
    F_RIT {
        en: "MAP scores by subject",
        es: "Puntuaciones MAP por materia",
        fr: "Scores MAP par matière",
        de: "MAP-Werte nach Fach",
        pt: "Pontuações MAP por matéria",
    }
    HISTORY {
        en: "History",
        es: "Historial",
        fr: "Historique",
        de: "Verlauf",
        pt: "Histórico",
    }
    LAUNCHES {
        en: "Launches",
        es: "Accesos",
        fr: "Lancements",
        de: "Starts",
        pt: "Acessos",
    }
    DISABLE {
        en: "Disable",
        es: "Desactivar",
        fr: "Désactiver",
        de: "Deaktivieren",
        pt: "Desativar",
    }
    ENABLE {
        en: "Enable",
        es: "Activar",
        fr: "Activer",
        de: "Aktivieren",
        pt: "Ativar",
    }
    CHANGED {
        en: "The student is changed.",
        es: "El estudiante se ha cambiado.",
        fr: "L’élève est modifié.",
        de: "Die lernende Person ist geändert.",
        pt: "O estudante foi alterado.",
    }
    ERASE {
        en: "Erase…",
        es: "Borrar…",
        fr: "Effacer…",
        de: "Löschen…",
        pt: "Apagar…",
    }
    ERASE_QUESTION {
        en: "Erase this student?",
        es: "¿Borrar a este estudiante?",
        fr: "Effacer cet élève ?",
        de: "Diese lernende Person löschen?",
        pt: "Apagar este estudante?",
    }
    ERASE_SAYS {
        en: "Name, ids, placements and launches are forgotten within seconds, everywhere, for good. The person can't come back by the same account. What your application has stays there.",
        es: "El nombre, los ids, los niveles y los accesos se olvidan en segundos, en todas partes y para siempre. La persona no puede volver con la misma cuenta. Lo que tiene su aplicación se queda allí.",
        fr: "Le nom, les identifiants, les niveaux et les lancements sont oubliés en quelques secondes, partout, définitivement. La personne ne peut pas revenir avec le même compte. Ce que votre application a y reste.",
        de: "Name, IDs, Einstufungen und Starts sind binnen Sekunden überall und endgültig vergessen. Mit demselben Konto kann die Person nicht zurückkommen. Was Ihre Anwendung hat, bleibt dort.",
        pt: "Nome, ids, níveis e acessos são esquecidos em segundos, em toda parte, para sempre. A pessoa não pode voltar pela mesma conta. O que o seu aplicativo tem fica lá.",
    }
    ERASE_NOW {
        en: "Erase for good",
        es: "Borrar para siempre",
        fr: "Effacer définitivement",
        de: "Endgültig löschen",
        pt: "Apagar para sempre",
    }
    ERASED_NOW {
        en: "The student is erased.",
        es: "El estudiante se ha borrado.",
        fr: "L’élève est effacé.",
        de: "Die lernende Person ist gelöscht.",
        pt: "O estudante foi apagado.",
    }
    PATHS {
        en: "Learning paths",
        es: "Itinerarios de aprendizaje",
        fr: "Parcours d’apprentissage",
        de: "Lernpfade",
        pt: "Trilhas de aprendizagem",
    }
    PATHS_SAY {
        en: "What students of StudyReel are placed in, one path a subject. Launches from an LMS don't use them.",
        es: "Donde se sitúa a los estudiantes de StudyReel, un itinerario por materia. Los accesos desde un LMS no los usan.",
        fr: "Là où les élèves de StudyReel sont placés, un parcours par matière. Les lancements depuis un LMS n’en ont pas besoin.",
        de: "Worin Lernende von StudyReel eingestuft werden, ein Lernpfad je Fach. Starts aus einem LMS brauchen sie nicht.",
        pt: "Onde os estudantes do StudyReel são colocados, uma trilha por matéria. Os acessos de um LMS não as usam.",
    }
    STANDARD {
        en: "None is defined, so the standard paths apply.",
        es: "No hay ninguno definido, así que valen los itinerarios estándar.",
        fr: "Aucun n’est défini, les parcours standard s’appliquent donc.",
        de: "Es ist keiner festgelegt, also gelten die Standardpfade.",
        pt: "Nenhuma foi definida, então valem as trilhas padrão.",
    }
    FROM_FILE {
        en: "in the settings file",
        es: "en el archivo de ajustes",
        fr: "dans le fichier de réglages",
        de: "in der Einstellungsdatei",
        pt: "no arquivo de configurações",
    }
    SUBJECT {
        en: "Subject",
        es: "Materia",
        fr: "Matière",
        de: "Fach",
        pt: "Matéria",
    }
    GRADES {
        en: "Grades",
        es: "Grados",
        fr: "Niveaux",
        de: "Stufen",
        pt: "Séries",
    }
    SUBJECT_HELP {
        en: "math, language, science, reading, or any other, which is then placed by age.",
        es: "math, language, science, reading u otra, que se sitúa según la edad.",
        fr: "math, language, science, reading ou une autre, alors placée selon l’âge.",
        de: "math, language, science, reading oder ein anderes, in das nach Alter eingestuft wird.",
        pt: "math, language, science, reading ou outra, que é posicionada pela idade.",
    }
    GRADES_HELP {
        en: "With commas, such as 3, 4, 5. -1 is pre-kindergarten, 0 kindergarten.",
        es: "Con comas, como 3, 4, 5. -1 es preescolar, 0 jardín de infancia.",
        fr: "Avec des virgules, comme 3, 4, 5. -1 est la petite section, 0 la maternelle.",
        de: "Mit Kommas, etwa 3, 4, 5. -1 ist Vorkindergarten, 0 Kindergarten.",
        pt: "Com vírgulas, como 3, 4, 5. -1 é pré-escola, 0 jardim de infância.",
    }
    PATH_ID {
        en: "Its id",
        es: "Su id",
        fr: "Son identifiant",
        de: "Seine ID",
        pt: "Seu id",
    }
    PATH_ID_HELP {
        en: "Letters, digits, “.”, “_” and “-”, for the API. It stays as it is.",
        es: "Letras, cifras, “.”, “_” y “-”, para la API. No cambia.",
        fr: "Lettres, chiffres, point, « _ » et « - », pour l’API. Il ne change pas.",
        de: "Buchstaben, Ziffern, „.“, „_“ und „-“, für die API. Sie bleibt, wie sie ist.",
        pt: "Letras, algarismos, “.”, “_” e “-”, para a API. Não muda.",
    }
    AS_JSON {
        en: "As JSON, with everything the API takes",
        es: "Como JSON, con todo lo que acepta la API",
        fr: "En JSON, avec tout ce que prend l’API",
        de: "Als JSON, mit allem, was die API nimmt",
        pt: "Como JSON, com tudo o que a API aceita",
    }
    PATH_JSON {
        en: "The path as JSON, as the API takes it",
        es: "El itinerario como JSON, como lo acepta la API",
        fr: "Le parcours en JSON, comme l’API le prend",
        de: "Der Lernpfad als JSON, wie ihn die API nimmt",
        pt: "A trilha como JSON, como a API aceita",
    }
    NEW_PATH {
        en: "Define a path",
        es: "Definir un itinerario",
        fr: "Définir un parcours",
        de: "Lernpfad festlegen",
        pt: "Definir uma trilha",
    }
    DEFINE {
        en: "Define it",
        es: "Definirlo",
        fr: "Le définir",
        de: "Festlegen",
        pt: "Defini-la",
    }
    PATH_SAVED {
        en: "The learning path is saved.",
        es: "El itinerario se ha guardado.",
        fr: "Le parcours est enregistré.",
        de: "Der Lernpfad ist gespeichert.",
        pt: "A trilha de aprendizagem foi salva.",
    }
    PATH_SAVED_KEPT {
        en: "The learning path is saved. The other standard paths are your own now, beside it.",
        es: "El itinerario se ha guardado. Los demás itinerarios estándar son ahora suyos, junto a él.",
        fr: "Le parcours est enregistré. Les autres parcours standard sont désormais les vôtres, à côté de lui.",
        de: "Der Lernpfad ist gespeichert. Die anderen Standardpfade sind jetzt Ihre eigenen, neben ihm.",
        pt: "A trilha de aprendizagem foi salva. As outras trilhas padrão agora são suas, ao lado dela.",
    }
    PATH_SAVED_ALONE {
        en: "The learning path is saved. It is the only one: the standard paths no longer apply.",
        es: "El itinerario se ha guardado. Es el único: los itinerarios estándar ya no valen.",
        fr: "Le parcours est enregistré. C’est le seul : les parcours standard ne s’appliquent plus.",
        de: "Der Lernpfad ist gespeichert. Er ist der einzige: Die Standardpfade gelten nicht mehr.",
        pt: "A trilha de aprendizagem foi salva. É a única: as trilhas padrão não valem mais.",
    }
    FIRST_PATH_QUESTION {
        en: "Keep the standard paths?",
        es: "¿Conservar los itinerarios estándar?",
        fr: "Garder les parcours standard ?",
        de: "Die Standardpfade behalten?",
        pt: "Manter as trilhas padrão?",
    }
    FIRST_PATH_SAYS {
        en: "This is the first path of your own, and the standard ones apply only while there is none. Nothing is saved yet. Without these, students are no longer placed in:",
        es: "Este es el primer itinerario propio, y los estándar solo valen mientras no haya ninguno. Todavía no se ha guardado nada. Sin estos, ya no se sitúa a los estudiantes en:",
        fr: "C’est le premier parcours à vous, et les parcours standard ne s’appliquent que tant qu’il n’y en a aucun. Rien n’est encore enregistré. Sans eux, les élèves ne sont plus placés en :",
        de: "Dies ist der erste eigene Lernpfad, und die Standardpfade gelten nur, solange es keinen gibt. Noch ist nichts gespeichert. Ohne sie wird niemand mehr eingestuft in:",
        pt: "Esta é a primeira trilha própria, e as padrão só valem enquanto não há nenhuma. Nada foi salvo ainda. Sem estas, os estudantes não são mais colocados em:",
    }
    KEEP_STANDARD {
        en: "Save it, and keep these as our own",
        es: "Guardarlo y conservar estos como propios",
        fr: "L’enregistrer et garder ceux-ci comme les nôtres",
        de: "Speichern und diese als eigene behalten",
        pt: "Salvá-la e manter estas como próprias",
    }
    VOID_STANDARD {
        en: "Save it, and do without these",
        es: "Guardarlo y prescindir de estos",
        fr: "L’enregistrer et se passer de ceux-ci",
        de: "Speichern und auf diese verzichten",
        pt: "Salvá-la e dispensar estas",
    }
    DELETE_PATH {
        en: "Delete it",
        es: "Eliminarla",
        fr: "Le supprimer",
        de: "Löschen",
        pt: "Excluí-la",
    }
    DELETE_PATH_QUESTION {
        en: "Delete this learning path?",
        es: "¿Eliminar este itinerario?",
        fr: "Supprimer ce parcours ?",
        de: "Diesen Lernpfad löschen?",
        pt: "Excluir esta trilha?",
    }
    DELETE_PATH_SAYS {
        en: "Its definition is lost. This can't be undone.",
        es: "Su definición se pierde. No se puede deshacer.",
        fr: "Sa définition sera perdue. C’est irréversible.",
        de: "Seine Definition geht verloren. Das lässt sich nicht rückgängig machen.",
        pt: "A definição dela se perde. Não é possível desfazer.",
    }
    PATH_DELETED {
        en: "The learning path is deleted.",
        es: "El itinerario se ha eliminado.",
        fr: "Le parcours est supprimé.",
        de: "Der Lernpfad ist gelöscht.",
        pt: "A trilha de aprendizagem foi excluída.",
    }
    PREVIEW {
        en: "Where would a student stand?",
        es: "¿Dónde estaría un estudiante?",
        fr: "Où se trouverait un élève ?",
        de: "Wo stünde eine lernende Person?",
        pt: "Onde estaria um estudante?",
    }
    PREVIEW_SAYS {
        en: "Nothing is stored. Choose what a launch would say.",
        es: "No se guarda nada. Elija lo que diría un acceso.",
        fr: "Rien n’est enregistré. Choisissez ce que dirait un lancement.",
        de: "Nichts wird gespeichert. Wählen Sie, was ein Start melden würde.",
        pt: "Nada é guardado. Escolha o que um acesso diria.",
    }
    LAUNCH_JSON {
        en: "As JSON, with more subjects at once",
        es: "Como JSON, con más materias a la vez",
        fr: "En JSON, avec plusieurs matières à la fois",
        de: "Als JSON, mit mehreren Fächern auf einmal",
        pt: "Como JSON, com mais matérias de uma vez",
    }
    KNOWN_GRADE {
        en: "Grade that StudyReel reports",
        es: "Grado que indica StudyReel",
        fr: "Niveau indiqué par StudyReel",
        de: "Stufe, die StudyReel meldet",
        pt: "Série informada pelo StudyReel",
    }
    KNOWN_SCORE {
        en: "MAP score",
        es: "Puntuación MAP",
        fr: "Score MAP",
        de: "MAP-Wert",
        pt: "Pontuação MAP",
    }
    NOT_KNOWN {
        en: "not known",
        es: "no se conoce",
        fr: "inconnu",
        de: "nicht bekannt",
        pt: "desconhecido",
    }
    SHOW {
        en: "Show",
        es: "Mostrar",
        fr: "Afficher",
        de: "Zeigen",
        pt: "Mostrar",
    }
    NOT_DONE {
        en: "This was not done",
        es: "Esto no se ha hecho",
        fr: "Cela n’a pas été fait",
        de: "Das wurde nicht getan",
        pt: "Isso não foi feito",
    }
}
