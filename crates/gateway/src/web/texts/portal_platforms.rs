//! What the portal says about platforms.

use super::texts;

texts! {
    TITLE {
        en: "Platforms",
        es: "Plataformas",
        fr: "Plateformes",
        de: "Plattformen",
        pt: "Plataformas",
    }
    INTRO {
        en: "Each learning platform that may open {tool}. Those that need you come first.",
        es: "Cada plataforma de aprendizaje que puede abrir {tool}. Primero, las que le necesitan.",
        fr: "Chaque plateforme d’apprentissage qui peut ouvrir {tool}. D’abord celles qui ont besoin de vous.",
        de: "Jede Lernplattform, die {tool} öffnen darf. Zuerst die, bei denen Sie gebraucht werden.",
        pt: "Cada plataforma de aprendizagem que pode abrir {tool}. Primeiro, as que precisam de você.",
    }
    CONNECT {
        en: "Connect an LMS",
        es: "Conectar un LMS",
        fr: "Connecter un LMS",
        de: "LMS verbinden",
        pt: "Conectar um LMS",
    }
    INVITE {
        en: "Invite",
        es: "Invitar",
        fr: "Inviter",
        de: "Einladen",
        pt: "Convidar",
    }
    FIND {
        en: "Name, host or client id",
        es: "Nombre, host o id de cliente",
        fr: "Nom, hôte ou identifiant client",
        de: "Name, Host oder Client-ID",
        pt: "Nome, host ou id do cliente",
    }
    WAITING {
        en: "Waiting",
        es: "En espera",
        fr: "En attente",
        de: "Wartet",
        pt: "Aguardando",
    }
    ACTIVE {
        en: "Active",
        es: "Activa",
        fr: "Active",
        de: "Aktiv",
        pt: "Ativa",
    }
    DEACTIVATED {
        en: "Deactivated",
        es: "Desactivada",
        fr: "Désactivée",
        de: "Deaktiviert",
        pt: "Desativada",
    }
    NOT_ACTIVE {
        en: "Not active",
        es: "No activas",
        fr: "Pas actives",
        de: "Nicht aktiv",
        pt: "Não ativas",
    }
    DEPLOYMENTS_WAIT {
        en: "Deployments waiting: {number}",
        es: "Despliegues en espera: {number}",
        fr: "Déploiements en attente : {number}",
        de: "Wartend: {number}",
        pt: "Implantações aguardando: {number}",
    }
    LMS {
        en: "LMS",
        es: "LMS",
        fr: "LMS",
        de: "LMS",
        pt: "LMS",
    }
    LAST_LAUNCH {
        en: "Last launch",
        es: "Último acceso",
        fr: "Dernier lancement",
        de: "Letzter Start",
        pt: "Último acesso",
    }
    REFUSED_DAY {
        en: "Refused, 24 hours",
        es: "Rechazados, 24 horas",
        fr: "Refusés, 24 heures",
        de: "Abgewiesen, 24 Stunden",
        pt: "Recusados, 24 horas",
    }
    NONE_YET {
        en: "none yet",
        es: "aún ninguno",
        fr: "aucun pour l’instant",
        de: "noch keiner",
        pt: "nenhum ainda",
    }
    ACTIVATE {
        en: "Activate",
        es: "Activar",
        fr: "Activer",
        de: "Aktivieren",
        pt: "Ativar",
    }
    DEACTIVATE {
        en: "Deactivate",
        es: "Desactivar",
        fr: "Désactiver",
        de: "Deaktivieren",
        pt: "Desativar",
    }
    DEACTIVATE_QUESTION {
        en: "Deactivate this platform?",
        es: "¿Desactivar esta plataforma?",
        fr: "Désactiver cette plateforme ?",
        de: "Diese Plattform deaktivieren?",
        pt: "Desativar esta plataforma?",
    }
    DEACTIVATE_SAYS {
        en: "Its launches are refused at once, for every school behind it, and the sessions of people who are in end. Scores wait. Activating it brings everything back.",
        es: "Sus accesos se rechazan enseguida, para todos los centros que hay detrás, y terminan las sesiones de quienes están dentro. Las notas esperan. Al activarla vuelve todo.",
        fr: "Ses lancements sont refusés aussitôt, pour toutes les écoles derrière elle, et les sessions de ceux qui y sont prennent fin. Les notes attendent. L’activer rétablit tout.",
        de: "Starts von dort werden sofort abgelehnt, für alle Schulen dahinter, und die Sitzungen derer, die gerade darin sind, enden. Noten warten. Aktivieren stellt alles wieder her.",
        pt: "Os acessos dela são recusados na hora, para todas as escolas por trás dela, e as sessões de quem está dentro terminam. As notas esperam. Ativá-la traz tudo de volta.",
    }
    STOP_QUESTION {
        en: "Stop this deployment?",
        es: "¿Detener este despliegue?",
        fr: "Arrêter ce déploiement ?",
        de: "Dieses Deployment stoppen?",
        pt: "Parar esta implantação?",
    }
    STOP_SAYS {
        en: "A deployment is often a whole school. Its launches are refused at once, and the sessions of people who are in end. Scores wait. Allowing it brings everything back.",
        es: "Un despliegue suele ser un centro entero. Sus accesos se rechazan enseguida, y terminan las sesiones de quienes están dentro. Las notas esperan. Al permitirlo vuelve todo.",
        fr: "Un déploiement est souvent une école entière. Ses lancements sont refusés aussitôt, et les sessions de ceux qui y sont prennent fin. Les notes attendent. L’autoriser rétablit tout.",
        de: "Ein Deployment ist oft eine ganze Schule. Seine Starts werden sofort abgelehnt, und die Sitzungen derer, die gerade darin sind, enden. Noten warten. Erlauben stellt alles wieder her.",
        pt: "Uma implantação costuma ser uma escola inteira. Os acessos dela são recusados na hora, e as sessões de quem está dentro terminam. As notas esperam. Permiti-la traz tudo de volta.",
    }
    FORGET_QUESTION { en: "Forget this deployment?", es: "¿Olvidar este despliegue?", fr: "Oublier ce déploiement ?", de: "Dieses Deployment vergessen?", pt: "Esquecer esta implantação?" }
    FORGET_SAYS {
        en: "It leaves the list, and a later launch from it counts as the first: the rule for unknown deployments decides. Grades that are waiting wait until it is known again.",
        es: "Sale de la lista, y un acceso posterior desde él cuenta como el primero: decide la regla para los despliegues desconocidos. Las notas que esperan aguardan hasta que se conozca otra vez.",
        fr: "Il quitte la liste, et un lancement ultérieur depuis celui-ci compte comme le premier : la règle pour les déploiements inconnus décide. Les notes en attente attendent qu’il soit de nouveau connu.",
        de: "Es verschwindet aus der Liste, und ein späterer Start von dort gilt als der erste: Dann entscheidet die Regel für unbekannte Deployments. Wartende Noten warten, bis es wieder bekannt ist.",
        pt: "Ela sai da lista, e um acesso posterior dela conta como o primeiro: decide a regra para implantações desconhecidas. As notas em espera aguardam até que ela volte a ser conhecida.",
    }
    DECIDE {
        en: "Decide",
        es: "Decidir",
        fr: "Décider",
        de: "Entscheiden",
        pt: "Decidir",
    }
    TOTAL {
        en: "{number} in all",
        es: "{number} en total",
        fr: "{number} au total",
        de: "{number} insgesamt",
        pt: "{number} no total",
    }
    ALL_INACTIVE {
        en: "All that are not active",
        es: "Todas las que no están activas",
        fr: "Toutes celles qui ne sont pas actives",
        de: "Alle, die nicht aktiv sind",
        pt: "Todas as que não estão ativas",
    }
    EMPTY_TITLE {
        en: "No LMS is connected yet",
        es: "Aún no hay ningún LMS conectado",
        fr: "Aucun LMS n’est encore connecté",
        de: "Noch ist kein LMS verbunden",
        pt: "Ainda não há nenhum LMS conectado",
    }
    EMPTY_SAYS {
        en: "An LMS is where teachers and students come from: Moodle, Canvas, Brightspace and others. It takes one URL, pasted by its administrator, and about five minutes.",
        es: "Un LMS es de donde vienen los profesores y los estudiantes: Moodle, Canvas, Brightspace y otros. Basta una URL que pega quien lo administra, y unos cinco minutos.",
        fr: "Un LMS est l’endroit d’où viennent les enseignants et les élèves : Moodle, Canvas, Brightspace et d’autres. Il suffit d’une URL, collée par la personne qui l’administre, et d’environ cinq minutes.",
        de: "Ein LMS ist, woher Lehrkräfte und Lernende kommen: Moodle, Canvas, Brightspace und andere. Es braucht eine URL, die dessen Administrator einfügt, und etwa fünf Minuten.",
        pt: "Um LMS é de onde vêm os professores e os estudantes: Moodle, Canvas, Brightspace e outros. Basta uma URL, colada por quem o administra, e cerca de cinco minutos.",
    }
    NOTHING_FITS {
        en: "No platform fits.",
        es: "Ninguna plataforma coincide.",
        fr: "Aucune plateforme ne correspond.",
        de: "Keine Plattform passt.",
        pt: "Nenhuma plataforma corresponde.",
    }
    ACTIVATED {
        en: "{name} is active here. Its people can open the tool once it is on in the LMS, too.",
        es: "{name} está activa aquí. Sus usuarios pueden abrir la herramienta en cuanto esté activa también en el LMS.",
        fr: "{name} est active ici. Ses utilisateurs peuvent ouvrir l’outil dès qu’il est aussi activé dans le LMS.",
        de: "{name} ist hier aktiv. Ihre Leute können das Tool öffnen, sobald es auch im LMS eingeschaltet ist.",
        pt: "{name} está ativa aqui. Seus usuários podem abrir a ferramenta quando ela também estiver ativa no LMS.",
    }
    ACTIVE_AGAIN {
        en: "{name} is active again: its people can open the tool.",
        es: "{name} vuelve a estar activa: sus usuarios pueden abrir la herramienta.",
        fr: "{name} est de nouveau active : ses utilisateurs peuvent ouvrir l’outil.",
        de: "{name} ist wieder aktiv: Ihre Leute können das Tool öffnen.",
        pt: "{name} está ativa de novo: seus usuários podem abrir a ferramenta.",
    }
    DEACTIVATED_NOW {
        en: "{name} is deactivated: its people see a page that says so.",
        es: "{name} está desactivada: sus usuarios ven una página que lo indica.",
        fr: "{name} est désactivée : ses utilisateurs voient une page qui le dit.",
        de: "{name} ist deaktiviert: Ihre Leute sehen eine Seite, die das sagt.",
        pt: "{name} está desativada: seus usuários veem uma página que informa isso.",
    }
    OVERVIEW {
        en: "Overview",
        es: "Resumen",
        fr: "Aperçu",
        de: "Überblick",
        pt: "Visão geral",
    }
    REGISTRATION {
        en: "Registration",
        es: "Registro",
        fr: "Enregistrement",
        de: "Registrierung",
        pt: "Registro",
    }
    DEPLOYMENTS {
        en: "Deployments",
        es: "Despliegues",
        fr: "Déploiements",
        de: "Deployments",
        pt: "Implantações",
    }
    KEYS {
        en: "Keys",
        es: "Claves",
        fr: "Clés",
        de: "Schlüssel",
        pt: "Chaves",
    }
    RULES {
        en: "Settings",
        es: "Ajustes",
        fr: "Réglages",
        de: "Einstellungen",
        pt: "Configurações",
    }
    BLOCKED {
        en: "Blocked people",
        es: "Personas bloqueadas",
        fr: "Personnes bloquées",
        de: "Gesperrte Personen",
        pt: "Pessoas bloqueadas",
    }
    LAUNCHES {
        en: "Launches",
        es: "Accesos",
        fr: "Lancements",
        de: "Starts",
        pt: "Acessos",
    }
    LAST_DAY {
        en: "Last 24 hours",
        es: "Últimas 24 horas",
        fr: "Dernières 24 heures",
        de: "Letzte 24 Stunden",
        pt: "Últimas 24 horas",
    }
    WHY_REFUSED {
        en: "Why launches were refused",
        es: "Por qué se rechazaron accesos",
        fr: "Pourquoi des lancements ont été refusés",
        de: "Warum Starts abgewiesen wurden",
        pt: "Por que acessos foram recusados",
    }
    NOTHING_REFUSED {
        en: "Nothing was refused.",
        es: "No se ha rechazado nada.",
        fr: "Rien n’a été refusé.",
        de: "Nichts wurde abgewiesen.",
        pt: "Nada foi recusado.",
    }
    LATEST {
        en: "Latest launches",
        es: "Últimos accesos",
        fr: "Derniers lancements",
        de: "Letzte Starts",
        pt: "Últimos acessos",
    }
    NO_LAUNCHES {
        en: "No attempt of it is kept.",
        es: "No se conserva ningún intento suyo.",
        fr: "Aucun de ses essais n’est conservé.",
        de: "Von ihr ist kein Versuch aufgehoben.",
        pt: "Nenhuma tentativa dela está guardada.",
    }
    NO_SUCH_LAUNCHES {
        en: "No attempt that is kept came to this.",
        es: "Ningún intento conservado terminó así.",
        fr: "Aucun essai conservé ne s’est terminé ainsi.",
        de: "Kein aufgehobener Versuch ging so aus.",
        pt: "Nenhuma tentativa guardada terminou assim.",
    }
    ADDED {
        en: "added",
        es: "añadida",
        fr: "ajoutée",
        de: "hinzugefügt",
        pt: "adicionada",
    }
    HEALTH {
        en: "Health",
        es: "Salud",
        fr: "Santé",
        de: "Zustand",
        pt: "Saúde",
    }
    THEIR_KEYS {
        en: "Its keys",
        es: "Claves del LMS",
        fr: "Clés du LMS",
        de: "Schlüssel des LMS",
        pt: "Chaves do LMS",
    }
    OUR_KEY {
        en: "Our key",
        es: "Nuestra clave",
        fr: "Notre clé",
        de: "Unser Schlüssel",
        pt: "Nossa chave",
    }
    KEY_SIGNS {
        en: "Signs",
        es: "Firma",
        fr: "Signe",
        de: "Signiert",
        pt: "Assina",
    }
    KEY_CHANGING {
        en: "Changing",
        es: "Cambiando",
        fr: "En changement",
        de: "Wechselt gerade",
        pt: "Mudando",
    }
    FRAMES {
        en: "Frames",
        es: "Marcos",
        fr: "Cadres",
        de: "Rahmen",
        pt: "Molduras",
    }
    FOR_SUPPORT {
        en: "For support",
        es: "Para el servicio de asistencia",
        fr: "Pour l’assistance",
        de: "Für den Support",
        pt: "Para o suporte",
    }
    CLIENT_ID {
        en: "Client id",
        es: "Id de cliente",
        fr: "Identifiant client",
        de: "Client-ID",
        pt: "Id do cliente",
    }
    PLATFORM_ID {
        en: "Platform id, in your application's data",
        es: "Id de plataforma, en los datos de su aplicación",
        fr: "Identifiant de la plateforme, dans les données de votre application",
        de: "Plattform-ID, in den Daten Ihrer Anwendung",
        pt: "Id da plataforma, nos dados do seu aplicativo",
    }
    SWITCH_OFF {
        en: "Switch off",
        es: "Desconectar",
        fr: "Mettre hors service",
        de: "Abschalten",
        pt: "Desligar",
    }
    SWITCH_OFF_SAYS {
        en: "Deactivated, its people meet a page that says so. Nothing is lost, grades wait.",
        es: "Desactivada, sus usuarios encuentran una página que lo indica. No se pierde nada, las notas esperan.",
        fr: "Désactivée, ses utilisateurs trouvent une page qui le dit. Rien n’est perdu, les notes attendent.",
        de: "Deaktiviert sehen Ihre Leute eine Seite, die das sagt. Nichts geht verloren, Noten warten.",
        pt: "Desativada, seus usuários encontram uma página que informa isso. Nada se perde, as notas esperam.",
    }
    IS_OFF_SAYS {
        en: "Its people meet a page that says so. Activate it, or delete it for good.",
        es: "Sus usuarios encuentran una página que lo indica. Actívela o elimínela para siempre.",
        fr: "Ses utilisateurs trouvent une page qui le dit. Activez-la, ou supprimez-la définitivement.",
        de: "Ihre Leute sehen eine Seite, die das sagt. Aktivieren Sie sie, oder löschen Sie sie endgültig.",
        pt: "Seus usuários encontram uma página que informa isso. Ative-a ou exclua-a de vez.",
    }
    IS_OFF {
        en: "It is switched off",
        es: "Está desconectada",
        fr: "Elle est hors service",
        de: "Sie ist abgeschaltet",
        pt: "Ela está desligada",
    }
    DELETE {
        en: "Delete…",
        es: "Eliminar…",
        fr: "Supprimer…",
        de: "Löschen…",
        pt: "Excluir…",
    }
    DELETE_QUESTION {
        en: "Delete {name}?",
        es: "¿Eliminar {name}?",
        fr: "Supprimer {name} ?",
        de: "{name} löschen?",
        pt: "Excluir {name}?",
    }
    DELETE_SAYS {
        en: "Its people can't open {tool} any more. To come back, it has to be registered again, and your application sees it as another platform.",
        es: "Sus usuarios ya no podrán abrir {tool}. Para volver, hay que registrarla de nuevo, y su aplicación la verá como otra plataforma.",
        fr: "Ses utilisateurs ne pourront plus ouvrir {tool}. Pour revenir, elle devra être enregistrée à nouveau, et votre application la verra comme une autre plateforme.",
        de: "Ihre Leute können {tool} nicht mehr öffnen. Um zurückzukommen, muss sie neu registriert werden, und Ihre Anwendung sieht sie als andere Plattform.",
        pt: "Seus usuários não poderão mais abrir {tool}. Para voltar, ela precisa ser registrada de novo, e o seu aplicativo a verá como outra plataforma.",
    }
    DELETE_GOES {
        en: "What goes along, for good:",
        es: "Lo que se pierde para siempre:",
        fr: "Ce qui disparaît définitivement :",
        de: "Was damit endgültig verschwindet:",
        pt: "O que se perde para sempre:",
    }
    DELETE_DEPLOYMENTS {
        en: "Deployments: {number}",
        es: "Despliegues: {number}",
        fr: "Déploiements : {number}",
        de: "Deployments dort: {number}",
        pt: "Implantações: {number}",
    }
    DELETE_KEYS {
        en: "Our keys for it, and its own rules",
        es: "Nuestras claves para ella y sus propias reglas",
        fr: "Nos clés pour elle et ses propres règles",
        de: "Unsere Schlüssel für sie und ihre eigenen Regeln",
        pt: "Nossas chaves para ela e suas próprias regras",
    }
    DELETE_LAUNCHES {
        en: "Its stored launches: people who are in the tool now have to open it again",
        es: "Sus accesos guardados: quienes estén ahora en la herramienta tendrán que abrirla de nuevo",
        fr: "Ses lancements enregistrés : les personnes qui sont dans l’outil devront l’ouvrir de nouveau",
        de: "Ihre gespeicherten Starts: Wer gerade im Tool ist, muss es neu öffnen",
        pt: "Seus acessos guardados: quem está agora na ferramenta terá que abri-la de novo",
    }
    DELETE_UNDELIVERED {
        en: "Grades that have not reached the LMS yet: {number}",
        es: "Notas que aún no han llegado al LMS: {number}",
        fr: "Notes qui ne sont pas encore arrivées dans le LMS : {number}",
        de: "Noten, die noch nicht im LMS angekommen sind: {number}",
        pt: "Notas que ainda não chegaram ao LMS: {number}",
    }
    DELETE_RATHER {
        en: "To stop launches only, deactivate it: nothing is lost then.",
        es: "Para detener solo los accesos, desactívela: así no se pierde nada.",
        fr: "Pour arrêter seulement les lancements, désactivez-la : rien n’est alors perdu.",
        de: "Um nur die Starts zu stoppen, deaktivieren Sie sie: Dann geht nichts verloren.",
        pt: "Para parar apenas os acessos, desative-a: assim nada se perde.",
    }
    DELETE_TYPE {
        en: "Type its name, so that we know you mean this one",
        es: "Escriba su nombre, para que sepamos que se refiere a esta",
        fr: "Saisissez son nom, pour que nous sachions que c’est bien elle",
        de: "Geben Sie ihren Namen ein, damit klar ist, dass Sie diese meinen",
        pt: "Digite o nome dela, para sabermos que é esta mesmo",
    }
    DELETE_NAMED {
        en: "Delete {name}",
        es: "Eliminar {name}",
        fr: "Supprimer {name}",
        de: "{name} löschen",
        pt: "Excluir {name}",
    }
    DELETE_OTHER_NAME {
        en: "That is not its name. Nothing was deleted.",
        es: "Ese no es su nombre. No se ha eliminado nada.",
        fr: "Ce n’est pas son nom. Rien n’a été supprimé.",
        de: "Das ist nicht ihr Name. Es wurde nichts gelöscht.",
        pt: "Esse não é o nome dela. Nada foi excluído.",
    }
    DELETE_OTHER_NUMBER {
        en: "Meanwhile another number of grades waits. Nothing was deleted: look again.",
        es: "Entretanto esperan más o menos notas. No se ha eliminado nada: vuelva a mirar.",
        fr: "Entre-temps, le nombre de notes en attente a changé. Rien n’a été supprimé : vérifiez de nouveau.",
        de: "Inzwischen wartet eine andere Zahl von Noten. Es wurde nichts gelöscht: Sehen Sie noch einmal hin.",
        pt: "Enquanto isso, mudou o número de notas em espera. Nada foi excluído: confira de novo.",
    }
    DELETED {
        en: "{name} is deleted.",
        es: "{name} se ha eliminado.",
        fr: "{name} est supprimée.",
        de: "{name} ist gelöscht.",
        pt: "{name} foi excluída.",
    }
    DEPLOYMENTS_SAY {
        en: "A deployment is one installation of the tool in the LMS, often one school.",
        es: "Un despliegue es una instalación de la herramienta en el LMS, a menudo un centro.",
        fr: "Un déploiement est une installation de l’outil dans le LMS, souvent une école.",
        de: "Ein Deployment ist eine Installation des Tools im LMS, oft eine Schule.",
        pt: "Uma implantação é uma instalação da ferramenta no LMS, muitas vezes uma escola.",
    }
    DEPLOYMENT {
        en: "Deployment",
        es: "Despliegue",
        fr: "Déploiement",
        de: "Deployment",
        pt: "Implantação",
    }
    FIRST_SEEN {
        en: "First seen",
        es: "Visto por primera vez",
        fr: "Vu la première fois",
        de: "Zuerst gesehen",
        pt: "Visto pela primeira vez",
    }
    ALLOW {
        en: "Allow",
        es: "Permitir",
        fr: "Autoriser",
        de: "Erlauben",
        pt: "Permitir",
    }
    STOP {
        en: "Stop",
        es: "Detener",
        fr: "Arrêter",
        de: "Stoppen",
        pt: "Parar",
    }
    FORGET {
        en: "Forget",
        es: "Olvidar",
        fr: "Oublier",
        de: "Vergessen",
        pt: "Esquecer",
    }
    ALLOWED {
        en: "Allowed",
        es: "Permitido",
        fr: "Autorisé",
        de: "Erlaubt",
        pt: "Permitida",
    }
    STOPPED {
        en: "Stopped",
        es: "Detenido",
        fr: "Arrêté",
        de: "Gestoppt",
        pt: "Parada",
    }
    KNOWN {
        en: "Known",
        es: "Conocidos",
        fr: "Connus",
        de: "Bekannt",
        pt: "Conhecidas",
    }
    ALLOW_IF {
        en: "Allow it if you have an agreement with that school.",
        es: "Permítalo si tiene un acuerdo con ese centro.",
        fr: "Autorisez-le si vous avez un accord avec cette école.",
        de: "Erlauben Sie es, wenn Sie mit dieser Schule eine Vereinbarung haben.",
        pt: "Permita se tiver um acordo com essa escola.",
    }
    NO_DEPLOYMENTS {
        en: "None was seen yet. The first launch brings one.",
        es: "Aún no se ha visto ninguno. El primer acceso traerá uno.",
        fr: "Aucun n’a encore été vu. Le premier lancement en amène un.",
        de: "Noch wurde keines gesehen. Der erste Start bringt eines mit.",
        pt: "Nenhuma foi vista ainda. O primeiro acesso traz uma.",
    }
    ENTER_DEPLOYMENT {
        en: "Enter one by hand",
        es: "Introducir uno a mano",
        fr: "En saisir un à la main",
        de: "Eines von Hand eintragen",
        pt: "Inserir uma à mão",
    }
    DEPLOYMENT_ID {
        en: "Deployment id",
        es: "Id del despliegue",
        fr: "Identifiant du déploiement",
        de: "Deployment-ID",
        pt: "Id da implantação",
    }
    ENTER {
        en: "Enter",
        es: "Introducir",
        fr: "Saisir",
        de: "Eintragen",
        pt: "Inserir",
    }
    DEPLOYMENT_KNOWN {
        en: "{id} is known already: it is in the list.",
        es: "{id} ya se conoce: está en la lista.",
        fr: "{id} est déjà connu : il est dans la liste.",
        de: "{id} ist schon bekannt: Es steht in der Liste.",
        pt: "{id} já é conhecida: está na lista.",
    }
    DEPLOYMENT_ALLOWED {
        en: "Deployment {id} may launch now.",
        es: "El despliegue {id} ya puede acceder.",
        fr: "Le déploiement {id} peut maintenant lancer l’outil.",
        de: "Deployment {id} darf jetzt starten.",
        pt: "A implantação {id} já pode acessar.",
    }
    DEPLOYMENT_STOPPED {
        en: "Deployment {id} is stopped.",
        es: "El despliegue {id} está detenido.",
        fr: "Le déploiement {id} est arrêté.",
        de: "Deployment {id} ist gestoppt.",
        pt: "A implantação {id} está parada.",
    }
    DEPLOYMENT_FORGOTTEN {
        en: "Deployment {id} is forgotten.",
        es: "El despliegue {id} se ha olvidado.",
        fr: "Le déploiement {id} est oublié.",
        de: "Deployment {id} ist vergessen.",
        pt: "A implantação {id} foi esquecida.",
    }
    NEW_DEPLOYMENT {
        en: "A deployment seen for the first time",
        es: "Un despliegue que se ve por primera vez",
        fr: "Un déploiement vu pour la première fois",
        de: "Ein zum ersten Mal gesehenes Deployment",
        pt: "Uma implantação vista pela primeira vez",
    }
    NEW_SHARED {
        en: "Waits for you, as schools share this LMS's client id",
        es: "Espera su decisión, pues los centros comparten el id de cliente de este LMS",
        fr: "Attend votre décision, car les écoles partagent l’identifiant client de ce LMS",
        de: "Wartet auf Sie, weil sich Schulen die Client-ID dieses LMS teilen",
        pt: "Aguarda você, pois as escolas compartilham o id do cliente deste LMS",
    }
    NEW_AUTO {
        en: "Is let in",
        es: "Se admite",
        fr: "Est accepté",
        de: "Wird eingelassen",
        pt: "É aceita",
    }
    NEW_PENDING {
        en: "Waits for you",
        es: "Espera su decisión",
        fr: "Attend votre décision",
        de: "Wartet auf Sie",
        pt: "Aguarda você",
    }
    NEW_REJECT {
        en: "Is refused",
        es: "Se rechaza",
        fr: "Est refusé",
        de: "Wird abgewiesen",
        pt: "É recusada",
    }
    SAVED {
        en: "The settings of {name} are saved.",
        es: "Los ajustes de {name} se han guardado.",
        fr: "Les réglages de {name} sont enregistrés.",
        de: "Die Einstellungen von {name} sind gespeichert.",
        pt: "As configurações de {name} foram salvas.",
    }
    ABOUT_IT {
        en: "The platform",
        es: "La plataforma",
        fr: "La plateforme",
        de: "Die Plattform",
        pt: "A plataforma",
    }
    ABOUT_SAYS {
        en: "As the LMS gives them. Launches fail if one is wrong.",
        es: "Tal como los da el LMS. Los accesos fallan si alguno es incorrecto.",
        fr: "Tels que le LMS les donne. Les lancements échouent si l’un est faux.",
        de: "So, wie das LMS sie angibt. Starts schlagen fehl, wenn etwas nicht stimmt.",
        pt: "Como o LMS os fornece. Os acessos falham se algum estiver errado.",
    }
    ISSUER {
        en: "Issuer (iss)",
        es: "Emisor (iss)",
        fr: "Émetteur (iss)",
        de: "Aussteller (iss)",
        pt: "Emissor (iss)",
    }
    ISSUER_HELP {
        en: "The address by which the LMS names itself. Copy it from the LMS, letter by letter.",
        es: "La dirección con la que el LMS se nombra a sí mismo. Cópiela del LMS, letra por letra.",
        fr: "L’adresse par laquelle le LMS se nomme lui-même. Copiez-la depuis le LMS, lettre par lettre.",
        de: "Die Adresse, mit der sich das LMS selbst nennt. Übernehmen Sie sie Zeichen für Zeichen aus dem LMS.",
        pt: "O endereço pelo qual o LMS se identifica. Copie-o do LMS, letra por letra.",
    }
    ISSUER_IS_NO_ADDRESS {
        en: "Look at the issuer once more: it is no address, as nearly every issuer is, and it has to be as its tokens have it.",
        es: "Revise el emisor: no es una dirección, como lo es casi siempre, y debe ser como aparece en sus tokens.",
        fr: "Vérifiez l’émetteur : ce n’est pas une adresse, comme presque toujours, et il doit être comme dans ses jetons.",
        de: "Prüfen Sie den Aussteller: Er ist keine Adresse, wie es fast jeder ist, und muss so lauten wie in den Tokens.",
        pt: "Confira o emissor: ele não é um endereço, como quase sempre é, e precisa ser como nos tokens dela.",
    }
    SLASH_BEHIND_ISSUER {
        en: "Look at the issuer once more: it ends with a slash, which few do, and it has to be as its tokens have it.",
        es: "Revise el emisor: termina en una barra, lo que es raro, y debe ser como aparece en sus tokens.",
        fr: "Vérifiez l’émetteur : il se termine par une barre oblique, ce qui est rare, et il doit être comme dans ses jetons.",
        de: "Prüfen Sie den Aussteller: Er endet mit einem Schrägstrich, was selten ist, und muss so lauten wie in den Tokens.",
        pt: "Confira o emissor: ele termina com uma barra, o que é raro, e precisa ser como nos tokens dela.",
    }
    BLANK_IN_CLIENT_ID {
        en: "Look at the client id once more: it holds a blank, which few do.",
        es: "Revise el id de cliente: contiene un espacio, lo que es raro.",
        fr: "Vérifiez l’identifiant client : il contient une espace, ce qui est rare.",
        de: "Prüfen Sie die Client-ID: Sie enthält ein Leerzeichen, was selten ist.",
        pt: "Confira o id do cliente: ele contém um espaço, o que é raro.",
    }
    AUTHENTICATION {
        en: "Authentication endpoint",
        es: "Dirección de autenticación",
        fr: "Adresse d’authentification",
        de: "Adresse für die Anmeldung",
        pt: "Endereço de autenticação",
    }
    TOKENS {
        en: "Access token endpoint",
        es: "Dirección de los tokens de acceso",
        fr: "Adresse des jetons d’accès",
        de: "Adresse für Zugangstokens",
        pt: "Endereço dos tokens de acesso",
    }
    AUDIENCE {
        en: "Audience of token requests",
        es: "Audiencia de las solicitudes de token",
        fr: "Audience des demandes de jeton",
        de: "Empfänger der Token-Anfragen",
        pt: "Audiência das solicitações de token",
    }
    AUDIENCE_HELP {
        en: "Only if it isn't the access token endpoint.",
        es: "Solo si no es la dirección de los tokens de acceso.",
        fr: "Seulement si ce n’est pas l’adresse des jetons d’accès.",
        de: "Nur wenn es nicht die Adresse für Zugangstokens ist.",
        pt: "Somente se não for o endereço dos tokens de acesso.",
    }
    KEY_METHOD {
        en: "Its public keys",
        es: "Sus claves públicas",
        fr: "Ses clés publiques",
        de: "Ihre öffentlichen Schlüssel",
        pt: "As chaves públicas dela",
    }
    BY_KEY_SET {
        en: "at an address (key set)",
        es: "en una dirección (conjunto de claves)",
        fr: "à une adresse (jeu de clés)",
        de: "unter einer Adresse (Schlüsselsatz)",
        pt: "em um endereço (conjunto de chaves)",
    }
    BY_JWK {
        en: "one key as JSON (JWK)",
        es: "una clave como JSON (JWK)",
        fr: "une clé en JSON (JWK)",
        de: "ein Schlüssel als JSON (JWK)",
        pt: "uma chave como JSON (JWK)",
    }
    BY_PEM {
        en: "one key as PEM",
        es: "una clave como PEM",
        fr: "une clé en PEM",
        de: "ein Schlüssel als PEM",
        pt: "uma chave como PEM",
    }
    KEY_VALUE {
        en: "Address of the key set, or the key itself",
        es: "Dirección del conjunto de claves, o la propia clave",
        fr: "Adresse du jeu de clés, ou la clé elle-même",
        de: "Adresse des Schlüsselsatzes, oder der Schlüssel selbst",
        pt: "Endereço do conjunto de chaves, ou a própria chave",
    }
    KEY_DELIVERY {
        en: "Our public key",
        es: "Nuestra clave pública",
        fr: "Notre clé publique",
        de: "Unser öffentlicher Schlüssel",
        pt: "Nossa chave pública",
    }
    DELIVERY_URL {
        en: "It reads our key set by itself",
        es: "Lee nuestro conjunto de claves por sí misma",
        fr: "Elle lit elle-même notre jeu de clés",
        de: "Sie liest unseren Schlüsselsatz selbst",
        pt: "Ela lê o nosso conjunto de chaves sozinha",
    }
    DELIVERY_PASTED {
        en: "Its administrator pasted it there",
        es: "Su administrador la pegó allí",
        fr: "Son administrateur l’y a collée",
        de: "Ihr Administrator hat ihn dort eingefügt",
        pt: "O administrador dela a colou lá",
    }
    LAUNCH_RULES {
        en: "Launches",
        es: "Accesos",
        fr: "Lancements",
        de: "Starts",
        pt: "Acessos",
    }
    LAUNCH_RULES_SAY {
        en: "What isn't set here is as in the tool's settings.",
        es: "Lo que no se fija aquí es como en los ajustes de la herramienta.",
        fr: "Ce qui n’est pas fixé ici est comme dans les réglages de l’outil.",
        de: "Was hier nicht gesetzt ist, gilt wie in den Einstellungen des Tools.",
        pt: "O que não é definido aqui segue as configurações da ferramenta.",
    }
    LEEWAY {
        en: "Its clock may be off by, in seconds",
        es: "El reloj del LMS puede desviarse, en segundos",
        fr: "L’horloge du LMS peut s’écarter de, en secondes",
        de: "Die Uhr des LMS darf falsch gehen, in Sekunden",
        pt: "O relógio do LMS pode desviar, em segundos",
    }
    MAX_AGE {
        en: "A token may be old, in seconds",
        es: "Un token puede tener una antigüedad, en segundos, de",
        fr: "Un jeton peut être vieux de, en secondes",
        de: "Ein Token darf alt sein, in Sekunden",
        pt: "Um token pode ter idade, em segundos",
    }
    ANONYMOUS {
        en: "Launches without a person",
        es: "Accesos sin persona",
        fr: "Lancements sans personne",
        de: "Starts ohne Person",
        pt: "Acessos sem pessoa",
    }
    DO_ALLOW {
        en: "allow",
        es: "permitir",
        fr: "autoriser",
        de: "erlauben",
        pt: "permitir",
    }
    DO_REFUSE {
        en: "refuse",
        es: "rechazar",
        fr: "refuser",
        de: "abweisen",
        pt: "recusar",
    }
    CHOOSING {
        en: "Who may choose content",
        es: "Quién puede elegir contenido",
        fr: "Qui peut choisir du contenu",
        de: "Wer Inhalte wählen darf",
        pt: "Quem pode escolher conteúdo",
    }
    BY_ANYONE {
        en: "anyone",
        es: "cualquiera",
        fr: "tout le monde",
        de: "alle",
        pt: "qualquer pessoa",
    }
    BY_STAFF {
        en: "teachers and staff",
        es: "profesores y personal",
        fr: "enseignants et personnel",
        de: "Lehrkräfte und Personal",
        pt: "professores e equipe",
    }
    FURTHER_ORIGINS {
        en: "Further origins, one a line",
        es: "Otros orígenes, uno por línea",
        fr: "Autres origines, une par ligne",
        de: "Weitere Ursprünge, einer je Zeile",
        pt: "Outras origens, uma por linha",
    }
    ORIGINS_HELP {
        en: "Which pages may show ours inside them. Known already: {known}.",
        es: "Qué páginas pueden mostrar las nuestras dentro. Ya conocidas: {known}.",
        fr: "Quelles pages peuvent afficher les nôtres. Déjà connues : {known}.",
        de: "Welche Seiten unsere in sich zeigen dürfen. Schon bekannt: {known}.",
        pt: "Quais páginas podem mostrar as nossas. Já conhecidas: {known}.",
    }
    ALGORITHMS {
        en: "It may sign with (none ticked: the tool's setting applies)",
        es: "Puede firmar con (ninguna marcada: vale el ajuste de la herramienta)",
        fr: "Elle peut signer avec (aucune case cochée : le réglage de l’outil s’applique)",
        de: "Sie darf signieren mit (keines angekreuzt: Einstellung des Tools)",
        pt: "Ela pode assinar com (nenhuma marcada: vale a configuração da ferramenta)",
    }
    BLOCKED_SAYS {
        en: "Their launches are refused, and what your application had of them can't be read any more.",
        es: "Sus accesos se rechazan y lo que su aplicación tenía de ellas ya no se puede leer.",
        fr: "Leurs lancements sont refusés, et ce que votre application avait d’elles n’est plus lisible.",
        de: "Ihre Starts werden abgewiesen, und was Ihre Anwendung von ihnen hatte, ist nicht mehr lesbar.",
        pt: "Os acessos delas são recusados, e o que o seu aplicativo tinha delas não pode mais ser lido.",
    }
    NOBODY_BLOCKED {
        en: "Nobody is blocked.",
        es: "No hay nadie bloqueado.",
        fr: "Personne n’est bloqué.",
        de: "Niemand ist gesperrt.",
        pt: "Ninguém está bloqueado.",
    }
    BLOCKED_NUMBER {
        en: "Blocked: {number}",
        es: "Bloqueadas: {number}",
        fr: "Bloquées : {number}",
        de: "Gesperrt: {number}",
        pt: "Bloqueadas: {number}",
    }
    USER_ID {
        en: "User id, as your application has it",
        es: "Id de usuario, como lo tiene su aplicación",
        fr: "Identifiant d’utilisateur, tel que votre application le connaît",
        de: "Nutzer-ID, wie Ihre Anwendung sie hat",
        pt: "Id de usuário, como o seu aplicativo o tem",
    }
    USER_ID_SAYS {
        en: "The LMS’s own id for the person, never their name or address; Deliveries shows it beside each grade. Your application’s developers know it as user.id.",
        es: "El id que el propio LMS da a la persona, nunca su nombre ni su correo; Entregas lo muestra junto a cada nota. Quienes desarrollan su aplicación lo conocen como user.id.",
        fr: "L’identifiant que le LMS lui-même donne à la personne, jamais son nom ni son adresse ; Envois le montre à côté de chaque note. L’équipe qui développe votre application le connaît sous le nom de user.id.",
        de: "Die ID, die das LMS selbst der Person gibt, nie ihr Name oder ihre Adresse; unter Zustellungen steht sie neben jeder Note. Wer Ihre Anwendung entwickelt, kennt sie als user.id.",
        pt: "O id que o próprio LMS dá à pessoa, nunca o nome nem o e-mail; Entregas o mostra ao lado de cada nota. Quem desenvolve seu aplicativo o conhece como user.id.",
    }
    BLOCK {
        en: "Block",
        es: "Bloquear",
        fr: "Bloquer",
        de: "Sperren",
        pt: "Bloquear",
    }
    UNBLOCK {
        en: "Let in again",
        es: "Volver a admitir",
        fr: "Admettre à nouveau",
        de: "Wieder einlassen",
        pt: "Admitir de novo",
    }
    PERSON_BLOCKED {
        en: "The person is blocked.",
        es: "La persona está bloqueada.",
        fr: "La personne est bloquée.",
        de: "Die Person ist gesperrt.",
        pt: "A pessoa está bloqueada.",
    }
    NOBODY_SEEN_BLOCKED {
        en: "This id is blocked, but nobody with it has launched from this platform this month. Check it: a name or an e-mail address blocks nobody, only the id that the LMS sends.",
        es: "Este id está bloqueado, pero nadie con él ha accedido desde esta plataforma este mes. Compruébelo: un nombre o un correo no bloquea a nadie, solo el id que envía el LMS.",
        fr: "Cet identifiant est bloqué, mais aucun lancement avec lui n’est venu de cette plateforme ce mois-ci. Vérifiez-le : un nom ou une adresse e-mail ne bloque personne, seul l’identifiant que le LMS envoie le fait.",
        de: "Diese ID ist gesperrt, aber mit ihr kam in diesem Monat niemand von dieser Plattform. Prüfen Sie sie: Ein Name oder eine E-Mail-Adresse sperrt niemanden, nur die ID, die das LMS sendet.",
        pt: "Este id está bloqueado, mas ninguém com ele acessou a partir desta plataforma neste mês. Confira: um nome ou e-mail não bloqueia ninguém, só o id que o LMS envia.",
    }
    PERSON_UNBLOCKED {
        en: "The person is let in again.",
        es: "La persona vuelve a tener acceso.",
        fr: "La personne est à nouveau admise.",
        de: "Die Person wird wieder eingelassen.",
        pt: "A pessoa pode entrar de novo.",
    }
    OUR_KEYS_SAY {
        en: "Signs what Hallpass sends to this LMS: grades, rosters, chosen content. Launches don't need it.",
        es: "Firma lo que Hallpass envía a este LMS: notas, listas, contenido elegido. Los accesos no la necesitan.",
        fr: "Signe ce que Hallpass envoie à ce LMS : notes, listes, contenus choisis. Les lancements n’en ont pas besoin.",
        de: "Signiert, was Hallpass an dieses LMS schickt: Noten, Teilnehmerlisten, gewählte Inhalte. Starts brauchen ihn nicht.",
        pt: "Assina o que o Hallpass envia a este LMS: notas, listas, conteúdo escolhido. Os acessos não precisam dela.",
    }
    KEY {
        en: "Key id",
        es: "Id de clave",
        fr: "Id de clé",
        de: "Schlüssel-ID",
        pt: "Id da chave",
    }
    SIGNS_FROM {
        en: "Signs from",
        es: "Firma desde",
        fr: "Signe à partir du",
        de: "Signiert ab",
        pt: "Assina a partir de",
    }
    PUBLISHED_UNTIL {
        en: "Published until",
        es: "Publicada hasta",
        fr: "Publiée jusqu’au",
        de: "Veröffentlicht bis",
        pt: "Publicada até",
    }
    KEY_NEXT {
        en: "Published, signs later",
        es: "Publicada, firma más tarde",
        fr: "Publiée, signera plus tard",
        de: "Veröffentlicht, signiert später",
        pt: "Publicada, assina mais tarde",
    }
    KEY_RETIRING {
        en: "Signs no longer",
        es: "Ya no firma",
        fr: "Ne signe plus",
        de: "Signiert nicht mehr",
        pt: "Não assina mais",
    }
    ROTATE_TITLE {
        en: "Change our key from time to time",
        es: "Cambiar nuestra clave de vez en cuando",
        fr: "Changer notre clé de temps en temps",
        de: "Unseren Schlüssel ab und zu wechseln",
        pt: "Trocar nossa chave de vez em quando",
    }
    ROTATE_SAYS {
        en: "A new key is published at once and signs after {hours} hours. Nobody notices.",
        es: "Una clave nueva se publica enseguida y firma al cabo de {hours} horas. Nadie lo nota.",
        fr: "Une nouvelle clé est publiée aussitôt et signe après {hours} heures. Personne ne le remarque.",
        de: "Ein neuer Schlüssel wird sofort veröffentlicht und signiert nach {hours} Stunden. Niemand merkt es.",
        pt: "Uma nova chave é publicada na hora e assina depois de {hours} horas. Ninguém percebe.",
    }
    ROTATE {
        en: "Rotate",
        es: "Rotar",
        fr: "Renouveler",
        de: "Wechseln",
        pt: "Rotacionar",
    }
    STOLEN_TITLE {
        en: "If our key was stolen",
        es: "Si nos robaron la clave",
        fr: "Si notre clé a été volée",
        de: "Falls unser Schlüssel gestohlen wurde",
        pt: "Se nossa chave foi roubada",
    }
    STOLEN_SAYS {
        en: "The old key ends at once. Grades and rosters may fail for up to an hour; launches go on. If our key was pasted there, paste the new one.",
        es: "La clave antigua termina enseguida. Las notas y las listas pueden fallar hasta una hora; los accesos continúan. Si nuestra clave se pegó allí, pegue la nueva.",
        fr: "L’ancienne clé prend fin aussitôt. Les notes et les listes peuvent échouer pendant une heure au plus ; les lancements continuent. Si notre clé y a été collée, collez la nouvelle.",
        de: "Der alte Schlüssel endet sofort. Noten und Teilnehmerlisten können bis zu einer Stunde fehlschlagen; Starts gehen weiter. Wurde unser Schlüssel dort eingefügt, fügen Sie den neuen ein.",
        pt: "A chave antiga termina na hora. Notas e listas podem falhar por até uma hora; os acessos continuam. Se a nossa chave foi colada lá, cole a nova.",
    }
    EMERGENCY_QUESTION {
        en: "Change our key at once?",
        es: "¿Cambiar nuestra clave enseguida?",
        fr: "Changer notre clé tout de suite ?",
        de: "Unseren Schlüssel sofort wechseln?",
        pt: "Trocar a nossa chave na hora?",
    }
    EMERGENCY {
        en: "Emergency rotation",
        es: "Rotación de emergencia",
        fr: "Renouvellement d’urgence",
        de: "Notfallwechsel",
        pt: "Rotação de emergência",
    }
    ROTATED {
        en: "A new key is made for {name}.",
        es: "Se ha creado una clave nueva para {name}.",
        fr: "Une nouvelle clé est créée pour {name}.",
        de: "Für {name} ist ein neuer Schlüssel gemacht.",
        pt: "Uma nova chave foi criada para {name}.",
    }
    ITS_KEY {
        en: "Its key",
        es: "Su clave",
        fr: "Sa clé",
        de: "Sein Schlüssel",
        pt: "A chave dela",
    }
    KEY_SET {
        en: "Key set",
        es: "Conjunto de claves",
        fr: "Jeu de clés",
        de: "Schlüsselsatz",
        pt: "Conjunto de chaves",
    }
    THEIR_KEYS_SAY {
        en: "Read from the LMS, checked with each launch. Nothing to do here unless it fails.",
        es: "Se leen del LMS y se comprueban en cada acceso. Aquí no hay nada que hacer, salvo que falle.",
        fr: "Lues dans le LMS, vérifiées à chaque lancement. Rien à faire ici, sauf en cas d’échec.",
        de: "Vom LMS gelesen, bei jedem Start geprüft. Hier ist nichts zu tun, außer es schlägt fehl.",
        pt: "Lidas do LMS, verificadas a cada acesso. Nada a fazer aqui, a menos que falhe.",
    }
    OURS_TITLE {
        en: "What its administrator may ask for",
        es: "Lo que puede pedir su administrador",
        fr: "Ce que son administrateur peut demander",
        de: "Wonach ihr Administrator fragen kann",
        pt: "O que o administrador dela pode pedir",
    }
    THEIRS_TITLE {
        en: "The LMS's values",
        es: "Los valores del LMS",
        fr: "Les valeurs du LMS",
        de: "Die Werte des LMS",
        pt: "Os valores do LMS",
    }
    PEM {
        en: "Public key as PEM",
        es: "Clave pública como PEM",
        fr: "Clé publique en PEM",
        de: "Öffentlicher Schlüssel als PEM",
        pt: "Chave pública como PEM",
    }
    THEIR_COPY {
        en: "What the LMS has stored of us",
        es: "Lo que el LMS ha guardado de nosotros",
        fr: "Ce que le LMS a enregistré de nous",
        de: "Was das LMS über uns gespeichert hat",
        pt: "O que o LMS guardou sobre nós",
    }
    COPY_IS_OURS {
        en: "It is what we would send today.",
        es: "Es lo que enviaríamos hoy.",
        fr: "C’est ce que nous enverrions aujourd’hui.",
        de: "Es ist das, was wir heute senden würden.",
        pt: "É o que enviaríamos hoje.",
    }
    COPY_DIFFERS {
        en: "It differs from what we would send today. What the LMS added isn't listed.",
        es: "Difiere de lo que enviaríamos hoy. Lo que añadió el LMS no figura.",
        fr: "Elle diffère de ce que nous enverrions aujourd’hui. Ce que le LMS a ajouté ne figure pas.",
        de: "Es weicht von dem ab, was wir heute senden würden. Was das LMS hinzugefügt hat, steht nicht da.",
        pt: "Difere do que enviaríamos hoje. O que o LMS acrescentou não aparece.",
    }
    MEMBER {
        en: "Member",
        es: "Miembro",
        fr: "Membre",
        de: "Angabe",
        pt: "Campo",
    }
    WE_ASK {
        en: "We ask",
        es: "Pedimos",
        fr: "Nous demandons",
        de: "Wir bitten um",
        pt: "Pedimos",
    }
    LMS_HAS {
        en: "The LMS has",
        es: "El LMS tiene",
        fr: "Le LMS a",
        de: "Das LMS hat",
        pt: "O LMS tem",
    }
    LMS_HAS_NONE {
        en: "nothing of the kind",
        es: "nada de eso",
        fr: "rien de tel",
        de: "nichts dergleichen",
        pt: "nada disso",
    }
    NOT_COMPARED {
        en: "It can't be compared with what we ask: what this LMS takes was not kept, or is nothing that we have.",
        es: "No se puede comparar con lo que pedimos: no se guardó lo que este LMS acepta, o no es nada que tengamos.",
        fr: "Elle ne peut pas être comparée à ce que nous demandons : ce que ce LMS accepte n’a pas été gardé, ou nous n’avons rien de tel.",
        de: "Es lässt sich nicht mit dem vergleichen, worum wir bitten: Was dieses LMS annimmt, wurde nicht behalten oder ist nichts, was wir haben.",
        pt: "Não pode ser comparada com o que pedimos: o que este LMS aceita não foi guardado, ou não é nada que tenhamos.",
    }
    WHOLE_COPY {
        en: "The whole copy",
        es: "La copia entera",
        fr: "La copie entière",
        de: "Die ganze Kopie",
        pt: "A cópia inteira",
    }
    READ_COPY {
        en: "Read its copy",
        es: "Leer su copia",
        fr: "Lire sa copie",
        de: "Ihre Kopie lesen",
        pt: "Ler a cópia dela",
    }
    SEND_OURS {
        en: "Send ours",
        es: "Enviar la nuestra",
        fr: "Envoyer la nôtre",
        de: "Unsere senden",
        pt: "Enviar a nossa",
    }
    COPY_SENT {
        en: "Our settings were sent to {name}.",
        es: "Nuestros ajustes se han enviado a {name}.",
        fr: "Nos réglages ont été envoyés à {name}.",
        de: "Unsere Einstellungen wurden an {name} gesendet.",
        pt: "Nossas configurações foram enviadas a {name}.",
    }
    NOT_MANAGEABLE {
        en: "This LMS has no address for that: it was entered by hand, or doesn't offer it. Changes are made there by hand.",
        es: "Este LMS no tiene una dirección para ello: se introdujo a mano o no lo ofrece. Los cambios se hacen allí a mano.",
        fr: "Ce LMS n’a pas d’adresse pour cela : il a été saisi à la main, ou ne le propose pas. Les changements s’y font à la main.",
        de: "Dieses LMS hat dafür keine Adresse: Es wurde von Hand eingetragen oder bietet es nicht an. Änderungen werden dort von Hand gemacht.",
        pt: "Este LMS não tem um endereço para isso: foi inserido à mão ou não oferece essa função. As alterações são feitas lá à mão.",
    }
    GRANTS {
        en: "It grants",
        es: "Concede",
        fr: "Elle accorde",
        de: "Sie gewährt",
        pt: "Ela concede",
    }
    AS_THEY_NAME {
        en: "As the LMS names them",
        es: "Como los llama el LMS",
        fr: "Comme le LMS les nomme",
        de: "Wie das LMS sie nennt",
        pt: "Como o LMS os chama",
    }
    VERSION {
        en: "Version",
        es: "Versión",
        fr: "Version",
        de: "Version",
        pt: "Versão",
    }
    QUEUE_TITLE {
        en: "Waiting for you",
        es: "Pendiente de usted",
        fr: "En attente de vous",
        de: "Wartet auf Sie",
        pt: "À sua espera",
    }
    QUEUE_SAYS {
        en: "Who wants to open {tool}, with the facts to decide by.",
        es: "Quién quiere abrir {tool}, con los datos para decidir.",
        fr: "Qui veut ouvrir {tool}, avec les faits pour décider.",
        de: "Wer {tool} öffnen möchte, mit den Fakten für Ihre Entscheidung.",
        pt: "Quem quer abrir {tool}, com os dados para decidir.",
    }
    MORE_WAIT {
        en: "More wait. They show up as you decide on these.",
        es: "Hay más en espera. Aparecen a medida que decide sobre estos.",
        fr: "D’autres attendent. Ils apparaissent à mesure que vous décidez de ceux-ci.",
        de: "Es warten noch mehr. Sie erscheinen, sobald Sie über diese entschieden haben.",
        pt: "Há mais em espera. Eles aparecem conforme você decide sobre estes.",
    }
    QUEUE_EMPTY_TITLE {
        en: "Nothing waits",
        es: "No hay nada en espera",
        fr: "Rien n’attend",
        de: "Nichts wartet",
        pt: "Nada aguarda",
    }
    QUEUE_EMPTY_SAYS {
        en: "New registrations and deployments show up here.",
        es: "Aquí aparecen los registros y despliegues nuevos.",
        fr: "Les nouveaux enregistrements et déploiements apparaissent ici.",
        de: "Neue Registrierungen und Deployments erscheinen hier.",
        pt: "Novos registros e implantações aparecem aqui.",
    }
    REGISTRATIONS {
        en: "Registrations to approve",
        es: "Registros por aprobar",
        fr: "Enregistrements à approuver",
        de: "Zu genehmigende Registrierungen",
        pt: "Registros a aprovar",
    }
    REGISTERED_WAITING {
        en: "Registered, not active yet",
        es: "Registradas, aún no activas",
        fr: "Enregistrées, pas encore actives",
        de: "Registriert, noch nicht aktiv",
        pt: "Registradas, ainda não ativas",
    }
    APPROVE {
        en: "Approve",
        es: "Aprobar",
        fr: "Approuver",
        de: "Genehmigen",
        pt: "Aprovar",
    }
    APPROVED {
        en: "{name} is registered.",
        es: "{name} está registrada.",
        fr: "{name} est enregistrée.",
        de: "{name} ist registriert.",
        pt: "{name} está registrada.",
    }
    APPROVAL_GONE {
        en: "This registration no longer waits: it was decided, or it took too long.",
        es: "Este registro ya no espera: se decidió o tardó demasiado.",
        fr: "Cet enregistrement n’attend plus : il a été décidé, ou il a trop attendu.",
        de: "Diese Registrierung wartet nicht mehr: Sie wurde entschieden oder hat zu lange gewartet.",
        pt: "Este registro não aguarda mais: foi decidido ou demorou demais.",
    }
    ASKS_TO {
        en: "It will be asked for",
        es: "Se le pedirá",
        fr: "Il lui sera demandé",
        de: "Sie wird gebeten um",
        pt: "Ela será solicitada a",
    }
    SAME_ISSUER {
        en: "Registered already with this issuer: {number}",
        es: "Ya registradas con este emisor: {number}",
        fr: "Déjà enregistrées avec cet émetteur : {number}",
        de: "Mit diesem Aussteller schon registriert: {number}",
        pt: "Já registradas com este emissor: {number}",
    }
    BY_INVITATION {
        en: "by invitation",
        es: "por invitación",
        fr: "sur invitation",
        de: "auf Einladung",
        pt: "por convite",
    }
    BY_ANYBODYS_URL {
        en: "by the open link",
        es: "por el enlace abierto",
        fr: "par le lien ouvert",
        de: "über den offenen Link",
        pt: "pelo link aberto",
    }
    FORGETS_BY_ITSELF {
        en: "Unless it is approved, it is forgotten an hour after it came.",
        es: "Si no se aprueba, se olvida una hora después de llegar.",
        fr: "S’il n’est pas approuvé, il est oublié une heure après son arrivée.",
        de: "Wird sie nicht genehmigt, ist sie eine Stunde nach ihrem Eingang vergessen.",
        pt: "Se não for aprovado, é esquecido uma hora depois de chegar.",
    }
    LOOK {
        en: "Look",
        es: "Ver",
        fr: "Voir",
        de: "Ansehen",
        pt: "Ver",
    }
    DO_REFUSE_BUTTON {
        en: "Refuse",
        es: "Rechazar",
        fr: "Refuser",
        de: "Abweisen",
        pt: "Recusar",
    }
    PLATFORM_NAME {
        en: "What it is called here",
        es: "Cómo se llama aquí",
        fr: "Comment elle s’appelle ici",
        de: "Wie sie hier heißt",
        pt: "Como ela se chama aqui",
    }
    WORKS_TODAY {
        en: "{name} works today. With another issuer or client id its launches stop. If these belong to another LMS, connect that one as a platform of its own.",
        es: "{name} funciona hoy. Con otro emisor u otro id de cliente sus accesos dejan de funcionar. Si son de otro LMS, conéctelo como plataforma aparte.",
        fr: "{name} fonctionne aujourd’hui. Avec un autre émetteur ou identifiant client, ses lancements s’arrêtent. S’ils sont ceux d’un autre LMS, connectez-le comme une plateforme à part.",
        de: "{name} funktioniert heute. Mit anderem Aussteller oder anderer Client-ID enden ihre Starts. Gehören sie zu einem anderen LMS, verbinden Sie es als eigene Plattform.",
        pt: "{name} funciona hoje. Com outro emissor ou id do cliente os acessos dela param. Se forem de outro LMS, conecte-o como uma plataforma própria.",
    }
    CHANGE_ANYWAY {
        en: "Save them anyway: the LMS itself has changed",
        es: "Guardarlos de todos modos: el propio LMS ha cambiado",
        fr: "Les enregistrer quand même : le LMS lui-même a changé",
        de: "Trotzdem speichern: Das LMS selbst hat sich geändert",
        pt: "Salvá-los mesmo assim: o próprio LMS mudou",
    }
    CHANGED_SINCE {
        en: "These settings have changed since you opened this page. Open it again to see them as they are now. Saving again replaces that change.",
        es: "Estos ajustes han cambiado desde que abrió esta página. Ábrala de nuevo para verlos como están ahora. Si guarda otra vez, ese cambio se reemplaza.",
        fr: "Ces réglages ont changé depuis que vous avez ouvert cette page. Rouvrez-la pour les voir tels qu’ils sont maintenant. Enregistrer à nouveau remplace ce changement.",
        de: "Diese Einstellungen haben sich geändert, seit Sie diese Seite geöffnet haben. Öffnen Sie sie erneut, um sie zu sehen, wie sie jetzt sind. Erneutes Speichern ersetzt diese Änderung.",
        pt: "Estas configurações mudaram desde que você abriu esta página. Abra-a de novo para vê-las como estão agora. Salvar outra vez substitui essa mudança.",
    }
    CHANGED_MEANWHILE {
        en: "Nothing was changed: the settings of {name} were changed by someone else at the same moment. Look at them, and try again if it is still needed.",
        es: "No se ha cambiado nada: otra persona cambió los ajustes de {name} en el mismo momento. Revíselos y vuelva a intentarlo si todavía hace falta.",
        fr: "Rien n’a été modifié : quelqu’un d’autre a modifié les réglages de {name} au même moment. Vérifiez-les, puis réessayez si c’est encore nécessaire.",
        de: "Es wurde nichts geändert: Im selben Moment hat jemand anders die Einstellungen von {name} geändert. Sehen Sie sie an, und versuchen Sie es erneut, falls es noch nötig ist.",
        pt: "Nada foi mudado: outra pessoa mudou as configurações de {name} no mesmo momento. Confira-as e tente de novo se ainda for preciso.",
    }
    CLIENT_ID_SET {
        en: "The client id of {name} is {id} now.",
        es: "El id de cliente de {name} es ahora {id}.",
        fr: "L’identifiant client de {name} est maintenant {id}.",
        de: "Die Client-ID von {name} ist jetzt {id}.",
        pt: "O id do cliente de {name} agora é {id}.",
    }
    LEEWAY_SET {
        en: "The clock of {name} may be off by {seconds} seconds now.",
        es: "El reloj de {name} ya puede desviarse {seconds} segundos.",
        fr: "L’horloge de {name} peut maintenant s’écarter de {seconds} secondes.",
        de: "Die Uhr von {name} darf jetzt {seconds} Sekunden falsch gehen.",
        pt: "O relógio de {name} agora pode desviar {seconds} segundos.",
    }
    ORIGIN_ADDED {
        en: "Pages of {origin} may show those of {name} now.",
        es: "Las páginas de {origin} ya pueden mostrar las de {name}.",
        fr: "Les pages de {origin} peuvent maintenant afficher celles de {name}.",
        de: "Seiten von {origin} dürfen jetzt die von {name} zeigen.",
        pt: "As páginas de {origin} agora podem mostrar as de {name}.",
    }
    CHECK_NOW { en: "Check now", es: "Comprobar ahora", fr: "Vérifier maintenant", de: "Jetzt prüfen", pt: "Verificar agora" }
    WHAT_A_CHECK_DOES { en: "What a check does", es: "Qué hace la comprobación", fr: "Ce que fait la vérification", de: "Was eine Prüfung tut", pt: "O que a verificação faz" }
    CHECK_AGAIN { en: "Check again", es: "Comprobar otra vez", fr: "Vérifier à nouveau", de: "Noch einmal prüfen", pt: "Verificar de novo" }
    CHECK_SAYS {
        en: "Looks at its keys and its addresses from this server, as launches and grades need them.",
        es: "Mira sus claves y sus direcciones desde este servidor, como las necesitan los accesos y las notas.",
        fr: "Examine ses clés et ses adresses depuis ce serveur, comme en ont besoin les lancements et les notes.",
        de: "Sieht sich von diesem Server aus ihre Schlüssel und Adressen an, wie Starts und Noten sie brauchen.",
        pt: "Olha suas chaves e seus endereços a partir deste servidor, como os acessos e as notas precisam.",
    }
    CHECKED { en: "What was found", es: "Lo que se ha encontrado", fr: "Ce qui a été trouvé", de: "Was gefunden wurde", pt: "O que foi encontrado" }
    COPY_REPORT { en: "Copy the report", es: "Copiar el informe", fr: "Copier le rapport", de: "Bericht kopieren", pt: "Copiar o relatório" }
    FOUND_RIGHT { en: "fine", es: "bien", fr: "bon", de: "gut", pt: "certo" }
    FOUND_ODD { en: "odd", es: "raro", fr: "étrange", de: "seltsam", pt: "estranho" }
    FOUND_WRONG { en: "wrong", es: "mal", fr: "faux", de: "falsch", pt: "errado" }
    FETCH_KEYS { en: "Fetch its keys now", es: "Obtener ahora las claves del LMS", fr: "Récupérer maintenant les clés du LMS", de: "Schlüssel des LMS jetzt holen", pt: "Buscar agora as chaves do LMS" }
    KEYS_FETCHED {
        en: "Usable keys of {name}: {number}. They count from now on.",
        es: "Claves utilizables de {name}: {number}. Valen desde ahora.",
        fr: "Clés utilisables de {name} : {number}. Elles comptent désormais.",
        de: "Brauchbare Schlüssel von {name}: {number}. Sie gelten ab jetzt.",
        pt: "Chaves utilizáveis de {name}: {number}. Elas valem a partir de agora.",
    }
    KEY_STILL_MISSING {
        en: "The keys of {name} were fetched, but the launch's key isn't among them. The address of the keys is probably wrong.",
        es: "Se han obtenido las claves de {name}, pero la del acceso no está entre ellas. La dirección de las claves probablemente es incorrecta.",
        fr: "Les clés de {name} ont été récupérées, mais celle du lancement n’en fait pas partie. L’adresse des clés est probablement fausse.",
        de: "Die Schlüssel von {name} wurden geholt, aber der des Starts ist nicht darunter. Die Adresse der Schlüssel ist wahrscheinlich falsch.",
        pt: "As chaves de {name} foram buscadas, mas a do acesso não está entre elas. O endereço das chaves provavelmente está errado.",
    }
}
