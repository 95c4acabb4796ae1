//! The portal's first page.

use super::texts;

texts! {
    TITLE { en: "Home", es: "Inicio", fr: "Accueil", de: "Übersicht", pt: "Início" }
    STEPS_TITLE { en: "Four steps to the first launch", es: "Cuatro pasos hasta el primer acceso", fr: "Quatre étapes jusqu’au premier lancement", de: "Vier Schritte bis zum ersten Start", pt: "Quatro passos até o primeiro acesso" }
    STEPS_SAY {
        en: "The first step is ticked once an address is saved, the others when Hallpass has seen them happen. Leave and come back whenever you like.",
        es: "El primer paso se marca al guardar una dirección; los demás, cuando Hallpass los ha visto. Salga y vuelva cuando quiera.",
        fr: "La première étape est cochée dès qu’une adresse est enregistrée, les autres quand Hallpass les a vues. Quittez et revenez quand vous voulez.",
        de: "Der erste Schritt ist abgehakt, sobald eine Adresse gespeichert ist, die anderen, sobald Hallpass sie gesehen hat. Gehen und kommen Sie, wann Sie wollen.",
        pt: "O primeiro passo é marcado quando um endereço é salvo; os outros, quando o Hallpass os viu acontecer. Saia e volte quando quiser.",
    }
    DONE { en: "done", es: "hecho", fr: "fait", de: "erledigt", pt: "feito" }

    STEP_URL { en: "Say where your application is", es: "Indique dónde está su aplicación", fr: "Indiquez où se trouve votre application", de: "Sagen, wo Ihre Anwendung ist", pt: "Diga onde está seu aplicativo" }
    STEP_URL_SAYS {
        en: "The page of your application, not the school's site or the LMS: Hallpass sends each person there with ?ltik=… added. The people who build or host the application know it. To look around without one, run hallpass demo.",
        es: "La página de su aplicación, no el sitio del centro ni el LMS: Hallpass envía allí a cada persona, con ?ltik=… añadido. La conocen quienes crean o alojan la aplicación. Para probar sin ninguna, ejecute hallpass demo.",
        fr: "La page de votre application, pas le site de l’école ni le LMS : Hallpass y envoie chaque personne, avec ?ltik=… en plus. Les personnes qui développent ou hébergent l’application la connaissent. Pour essayer sans elle, lancez hallpass demo.",
        de: "Die Seite Ihrer Anwendung, nicht die der Schule oder des LMS: Dorthin schickt Hallpass jede Person, mit ?ltik=… am Ende. Wer die Anwendung entwickelt oder betreibt, kennt sie. Zum Ausprobieren ohne Anwendung gibt es hallpass demo.",
        pt: "A página do seu aplicativo, não o site da escola nem o LMS: o Hallpass envia cada pessoa para lá, com ?ltik=… acrescentado. Quem desenvolve ou hospeda o aplicativo a conhece. Para experimentar sem um, execute hallpass demo.",
    }
    URL { en: "Launch URL", es: "URL de acceso", fr: "URL de lancement", de: "Start-Adresse", pt: "URL de acesso" }
    SAVE { en: "Save", es: "Guardar", fr: "Enregistrer", de: "Speichern", pt: "Salvar" }
    SAVED { en: "Launches go there from now on.", es: "Los accesos van allí desde ahora.", fr: "Les lancements y vont désormais.", de: "Starts führen ab jetzt dorthin.", pt: "Os acessos vão para lá a partir de agora." }
    STEP_LMS { en: "Connect an LMS", es: "Conecte un LMS", fr: "Connectez un LMS", de: "Ein LMS verbinden", pt: "Conecte um LMS" }
    STEP_LMS_SAYS {
        en: "Choose yours: its steps are there, in its own words.",
        es: "Elija el suyo: allí están sus pasos, en sus propias palabras.",
        fr: "Choisissez le vôtre : ses étapes y sont, dans ses propres mots.",
        de: "Wählen Sie Ihres: Dort stehen seine Schritte, in seinen eigenen Worten.",
        pt: "Escolha o seu: lá estão os passos, nas palavras dele.",
    }
    STEP_LMS_URL {
        en: "Or paste this address where the LMS registers tools by URL.",
        es: "O pegue esta dirección donde el LMS registra herramientas por URL.",
        fr: "Ou collez cette adresse là où le LMS enregistre les outils par URL.",
        de: "Oder fügen Sie diese Adresse dort ein, wo das LMS Tools per URL registriert.",
        pt: "Ou cole este endereço onde o LMS registra ferramentas por URL.",
    }
    STEP_NAME {
        en: "Teachers read “{name}” in their LMS. Give your tool its own name first: connected LMSs keep the old one.",
        es: "Los docentes leen “{name}” en su LMS. Dele antes a su herramienta su propio nombre: los LMS conectados conservan el antiguo.",
        fr: "Les enseignants lisent « {name} » dans leur LMS. Donnez d’abord à votre outil son propre nom : les LMS connectés gardent l’ancien.",
        de: "Lehrkräfte lesen „{name}“ in ihrem LMS. Geben Sie Ihrem Tool zuerst seinen eigenen Namen: Verbundene LMS behalten den alten.",
        pt: "Os professores leem “{name}” no LMS deles. Dê antes à sua ferramenta o próprio nome: os LMSs conectados mantêm o antigo.",
    }
    STEP_NAME_LINK { en: "Name the tool", es: "Poner nombre a la herramienta", fr: "Nommer l’outil", de: "Dem Tool einen Namen geben", pt: "Dar nome à ferramenta" }
    STEP_ACTIVATE { en: "Activate it", es: "Actívelo", fr: "Activez-le", de: "Es aktivieren", pt: "Ative-o" }
    STEP_ACTIVATE_SAYS {
        en: "Nobody can open your application from there before you say so. It waits here, with one click.",
        es: "Nadie puede abrir su aplicación desde allí antes de que usted lo diga. Espera aquí, a un clic.",
        fr: "Personne ne peut ouvrir votre application de là avant votre accord. Il attend ici, en un clic.",
        de: "Niemand kann Ihre Anwendung von dort öffnen, bevor Sie es sagen. Es wartet hier, mit einem Klick.",
        pt: "Ninguém pode abrir seu aplicativo de lá antes que você diga. Ele espera aqui, com um clique.",
    }
    STEP_ACTIVATE_AT_ONCE {
        en: "Your settings activate it as soon as it has registered.",
        es: "Sus ajustes lo activan en cuanto se registra.",
        fr: "Vos réglages l’activent dès qu’il s’est enregistré.",
        de: "Ihre Einstellungen aktivieren es, sobald es sich registriert hat.",
        pt: "Suas configurações o ativam assim que ele se registra.",
    }
    STEP_LAUNCH { en: "See the first launch", es: "Vea el primer acceso", fr: "Voyez le premier lancement", de: "Den ersten Start sehen", pt: "Veja o primeiro acesso" }
    STEP_LAUNCH_SAYS {
        en: "Open the tool from a course. It shows up here at once, refused or not, with the reason.",
        es: "Abra la herramienta desde un curso. Aparece aquí enseguida, rechazada o no, con el motivo.",
        fr: "Ouvrez l’outil depuis un cours. Il apparaît ici aussitôt, refusé ou non, avec la raison.",
        de: "Öffnen Sie das Tool aus einem Kurs. Es erscheint hier sofort, abgewiesen oder nicht, mit dem Grund.",
        pt: "Abra a ferramenta em um curso. Ela aparece aqui na hora, recusada ou não, com o motivo.",
    }
    NEXT_TITLE {
        en: "The first launch was seen. What comes next?",
        es: "Se vio el primer acceso. ¿Qué viene después?",
        fr: "Le premier lancement a été vu. Et ensuite ?",
        de: "Der erste Start ist gelungen. Wie geht es weiter?",
        pt: "O primeiro acesso foi visto. O que vem agora?",
    }
    NEXT_SAYS {
        en: "Next, let your application send a grade: grades sent in the background are listed under Deliveries. Connect another LMS, or let colleagues in. This note goes a week after the first launch.",
        es: "Ahora, haga que su aplicación envíe una nota: las que se envían en segundo plano figuran en Entregas. Conecte otro LMS, o dé acceso a sus compañeros. Este aviso desaparece una semana después del primer acceso.",
        fr: "Ensuite, faites envoyer une note par votre application : celles envoyées en arrière-plan figurent dans Envois. Connectez un autre LMS, ou donnez accès à vos collègues. Cet avis disparaît une semaine après le premier lancement.",
        de: "Lassen Sie Ihre Anwendung als Nächstes eine Note senden: Im Hintergrund gesendete stehen unter Zustellungen. Verbinden Sie ein weiteres LMS oder laden Sie Kolleginnen und Kollegen ein. Dieser Hinweis verschwindet eine Woche nach dem ersten Start.",
        pt: "Agora, faça seu aplicativo enviar uma nota: as enviadas em segundo plano aparecem em Entregas. Conecte outro LMS, ou dê acesso a colegas. Este aviso some uma semana depois do primeiro acesso.",
    }
    COPY { en: "Copy", es: "Copiar", fr: "Copier", de: "Kopieren", pt: "Copiar" }
    COPIED { en: "Copied", es: "Copiado", fr: "Copié", de: "Kopiert", pt: "Copiado" }
    WAITING_SAYS { en: "Nobody can open the tool there until you decide", es: "Nadie puede abrir allí la herramienta hasta que usted decida", fr: "Personne ne peut y ouvrir l’outil avant votre décision", de: "Dort kann niemand das Tool öffnen, bis Sie entscheiden", pt: "Ninguém pode abrir a ferramenta lá até você decidir" }
    ALL_WAITING { en: "All that wait", es: "Todo lo pendiente", fr: "Tout ce qui attend", de: "Alles, was wartet", pt: "Tudo o que espera" }
    TRIED { en: "tried {when}", es: "lo intentó {when}", fr: "a essayé {when}", de: "versucht: {when}", pt: "tentou {when}" }
    DEPLOYMENT { en: "Deployment {id}", es: "Despliegue {id}", fr: "Déploiement {id}", de: "Deployment: {id}", pt: "Implantação {id}" }
    ACTIVATE { en: "Activate", es: "Activar", fr: "Activer", de: "Aktivieren", pt: "Ativar" }
    ALLOW { en: "Allow", es: "Permitir", fr: "Autoriser", de: "Erlauben", pt: "Permitir" }
    REFUSE { en: "Refuse", es: "Rechazar", fr: "Refuser", de: "Ablehnen", pt: "Recusar" }
    ACTIVATED { en: "{name} is activated. Its launches are taken from now on.", es: "{name} está activada. Sus accesos se aceptan desde ahora.", fr: "{name} est activée. Ses lancements sont acceptés désormais.", de: "{name} ist aktiviert. Starts von dort werden ab jetzt angenommen.", pt: "{name} está ativada. Seus acessos são aceitos a partir de agora." }
    REFUSED {
        en: "{name} is refused: it stays deactivated, and its launches refused, until someone activates it.",
        es: "{name} está rechazada: queda desactivada y sus accesos se rechazan hasta que alguien la active.",
        fr: "{name} est refusée : elle reste désactivée, et ses lancements refusés, jusqu’à son activation.",
        de: "{name} ist abgelehnt: Es bleibt deaktiviert, und Starts von dort werden abgewiesen, bis es jemand aktiviert.",
        pt: "{name} foi recusada: fica desativada, e seus acessos recusados, até que alguém a ative.",
    }
    ALLOWED { en: "The deployment of {name} is allowed.", es: "El despliegue de {name} está permitido.", fr: "Le déploiement de {name} est autorisé.", de: "Das Deployment von {name} ist erlaubt.", pt: "A implantação de {name} está permitida." }
    DISALLOWED {
        en: "The deployment of {name} is refused: it is stopped until someone allows it.",
        es: "El despliegue de {name} está rechazado: queda detenido hasta que alguien lo permita.",
        fr: "Le déploiement de {name} est refusé : il est arrêté jusqu’à ce que quelqu’un l’autorise.",
        de: "Das Deployment von {name} ist abgelehnt: Es ist gestoppt, bis es jemand erlaubt.",
        pt: "A implantação de {name} foi recusada: fica parada até que alguém a permita.",
    }
    DAY { en: "Last 24 hours", es: "Últimas 24 horas", fr: "Dernières 24 heures", de: "Letzte 24 Stunden", pt: "Últimas 24 horas" }
    LAUNCHES { en: "Launches", es: "Accesos", fr: "Lancements", de: "Starts", pt: "Acessos" }
    FAILED { en: "Refused", es: "Rechazados", fr: "Refusés", de: "Abgewiesen", pt: "Recusados" }
    SHARE { en: "{percent} % of attempts", es: "{percent} % de los intentos", fr: "{percent} % des tentatives", de: "{percent} % der Versuche", pt: "{percent} % das tentativas" }
    BY_HOUR { en: "Launches an hour: highest {most}", es: "Accesos por hora: máximo {most}", fr: "Lancements par heure : maximum {most}", de: "Starts in der Stunde: höchstens {most}", pt: "Acessos por hora: máximo {most}" }
    FAILED_BY_HOUR { en: "Refused an hour: highest {most}", es: "Rechazados por hora: máximo {most}", fr: "Refusés par heure : maximum {most}", de: "Abgewiesen in der Stunde: höchstens {most}", pt: "Recusados por hora: máximo {most}" }
    AS_A_TABLE { en: "As a table", es: "Como tabla", fr: "En tableau", de: "Als Tabelle", pt: "Como tabela" }
    HOUR { en: "Hour (UTC)", es: "Hora (UTC)", fr: "Heure (UTC)", de: "Stunde (UTC)", pt: "Hora (UTC)" }
    WORST { en: "What goes wrong", es: "Lo que falla", fr: "Ce qui échoue", de: "Was schiefgeht", pt: "O que dá errado" }
    WORST_NOTHING { en: "Nothing went wrong.", es: "No ha fallado nada.", fr: "Rien n’a échoué.", de: "Nichts ging schief.", pt: "Nada deu errado." }
    LAST_ONE { en: "the last one {when}", es: "la última vez {when}", fr: "la dernière fois {when}", de: "zuletzt {when}", pt: "a última vez {when}" }
    HEALTH { en: "Health", es: "Salud", fr: "Santé", de: "Zustand", pt: "Saúde" }
    DATABASE { en: "Database", es: "Base de datos", fr: "Base de données", de: "Datenbank", pt: "Banco de dados" }
    ANSWERS { en: "answers in {ms} ms", es: "responde en {ms} ms", fr: "répond en {ms} ms", de: "antwortet in {ms} ms", pt: "responde em {ms} ms" }
    WEBHOOKS { en: "Webhooks", es: "Webhooks", fr: "Webhooks", de: "Webhooks", pt: "Webhooks" }
    WEBHOOKS_FINE { en: "{number} in force", es: "{number} en vigor", fr: "{number} en service", de: "{number} in Betrieb", pt: "{number} em vigor" }
    WEBHOOKS_NONE { en: "none in force", es: "ninguno en vigor", fr: "aucun en service", de: "keine in Betrieb", pt: "nenhum em vigor" }
    WEBHOOKS_ENDED { en: "{number} ended after failures", es: "{number} desactivados por fallos", fr: "{number} arrêtés par des échecs", de: "{number} wegen Fehlern beendet", pt: "{number} encerrados por falhas" }
    SECOND_STEP { en: "Your second step", es: "Su segundo paso", fr: "Votre seconde étape", de: "Ihr zweiter Schritt", pt: "Sua segunda etapa" }
    IS_SET_UP { en: "set up", es: "configurado", fr: "configurée", de: "eingerichtet", pt: "configurada" }
    IS_MISSING { en: "not set up", es: "sin configurar", fr: "non configurée", de: "nicht eingerichtet", pt: "não configurada" }
    VERSION { en: "Version", es: "Versión", fr: "Version", de: "Version", pt: "Versão" }
    CHANGED { en: "Recent changes", es: "Cambios recientes", fr: "Changements récents", de: "Zuletzt geändert", pt: "Mudanças recentes" }
}
