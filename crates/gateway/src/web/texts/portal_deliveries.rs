//! What the portal says about grades on their way.

use super::texts;

texts! {
    TITLE {
        en: "Deliveries",
        es: "Entregas",
        fr: "Envois",
        de: "Zustellungen",
        pt: "Entregas",
    }
    SAYS {
        en: "Grades on their way to an LMS. Each is tried until it arrives; if it can’t, the reason is shown here.",
        es: "Notas de camino a un LMS. Cada una se intenta hasta que llega; si no puede, aquí se dice por qué.",
        fr: "Des notes en route vers un LMS. Chacune est retentée jusqu’à son arrivée ; sinon, la raison est indiquée ici.",
        de: "Noten auf dem Weg in ein LMS. Jede wird versucht, bis sie ankommt; geht das nicht, steht hier, warum.",
        pt: "Notas a caminho de um LMS. Cada uma é tentada até chegar; se não for possível, o motivo aparece aqui.",
    }
    OLDEST {
        en: "The oldest that has not arrived: {when}.",
        es: "La más antigua que no ha llegado: {when}.",
        fr: "La plus ancienne qui n’est pas arrivée : {when}.",
        de: "Die älteste, die nicht angekommen ist: {when}.",
        pt: "A mais antiga que não chegou: {when}.",
    }
    GRADE {
        en: "Grade and student",
        es: "Nota y estudiante",
        fr: "Note et élève",
        de: "Note und Lernende",
        pt: "Nota e estudante",
    }
    TRIES {
        en: "Tries",
        es: "Intentos",
        fr: "Essais",
        de: "Versuche",
        pt: "Tentativas",
    }
    NOTHING {
        en: "No deliveries. Grades that your application sends in the background appear here; ask its developers whether it does. Of all others only your application gets the answer; see them in the LMS’s gradebook.",
        es: "No hay entregas. Aquí aparecen las notas que su aplicación envía en segundo plano; pregunte a quienes la desarrollan si lo hace. De las demás, solo su aplicación recibe la respuesta; véalas en el libro de calificaciones del LMS.",
        fr: "Aucun envoi. Les notes que votre application envoie en arrière-plan apparaissent ici ; demandez à l’équipe qui la développe si elle le fait. Pour les autres, seule votre application reçoit la réponse ; voyez-les dans le carnet de notes du LMS.",
        de: "Keine Zustellungen. Hier erscheinen Noten, die Ihre Anwendung im Hintergrund sendet; ob sie das tut, weiß, wer sie entwickelt. Bei allen anderen bekommt nur Ihre Anwendung die Antwort; sehen Sie sie im Notenbuch des LMS.",
        pt: "Nenhuma entrega. As notas que seu aplicativo envia em segundo plano aparecem aqui; pergunte a quem o desenvolve se ele faz isso. Das outras, só seu aplicativo recebe a resposta; veja-as no diário de notas do LMS.",
    }
    COURSE_ID {
        en: "Id of the course in the LMS",
        es: "Id del curso en el LMS",
        fr: "Identifiant du cours dans le LMS",
        de: "ID des Kurses im LMS",
        pt: "Id do curso no LMS",
    }
    OF_PERSON {
        en: "Grades of one person",
        es: "Notas de una persona",
        fr: "Notes d’une personne",
        de: "Noten einer Person",
        pt: "Notas de uma pessoa",
    }
    USER_ID {
        en: "Id of the person in the LMS",
        es: "Id de la persona en el LMS",
        fr: "Identifiant de la personne dans le LMS",
        de: "ID der Person im LMS",
        pt: "Id da pessoa no LMS",
    }
    AT_PLATFORM {
        en: "Part of the platform's name, if you know it",
        es: "Parte del nombre de la plataforma, si lo conoce",
        fr: "Partie du nom de la plateforme, si vous le connaissez",
        de: "Teil des Namens der Plattform, wenn Sie ihn kennen",
        pt: "Parte do nome da plataforma, se souber",
    }
    FIND {
        en: "Find grades",
        es: "Buscar notas",
        fr: "Chercher les notes",
        de: "Noten suchen",
        pt: "Buscar notas",
    }
    NO_NAMES {
        en: "Names can't be searched: grades carry none. Your application's developers know the id as user.id.",
        es: "No se pueden buscar nombres: las notas no llevan ninguno. Quienes desarrollan su aplicación conocen el id como user.id.",
        fr: "Les noms ne peuvent pas être cherchés : les notes n’en portent pas. L’équipe qui développe votre application connaît l’identifiant sous le nom de user.id.",
        de: "Nach Namen lässt sich nicht suchen: Noten tragen keine. Wer Ihre Anwendung entwickelt, kennt die ID als user.id.",
        pt: "Não é possível buscar nomes: as notas não levam nenhum. Quem desenvolve seu aplicativo conhece o id como user.id.",
    }
    NOTHING_OF_PERSON {
        en: "There are no grades of this person, or they are no longer kept.",
        es: "No hay notas de esta persona, o ya no se conservan.",
        fr: "Il n’y a pas de notes de cette personne, ou elles ne sont plus gardées.",
        de: "Es gibt keine Noten dieser Person, oder sie werden nicht mehr aufbewahrt.",
        pt: "Não há notas desta pessoa, ou elas não são mais guardadas.",
    }
    TOO_MANY_PLATFORMS {
        en: "Only {number} platforms were looked at. Name the platform to be sure.",
        es: "Solo se han mirado {number} plataformas. Indique la plataforma para estar seguro.",
        fr: "Seules {number} plateformes ont été regardées. Nommez la plateforme pour être sûr.",
        de: "Nur {number} Plattformen wurden angesehen. Nennen Sie die Plattform, um sicher zu sein.",
        pt: "Só {number} plataformas foram examinadas. Informe a plataforma para ter certeza.",
    }
    OF_GRADE {
        en: "{given} of {maximum}",
        es: "{given} de {maximum}",
        fr: "{given} sur {maximum}",
        de: "{given} von {maximum}",
        pt: "{given} de {maximum}",
    }
    NO_GRADE {
        en: "No grade",
        es: "Sin nota",
        fr: "Sans note",
        de: "Ohne Note",
        pt: "Sem nota",
    }
    QUEUED {
        en: "On its way",
        es: "En camino",
        fr: "En route",
        de: "Unterwegs",
        pt: "A caminho",
    }
    FAILED_SO_FAR {
        en: "On its way, failed so far",
        es: "En camino, fallida hasta ahora",
        fr: "En route, échouée jusqu’ici",
        de: "Unterwegs, bisher gescheitert",
        pt: "A caminho, falhou até agora",
    }
    SENDING {
        en: "Just being sent",
        es: "Enviándose ahora",
        fr: "En cours d’envoi",
        de: "Wird gerade gesendet",
        pt: "Sendo enviada agora",
    }
    HELD {
        en: "Held back",
        es: "Retenida",
        fr: "Retenue",
        de: "Zurückgehalten",
        pt: "Retida",
    }
    UNKNOWN {
        en: "No answer",
        es: "Sin respuesta",
        fr: "Sans réponse",
        de: "Ohne Antwort",
        pt: "Sem resposta",
    }
    DELIVERED {
        en: "Arrived",
        es: "Llegó",
        fr: "Arrivée",
        de: "Angekommen",
        pt: "Chegou",
    }
    REFUSED {
        en: "Refused by the LMS",
        es: "Rechazada por el LMS",
        fr: "Refusée par le LMS",
        de: "Vom LMS abgelehnt",
        pt: "Recusada pelo LMS",
    }
    SUPERSEDED {
        en: "A newer one counts",
        es: "Vale una más nueva",
        fr: "Une plus récente compte",
        de: "Eine neuere zählt",
        pt: "Vale uma mais nova",
    }
    CANCELLED {
        en: "Given up",
        es: "Abandonada",
        fr: "Abandonnée",
        de: "Aufgegeben",
        pt: "Abandonada",
    }
    EXPIRED {
        en: "Tried too long",
        es: "Intentada demasiado",
        fr: "Essayée trop longtemps",
        de: "Zu lange versucht",
        pt: "Tentada por tempo demais",
    }
    RETRY {
        en: "Try again",
        es: "Reintentar",
        fr: "Réessayer",
        de: "Erneut versuchen",
        pt: "Tentar de novo",
    }
    CANCEL {
        en: "Give up",
        es: "Abandonar",
        fr: "Abandonner",
        de: "Aufgeben",
        pt: "Abandonar",
    }
    RETRY_ALL {
        en: "Try all of these again",
        es: "Reintentar todas estas",
        fr: "Réessayer toutes celles-ci",
        de: "Alle diese erneut versuchen",
        pt: "Tentar todas estas de novo",
    }
    RETRIED {
        en: "It is tried again now.",
        es: "Se vuelve a intentar ahora.",
        fr: "Un nouvel essai a lieu maintenant.",
        de: "Es wird jetzt erneut versucht.",
        pt: "Será tentada de novo agora.",
    }
    RETRIED_ALL {
        en: "Tried again now: {number}.",
        es: "Se vuelven a intentar ahora: {number}.",
        fr: "Nouveaux essais maintenant : {number}.",
        de: "Jetzt erneut versucht: {number}.",
        pt: "Tentadas de novo agora: {number}.",
    }
    RETRIED_SO_FAR {
        en: "Tried again so far: {number}. The others follow in the background.",
        es: "Se vuelven a intentar hasta ahora: {number}. Las demás siguen en segundo plano.",
        fr: "Nouveaux essais jusqu’ici : {number}. Les autres suivent en arrière-plan.",
        de: "Bisher erneut versucht: {number}. Die anderen folgen im Hintergrund.",
        pt: "Tentadas de novo até agora: {number}. As outras seguem em segundo plano.",
    }
    GIVEN_UP {
        en: "It is given up.",
        es: "Se ha abandonado.",
        fr: "Elle est abandonnée.",
        de: "Sie ist aufgegeben.",
        pt: "Foi abandonada.",
    }
    MEANWHILE {
        en: "Meanwhile it has moved on. Nothing was changed.",
        es: "Mientras tanto ha avanzado. No se ha cambiado nada.",
        fr: "Entre-temps, elle a avancé. Rien n’a été changé.",
        de: "Inzwischen ging es weiter. Es wurde nichts geändert.",
        pt: "Enquanto isso, ela avançou. Nada foi alterado.",
    }
    NEXT_TRY {
        en: "next try {when}",
        es: "siguiente intento {when}",
        fr: "prochain essai {when}",
        de: "nächster Versuch {when}",
        pt: "próxima tentativa {when}",
    }
    NO_TRIES {
        en: "Nothing was sent yet.",
        es: "Aún no se ha enviado nada.",
        fr: "Rien n’a encore été envoyé.",
        de: "Es wurde noch nichts gesendet.",
        pt: "Nada foi enviado ainda.",
    }
    FACTS {
        en: "Facts",
        es: "Datos",
        fr: "Faits",
        de: "Angaben",
        pt: "Dados",
    }
    STUDENT {
        en: "Student’s id",
        es: "Id del estudiante",
        fr: "Identifiant de l’élève",
        de: "ID der Lernenden",
        pt: "Id do estudante",
    }
    COURSE {
        en: "Course",
        es: "Curso",
        fr: "Cours",
        de: "Kurs",
        pt: "Curso",
    }
    DEPLOYMENT {
        en: "Deployment",
        es: "Despliegue",
        fr: "Déploiement",
        de: "Deployment",
        pt: "Implantação",
    }
    LINE_ITEM {
        en: "Activity in the gradebook",
        es: "Actividad en el libro de calificaciones",
        fr: "Activité dans le carnet de notes",
        de: "Aktivität im Notenbuch",
        pt: "Atividade no diário de notas",
    }
    PROGRESS {
        en: "Progress",
        es: "Progreso",
        fr: "Avancement",
        de: "Fortschritt",
        pt: "Progresso",
    }
    REASON {
        en: "Reason",
        es: "Motivo",
        fr: "Motif",
        de: "Grund",
        pt: "Motivo",
    }
    ARRIVED_AT {
        en: "Arrived at",
        es: "Llegó a las",
        fr: "Arrivée à",
        de: "Angekommen um",
        pt: "Chegou às",
    }
    NEWER {
        en: "The newer one",
        es: "La más nueva",
        fr: "La plus récente",
        de: "Die neuere",
        pt: "A mais nova",
    }
    SAME {
        en: "Not sent: the LMS had it already",
        es: "No se envió: el LMS ya la tenía",
        fr: "Non envoyée : le LMS l’avait déjà",
        de: "Nicht gesendet: Das LMS hatte sie schon",
        pt: "Não enviada: o LMS já a tinha",
    }
    NOTE {
        en: "Also",
        es: "Además",
        fr: "Aussi",
        de: "Außerdem",
        pt: "Também",
    }
    R_COURSE_CONCLUDED {
        en: "The course is over",
        es: "El curso ha terminado",
        fr: "Le cours est terminé",
        de: "Der Kurs ist beendet",
        pt: "O curso terminou",
    }
    R_ATTEMPTS_EXHAUSTED {
        en: "No attempt is left",
        es: "No quedan intentos",
        fr: "Plus aucun essai permis",
        de: "Kein Versuch mehr übrig",
        pt: "Não restam tentativas",
    }
    R_NOT_ENROLLED {
        en: "Not in the course",
        es: "No está en el curso",
        fr: "Pas dans le cours",
        de: "Nicht im Kurs",
        pt: "Não está no curso",
    }
    ALL_OF_IT {
        en: "All with this reason",
        es: "Todas con este motivo",
        fr: "Tous avec ce motif",
        de: "Alle mit diesem Grund",
        pt: "Todas com este motivo",
    }
    R_NOT_GRADEABLE {
        en: "The activity takes no grades",
        es: "La actividad no admite notas",
        fr: "L’activité ne prend pas de notes",
        de: "Die Aktivität nimmt keine Note an",
        pt: "A atividade não aceita notas",
    }
    R_USER_UNKNOWN {
        en: "The LMS doesn’t know the student",
        es: "El LMS no conoce al estudiante",
        fr: "Le LMS ne connaît pas l’élève",
        de: "Das LMS kennt die Person nicht",
        pt: "O LMS não conhece o estudante",
    }
    R_LINE_ITEM_GONE {
        en: "The activity was deleted",
        es: "La actividad se eliminó",
        fr: "L’activité a été supprimée",
        de: "Die Aktivität wurde gelöscht",
        pt: "A atividade foi excluída",
    }
    R_SCORE_OUT_OF_RANGE {
        en: "Above the maximum",
        es: "Por encima del máximo",
        fr: "Au-dessus du maximum",
        de: "Über dem Höchstwert",
        pt: "Acima do máximo",
    }
    R_OLDER_THAN_STORED {
        en: "The LMS has a newer grade",
        es: "El LMS tiene una más nueva",
        fr: "Le LMS en a une plus récente",
        de: "Das LMS hat eine neuere",
        pt: "O LMS tem uma mais nova",
    }
    R_SCOPE_MISSING {
        en: "The LMS doesn’t allow grades",
        es: "El LMS no permite notas",
        fr: "Le LMS n’autorise pas les notes",
        de: "Das LMS erlaubt keine Noten",
        pt: "O LMS não permite notas",
    }
    R_TOOL_DISABLED {
        en: "Grades are switched off here",
        es: "Las notas están desactivadas aquí",
        fr: "Les notes sont désactivées ici",
        de: "Noten sind hier abgeschaltet",
        pt: "As notas estão desativadas aqui",
    }
    R_PLATFORM_INACTIVE {
        en: "The platform is not active",
        es: "La plataforma no está activa",
        fr: "La plateforme n’est pas active",
        de: "Die Plattform ist nicht aktiv",
        pt: "A plataforma não está ativa",
    }
    R_DEPLOYMENT_INACTIVE {
        en: "The deployment is not allowed",
        es: "El despliegue no está permitido",
        fr: "Le déploiement n’est pas autorisé",
        de: "Das Deployment ist nicht erlaubt",
        pt: "A implantação não é permitida",
    }
    R_SERVICE_KEY_REVOKED {
        en: "Its service key was revoked",
        es: "Su clave de servicio se revocó",
        fr: "Sa clé de service a été révoquée",
        de: "Ihr Dienstschlüssel wurde widerrufen",
        pt: "A chave de serviço foi revogada",
    }
    R_OVERRIDDEN {
        en: "A teacher graded",
        es: "Un docente calificó",
        fr: "Un enseignant a noté",
        de: "Eine Lehrkraft hat bewertet",
        pt: "Um docente deu nota",
    }
    R_ALREADY_GRADED {
        en: "Already graded by hand",
        es: "Ya calificada a mano",
        fr: "Déjà notée à la main",
        de: "Schon von Hand bewertet",
        pt: "Já avaliada à mão",
    }
    R_NOT_HIGHER {
        en: "The LMS has as high a grade",
        es: "El LMS tiene una igual de alta",
        fr: "Le LMS a une note aussi haute",
        de: "Das LMS hat eine ebenso hohe",
        pt: "O LMS tem uma igualmente alta",
    }
    R_NEWER_SCORE {
        en: "A newer score came after it",
        es: "Hay una nota más reciente",
        fr: "Une note plus récente existe",
        de: "Es gibt eine neuere Punktzahl",
        pt: "Há uma nota mais recente",
    }
    R_AMBIGUOUS_LINE_ITEM {
        en: "Several activities fit",
        es: "Varias actividades coinciden",
        fr: "Plusieurs activités conviennent",
        de: "Mehrere Aktivitäten passen",
        pt: "Várias atividades servem",
    }
    R_GAVE_UP {
        en: "The LMS took it at no try",
        es: "El LMS no la aceptó en ningún intento",
        fr: "Le LMS ne l’a prise à aucun essai",
        de: "Das LMS nahm sie bei keinem Versuch an",
        pt: "O LMS não a aceitou em nenhuma tentativa",
    }
    R_THROTTLED {
        en: "The LMS asked to wait for too long",
        es: "El LMS pidió esperar demasiado tiempo",
        fr: "Le LMS a demandé d’attendre trop longtemps",
        de: "Das LMS bat zu lange um Geduld",
        pt: "O LMS pediu para esperar por tempo demais",
    }
    R_NOT_READABLE {
        en: "Can’t be read any more",
        es: "Ya no se puede leer",
        fr: "N’est plus lisible",
        de: "Nicht mehr lesbar",
        pt: "Não pode mais ser lida",
    }
    R_OTHER {
        en: "Another reason",
        es: "Otro motivo",
        fr: "Un autre motif",
        de: "Ein anderer Grund",
        pt: "Outro motivo",
    }
    BLOCK_PERSON {
        en: "Block this person",
        es: "Bloquear a esta persona",
        fr: "Bloquer cette personne",
        de: "Diese Person sperren",
        pt: "Bloquear esta pessoa",
    }
    BLOCK_SAYS {
        en: "Their launches from this platform are refused from then on, and what your application had of them can’t be read any more.",
        es: "Desde entonces se rechazan sus accesos desde esta plataforma, y lo que su aplicación tenía de ella ya no se puede leer.",
        fr: "Ses lancements depuis cette plateforme sont alors refusés, et ce que votre application avait d’elle n’est plus lisible.",
        de: "Ihre Starts von dieser Plattform werden dann abgewiesen, und was Ihre Anwendung von ihr hatte, ist nicht mehr lesbar.",
        pt: "A partir daí, os acessos dela a partir desta plataforma são recusados, e o que o seu aplicativo tinha dela não pode mais ser lido.",
    }
    OF_COURSE {
        en: "Course {id}",
        es: "Curso {id}",
        fr: "Cours {id}",
        de: "Kurs {id}",
        pt: "Curso {id}",
    }
    ONLY_COURSE {
        en: "only this course",
        es: "solo este curso",
        fr: "seulement ce cours",
        de: "nur dieser Kurs",
        pt: "só este curso",
    }
    GRADEBOOK { en: "Gradebook", es: "Libro de calificaciones", fr: "Carnet de notes", de: "Notenbuch", pt: "Diário de notas" }
    GRADEBOOK_SAYS {
        en: "Compares this column of the LMS’s gradebook with the grades that were delivered to it. Grades that someone gave there stay as they are.",
        es: "Compara esta columna del libro de calificaciones del LMS con las notas entregadas. Las que alguien puso allí quedan como están.",
        fr: "Compare cette colonne du carnet de notes du LMS avec les notes qui y ont été envoyées. Celles que quelqu’un y a mises restent telles quelles.",
        de: "Vergleicht diese Spalte im Notenbuch des LMS mit den zugestellten Noten. Was dort jemand eingetragen hat, bleibt, wie es ist.",
        pt: "Compara esta coluna do diário de notas do LMS com as notas entregues. As que alguém deu lá ficam como estão.",
    }
    COMPARE { en: "Compare", es: "Comparar", fr: "Comparer", de: "Vergleichen", pt: "Comparar" }
    REPAIR { en: "Send what is missing", es: "Enviar lo que falta", fr: "Envoyer ce qui manque", de: "Fehlendes senden", pt: "Enviar o que falta" }
    COMPARED {
        en: "As sent: {same}. Missing: {missing}. Older ones of ours: {different}. Changed there: {overridden}.",
        es: "Como se enviaron: {same}. Faltan: {missing}. Anteriores nuestras: {different}. Cambiadas allí: {overridden}.",
        fr: "Comme envoyées : {same}. Manquantes : {missing}. Anciennes des nôtres : {different}. Modifiées là-bas : {overridden}.",
        de: "Wie gesendet: {same}. Fehlend: {missing}. Ältere von uns: {different}. Dort geändert: {overridden}.",
        pt: "Como enviadas: {same}. Faltando: {missing}. Anteriores nossas: {different}. Alteradas lá: {overridden}.",
    }
    REPAIRED {
        en: "On their way once more: {repaired}. As sent: {same}. Older ones of ours: {different}. Changed there: {overridden}.",
        es: "De nuevo en camino: {repaired}. Como se enviaron: {same}. Anteriores nuestras: {different}. Cambiadas allí: {overridden}.",
        fr: "De nouveau en route : {repaired}. Comme envoyées : {same}. Anciennes des nôtres : {different}. Modifiées là-bas : {overridden}.",
        de: "Noch einmal unterwegs: {repaired}. Wie gesendet: {same}. Ältere von uns: {different}. Dort geändert: {overridden}.",
        pt: "A caminho de novo: {repaired}. Como enviadas: {same}. Anteriores nossas: {different}. Alteradas lá: {overridden}.",
    }
}
