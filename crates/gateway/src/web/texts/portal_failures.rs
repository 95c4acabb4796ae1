//! What the portal says about attempts that failed.

use super::texts;

texts! {
    TITLE {
        en: "Failures",
        es: "Fallos",
        fr: "Échecs",
        de: "Fehlschläge",
        pt: "Falhas",
    }
    INTRO {
        en: "What hits most people comes first.",
        es: "Primero, lo que afecta a más personas.",
        fr: "D’abord ce qui touche le plus de personnes.",
        de: "Zuerst, was die meisten trifft.",
        pt: "Primeiro, o que atinge mais pessoas.",
    }
    TIME {
        en: "Time",
        es: "Periodo",
        fr: "Période",
        de: "Zeitraum",
        pt: "Período",
    }
    HOUR {
        en: "1 hour",
        es: "1 hora",
        fr: "1 heure",
        de: "1 Stunde",
        pt: "1 hora atrás",
    }
    DAY {
        en: "24 hours",
        es: "24 horas",
        fr: "24 heures",
        de: "24 Stunden",
        pt: "24 horas atrás",
    }
    WEEK {
        en: "7 days",
        es: "7 días",
        fr: "7 jours",
        de: "7 Tage",
        pt: "7 dias",
    }
    KIND {
        en: "Kind",
        es: "Tipo",
        fr: "Type",
        de: "Art",
        pt: "Tipo",
    }
    KIND_LAUNCH {
        en: "Launches",
        es: "Accesos",
        fr: "Lancements",
        de: "Starts",
        pt: "Acessos",
    }
    KIND_LOGIN {
        en: "Logins",
        es: "Inicios de sesión",
        fr: "Connexions",
        de: "Anmeldungen",
        pt: "Logins",
    }
    KIND_REGISTRATION {
        en: "Registrations",
        es: "Registros",
        fr: "Enregistrements",
        de: "Registrierungen",
        pt: "Registros",
    }
    SHOW {
        en: "Show",
        es: "Mostrar",
        fr: "Afficher",
        de: "Zeigen",
        pt: "Mostrar",
    }
    BY_CAUSE {
        en: "By cause",
        es: "Por causa",
        fr: "Par cause",
        de: "Nach Ursache",
        pt: "Por causa",
    }
    ONE_BY_ONE {
        en: "One by one",
        es: "Uno por uno",
        fr: "Un par un",
        de: "Einzeln",
        pt: "Um por um",
    }
    WITH_ACCEPTED {
        en: "One by one, with those let in",
        es: "Uno por uno, también los admitidos",
        fr: "Un par un, admis compris",
        de: "Einzeln, auch die zugelassenen",
        pt: "Um por um, também os admitidos",
    }
    CAUSES {
        en: "Causes",
        es: "Causas",
        fr: "Causes",
        de: "Ursachen",
        pt: "Causas",
    }
    SINCE_LAST {
        en: "first {first}, last {last}",
        es: "primero {first}, último {last}",
        fr: "premier {first}, dernier {last}",
        de: "zuerst {first}, zuletzt {last}",
        pt: "primeiro {first}, último {last}",
    }
    NO_PLATFORM {
        en: "no platform",
        es: "ninguna plataforma",
        fr: "aucune plateforme",
        de: "keine Plattform",
        pt: "nenhuma plataforma",
    }
    NOTHING {
        en: "Nothing failed in this time.",
        es: "No ha fallado nada en este periodo.",
        fr: "Rien n’a échoué pendant cette période.",
        de: "In dieser Zeit ist nichts fehlgeschlagen.",
        pt: "Nada falhou neste período.",
    }
    SEE_AND_FIX {
        en: "See and fix",
        es: "Ver y arreglar",
        fr: "Voir et corriger",
        de: "Ansehen und beheben",
        pt: "Ver e corrigir",
    }
    ALL_OF_IT {
        en: "All of them",
        es: "Todos ellos",
        fr: "Tous ceux-là",
        de: "Alle davon",
        pt: "Todos eles",
    }
    KEPT_NOTE {
        en: "Kept without names. Of many failures for one reason in a minute only the first are kept one by one.",
        es: "Se guardan sin nombres. De muchos fallos por un mismo motivo en un minuto solo se guardan los primeros.",
        fr: "Conservés sans noms. Parmi de nombreux échecs pour une même raison en une minute, seuls les premiers sont conservés.",
        de: "Ohne Namen aufbewahrt. Von vielen Fehlschlägen aus einem Grund in einer Minute werden nur die ersten einzeln aufbewahrt.",
        pt: "Guardadas sem nomes. De muitas falhas por um mesmo motivo em um minuto, só as primeiras são guardadas.",
    }
    LAUNCH {
        en: "Launch {reference}",
        es: "Acceso {reference}",
        fr: "Lancement {reference}",
        de: "Start {reference}",
        pt: "Acesso {reference}",
    }
    ATTEMPT {
        en: "Attempt {reference}",
        es: "Intento {reference}",
        fr: "Tentative {reference}",
        de: "Versuch {reference}",
        pt: "Tentativa {reference}",
    }
    REPORT {
        en: "Report for the LMS's administrator",
        es: "Informe para el administrador del LMS",
        fr: "Rapport pour l’administrateur du LMS",
        de: "Bericht für den Administrator des LMS",
        pt: "Relatório para o administrador do LMS",
    }
    COPY_FOR_SUPPORT {
        en: "Copy for support",
        es: "Copiar para soporte",
        fr: "Copier pour l’assistance",
        de: "Für den Support kopieren",
        pt: "Copiar para o suporte",
    }
    COPY_TEXT {
        en: "Copy the text",
        es: "Copiar el texto",
        fr: "Copier le texte",
        de: "Text kopieren",
        pt: "Copiar o texto",
    }
    WHAT_TO_DO {
        en: "What to do",
        es: "Qué hacer",
        fr: "Que faire",
        de: "Was zu tun ist",
        pt: "O que fazer",
    }
    HOW_FAR {
        en: "How far it came",
        es: "Hasta dónde llegó",
        fr: "Jusqu’où il est allé",
        de: "Wie weit er kam",
        pt: "Até onde chegou",
    }
    STEP_LOGIN {
        en: "The LMS asked for a launch",
        es: "El LMS pidió un acceso",
        fr: "Le LMS a demandé un lancement",
        de: "Das LMS bat um einen Start",
        pt: "O LMS pediu um acesso",
    }
    STEP_ANSWERED {
        en: "answered after {millis} ms, by {method}",
        es: "respondido en {millis} ms, por {method}",
        fr: "répondu après {millis} ms, par {method}",
        de: "beantwortet nach {millis} ms, per {method}",
        pt: "respondido após {millis} ms, por {method}",
    }
    STEP_ARRIVED {
        en: "Its answer arrived",
        es: "Llegó su respuesta",
        fr: "Sa réponse est arrivée",
        de: "Seine Antwort kam an",
        pt: "A resposta dele chegou",
    }
    STEP_RETURNED {
        en: "The browser came back from our page",
        es: "El navegador volvió de nuestra página",
        fr: "Le navigateur est revenu de notre page",
        de: "Der Browser kam von unserer Seite zurück",
        pt: "O navegador voltou da nossa página",
    }
    STEP_LATER {
        en: "{seconds} s after the login",
        es: "{seconds} s después del inicio",
        fr: "{seconds} s après la connexion",
        de: "{seconds} s nach der Anmeldung",
        pt: "{seconds} s depois do login",
    }
    STEP_CHECKS {
        en: "Hallpass checked it",
        es: "Hallpass lo comprobó",
        fr: "Hallpass l’a vérifié",
        de: "Hallpass prüfte ihn",
        pt: "O Hallpass o verificou",
    }
    STEP_HANDED_ON {
        en: "The browser was sent to the application",
        es: "El navegador fue enviado a la aplicación",
        fr: "Le navigateur a été envoyé vers l’application",
        de: "Der Browser wurde zur Anwendung geschickt",
        pt: "O navegador foi enviado ao aplicativo",
    }
    STEP_HANDED_ON_SAYS {
        en: "Whether it opened isn't known here.",
        es: "Aquí no se sabe si se abrió.",
        fr: "On ne sait pas ici si elle s’est ouverte.",
        de: "Ob sie sich öffnete, ist hier nicht bekannt.",
        pt: "Aqui não se sabe se ele abriu.",
    }
    STEP_LINKED {
        en: "The answer was a link to the application",
        es: "La respuesta fue un enlace a la aplicación",
        fr: "La réponse était un lien vers l’application",
        de: "Die Antwort war ein Link zur Anwendung",
        pt: "A resposta foi um link para o aplicativo",
    }
    STEP_NOTHING_SENT {
        en: "The application heard nothing of it",
        es: "La aplicación no supo nada",
        fr: "L’application n’en a rien su",
        de: "Die Anwendung erfuhr nichts davon",
        pt: "O aplicativo não soube de nada",
    }
    FACTS {
        en: "Facts",
        es: "Datos",
        fr: "Faits",
        de: "Angaben",
        pt: "Dados",
    }
    FACT_CODE {
        en: "Reason",
        es: "Motivo",
        fr: "Raison",
        de: "Grund",
        pt: "Motivo",
    }
    FACT_STATUS {
        en: "HTTP status",
        es: "Código HTTP",
        fr: "Statut HTTP",
        de: "HTTP-Status",
        pt: "Status HTTP",
    }
    FACT_ISSUER {
        en: "Issuer",
        es: "Emisor",
        fr: "Émetteur",
        de: "Aussteller",
        pt: "Emissor",
    }
    FACT_CLIENT {
        en: "Client id",
        es: "Id de cliente",
        fr: "Identifiant client",
        de: "Client-ID",
        pt: "Id do cliente",
    }
    FACT_DEPLOYMENT {
        en: "Deployment",
        es: "Despliegue",
        fr: "Déploiement",
        de: "Deployment",
        pt: "Implantação",
    }
    FACT_MESSAGE {
        en: "Message",
        es: "Mensaje",
        fr: "Message",
        de: "Nachricht",
        pt: "Mensagem",
    }
    FACT_CLOCK {
        en: "Clock",
        es: "Reloj",
        fr: "Horloge",
        de: "Uhr",
        pt: "Relógio",
    }
    CLOCK_AHEAD {
        en: "{seconds} s ahead of ours",
        es: "{seconds} s por delante del nuestro",
        fr: "{seconds} s en avance sur la nôtre",
        de: "{seconds} s vor unserer",
        pt: "{seconds} s à frente do nosso",
    }
    CLOCK_BEHIND {
        en: "{seconds} s behind ours",
        es: "{seconds} s por detrás del nuestro",
        fr: "{seconds} s en retard sur la nôtre",
        de: "{seconds} s hinter unserer",
        pt: "{seconds} s atrás do nosso",
    }
    FACT_BROWSER {
        en: "Browser",
        es: "Navegador",
        fr: "Navigateur",
        de: "Browser",
        pt: "Navegador",
    }
    FACT_KNOWN_BY {
        en: "Browser known by",
        es: "Navegador reconocido por",
        fr: "Navigateur reconnu par",
        de: "Browser erkannt durch",
        pt: "Navegador reconhecido por",
    }
    BOUND_COOKIE {
        en: "cookie",
        es: "cookie",
        fr: "cookie",
        de: "Cookie",
        pt: "cookie",
    }
    BOUND_PARTITIONED {
        en: "partitioned cookie",
        es: "cookie particionada",
        fr: "cookie partitionné",
        de: "partitioniertes Cookie",
        pt: "cookie particionado",
    }
    BOUND_DEVELOPER {
        en: "developer cookie",
        es: "cookie de desarrollo",
        fr: "cookie de développement",
        de: "Entwickler-Cookie",
        pt: "cookie de desenvolvimento",
    }
    BOUND_STORAGE {
        en: "platform storage",
        es: "almacén de la plataforma",
        fr: "stockage de la plateforme",
        de: "Speicher der Plattform",
        pt: "armazenamento da plataforma",
    }
    BOUND_BY_NOTHING {
        en: "nothing",
        es: "nada",
        fr: "rien",
        de: "nichts",
        pt: "nada",
    }
    FACT_KEY {
        en: "Its key",
        es: "Su clave",
        fr: "Sa clé",
        de: "Ihr Schlüssel",
        pt: "A chave dela",
    }
    FACT_KEY_SET {
        en: "Key set",
        es: "Conjunto de claves",
        fr: "Jeu de clés",
        de: "Schlüsselsatz",
        pt: "Conjunto de chaves",
    }
    FACT_FRAME {
        en: "Page around it",
        es: "Página que lo rodea",
        fr: "Page autour",
        de: "Seite darum herum",
        pt: "Página em volta",
    }
    FACT_CAUSE {
        en: "Cause",
        es: "Causa",
        fr: "Cause",
        de: "Ursache",
        pt: "Causa",
    }
    FACT_MORE {
        en: "More in that minute",
        es: "Más en ese minuto",
        fr: "Autres dans cette minute",
        de: "Weitere in dieser Minute",
        pt: "Mais nesse minuto",
    }
    CLAIMS {
        en: "What the LMS sent",
        es: "Lo que envió el LMS",
        fr: "Ce que le LMS a envoyé",
        de: "Was das LMS schickte",
        pt: "O que o LMS enviou",
    }
    CLAIMS_SAY {
        en: "Names only. Nothing about a person is kept here.",
        es: "Solo nombres de campos. Aquí no se guarda nada sobre una persona.",
        fr: "Seulement des noms de champs. Rien sur une personne n’est conservé ici.",
        de: "Nur Namen von Feldern. Nichts über eine Person wird hier aufbewahrt.",
        pt: "Somente nomes de campos. Nada sobre uma pessoa é guardado aqui.",
    }
    TEACHER {
        en: "Text for the teacher",
        es: "Texto para el profesor",
        fr: "Texte pour l’enseignant",
        de: "Text für die Lehrkraft",
        pt: "Texto para o professor",
    }
    LANGUAGE {
        en: "Language",
        es: "Idioma",
        fr: "Langue",
        de: "Sprache",
        pt: "Idioma",
    }
    TEACHER_SAYS {
        en: "{tool} couldn't be opened. {reason}. Your students' work is not lost. Reference: {reference}.",
        es: "No se ha podido abrir {tool}. {reason}. El trabajo de sus estudiantes no se ha perdido. Referencia: {reference}.",
        fr: "{tool} n’a pas pu être ouvert. {reason}. Le travail de vos élèves n’est pas perdu. Référence : {reference}.",
        de: "{tool} konnte nicht geöffnet werden. {reason}. Die Arbeit Ihrer Lernenden ist nicht verloren. Kennzeichen: {reference}.",
        pt: "Não foi possível abrir {tool}. {reason}. O trabalho dos seus estudantes não foi perdido. Referência: {reference}.",
    }
    TEACHER_NOT_ALLOWED {
        en: "It isn't allowed for your course",
        es: "No está permitida para su curso",
        fr: "Il n’est pas autorisé pour votre cours",
        de: "Es ist für Ihren Kurs nicht freigegeben",
        pt: "Ela não está permitida para o seu curso",
    }
    TEACHER_OURS {
        en: "There is nothing to change in your course: whoever runs the tool has to allow it.",
        es: "No hay nada que cambiar en su curso: quien gestiona la herramienta debe permitirla.",
        fr: "Il n’y a rien à changer dans votre cours : c’est à qui gère l’outil de l’autoriser.",
        de: "In Ihrem Kurs ist nichts zu ändern: Wer das Tool betreibt, muss es freigeben.",
        pt: "Não há nada a mudar no seu curso: quem mantém a ferramenta precisa permiti-la.",
    }
    TEACHER_NOT_CONNECTED {
        en: "It doesn’t know your learning platform, or not by the name that it gave",
        es: "No conoce su plataforma de aprendizaje, o no con el nombre que esta dio",
        fr: "Il ne connaît pas votre plateforme d’apprentissage, ou pas sous le nom qu’elle a donné",
        de: "Es kennt Ihre Lernplattform nicht, oder nicht unter dem Namen, den sie nannte",
        pt: "Ela não conhece a sua plataforma de aprendizagem, ou não pelo nome que ela deu",
    }
    TEACHER_AGAIN {
        en: "Please open it again from the course.",
        es: "Vuelva a abrirla desde el curso.",
        fr: "Veuillez le rouvrir depuis le cours.",
        de: "Bitte öffnen Sie es noch einmal aus dem Kurs.",
        pt: "Abra-a de novo a partir do curso.",
    }
    TEACHER_FORWARD {
        en: "There is nothing to change in your course: please forward this to the person who runs your learning platform.",
        es: "No hay nada que cambiar en su curso: reenvíe esto a quien administra su plataforma de aprendizaje.",
        fr: "Il n’y a rien à changer dans votre cours : veuillez transmettre ceci à la personne qui gère votre plateforme d’apprentissage.",
        de: "In Ihrem Kurs ist nichts zu ändern: Bitte leiten Sie dies an die Person weiter, die Ihre Lernplattform verwaltet.",
        pt: "Não há nada a mudar no seu curso: encaminhe isto a quem administra a sua plataforma de aprendizagem.",
    }
    FIX_ACTIVATE {
        en: "Activate this platform",
        es: "Activar esta plataforma",
        fr: "Activer cette plateforme",
        de: "Diese Plattform aktivieren",
        pt: "Ativar esta plataforma",
    }
    FIX_DEPLOYMENT {
        en: "Allow this deployment",
        es: "Permitir este despliegue",
        fr: "Autoriser ce déploiement",
        de: "Dieses Deployment erlauben",
        pt: "Permitir esta implantação",
    }
    FIX_LEEWAY {
        en: "Allow {seconds} s for this platform",
        es: "Permitir {seconds} s a esta plataforma",
        fr: "Autoriser {seconds} s pour cette plateforme",
        de: "Dieser Plattform {seconds} s erlauben",
        pt: "Permitir {seconds} s para esta plataforma",
    }
    FIX_ORIGIN {
        en: "Allow pages of {origin}",
        es: "Permitir páginas de {origin}",
        fr: "Autoriser les pages de {origin}",
        de: "Seiten von {origin} erlauben",
        pt: "Permitir páginas de {origin}",
    }
    FIX_BLOCKED {
        en: "Blocked people of this platform",
        es: "Personas bloqueadas de esta plataforma",
        fr: "Personnes bloquées de cette plateforme",
        de: "Gesperrte Personen dieser Plattform",
        pt: "Pessoas bloqueadas desta plataforma",
    }
    FIX_SETTINGS {
        en: "Settings of this platform",
        es: "Ajustes de esta plataforma",
        fr: "Réglages de cette plateforme",
        de: "Einstellungen dieser Plattform",
        pt: "Configurações desta plataforma",
    }
    REPORT_SAYS {
        en: "Nothing about a person is in it. Copy it into an e-mail, or print it.",
        es: "No contiene nada sobre una persona. Cópielo en un correo o imprímalo.",
        fr: "Il ne contient rien sur une personne. Copiez-le dans un e-mail, ou imprimez-le.",
        de: "Nichts über eine Person steht darin. Kopieren Sie ihn in eine E-Mail oder drucken Sie ihn.",
        pt: "Não contém nada sobre uma pessoa. Copie-o em um e-mail ou imprima-o.",
    }
    REPORT_HEAD {
        en: "To the administrator of {platform}, from {tool}",
        es: "Para el administrador de {platform}, de {tool}",
        fr: "À l’administrateur de {platform}, de la part de {tool}",
        de: "An den Administrator von {platform}, von {tool}",
        pt: "Para o administrador de {platform}, de {tool}",
    }
    REPORT_WHAT {
        en: "What happened",
        es: "Qué ocurrió",
        fr: "Ce qui s’est passé",
        de: "Was geschah",
        pt: "O que aconteceu",
    }
    REPORT_KNOW {
        en: "How we know",
        es: "Cómo lo sabemos",
        fr: "Comment nous le savons",
        de: "Woher wir das wissen",
        pt: "Como sabemos",
    }
    TIME_OURS {
        en: "Time (our clock)",
        es: "Hora (nuestro reloj)",
        fr: "Heure (notre horloge)",
        de: "Zeit (unsere Uhr)",
        pt: "Hora (nosso relógio)",
    }
    BACK {
        en: "Back",
        es: "Volver",
        fr: "Retour",
        de: "Zurück",
        pt: "Voltar",
    }
    NOT_FOUND_TITLE {
        en: "Nothing was found",
        es: "No se ha encontrado nada",
        fr: "Rien n’a été trouvé",
        de: "Es wurde nichts gefunden",
        pt: "Nada foi encontrado",
    }
    NOT_FOUND {
        en: "No attempt has this reference. It may be too old, or one of so many for the same reason that they were only counted. Errors of the portal itself are only in the server’s log, under their reference.",
        es: "Ningún intento tiene esta referencia. Puede ser demasiado antiguo, o uno de tantos por el mismo motivo que solo se contaron. Los errores del propio portal solo están en el registro del servidor, con su referencia.",
        fr: "Aucune tentative n’a cette référence. Elle est peut-être trop ancienne, ou l’une de tant d’autres pour la même raison qu’elles ont seulement été comptées. Les erreurs du portail lui-même ne figurent que dans le journal du serveur, sous leur référence.",
        de: "Kein Versuch hat dieses Kennzeichen. Er ist vielleicht zu alt, oder einer von so vielen aus demselben Grund, dass sie nur gezählt wurden. Fehler des Portals selbst stehen nur im Protokoll des Servers, unter ihrem Kennzeichen.",
        pt: "Nenhuma tentativa tem esta referência. Ela pode ser antiga demais, ou uma de tantas pelo mesmo motivo que só foram contadas. Os erros do próprio portal estão apenas no registro do servidor, com a sua referência.",
    }
    FIND_TITLE {
        en: "Found",
        es: "Encontrado",
        fr: "Trouvé",
        de: "Gefunden",
        pt: "Encontrado",
    }
    FIND_FOR {
        en: "What was found for “{text}”",
        es: "Lo encontrado para “{text}”",
        fr: "Ce qui a été trouvé pour « {text} »",
        de: "Was für „{text}“ gefunden wurde",
        pt: "O que foi encontrado para “{text}”",
    }
    FIND_NOTHING_FOR {
        en: "for “{text}”",
        es: "para “{text}”",
        fr: "pour « {text} »",
        de: "für „{text}“",
        pt: "para “{text}”",
    }
    FIND_NOTHING {
        en: "Nothing here has this reference, name, host or client id. The reference of an error that your application got from the API is only in the server’s log. People who come from an LMS aren't kept by name.",
        es: "Aquí nada tiene esta referencia, nombre, host o id de cliente. La referencia de un error que su aplicación recibió de la API solo está en el registro del servidor. De quienes llegan desde un LMS no se guarda el nombre.",
        fr: "Rien ici n’a cette référence, ce nom, cet hôte ou cet identifiant client. La référence d’une erreur que votre application a reçue de l’API ne figure que dans le journal du serveur. Le nom de qui vient d’un LMS n’est pas conservé.",
        de: "Nichts hier hat dieses Kennzeichen, diesen Namen, Host oder diese Client-ID. Das Kennzeichen eines Fehlers, den Ihre Anwendung von der API bekam, steht nur im Protokoll des Servers. Namen von Personen aus einem LMS werden nicht aufbewahrt.",
        pt: "Nada aqui tem esta referência, nome, host ou id do cliente. A referência de um erro que o seu aplicativo recebeu da API está apenas no registro do servidor. O nome de quem vem de um LMS não é guardado.",
    }
    FIND_STUDENTS {
        en: "Students are only found with the field above: it keeps their names out of this page’s address.",
        es: "A los estudiantes solo se les encuentra con el campo de arriba: así sus nombres no aparecen en la dirección de esta página.",
        fr: "Les élèves ne se trouvent qu’avec le champ ci-dessus : leurs noms restent ainsi hors de l’adresse de cette page.",
        de: "Lernende findet nur das Feld oben: So bleiben ihre Namen aus der Adresse dieser Seite heraus.",
        pt: "Os estudantes só são encontrados pelo campo acima: assim os nomes não aparecem no endereço desta página.",
    }
    FIND_ELSEWHERE {
        en: "This search can’t be read here or belongs to another session. Please search again with the field above.",
        es: "Esta búsqueda no se puede leer aquí o pertenece a otra sesión. Busque de nuevo con el campo de arriba.",
        fr: "Cette recherche ne peut pas être lue ici ou appartient à une autre session. Relancez-la avec le champ ci-dessus.",
        de: "Diese Suche lässt sich hier nicht lesen oder gehört zu einer anderen Sitzung. Bitte suchen Sie noch einmal mit dem Feld oben.",
        pt: "Esta busca não pode ser lida aqui ou pertence a outra sessão. Busque de novo com o campo acima.",
    }
    FIX_FETCH_KEYS { en: "Fetch its keys now", es: "Obtener ahora las claves del LMS", fr: "Récupérer maintenant les clés du LMS", de: "Schlüssel des LMS jetzt holen", pt: "Buscar agora as chaves do LMS" }
    FIX_TOOL_SETTINGS { en: "Settings of the tool", es: "Ajustes de la herramienta", fr: "Réglages de l’outil", de: "Einstellungen des Tools", pt: "Configurações da ferramenta" }
    FIX_CLIENT_ID {
        en: "Use client id {id} for {name}",
        es: "Usar el id de cliente {id} para {name}",
        fr: "Utiliser l’identifiant client {id} pour {name}",
        de: "Client-ID {id} für {name} verwenden",
        pt: "Usar o id do cliente {id} para {name}",
    }
    CHECK_CLIENT_ID {
        en: "If other schools use this issuer too, check first that this client id is your school’s.",
        es: "Si otros centros usan también este emisor, compruebe antes que este id de cliente es el de su centro.",
        fr: "Si d’autres établissements utilisent aussi cet émetteur, vérifiez d’abord que cet identifiant client est celui du vôtre.",
        de: "Nutzen auch andere Schulen diesen Aussteller, prüfen Sie zuerst, ob diese Client-ID die Ihrer Schule ist.",
        pt: "Se outras escolas também usam este emissor, verifique antes se este id do cliente é o da sua escola.",
    }
    NEAREST_WORKS {
        en: "{name} works today. Change its client id only if this launch came from the same LMS: its other launches stop then.",
        es: "{name} funciona hoy. Cambie su id de cliente solo si este acceso vino del mismo LMS: sus demás accesos dejarán de funcionar.",
        fr: "{name} fonctionne aujourd’hui. Ne changez son identifiant client que si ce lancement venait du même LMS : ses autres lancements s’arrêteront.",
        de: "{name} funktioniert heute. Ändern Sie die Client-ID nur, wenn dieser Start aus demselben LMS kam: Die anderen Starts enden damit.",
        pt: "{name} funciona hoje. Altere o id do cliente só se este acesso veio do mesmo LMS: os outros acessos dela param então.",
    }
    FITS_NOW {
        en: "{name} has this issuer and client id now, and launches with its former ones are refused. The next launch shows whether that is right. If {name} worked before, give it back its former values and connect this LMS as a platform of its own.",
        es: "{name} tiene ahora este emisor y este id de cliente, y se rechazan los accesos con los anteriores. El próximo acceso mostrará si es correcto. Si {name} funcionaba antes, devuélvale sus valores anteriores y conecte este LMS como plataforma aparte.",
        fr: "{name} a maintenant cet émetteur et cet identifiant client, et les lancements avec les précédents sont refusés. Le prochain lancement montrera si c’est juste. Si {name} fonctionnait avant, rendez-lui ses anciennes valeurs et connectez ce LMS comme une plateforme à part.",
        de: "{name} hat jetzt diesen Aussteller und diese Client-ID, und Starts mit den früheren werden abgelehnt. Ob das richtig ist, zeigt der nächste Start. Funktionierte {name} vorher, geben Sie ihr die früheren Werte zurück und verbinden Sie dieses LMS als eigene Plattform.",
        pt: "{name} tem agora este emissor e este id do cliente, e os acessos com os anteriores são recusados. O próximo acesso mostra se está certo. Se {name} funcionava antes, devolva-lhe os valores anteriores e conecte este LMS como uma plataforma própria.",
    }
    NOT_SENT { en: "not sent", es: "no enviado", fr: "non envoyé", de: "nicht gesendet", pt: "não enviado" }
    FIX_NEAREST {
        en: "Settings of the nearest, {name}",
        es: "Ajustes de la más parecida, {name}",
        fr: "Réglages de la plus proche, {name}",
        de: "Einstellungen der ähnlichsten, {name}",
        pt: "Configurações da mais parecida, {name}",
    }
    DO_ACTIVATE {
        en: "If this platform belongs to your school, activate it.",
        es: "Si esta plataforma es de su centro, actívela.",
        fr: "Si cette plateforme est celle de votre établissement, activez-la.",
        de: "Gehört diese Plattform zu Ihrer Schule, aktivieren Sie sie.",
        pt: "Se esta plataforma for da sua escola, ative-a.",
    }
    DO_DEPLOYMENT {
        en: "If this deployment belongs to your school, allow it.",
        es: "Si este despliegue es de su centro, permítalo.",
        fr: "Si ce déploiement est celui de votre établissement, autorisez-le.",
        de: "Gehört dieses Deployment zu Ihrer Schule, erlauben Sie es.",
        pt: "Se esta implantação for da sua escola, permita-a.",
    }
    DO_LEEWAY {
        en: "Ask for the LMS's clock to be set, or tolerate the difference here.",
        es: "Pida que se ajuste el reloj del LMS o tolere aquí la diferencia.",
        fr: "Demandez que l’horloge du LMS soit réglée, ou tolérez l’écart ici.",
        de: "Lassen Sie die Uhr des LMS stellen oder dulden Sie hier die Abweichung.",
        pt: "Peça que o relógio do LMS seja ajustado ou tolere aqui a diferença.",
    }
    DO_FETCH_KEYS {
        en: "Fetch the LMS's keys again. If that doesn't help, compare the address of its keys with the one in the LMS.",
        es: "Obtenga de nuevo las claves del LMS. Si no ayuda, compare la dirección de sus claves con la del LMS.",
        fr: "Récupérez à nouveau les clés du LMS. Si cela n’aide pas, comparez l’adresse de ses clés avec celle du LMS.",
        de: "Holen Sie die Schlüssel des LMS noch einmal. Hilft das nicht, vergleichen Sie die Adresse seiner Schlüssel mit der im LMS.",
        pt: "Busque de novo as chaves do LMS. Se não ajudar, compare o endereço das chaves com o que está no LMS.",
    }
    DO_KEY_MISSING {
        en: "The LMS's key set doesn't contain the key that signed this launch. Its address is probably wrong: compare it with the one in the LMS. Fetch the keys again if the LMS has just changed them.",
        es: "El conjunto de claves del LMS no contiene la clave que firmó este acceso. Su dirección probablemente es incorrecta: compárela con la del LMS. Obtenga de nuevo las claves si el LMS acaba de cambiarlas.",
        fr: "Le jeu de clés du LMS ne contient pas la clé qui a signé ce lancement. Son adresse est probablement fausse : comparez-la avec celle du LMS. Récupérez à nouveau les clés si le LMS vient d’en changer.",
        de: "Der Schlüsselsatz des LMS enthält den Schlüssel nicht, mit dem dieser Start signiert war. Seine Adresse ist wahrscheinlich falsch: Vergleichen Sie sie mit der im LMS. Holen Sie die Schlüssel noch einmal, wenn das LMS sie gerade gewechselt hat.",
        pt: "O conjunto de chaves do LMS não contém a chave que assinou este acesso. O endereço dele provavelmente está errado: compare-o com o que está no LMS. Busque as chaves de novo se o LMS acabou de trocá-las.",
    }
    DO_KEYS_MOVED {
        en: "The address of the LMS's keys has been changed since. Fetch them to see whether this one is among them.",
        es: "La dirección de las claves del LMS se ha cambiado desde entonces. Obténgalas para ver si esta está entre ellas.",
        fr: "L’adresse des clés du LMS a changé depuis. Récupérez-les pour voir si celle-ci en fait partie.",
        de: "Die Adresse der Schlüssel des LMS wurde seitdem geändert. Holen Sie sie, um zu sehen, ob dieser darunter ist.",
        pt: "O endereço das chaves do LMS foi alterado desde então. Busque-as para ver se esta está entre elas.",
    }
    DO_ORIGIN {
        en: "If the page around ours is your school's, allow it: browsers without cookies can then open the tool. It also helps to let the link open in a new window.",
        es: "Si la página que rodea la nuestra es de su centro, permítala: los navegadores sin cookies podrán abrir la herramienta. También ayuda que el enlace se abra en una ventana nueva.",
        fr: "Si la page autour de la nôtre est celle de votre établissement, autorisez-la : les navigateurs sans cookies pourront ouvrir l’outil. Ouvrir le lien dans une nouvelle fenêtre aide aussi.",
        de: "Gehört die Seite um unsere zu Ihrer Schule, erlauben Sie sie: Browser ohne Cookies können das Tool dann öffnen. Es hilft auch, den Link in einem neuen Fenster zu öffnen.",
        pt: "Se a página em volta da nossa for da sua escola, permita-a: navegadores sem cookies poderão abrir a ferramenta. Também ajuda abrir o link em uma nova janela.",
    }
    DO_BLOCKED {
        en: "See whether this person should still be blocked.",
        es: "Compruebe si esta persona debe seguir bloqueada.",
        fr: "Voyez si cette personne doit rester bloquée.",
        de: "Sehen Sie nach, ob diese Person noch gesperrt sein soll.",
        pt: "Veja se esta pessoa ainda deve ficar bloqueada.",
    }
    DO_SETTINGS {
        en: "Compare this platform's settings with those in the LMS.",
        es: "Compare los ajustes de esta plataforma con los del LMS.",
        fr: "Comparez les réglages de cette plateforme avec ceux du LMS.",
        de: "Vergleichen Sie die Einstellungen dieser Plattform mit denen im LMS.",
        pt: "Compare as configurações desta plataforma com as do LMS.",
    }
    DO_TOOL_SETTINGS {
        en: "Look at the tool's settings.",
        es: "Revise los ajustes de la herramienta.",
        fr: "Voyez les réglages de l’outil.",
        de: "Sehen Sie in die Einstellungen des Tools.",
        pt: "Veja as configurações da ferramenta.",
    }
    DO_NEAREST {
        en: "Compare issuer and client id below, letter by letter, with the platform that was meant, or connect this LMS.",
        es: "Compare el emisor y el id de cliente de abajo, letra por letra, con los de la plataforma prevista, o conecte este LMS.",
        fr: "Comparez l’émetteur et l’identifiant client ci-dessous, lettre par lettre, avec la plateforme voulue, ou connectez ce LMS.",
        de: "Vergleichen Sie Aussteller und Client-ID unten Buchstabe für Buchstabe mit der gemeinten Plattform, oder verbinden Sie dieses LMS.",
        pt: "Compare o emissor e o id do cliente abaixo, letra por letra, com a plataforma pretendida, ou conecte este LMS.",
    }
    DO_THERE {
        en: "For the LMS's administrator: {says}",
        es: "Para el administrador del LMS: {says}",
        fr: "Pour l’administrateur du LMS : {says}",
        de: "Für den Administrator des LMS: {says}",
        pt: "Para o administrador do LMS: {says}",
    }
    MENDED_ACTIVE {
        en: "Mended: this platform is active now.",
        es: "Arreglado: esta plataforma ya está activa.",
        fr: "Corrigé : cette plateforme est active maintenant.",
        de: "Behoben: Diese Plattform ist jetzt aktiv.",
        pt: "Corrigido: esta plataforma está ativa agora.",
    }
    MENDED_DEPLOYMENT {
        en: "Mended: this deployment is allowed now.",
        es: "Arreglado: este despliegue ya está permitido.",
        fr: "Corrigé : ce déploiement est autorisé maintenant.",
        de: "Behoben: Dieses Deployment ist jetzt erlaubt.",
        pt: "Corrigido: esta implantação está permitida agora.",
    }
    MENDED_ORIGIN {
        en: "Mended: the page around ours is allowed now.",
        es: "Arreglado: la página que rodea la nuestra ya está permitida.",
        fr: "Corrigé : la page autour de la nôtre est autorisée maintenant.",
        de: "Behoben: Die Seite um unsere ist jetzt erlaubt.",
        pt: "Corrigido: a página em volta da nossa está permitida agora.",
    }
    MENDED_LEEWAY {
        en: "Mended: this difference between the clocks is tolerated now.",
        es: "Arreglado: esta diferencia entre los relojes ya se tolera.",
        fr: "Corrigé : cet écart entre les horloges est toléré maintenant.",
        de: "Behoben: Diese Abweichung der Uhren wird jetzt geduldet.",
        pt: "Corrigido: esta diferença entre os relógios é tolerada agora.",
    }
    SEVERAL_FIT {
        en: "Several platforms have this issuer, and this login named no client id. Enter in the LMS the login URL of the one that is meant, or let the LMS send the client id.",
        es: "Varias plataformas tienen este emisor, y este inicio no indicó ningún id de cliente. Introduzca en el LMS la URL de inicio de sesión de la que corresponde, o haga que el LMS envíe el id de cliente.",
        fr: "Plusieurs plateformes ont cet émetteur, et cette connexion n’a donné aucun identifiant client. Saisissez dans le LMS l’URL de connexion de celle qui est visée, ou faites envoyer l’identifiant client par le LMS.",
        de: "Mehrere Plattformen haben diesen Aussteller, und diese Anmeldung nannte keine Client-ID. Tragen Sie im LMS die Login-URL der gemeinten ein, oder lassen Sie das LMS die Client-ID mitschicken.",
        pt: "Várias plataformas têm este emissor, e este login não informou nenhum id do cliente. Insira no LMS a URL de login da que se quer, ou faça o LMS enviar o id do cliente.",
    }
    MENDED_REGISTERED {
        en: "Mended: this platform is registered now.",
        es: "Arreglado: esta plataforma ya está registrada.",
        fr: "Corrigé : cette plateforme est enregistrée maintenant.",
        de: "Behoben: Diese Plattform ist jetzt registriert.",
        pt: "Corrigido: esta plataforma está registrada agora.",
    }
    MENDED_MATCHES {
        en: "Mended: this issuer and client id are the platform’s own now.",
        es: "Arreglado: este emisor y este id de cliente ya son los de la plataforma.",
        fr: "Corrigé : cet émetteur et cet identifiant client sont maintenant ceux de la plateforme.",
        de: "Behoben: Dieser Aussteller und diese Client-ID sind jetzt die der Plattform.",
        pt: "Corrigido: este emissor e este id do cliente agora são os da plataforma.",
    }
    MENDED_KEY {
        en: "Mended: the key that signed this launch is known now.",
        es: "Arreglado: la clave que firmó este acceso ya es conocida.",
        fr: "Corrigé : la clé qui a signé ce lancement est connue maintenant.",
        de: "Behoben: Der Schlüssel, mit dem dieser Start signiert war, ist jetzt bekannt.",
        pt: "Corrigido: a chave que assinou este acesso agora é conhecida.",
    }
    AT_THAT_TIME { en: "At that time: {failed}.", es: "En aquel momento: {failed}.", fr: "À ce moment-là : {failed}.", de: "Damals: {failed}.", pt: "Naquele momento: {failed}." }
    MENDED_WHERE { en: "Open this platform", es: "Abrir esta plataforma", fr: "Ouvrir cette plateforme", de: "Diese Plattform öffnen", pt: "Abrir esta plataforma" }
    SEE { en: "See the newest", es: "Ver el más reciente", fr: "Voir le plus récent", de: "Den neuesten ansehen", pt: "Ver o mais recente" }
    REPORT_OPENING {
        en: "{tool} couldn't be opened. {reason}.",
        es: "No se ha podido abrir {tool}. {reason}.",
        fr: "{tool} n’a pas pu être ouvert. {reason}.",
        de: "{tool} konnte nicht geöffnet werden. {reason}.",
        pt: "Não foi possível abrir {tool}. {reason}.",
    }
    REPORT_REGISTERING {
        en: "{tool} couldn't be registered. {reason}.",
        es: "No se ha podido registrar {tool}. {reason}.",
        fr: "{tool} n’a pas pu être enregistré. {reason}.",
        de: "{tool} konnte nicht registriert werden. {reason}.",
        pt: "Não foi possível registrar {tool}. {reason}.",
    }
    TECHNICAL { en: "Technical message", es: "Mensaje técnico", fr: "Message technique", de: "Technische Meldung", pt: "Mensagem técnica" }
    TEACHER_WINDOW {
        en: "If the page offers to open it in a new window, choose that.",
        es: "Si la página ofrece abrirla en una ventana nueva, elíjalo.",
        fr: "Si la page propose de l’ouvrir dans une nouvelle fenêtre, choisissez-le.",
        de: "Bietet die Seite an, es in einem neuen Fenster zu öffnen, wählen Sie das.",
        pt: "Se a página oferecer abri-la em uma nova janela, escolha isso.",
    }
    TEACHER_CLOCK {
        en: "The clock of your learning platform is probably wrong, or the page had waited for too long",
        es: "El reloj de su plataforma de aprendizaje probablemente no está en hora, o la página había esperado demasiado",
        fr: "L’horloge de votre plateforme d’apprentissage n’est probablement pas à l’heure, ou la page avait attendu trop longtemps",
        de: "Die Uhr Ihrer Lernplattform geht wahrscheinlich falsch, oder die Seite hatte zu lange gewartet",
        pt: "O relógio da sua plataforma de aprendizagem provavelmente está errado, ou a página tinha esperado demais",
    }
    TEACHER_RETRY {
        en: "Please open it again from the course. If that doesn't help, forward this to the person who runs your learning platform.",
        es: "Vuelva a abrirla desde el curso. Si no ayuda, reenvíe esto a quien administra su plataforma de aprendizaje.",
        fr: "Veuillez le rouvrir depuis le cours. Si cela n’aide pas, transmettez ceci à la personne qui gère votre plateforme d’apprentissage.",
        de: "Bitte öffnen Sie es noch einmal aus dem Kurs. Hilft das nicht, leiten Sie dies an die Person weiter, die Ihre Lernplattform verwaltet.",
        pt: "Abra-a de novo a partir do curso. Se não ajudar, encaminhe isto a quem administra a sua plataforma de aprendizagem.",
    }
    FACT_ISSUER_HERE {
        en: "Issuer registered here",
        es: "Emisor registrado aquí",
        fr: "Émetteur enregistré ici",
        de: "Hier registrierter Aussteller",
        pt: "Emissor registrado aqui",
    }
    FACT_CLIENT_HERE {
        en: "Client id registered here",
        es: "Id de cliente registrado aquí",
        fr: "Identifiant client enregistré ici",
        de: "Hier registrierte Client-ID",
        pt: "Id do cliente registrado aqui",
    }
    ONLY_CAPITALS {
        en: "They differ only in capital and small letters.",
        es: "Solo difieren en mayúsculas y minúsculas.",
        fr: "Ils ne diffèrent que par les majuscules et les minuscules.",
        de: "Sie unterscheiden sich nur in Groß- und Kleinbuchstaben.",
        pt: "Diferem só em letras maiúsculas e minúsculas.",
    }
    ONLY_SLASH {
        en: "They differ only in a slash at the end.",
        es: "Solo difieren en una barra al final.",
        fr: "Ils ne diffèrent que par une barre oblique à la fin.",
        de: "Sie unterscheiden sich nur in einem Schrägstrich am Ende.",
        pt: "Diferem só em uma barra no fim.",
    }
    ONLY_BLANKS {
        en: "They differ only in blanks around them.",
        es: "Solo difieren en espacios alrededor.",
        fr: "Ils ne diffèrent que par des espaces autour.",
        de: "Sie unterscheiden sich nur in Leerzeichen darum herum.",
        pt: "Diferem só em espaços em volta.",
    }
    DO_COMPARE {
        en: "This login arrived at this platform's own address, but named another issuer or client id. Below, what was sent stands above what is registered here. If it came from this LMS, correct what is registered here. If it came from another one, let that LMS use its own login URL.",
        es: "Este inicio llegó a la dirección propia de esta plataforma, pero indicó otro emisor u otro id de cliente. Abajo, lo enviado está encima de lo registrado aquí. Si vino de este LMS, corrija lo registrado aquí. Si vino de otro, haga que ese LMS use su propia URL de inicio de sesión.",
        fr: "Cette connexion est arrivée à l’adresse propre de cette plateforme, mais a donné un autre émetteur ou identifiant client. Ci-dessous, ce qui a été envoyé se trouve au-dessus de ce qui est enregistré ici. Si elle venait de ce LMS, corrigez ce qui est enregistré ici. Si elle venait d’un autre, faites utiliser à celui-ci sa propre URL de connexion.",
        de: "Diese Anmeldung kam an der eigenen Adresse dieser Plattform an, nannte aber einen anderen Aussteller oder eine andere Client-ID. Unten steht das Gesendete über dem, was hier registriert ist. Kam sie aus diesem LMS, berichtigen Sie das hier Registrierte. Kam sie aus einem anderen, lassen Sie jenes seine eigene Login-URL verwenden.",
        pt: "Este login chegou ao endereço próprio desta plataforma, mas informou outro emissor ou id do cliente. Abaixo, o que foi enviado está acima do que está registrado aqui. Se veio deste LMS, corrija o que está registrado aqui. Se veio de outro, faça esse LMS usar a própria URL de login.",
    }
    OTHER_FITS {
        en: "What was sent are issuer and client id of {name}, but at another platform's own address. Enter in the LMS the login URL of {name}.",
        es: "Lo enviado son el emisor y el id de cliente de {name}, pero en la dirección propia de otra plataforma. Introduzca en el LMS la URL de inicio de sesión de {name}.",
        fr: "L’émetteur et l’identifiant client envoyés sont ceux de {name}, mais à l’adresse propre d’une autre plateforme. Saisissez dans le LMS l’URL de connexion de {name}.",
        de: "Gesendet wurden Aussteller und Client-ID von {name}, aber an die eigene Adresse einer anderen Plattform. Tragen Sie im LMS die Login-URL von {name} ein.",
        pt: "O que foi enviado são o emissor e o id do cliente de {name}, mas no endereço próprio de outra plataforma. Insira no LMS a URL de login de {name}.",
    }
    FITS_OWN {
        en: "{name} has this issuer and client id now. The next launch shows whether that is right.",
        es: "{name} tiene ahora este emisor y este id de cliente. El próximo acceso mostrará si es correcto.",
        fr: "{name} a maintenant cet émetteur et cet identifiant client. Le prochain lancement montrera si c’est juste.",
        de: "{name} hat jetzt diesen Aussteller und diese Client-ID. Ob das richtig ist, zeigt der nächste Start.",
        pt: "{name} tem agora este emissor e este id do cliente. O próximo acesso mostra se está certo.",
    }
    FITS_INACTIVE {
        en: "{name} has this issuer and client id, but isn't active: its launches are refused. If it belongs to your school, activate it.",
        es: "{name} tiene este emisor y este id de cliente, pero no está activa: se rechazan sus accesos. Si es de su centro, actívela.",
        fr: "{name} a cet émetteur et cet identifiant client, mais n’est pas active : ses lancements sont refusés. Si elle est celle de votre établissement, activez-la.",
        de: "{name} hat diesen Aussteller und diese Client-ID, ist aber nicht aktiv, und ihre Starts werden abgelehnt. Gehört sie zu Ihrer Schule, aktivieren Sie sie.",
        pt: "{name} tem este emissor e este id do cliente, mas não está ativa: os acessos dela são recusados. Se for da sua escola, ative-a.",
    }
    DO_SET_SLOW {
        en: "This launch is {seconds} s old by the LMS's clock, and at most {most} s can be tolerated here. Have the LMS's clock set (NTP): no setting here helps. If it is right, opening the tool again from the course is enough.",
        es: "Este acceso tiene {seconds} s según el reloj del LMS, y aquí se pueden tolerar como máximo {most} s. Haga que se ajuste el reloj del LMS (NTP): ningún ajuste de aquí ayuda. Si está en hora, basta con volver a abrir la herramienta desde el curso.",
        fr: "Ce lancement date de {seconds} s selon l’horloge du LMS, et {most} s au plus peuvent être tolérées ici. Faites régler l’horloge du LMS (NTP) : aucun réglage ici n’aide. Si elle est à l’heure, il suffit de rouvrir l’outil depuis le cours.",
        de: "Dieser Start ist nach der Uhr des LMS {seconds} s alt, und höchstens {most} s können hier geduldet werden. Lassen Sie die Uhr des LMS stellen (NTP): Keine Einstellung hier hilft. Geht sie richtig, genügt es, das Tool noch einmal aus dem Kurs zu öffnen.",
        pt: "Este acesso tem {seconds} s pelo relógio do LMS, e aqui se podem tolerar no máximo {most} s. Peça que o relógio do LMS seja ajustado (NTP): nenhuma configuração daqui ajuda. Se ele está certo, basta abrir a ferramenta de novo a partir do curso.",
    }
    DO_SET_FAST {
        en: "The LMS's clock is {seconds} s fast, and at most {most} s can be tolerated here. Have it set (NTP): no setting here helps.",
        es: "El reloj del LMS va {seconds} s adelantado, y aquí se pueden tolerar como máximo {most} s. Haga que se ajuste (NTP): ningún ajuste de aquí ayuda.",
        fr: "L’horloge du LMS avance de {seconds} s, et {most} s au plus peuvent être tolérées ici. Faites-la régler (NTP) : aucun réglage ici n’aide.",
        de: "Die Uhr des LMS geht {seconds} s vor, und höchstens {most} s können hier geduldet werden. Lassen Sie sie stellen (NTP): Keine Einstellung hier hilft.",
        pt: "O relógio do LMS está {seconds} s adiantado, e aqui se podem tolerar no máximo {most} s. Peça que seja ajustado (NTP): nenhuma configuração daqui ajuda.",
    }
}
