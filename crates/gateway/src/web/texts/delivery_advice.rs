//! What can be done about a grade that waits, or was not delivered.

use super::texts;

texts! {
    COURSE_CONCLUDED {
        en: "The course has concluded, so the platform takes no grades. Ask the teacher to extend it, then try again.",
        es: "El curso ha terminado, así que la plataforma no acepta notas. Pida al profesor que lo prolongue y reintente.",
        fr: "Le cours est terminé, la plateforme n’accepte donc plus de notes. Demandez à l’enseignant de le prolonger, puis réessayez.",
        de: "Der Kurs ist beendet, daher nimmt die Plattform keine Noten an. Bitten Sie die Lehrkraft, ihn zu verlängern, und versuchen Sie es erneut.",
        pt: "O curso terminou, por isso a plataforma não aceita notas. Peça ao professor que o prolongue e tente de novo.",
    }
    ATTEMPTS_EXHAUSTED {
        en: "The assignment allows no further attempt. Ask the teacher to allow one, then try again.",
        es: "La tarea no permite más intentos. Pida al profesor que permita otro y reintente.",
        fr: "Le devoir n’autorise plus de tentative. Demandez à l’enseignant d’en autoriser une, puis réessayez.",
        de: "Die Aufgabe erlaubt keinen weiteren Versuch. Bitten Sie die Lehrkraft um einen, und versuchen Sie es erneut.",
        pt: "A tarefa não permite mais tentativas. Peça ao professor que permita mais uma e tente de novo.",
    }
    NOT_ENROLLED {
        en: "The student is not enrolled in the course, or not yet. It is tried again for some days, and then refused.",
        es: "El estudiante no está inscrito en el curso, o aún no. Se reintenta durante unos días y después se rechaza.",
        fr: "L’élève n’est pas inscrit au cours, ou pas encore. L’envoi est réessayé pendant quelques jours, puis refusé.",
        de: "Die lernende Person ist nicht im Kurs eingeschrieben, oder noch nicht. Es wird einige Tage lang erneut versucht und dann abgelehnt.",
        pt: "O estudante não está inscrito no curso, ou ainda não. Tenta-se de novo por alguns dias e depois se recusa.",
    }
    NOT_GRADEABLE {
        en: "The assignment can't be graded as it is: it may be unpublished, or the grade locked. Ask the teacher, then try again.",
        es: "La tarea no se puede calificar como está: quizá no esté publicada o la nota esté bloqueada. Pregunte al profesor y reintente.",
        fr: "Le devoir ne peut pas être noté en l’état : il n’est peut-être pas publié, ou la note est verrouillée. Demandez à l’enseignant, puis réessayez.",
        de: "Die Aufgabe lässt sich so nicht benoten: Vielleicht ist sie nicht veröffentlicht oder die Note festgeschrieben. Fragen Sie die Lehrkraft, und versuchen Sie es erneut.",
        pt: "A tarefa não pode receber nota como está: talvez não esteja publicada ou a nota esteja travada. Pergunte ao professor e tente de novo.",
    }
    USER_UNKNOWN {
        en: "The platform doesn't know this user. Check that the grade has the user.id of a launch from this platform.",
        es: "La plataforma no conoce a este usuario. Compruebe que la nota lleva el user.id de un acceso desde esta plataforma.",
        fr: "La plateforme ne connaît pas cet utilisateur. Vérifiez que la note porte le user.id d’un lancement de cette plateforme.",
        de: "Die Plattform kennt diesen Benutzer nicht. Prüfen Sie, ob die Note die user.id eines Starts von dieser Plattform hat.",
        pt: "A plataforma não conhece este usuário. Confira se a nota tem o user.id de um acesso desta plataforma.",
    }
    LINE_ITEM_GONE {
        en: "The gradebook column was deleted at the platform. Try again once it is back, or give up.",
        es: "La columna de calificaciones se eliminó en la plataforma. Reintente cuando vuelva, o abandone.",
        fr: "La colonne du carnet de notes a été supprimée sur la plateforme. Réessayez quand elle sera revenue, ou abandonnez.",
        de: "Die Spalte im Notenbuch wurde auf der Plattform gelöscht. Versuchen Sie es erneut, wenn sie wieder da ist, oder geben Sie auf.",
        pt: "A coluna do diário de notas foi excluída na plataforma. Tente de novo quando ela voltar, ou desista.",
    }
    SCORE_OUT_OF_RANGE {
        en: "The grade is above its maximum, which this platform doesn't take. Send one within it.",
        es: "La nota supera su máximo, y esta plataforma no lo acepta. Envíe una que no lo supere.",
        fr: "La note dépasse son maximum, ce que cette plateforme n’accepte pas. Envoyez une note qui ne le dépasse pas.",
        de: "Die Note liegt über ihrem Höchstwert, was diese Plattform nicht annimmt. Senden Sie eine, die ihn einhält.",
        pt: "A nota passa do seu máximo, o que esta plataforma não aceita. Envie uma que não passe.",
    }
    OLDER_THAN_STORED {
        en: "The platform has a newer grade than this one. If this one counts, send it with a newer timestamp.",
        es: "La plataforma tiene una nota más reciente que esta. Si esta cuenta, envíela con una hora más reciente.",
        fr: "La plateforme a une note plus récente que celle-ci. Si celle-ci compte, envoyez-la avec une heure plus récente.",
        de: "Die Plattform hat eine neuere Note als diese. Wenn diese gilt, senden Sie sie mit einem neueren Zeitpunkt.",
        pt: "A plataforma tem uma nota mais nova que esta. Se esta vale, envie-a com um horário mais novo.",
    }
    SCOPE_MISSING {
        en: "The platform doesn't let the tool write grades here. Its administrator must allow it; then try again.",
        es: "La plataforma no permite que la herramienta escriba notas aquí. Su administrador debe permitirlo; después reintente.",
        fr: "La plateforme ne laisse pas l’outil écrire de notes ici. Son administrateur doit l’autoriser ; réessayez ensuite.",
        de: "Die Plattform lässt das Tool hier keine Noten schreiben. Ihr Administrator muss es erlauben; versuchen Sie es danach erneut.",
        pt: "A plataforma não deixa a ferramenta escrever notas aqui. O administrador dela precisa permitir; depois tente de novo.",
    }
    TOOL_DISABLED {
        en: "The tool's settings have assignments and grades switched off. Switch them on, then try again.",
        es: "Los ajustes de la herramienta tienen las notas desactivadas. Actívelas y reintente.",
        fr: "Les notes sont désactivées dans les réglages de l’outil. Activez-les, puis réessayez.",
        de: "In den Einstellungen des Tools sind Noten ausgeschaltet. Schalten Sie sie ein, und versuchen Sie es erneut.",
        pt: "As notas estão desativadas nas configurações da ferramenta. Ative-as e tente de novo.",
    }
    PLATFORM_INACTIVE {
        en: "The platform is not active. Deliveries go on when it is activated.",
        es: "La plataforma no está activa. Las entregas siguen cuando se active.",
        fr: "La plateforme n’est pas active. Les envois reprennent quand elle est activée.",
        de: "Die Plattform ist nicht aktiv. Die Zustellungen gehen weiter, wenn sie aktiviert wird.",
        pt: "A plataforma não está ativa. As entregas continuam quando ela for ativada.",
    }
    DEPLOYMENT_INACTIVE {
        en: "The deployment is not active. Deliveries go on when it is activated.",
        es: "El despliegue no está activo. Las entregas siguen cuando se active.",
        fr: "Le déploiement n’est pas actif. Les envois reprennent quand il est activé.",
        de: "Das Deployment ist nicht aktiv. Die Zustellungen gehen weiter, wenn es aktiviert wird.",
        pt: "A implantação não está ativa. As entregas continuam quando ela for ativada.",
    }
    SERVICE_KEY_REVOKED {
        en: "The service key that brought this grade was revoked. Deliveries go on within an hour of the next use of a newer key.",
        es: "La clave de servicio que trajo esta nota se revocó. Las entregas siguen como mucho una hora después de que se use una clave más reciente.",
        fr: "La clé de service qui a apporté cette note a été révoquée. Les envois reprennent dans l’heure qui suit l’usage d’une clé plus récente.",
        de: "Der Dienstschlüssel, mit dem diese Note kam, wurde widerrufen. Die Zustellungen gehen binnen einer Stunde weiter, nachdem ein neuerer benutzt wurde.",
        pt: "A chave de serviço que trouxe esta nota foi revogada. As entregas continuam até uma hora depois do uso de uma chave mais nova.",
    }
    OVERRIDDEN_BY_TEACHER {
        en: "Someone graded at the platform, and that grade stays. To overwrite such grades, set grades.teacherWins to false in the tool's settings.",
        es: "Alguien calificó en la plataforma, y esa nota se mantiene. Para sobrescribir esas notas, ponga grades.teacherWins en false en los ajustes de la herramienta.",
        fr: "Quelqu’un a noté sur la plateforme, et cette note est conservée. Pour remplacer ces notes, mettez grades.teacherWins à false dans les réglages de l’outil.",
        de: "Jemand hat auf der Plattform benotet, und diese Note bleibt. Um solche Noten zu überschreiben, setzen Sie grades.teacherWins in den Einstellungen des Tools auf false.",
        pt: "Alguém deu nota na plataforma, e essa nota permanece. Para substituir essas notas, ponha grades.teacherWins em false nas configurações da ferramenta.",
    }
    OVERRIDDEN_SINCE {
        en: "The grade was sent, and the platform shows another one now: someone graded there, and that grade stays.",
        es: "La nota se envió, y la plataforma muestra ahora otra: alguien calificó allí, y esa nota se mantiene.",
        fr: "La note a été envoyée, et la plateforme en montre maintenant une autre : quelqu’un y a noté, et cette note est conservée.",
        de: "Die Note wurde gesendet, und die Plattform zeigt nun eine andere: Jemand hat dort benotet, und diese Note bleibt.",
        pt: "A nota foi enviada, e a plataforma mostra agora outra: alguém deu nota lá, e essa nota permanece.",
    }
    ALREADY_GRADED {
        en: "Nothing to do: the work that was to be graded by hand is graded.",
        es: "Nada que hacer: el trabajo que había que calificar a mano está calificado.",
        fr: "Rien à faire : le travail qui devait être noté à la main est noté.",
        de: "Nichts zu tun: Die Arbeit, die von Hand zu benoten war, ist benotet.",
        pt: "Nada a fazer: o trabalho que devia receber nota à mão já tem nota.",
    }
    NOT_HIGHER {
        en: "Nothing to do: the platform has as high a grade already.",
        es: "Nada que hacer: la plataforma ya tiene una nota igual de alta.",
        fr: "Rien à faire : la plateforme a déjà une note aussi haute.",
        de: "Nichts zu tun: Die Plattform hat schon eine ebenso hohe Note.",
        pt: "Nada a fazer: a plataforma já tem uma nota tão alta.",
    }
    NEWER_SCORE {
        en: "Nothing to do: a newer grade of this student in this column takes its place.",
        es: "Nada que hacer: una nota más reciente de este estudiante en esta columna ocupa su lugar.",
        fr: "Rien à faire : une note plus récente de cet élève dans cette colonne prend sa place.",
        de: "Nichts zu tun: Eine neuere Note dieser Person in dieser Spalte tritt an ihre Stelle.",
        pt: "Nada a fazer: uma nota mais nova deste estudante nesta coluna toma o lugar dela.",
    }
    AMBIGUOUS_LINE_ITEM {
        en: "More than one column has this handle, or another one has its label. The application's developers choose one with PUT /api/lineitems/{id}/handle; then try again.",
        es: "Más de una columna tiene este nombre (handle), u otra tiene su título. Quienes desarrollan la aplicación eligen una con PUT /api/lineitems/{id}/handle; después reintente.",
        fr: "Plus d’une colonne porte ce nom (handle), ou une autre a son titre. Les développeurs de l’application en choisissent une par PUT /api/lineitems/{id}/handle ; réessayez ensuite.",
        de: "Mehr als eine Spalte hat diesen Namen (handle), oder eine andere hat ihre Beschriftung. Wer die Anwendung entwickelt, wählt eine mit PUT /api/lineitems/{id}/handle; versuchen Sie es danach erneut.",
        pt: "Mais de uma coluna tem este nome (handle), ou outra tem o título dela. Quem desenvolve o aplicativo escolhe uma com PUT /api/lineitems/{id}/handle; depois tente de novo.",
    }
    GAVE_UP {
        en: "The platform took the grade at no attempt. Try again when it works.",
        es: "La plataforma no aceptó la nota en ningún intento. Reintente cuando vuelva a funcionar.",
        fr: "La plateforme n’a accepté la note à aucun essai. Réessayez quand elle refonctionnera.",
        de: "Die Plattform hat die Note bei keinem Versuch angenommen. Versuchen Sie es erneut, wenn sie wieder läuft.",
        pt: "A plataforma não aceitou a nota em nenhuma tentativa. Tente de novo quando ela voltar a funcionar.",
    }
    THROTTLED {
        en: "The platform asked to wait again and again, until the grade was given up. Ask its administrator about rate limits, then try again.",
        es: "La plataforma pidió esperar una y otra vez, hasta que se abandonó la nota. Pregunte a su administrador por los límites de peticiones y reintente.",
        fr: "La plateforme a demandé d’attendre encore et encore, jusqu’à l’abandon de la note. Interrogez son administrateur sur les limites de requêtes, puis réessayez.",
        de: "Die Plattform bat immer wieder zu warten, bis die Note aufgegeben wurde. Fragen Sie ihren Administrator nach Anfragelimits, und versuchen Sie es erneut.",
        pt: "A plataforma pediu para esperar várias vezes, até que se desistiu da nota. Pergunte ao administrador dela sobre limites de requisições e tente de novo.",
    }
    NOT_READABLE {
        en: "What is stored of this delivery can't be read. Send the grade again.",
        es: "Lo guardado de esta entrega no se puede leer. Envíe la nota de nuevo.",
        fr: "Ce qui est enregistré de cet envoi est illisible. Envoyez la note de nouveau.",
        de: "Was von dieser Zustellung gespeichert ist, lässt sich nicht lesen. Senden Sie die Note noch einmal.",
        pt: "O que está guardado desta entrega não pode ser lido. Envie a nota de novo.",
    }
    OTHER {
        en: "The platform refused the grade. What it said is with the last attempt.",
        es: "La plataforma rechazó la nota. Lo que dijo está en el último intento.",
        fr: "La plateforme a refusé la note. Ce qu’elle a dit est au dernier essai.",
        de: "Die Plattform hat die Note abgewiesen. Was sie dazu sagte, steht beim letzten Versuch.",
        pt: "A plataforma recusou a nota. O que ela disse está na última tentativa.",
    }
    LOOKS_UNGRADED {
        en: "The platform has this grade, but Canvas shows a 0 as if nothing was graded.",
        es: "La plataforma tiene esta nota, pero Canvas muestra un 0 como si no se hubiera calificado nada.",
        fr: "La plateforme a cette note, mais Canvas affiche un 0 comme si rien n’avait été noté.",
        de: "Die Plattform hat diese Note, aber Canvas zeigt eine 0 so an, als wäre nichts benotet.",
        pt: "A plataforma tem esta nota, mas o Canvas mostra um 0 como se nada tivesse recebido nota.",
    }
}
