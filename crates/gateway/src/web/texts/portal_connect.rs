//! What the portal says while an LMS is being connected.

use super::texts;

texts! {
    TITLE {
        en: "Connect an LMS",
        es: "Conectar un LMS",
        fr: "Connecter un LMS",
        de: "LMS verbinden",
        pt: "Conectar um LMS",
    }
    INTRO {
        en: "Which one is it? The steps are in that LMS's own words, with your addresses filled in.",
        es: "¿Cuál es? Los pasos usan las palabras de ese LMS, con sus direcciones ya puestas.",
        fr: "Lequel est-ce ? Les étapes utilisent les mots de ce LMS, avec vos adresses déjà remplies.",
        de: "Welches ist es? Die Schritte stehen in den Worten dieses LMS da, mit Ihren Adressen.",
        pt: "Qual é? Os passos usam as palavras desse LMS, com os seus endereços preenchidos.",
    }
    TITLE_ONE {
        en: "Connect {lms}",
        es: "Conectar {lms}",
        fr: "Connecter {lms}",
        de: "{lms} verbinden",
        pt: "Conectar {lms} agora",
    }
    TITLE_OTHER {
        en: "Connect another LMS",
        es: "Conectar otro LMS",
        fr: "Connecter un autre LMS",
        de: "Ein anderes LMS verbinden",
        pt: "Conectar outro LMS",
    }
    OTHER {
        en: "Another LMS",
        es: "Otro LMS",
        fr: "Un autre LMS",
        de: "Ein anderes LMS",
        pt: "Outro LMS",
    }
    WAY_URL {
        en: "Paste one URL, then switch it on",
        es: "Pegue una URL y actívela",
        fr: "Collez une URL, puis activez-la",
        de: "Eine URL einfügen, dann einschalten",
        pt: "Cole uma URL e depois ative",
    }
    WAY_HAND {
        en: "Exchange a few values",
        es: "Intercambie unos pocos valores",
        fr: "Échangez quelques valeurs",
        de: "Ein paar Werte austauschen",
        pt: "Troque alguns valores",
    }
    WAY_OTHER {
        en: "Any that has LTI 1.3, by URL or by hand",
        es: "Cualquiera con LTI 1.3, por URL o a mano",
        fr: "Tout LMS avec LTI 1.3, par URL ou à la main",
        de: "Jedes mit LTI 1.3, per URL oder von Hand",
        pt: "Qualquer um com LTI 1.3, por URL ou à mão",
    }
    MINUTES {
        en: "about {number} minutes",
        es: "unos {number} minutos",
        fr: "environ {number} minutes",
        de: "etwa {number} Minuten",
        pt: "cerca de {number} minutos",
    }
    ADMINISTRATOR {
        en: "You need to be an administrator of the LMS, or send the text below to one.",
        es: "Tiene que ser administrador del LMS, o enviarle a uno el texto de abajo.",
        fr: "Vous devez être administrateur du LMS, ou envoyer le texte ci-dessous à l’un d’eux.",
        de: "Sie müssen Administrator des LMS sein oder einem den Text unten schicken.",
        pt: "Você precisa ser administrador do LMS, ou enviar a um deles o texto abaixo.",
    }
    ADMINISTRATOR_ONLY {
        en: "You need to be an administrator of the LMS.",
        es: "Tiene que ser administrador del LMS.",
        fr: "Vous devez être administrateur du LMS.",
        de: "Sie müssen Administrator des LMS sein.",
        pt: "Você precisa ser administrador do LMS.",
    }
    STEPS {
        en: "Steps in the LMS",
        es: "Pasos en el LMS",
        fr: "Étapes dans le LMS",
        de: "Schritte im LMS",
        pt: "Passos no LMS",
    }
    STEP_COPY {
        en: "Copy this URL. Don't open it in a browser: the LMS has to.",
        es: "Copie esta URL. No la abra en un navegador: debe hacerlo el LMS.",
        fr: "Copiez cette URL. Ne l’ouvrez pas dans un navigateur : c’est au LMS de le faire.",
        de: "Kopieren Sie diese URL. Öffnen Sie sie nicht im Browser: Das muss das LMS tun.",
        pt: "Copie esta URL. Não a abra em um navegador: o LMS é quem deve abrir.",
    }
    STEP_PASTE {
        en: "Go to {path}. Paste it under “{field}” and press “{button}”.",
        es: "Vaya a {path}. Péguela en “{field}” y pulse “{button}”.",
        fr: "Allez dans {path}. Collez-la sous « {field} » et appuyez sur « {button} ».",
        de: "Gehen Sie zu {path}. Fügen Sie sie unter „{field}“ ein und drücken Sie „{button}“.",
        pt: "Vá para {path}. Cole-a em “{field}” e pressione “{button}”.",
    }
    STEP_CLOSE {
        en: "On the page that opens there, press “{button}”, unless it closes by itself.",
        es: "En la página que se abre allí, pulse “{button}”, salvo que se cierre sola.",
        fr: "Sur la page qui s’y ouvre, appuyez sur « {button} », sauf si elle se ferme toute seule.",
        de: "Drücken Sie auf der Seite, die sich dort öffnet, „{button}“, falls sie sich nicht selbst schließt.",
        pt: "Na página que se abre lá, pressione “{button}”, a menos que ela se feche sozinha.",
    }
    STEP_PRESS {
        en: "Press “{button}” for the tool when it shows up.",
        es: "Pulse “{button}” en la herramienta cuando aparezca.",
        fr: "Appuyez sur « {button} » pour l’outil quand il apparaît.",
        de: "Drücken Sie „{button}“ beim Tool, sobald es erscheint.",
        pt: "Pressione “{button}” na ferramenta quando ela aparecer.",
    }
    STEP_CARD {
        en: "Back in Moodle: press “{button}” on the tool's card.",
        es: "De vuelta en Moodle: pulse “{button}” en la ficha de la herramienta.",
        fr: "De retour dans Moodle : appuyez sur « {button} » sur la fiche de l’outil.",
        de: "Zurück in Moodle: Drücken Sie „{button}“ auf der Karte des Tools.",
        pt: "De volta ao Moodle: pressione “{button}” no cartão da ferramenta.",
    }
    STEP_SET {
        en: "In {path}, set “{field}” to “{value}” and save.",
        es: "En {path}, ponga “{field}” en “{value}” y guarde.",
        fr: "Dans {path}, réglez « {field} » sur « {value} » et enregistrez.",
        de: "Stellen Sie in {path} „{field}“ auf „{value}“ und speichern Sie.",
        pt: "Em {path}, defina “{field}” como “{value}” e salve.",
    }
    STEP_GO {
        en: "Go to {path} and press “{button}”.",
        es: "Vaya a {path} y pulse “{button}”.",
        fr: "Allez dans {path} et appuyez sur « {button} ».",
        de: "Gehen Sie zu {path} und drücken Sie „{button}“.",
        pt: "Vá para {path} e pressione “{button}”.",
    }
    STEP_NAME {
        en: "Go to {path}, give the tool a name, and press “{button}”.",
        es: "Vaya a {path}, dé un nombre a la herramienta y pulse “{button}”.",
        fr: "Allez dans {path}, donnez un nom à l’outil et appuyez sur « {button} ».",
        de: "Gehen Sie zu {path}, geben Sie dem Tool einen Namen und drücken Sie „{button}“.",
        pt: "Vá para {path}, dê um nome à ferramenta e pressione “{button}”.",
    }
    STEP_PASTE_THERE {
        en: "Press “{first}”, paste the URL there, and press “{button}”.",
        es: "Pulse “{first}”, pegue allí la URL y pulse “{button}”.",
        fr: "Appuyez sur « {first} », collez-y l’URL et appuyez sur « {button} ».",
        de: "Drücken Sie „{first}“, fügen Sie dort die URL ein und drücken Sie „{button}“.",
        pt: "Pressione “{first}”, cole lá a URL e pressione “{button}”.",
    }
    STEP_ALLOW {
        en: "Tick what the tool may do ({boxes}) and press “{button}”.",
        es: "Marque lo que la herramienta puede hacer ({boxes}) y pulse “{button}”.",
        fr: "Cochez ce que l’outil peut faire ({boxes}) et appuyez sur « {button} ».",
        de: "Kreuzen Sie an, was das Tool darf ({boxes}), und drücken Sie „{button}“.",
        pt: "Marque o que a ferramenta pode fazer ({boxes}) e pressione “{button}”.",
    }
    STEP_ENTER {
        en: "Enter these values there and save.",
        es: "Introduzca allí estos valores y guarde.",
        fr: "Saisissez-y ces valeurs et enregistrez.",
        de: "Tragen Sie dort diese Werte ein und speichern Sie.",
        pt: "Insira lá estes valores e salve.",
    }
    STEP_ENTER_BY_HAND {
        en: "In the LMS, enter these values in the tool that was configured there by hand, and save.",
        es: "En el LMS, introduzca estos valores en la herramienta configurada allí a mano y guarde.",
        fr: "Dans le LMS, saisissez ces valeurs dans l’outil qui y a été configuré à la main, et enregistrez.",
        de: "Tragen Sie diese Werte im LMS bei dem Tool ein, das dort von Hand eingerichtet wurde, und speichern Sie.",
        pt: "No LMS, insira estes valores na ferramenta configurada lá manualmente e salve.",
    }
    STEP_BACK {
        en: "In the portal, press “{form}” and copy the values that the LMS shows into the form.",
        es: "En el portal, pulse “{form}” y copie en el formulario los valores que muestra el LMS.",
        fr: "Dans le portail, appuyez sur « {form} » et copiez dans le formulaire les valeurs que le LMS affiche.",
        de: "Drücken Sie im Portal „{form}“ und übertragen Sie die Werte, die das LMS zeigt, in das Formular.",
        pt: "No portal, pressione “{form}” e copie para o formulário os valores que o LMS mostra.",
    }
    STEP_ACTIVATE_HERE {
        en: "Come back to this page. If “{seen}” has the button “{button}”, press it.",
        es: "Vuelva a esta página. Si “{seen}” tiene el botón “{button}”, púlselo.",
        fr: "Revenez sur cette page. Si « {seen} » a le bouton « {button} », appuyez dessus.",
        de: "Kommen Sie auf diese Seite zurück. Hat „{seen}“ den Knopf „{button}“, drücken Sie ihn.",
        pt: "Volte a esta página. Se “{seen}” tiver o botão “{button}”, pressione-o.",
    }
    STEP_OPEN {
        en: "Open the tool from a course: {path}. That is the launch we wait for.",
        es: "Abra la herramienta desde un curso: {path}. Ese es el acceso que esperamos.",
        fr: "Ouvrez l’outil depuis un cours : {path}. C’est le lancement que nous attendons.",
        de: "Öffnen Sie das Tool aus einem Kurs: {path}. Auf diesen Start warten wir.",
        pt: "Abra a ferramenta em um curso: {path}. Esse é o acesso que esperamos.",
    }
    STEP_GEAR {
        en: "Press the gear on the tool's card, set “{field}” to “{value}”, and save.",
        es: "Pulse el engranaje en la ficha de la herramienta, ponga “{field}” en “{value}” y guarde.",
        fr: "Appuyez sur l’engrenage de la fiche de l’outil, réglez « {field} » sur « {value} » et enregistrez.",
        de: "Drücken Sie auf das Zahnrad an der Karte des Tools, stellen Sie „{field}“ auf „{value}“ und speichern Sie.",
        pt: "Pressione a engrenagem no cartão da ferramenta, defina “{field}” como “{value}” e salve.",
    }
    STEP_FLIP {
        en: "In {path}, turn the switch “{field}” to “{value}”.",
        es: "En {path}, ponga el interruptor “{field}” en “{value}”.",
        fr: "Dans {path}, mettez l’interrupteur « {field} » sur « {value} ».",
        de: "Stellen Sie in {path} den Schalter „{field}“ auf „{value}“.",
        pt: "Em {path}, coloque a chave “{field}” em “{value}”.",
    }
    STEP_SWITCH_ON {
        en: "Go to {path}, open the tool there, switch “{field}” on, and save.",
        es: "Vaya a {path}, abra allí la herramienta, active “{field}” y guarde.",
        fr: "Allez dans {path}, ouvrez-y l’outil, activez « {field} » et enregistrez.",
        de: "Gehen Sie zu {path}, öffnen Sie dort das Tool, schalten Sie „{field}“ ein und speichern Sie.",
        pt: "Vá para {path}, abra lá a ferramenta, ative “{field}” e salve.",
    }
    STEP_LINK {
        en: "There, follow “{link}” in the column “{column}”, set “{field}” to “{value}”, and save.",
        es: "Siga allí “{link}” en la columna “{column}”, ponga “{field}” en “{value}” y guarde.",
        fr: "Suivez-y « {link} » dans la colonne « {column} », réglez « {field} » sur « {value} » et enregistrez.",
        de: "Folgen Sie dort „{link}“ in der Spalte „{column}“, stellen Sie „{field}“ auf „{value}“ und speichern Sie.",
        pt: "Siga lá “{link}” na coluna “{column}”, defina “{field}” como “{value}” e salve.",
    }
    STEP_UNIT {
        en: "In a unit, go to {path} and press “{button}”.",
        es: "En una unidad, vaya a {path} y pulse “{button}”.",
        fr: "Dans une unité, allez dans {path} et appuyez sur « {button} ».",
        de: "Gehen Sie in einer Lerneinheit zu {path} und drücken Sie „{button}“.",
        pt: "Em uma unidade, vá para {path} e pressione “{button}”.",
    }
    STEP_PASTE_THIS {
        en: "Go to {path}. Paste this under “{field}” and press “{button}”.",
        es: "Vaya a {path}. Pegue esto en “{field}” y pulse “{button}”.",
        fr: "Allez dans {path}. Collez ceci sous « {field} » et appuyez sur « {button} ».",
        de: "Gehen Sie zu {path}. Fügen Sie dies unter „{field}“ ein und drücken Sie „{button}“.",
        pt: "Vá para {path}. Cole isto em “{field}” e pressione “{button}”.",
    }
    STEP_PASTE_ANY {
        en: "Paste it in your LMS, where tools are registered by URL (dynamic registration), and switch the tool on.",
        es: "Péguela en su LMS, donde se registran herramientas por URL (registro dinámico), y active la herramienta.",
        fr: "Collez-la dans votre LMS, là où les outils s’enregistrent par URL (enregistrement dynamique), et activez l’outil.",
        de: "Fügen Sie sie in Ihrem LMS dort ein, wo Tools per URL registriert werden (dynamische Registrierung), und schalten Sie das Tool ein.",
        pt: "Cole-a no seu LMS, onde as ferramentas são registradas por URL (registro dinâmico), e ative a ferramenta.",
    }
    STEP_NUMBER {
        en: "Copy the long number in the column “{column}”: it is the client id. In the portal, press “{form}” and enter it there.",
        es: "Copie el número largo de la columna “{column}”: es el id de cliente. En el portal, pulse “{form}” e introdúzcalo allí.",
        fr: "Copiez le long nombre de la colonne « {column} » : c’est l’identifiant client. Dans le portail, appuyez sur « {form} » et saisissez-le.",
        de: "Kopieren Sie die lange Zahl in der Spalte „{column}“: Sie ist die Client-ID. Drücken Sie im Portal „{form}“ und tragen Sie sie dort ein.",
        pt: "Copie o número longo da coluna “{column}”: é o id do cliente. No portal, pressione “{form}” e insira-o lá.",
    }
    STEP_INSTALL {
        en: "If the app isn't installed yet, go to {path}, choose “{choice}”, paste the number, and press “{button}”.",
        es: "Si la app aún no está instalada, vaya a {path}, elija “{choice}”, pegue el número y pulse “{button}”.",
        fr: "Si l’app n’est pas encore installée, allez dans {path}, choisissez « {choice} », collez le nombre et appuyez sur « {button} ».",
        de: "Wenn die App noch nicht installiert ist, gehen Sie zu {path}, wählen Sie „{choice}“, fügen Sie die Zahl ein und drücken Sie „{button}“.",
        pt: "Se o app ainda não estiver instalado, vá para {path}, escolha “{choice}”, cole o número e pressione “{button}”.",
    }
    OTHER_WAY {
        en: "No “{missing}” there?",
        es: "¿No hay “{missing}” allí?",
        fr: "Pas de « {missing} » à cet endroit ?",
        de: "Kein „{missing}“ zu finden?",
        pt: "Não há “{missing}” lá?",
    }
    OTHER_WAY_ANY {
        en: "No registration by URL there?",
        es: "¿No hay registro por URL allí?",
        fr: "Pas d’enregistrement par URL à cet endroit ?",
        de: "Keine Registrierung per URL zu finden?",
        pt: "Não há registro por URL lá?",
    }
    STEP_OPEN_ANY {
        en: "Open the tool from a course, as a teacher adds one there. That is the launch we wait for.",
        es: "Abra la herramienta desde un curso, como la añade allí un docente. Ese es el acceso que esperamos.",
        fr: "Ouvrez l’outil depuis un cours, comme un enseignant l’y ajoute. C’est le lancement que nous attendons.",
        de: "Öffnen Sie das Tool aus einem Kurs, so wie eine Lehrkraft es dort hinzufügt. Auf diesen Start warten wir.",
        pt: "Abra a ferramenta em um curso, como um professor a adiciona lá. Esse é o acesso que esperamos.",
    }
    STEP_INVITATION {
        en: "Make a link below and copy it. Don't open it in a browser: the LMS has to.",
        es: "Cree un enlace abajo y cópielo. No lo abra en un navegador: debe hacerlo el LMS.",
        fr: "Créez un lien ci-dessous et copiez-le. Ne l’ouvrez pas dans un navigateur : c’est au LMS de le faire.",
        de: "Erstellen Sie unten einen Link und kopieren Sie ihn. Öffnen Sie ihn nicht im Browser: Das muss das LMS tun.",
        pt: "Crie um link abaixo e copie-o. Não o abra em um navegador: o LMS é quem deve abrir.",
    }
    STEP_NOT_READY {
        en: "First say where your application is. The steps and the URL to paste are shown here after that.",
        es: "Indique primero dónde está su aplicación. Después se muestran aquí los pasos y la URL que debe pegar.",
        fr: "Indiquez d’abord où se trouve votre application. Les étapes et l’URL à coller s’affichent ensuite ici.",
        de: "Sagen Sie zuerst, wo Ihre Anwendung ist. Danach stehen hier die Schritte und die URL zum Einfügen.",
        pt: "Primeiro diga onde está seu aplicativo. Depois disso, os passos e a URL a colar aparecem aqui.",
    }
    STEP_OFF {
        en: "Registration by URL is switched off. Switch it on in the tool's settings, or enter the platform by hand.",
        es: "El registro por URL está desactivado. Actívelo en los ajustes de la herramienta o introduzca la plataforma a mano.",
        fr: "L’enregistrement par URL est désactivé. Activez-le dans les réglages de l’outil, ou saisissez la plateforme à la main.",
        de: "Die Registrierung per URL ist ausgeschaltet. Schalten Sie sie in den Einstellungen des Tools ein, oder tragen Sie die Plattform von Hand ein.",
        pt: "O registro por URL está desativado. Ative-o nas configurações da ferramenta ou insira a plataforma à mão.",
    }
    MOODLE_MANAGE_TOOLS {
        en: "Site administration › Plugins › Activity modules › External tool › Manage tools",
        es: "Administración del sitio › Extensiones › Módulos de actividad › Herramienta externa › Administrar herramientas",
        fr: "Administration du site › Plugins › Modules d’activité › Outil externe › Gérer les outils",
        de: "Website-Administration › Plugins › Aktivitäten › Externes Tool › Tools verwalten",
        pt: "Administração do site › Plugins › Módulos de atividade › Ferramenta externa › Gerenciar ferramentas",
    }
    MOODLE_TOOL_URL {
        en: "Tool URL…",
        es: "URL de la herramienta…",
        fr: "URL de l’outil…",
        de: "Tool-URL…",
        pt: "URL da ferramenta…",
    }
    MOODLE_ADD {
        en: "Add LTI Advantage",
        es: "Añadir LTI Advantage",
        fr: "Ajouter LTI Advantage",
        de: "LTI Advantage hinzufügen",
        pt: "Adicionar LTI Advantage",
    }
    MOODLE_ACTIVATE {
        en: "Activate",
        es: "Activar",
        fr: "Activer",
        de: "Aktivieren",
        pt: "Ativar",
    }
    MOODLE_USAGE {
        en: "Tool configuration usage",
        es: "Configuración del uso de la herramienta",
        fr: "Utilisation de la configuration de l’outil",
        de: "Verwendung der Toolkonfiguration",
        pt: "Uso da configuração da ferramenta",
    }
    MOODLE_CHOOSER {
        en: "Show in activity chooser and as a preconfigured tool",
        es: "Mostrar en el selector de actividad como una herramienta preconfigurada",
        fr: "Afficher dans le sélecteur d’activité et comme outil préconfiguré",
        de: "In Aktivitätsauswahl als vorkonfiguriertes Tool anzeigen",
        pt: "Mostrar no seletor de atividades como uma ferramenta pré-configurada",
    }
    MOODLE_ADD_ACTIVITY {
        en: "Edit mode › Add an activity or resource",
        es: "Modo de edición › Añadir una actividad o un recurso",
        fr: "Mode d’édition › Ajouter une activité ou ressource",
        de: "Bearbeiten › Aktivität oder Material anlegen",
        pt: "Modo de edição › Adicionar uma atividade ou recurso",
    }
    SEEN {
        en: "What Hallpass has seen",
        es: "Lo que Hallpass ha visto",
        fr: "Ce que Hallpass a vu",
        de: "Was Hallpass gesehen hat",
        pt: "O que o Hallpass viu",
    }
    UPDATES_ITSELF {
        en: "This page updates itself.",
        es: "Esta página se actualiza sola.",
        fr: "Cette page s’actualise toute seule.",
        de: "Diese Seite aktualisiert sich selbst.",
        pt: "Esta página se atualiza sozinha.",
    }
    LOOK_NOW {
        en: "Look now",
        es: "Mirar ahora",
        fr: "Regarder maintenant",
        de: "Jetzt nachsehen",
        pt: "Olhar agora",
    }
    WAITS_REGISTER {
        en: "Waiting for the LMS to register…",
        es: "Esperando a que el LMS se registre…",
        fr: "En attente de l’enregistrement du LMS…",
        de: "Warten auf die Registrierung des LMS…",
        pt: "Aguardando o LMS se registrar…",
    }
    WAITS_ENTRY {
        en: "Waiting until you enter the LMS by hand…",
        es: "Esperando a que introduzca el LMS a mano…",
        fr: "En attente de votre saisie du LMS à la main…",
        de: "Warten, bis Sie das LMS von Hand eintragen…",
        pt: "Aguardando você inserir o LMS à mão…",
    }
    WAITS_GO_ON {
        en: "It asked for our configuration. Go on with the next step.",
        es: "Ha pedido nuestra configuración. Siga con el paso siguiente.",
        fr: "Il a demandé notre configuration. Passez à l’étape suivante.",
        de: "Es hat unsere Konfiguration abgefragt. Machen Sie mit dem nächsten Schritt weiter.",
        pt: "Ele pediu a nossa configuração. Siga para o próximo passo.",
    }
    WAITS_APPROVAL {
        en: "A registration waits for your approval.",
        es: "Un registro espera su aprobación.",
        fr: "Un enregistrement attend votre accord.",
        de: "Eine Registrierung wartet auf Ihre Zustimmung.",
        pt: "Um registro aguarda a sua aprovação.",
    }
    WAITS_WHOSE {
        en: "A registration waits. Is it yours? Look at it under Waiting for you.",
        es: "Hay un registro pendiente. ¿Es el suyo? Véalo en Pendiente de usted.",
        fr: "Un enregistrement attend. Est-ce le vôtre ? Regardez-le sous En attente de vous.",
        de: "Eine Registrierung wartet. Ist es Ihre? Sehen Sie sie unter „Wartet auf Sie“ an.",
        pt: "Há um registro pendente. É o seu? Veja-o em À sua espera.",
    }
    WHICH {
        en: "Several LMSs have registered since you began. Which one is yours?",
        es: "Desde que empezó se han registrado varios LMS. ¿Cuál es el suyo?",
        fr: "Plusieurs LMS se sont enregistrés depuis que vous avez commencé. Lequel est le vôtre ?",
        de: "Seit Sie begonnen haben, haben sich mehrere LMS registriert. Welches ist Ihres?",
        pt: "Vários LMSs se registraram desde que você começou. Qual é o seu?",
    }
    WAITS_ACTIVATE {
        en: "It registered. Activate it here.",
        es: "Se ha registrado. Actívelo aquí.",
        fr: "Il s’est enregistré. Activez-le ici.",
        de: "Es hat sich registriert. Aktivieren Sie es hier.",
        pt: "Ele se registrou. Ative-o aqui.",
    }
    WAITS_KEYS {
        en: "Waiting until its keys can be read…",
        es: "Esperando a que se puedan leer sus claves…",
        fr: "En attente de pouvoir lire ses clés…",
        de: "Warten, bis seine Schlüssel lesbar sind…",
        pt: "Aguardando até que as chaves dele possam ser lidas…",
    }
    WAITS_THERE {
        en: "Waiting until it is switched on there…",
        es: "Esperando a que se active allí…",
        fr: "En attente de son activation là-bas…",
        de: "Warten, bis es dort eingeschaltet ist…",
        pt: "Aguardando até que seja ativado lá…",
    }
    WAITS_DEPLOYMENT {
        en: "Its deployment waits for you. Allow it, then open the tool again.",
        es: "Su despliegue espera su decisión. Permítalo y abra de nuevo la herramienta.",
        fr: "Son déploiement attend votre décision. Autorisez-le, puis rouvrez l’outil.",
        de: "Sein Deployment wartet auf Sie. Erlauben Sie es und öffnen Sie das Tool dann noch einmal.",
        pt: "A implantação dele aguarda você. Permita-a e abra a ferramenta de novo.",
    }
    WAITS_LAUNCH {
        en: "Waiting for the first launch…",
        es: "Esperando el primer acceso…",
        fr: "En attente du premier lancement…",
        de: "Warten auf den ersten Start…",
        pt: "Aguardando o primeiro acesso…",
    }
    CONNECTED {
        en: "Connected: the first launch was seen.",
        es: "Conectado: se ha visto el primer acceso.",
        fr: "Connecté : le premier lancement a été vu.",
        de: "Verbunden: Der erste Start wurde gesehen.",
        pt: "Conectado: o primeiro acesso foi visto.",
    }
    SWITCH_ON_NEXT {
        en: "Next, switch the tool on in the LMS: step {number}. Hallpass can’t see whether that is done. Once it is, open the tool from a course.",
        es: "Ahora active la herramienta en el LMS: paso {number}. Hallpass no puede ver si está hecho. Cuando lo esté, abra la herramienta desde un curso.",
        fr: "Activez maintenant l’outil dans le LMS : étape {number}. Hallpass ne peut pas voir si c’est fait. Une fois que ça l’est, ouvrez l’outil depuis un cours.",
        de: "Schalten Sie das Tool jetzt im LMS ein: Schritt {number}. Ob das getan ist, kann Hallpass nicht sehen. Öffnen Sie danach das Tool aus einem Kurs.",
        pt: "Agora ative a ferramenta no LMS: passo {number}. O Hallpass não vê se isso foi feito. Depois, abra a ferramenta em um curso.",
    }
    OPEN_NEXT {
        en: "Hallpass can’t see what is done in the LMS. Once everything is, open the tool from a course.",
        es: "Hallpass no puede ver lo que se hace en el LMS. Cuando todo esté hecho, abra la herramienta desde un curso.",
        fr: "Hallpass ne peut pas voir ce qui est fait dans le LMS. Une fois que tout l’est, ouvrez l’outil depuis un cours.",
        de: "Was im LMS getan wird, kann Hallpass nicht sehen. Ist dort alles getan, öffnen Sie das Tool aus einem Kurs.",
        pt: "O Hallpass não vê o que é feito no LMS. Quando tudo estiver feito, abra a ferramenta em um curso.",
    }
    SEE_LAUNCH {
        en: "See the launch",
        es: "Ver el acceso",
        fr: "Voir le lancement",
        de: "Den Start ansehen",
        pt: "Ver o acesso",
    }
    P_ASKED {
        en: "The LMS asks for our configuration",
        es: "El LMS pide nuestra configuración",
        fr: "Le LMS demande notre configuration",
        de: "Das LMS fragt unsere Konfiguration ab",
        pt: "O LMS pede a nossa configuração",
    }
    P_ENTERED {
        en: "You enter it by hand",
        es: "Usted lo introduce a mano",
        fr: "Vous le saisissez à la main",
        de: "Sie tragen es von Hand ein",
        pt: "Você o insere à mão",
    }
    P_REGISTERS {
        en: "The LMS registers",
        es: "El LMS se registra",
        fr: "Le LMS s’enregistre",
        de: "Das LMS registriert sich",
        pt: "O LMS se registra",
    }
    P_KEYS {
        en: "Its keys are read",
        es: "Se leen sus claves",
        fr: "Ses clés sont lues",
        de: "Die Schlüssel des LMS werden gelesen",
        pt: "As chaves dele são lidas",
    }
    P_ACTIVE {
        en: "You activate it here",
        es: "Usted lo activa aquí",
        fr: "Vous l’activez ici",
        de: "Sie aktivieren es hier",
        pt: "Você o ativa aqui",
    }
    P_THERE {
        en: "Switched on there",
        es: "Activado allí",
        fr: "Activé là-bas",
        de: "Dort eingeschaltet",
        pt: "Ativado lá",
    }
    P_DEPLOYMENT {
        en: "Its deployment is allowed",
        es: "Su despliegue está permitido",
        fr: "Son déploiement est autorisé",
        de: "Sein Deployment ist erlaubt",
        pt: "A implantação dele está permitida",
    }
    P_LAUNCH {
        en: "First launch",
        es: "Primer acceso",
        fr: "Premier lancement",
        de: "Erster Start",
        pt: "Primeiro acesso",
    }
    NO_KEYS {
        en: "Its keys can’t be read:",
        es: "No se pueden leer sus claves:",
        fr: "Ses clés sont illisibles :",
        de: "Die Schlüssel des LMS sind nicht lesbar:",
        pt: "Não é possível ler as chaves dele:",
    }
    P_FAILED {
        en: "A registration failed. See why:",
        es: "Un registro ha fallado. Vea por qué:",
        fr: "Un enregistrement a échoué. Voyez pourquoi :",
        de: "Eine Registrierung schlug fehl. Sehen Sie, warum:",
        pt: "Um registro falhou. Veja por quê:",
    }
    P_OTHER_CLIENT {
        en: "An attempt with this issuer, but another client id, was refused. See why:",
        es: "Se ha rechazado un intento con este emisor, pero con otro id de cliente. Vea por qué:",
        fr: "Un essai avec cet émetteur, mais un autre identifiant client, a été refusé. Voyez pourquoi :",
        de: "Ein Versuch mit diesem Aussteller, aber einer anderen Client-ID, wurde abgewiesen. Sehen Sie, warum:",
        pt: "Uma tentativa com este emissor, mas com outro id do cliente, foi recusada. Veja por quê:",
    }
    P_ATTEMPT_FAILED {
        en: "An attempt from there failed. See why:",
        es: "Un intento desde allí ha fallado. Vea por qué:",
        fr: "Un essai depuis là-bas a échoué. Voyez pourquoi :",
        de: "Ein Versuch von dort schlug fehl. Sehen Sie, warum:",
        pt: "Uma tentativa de lá falhou. Veja por quê:",
    }
    NOTHING_HELP {
        en: "Nothing after pressing the button in the LMS? Its page shows a reference: enter it in the search field at the top.",
        es: "¿Nada después de pulsar el botón en el LMS? Su página muestra una referencia: escríbala en el campo de búsqueda de arriba.",
        fr: "Rien après avoir appuyé sur le bouton dans le LMS ? Sa page affiche une référence : saisissez-la dans le champ de recherche, en haut.",
        de: "Nichts nach dem Druck auf den Knopf im LMS? Seine Seite zeigt ein Kennzeichen: Geben Sie es oben in das Suchfeld ein.",
        pt: "Nada depois de pressionar o botão no LMS? A página dele mostra uma referência: digite-a no campo de busca, no alto.",
    }
    INVITE_TITLE {
        en: "Does someone else run it?",
        es: "¿Lo administra otra persona?",
        fr: "Quelqu’un d’autre l’administre ?",
        de: "Administriert es jemand anders?",
        pt: "Outra pessoa o administra?",
    }
    INVITE_SAYS {
        en: "Make a link for that person. It explains itself, and you see here when it is used.",
        es: "Cree un enlace para esa persona. Se explica solo, y aquí verá cuándo se usa.",
        fr: "Créez un lien pour cette personne. Il s’explique de lui-même, et vous voyez ici quand il est utilisé.",
        de: "Erstellen Sie einen Link für diese Person. Er erklärt sich selbst, und Sie sehen hier, wann er benutzt wird.",
        pt: "Crie um link para essa pessoa. Ele se explica sozinho, e aqui você vê quando é usado.",
    }
    INVITE_SCHOOL {
        en: "What the platform will be called here",
        es: "Cómo se llamará aquí la plataforma",
        fr: "Comment la plateforme s’appellera ici",
        de: "Wie die Plattform hier heißen wird",
        pt: "Como a plataforma se chamará aqui",
    }
    INVITE_USES {
        en: "Good for",
        es: "Válido para",
        fr: "Valable pour",
        de: "Gültig für",
        pt: "Válido para",
    }
    USES_ONE {
        en: "one LMS",
        es: "un LMS",
        fr: "un seul LMS",
        de: "ein LMS",
        pt: "um LMS",
    }
    USES_ANY {
        en: "any number",
        es: "cualquier número",
        fr: "un nombre illimité",
        de: "beliebig viele",
        pt: "qualquer número",
    }
    INVITE_ENDS {
        en: "Ends after",
        es: "Caduca después de",
        fr: "Expire après",
        de: "Endet nach",
        pt: "Expira após",
    }
    ENDS_3_DAYS {
        en: "3 days",
        es: "3 días",
        fr: "3 jours",
        de: "3 Tagen",
        pt: "3 dias",
    }
    ENDS_WEEK {
        en: "a week",
        es: "una semana",
        fr: "une semaine",
        de: "einer Woche",
        pt: "uma semana",
    }
    ENDS_MONTH {
        en: "a month",
        es: "un mes",
        fr: "un mois",
        de: "einem Monat",
        pt: "um mês",
    }
    ENDS_NEVER {
        en: "never",
        es: "nunca",
        fr: "jamais",
        de: "nie",
        pt: "nunca",
    }
    INVITE_THEN {
        en: "Once registered",
        es: "Una vez registrada",
        fr: "Une fois enregistrée",
        de: "Nach der Registrierung",
        pt: "Depois de registrada",
    }
    THEN_WAITS {
        en: "it waits for me",
        es: "espera mi decisión",
        fr: "elle attend ma décision",
        de: "wartet sie auf mich",
        pt: "ela aguarda por mim",
    }
    THEN_ACTIVE {
        en: "it is active at once",
        es: "está activa enseguida",
        fr: "elle est active aussitôt",
        de: "ist sie sofort aktiv",
        pt: "ela fica ativa na hora",
    }
    MAKE_LINK {
        en: "Make the link",
        es: "Crear el enlace",
        fr: "Créer le lien",
        de: "Link erstellen",
        pt: "Criar o link",
    }
    INVITE_MADE {
        en: "The invitation is made",
        es: "La invitación está creada",
        fr: "L’invitation est créée",
        de: "Die Einladung ist erstellt",
        pt: "O convite foi criado",
    }
    INVITE_ONCE {
        en: "Copy the link now: it is shown this once and can't be looked up later.",
        es: "Copie el enlace ahora: se muestra solo esta vez y no se puede consultar después.",
        fr: "Copiez le lien maintenant : il n’est affiché qu’une fois et ne peut pas être retrouvé.",
        de: "Kopieren Sie den Link jetzt: Er wird nur dieses eine Mal gezeigt.",
        pt: "Copie o link agora: ele é mostrado só desta vez e não pode ser consultado depois.",
    }
    LINK {
        en: "Invitation link",
        es: "Enlace de invitación",
        fr: "Lien d’invitation",
        de: "Einladungslink",
        pt: "Link de convite",
    }
    LETTER_OR_LINK {
        en: "Send this text as it is, or make a link for one school below: the link shows whose registration it is, can end, and you see here when it is used. One of the two is enough.",
        es: "Envíe este texto tal cual, o cree abajo un enlace para un centro: el enlace muestra de quién es el registro, puede caducar, y aquí verá cuándo se usa. Basta con uno de los dos.",
        fr: "Envoyez ce texte tel quel, ou créez plus bas un lien pour une école : le lien montre de qui vient l’enregistrement, peut expirer, et vous voyez ici quand il est utilisé. L’un des deux suffit.",
        de: "Schicken Sie diesen Text, wie er ist, oder erstellen Sie unten einen Link für eine Schule: Er zeigt, wessen Registrierung es ist, kann enden, und Sie sehen hier, wann er benutzt wird. Eines von beiden genügt.",
        pt: "Envie este texto como está, ou crie abaixo um link para uma escola: o link mostra de quem é o registro, pode terminar, e aqui você vê quando é usado. Um dos dois basta.",
    }
    OR_LINK {
        en: "Or a link for one school",
        es: "O un enlace para un centro",
        fr: "Ou un lien pour une école",
        de: "Oder ein Link für eine Schule",
        pt: "Ou um link para uma escola",
    }
    LETTER_TITLE {
        en: "Text for the LMS's administrator",
        es: "Texto para el administrador del LMS",
        fr: "Texte pour l’administrateur du LMS",
        de: "Text für den Administrator des LMS",
        pt: "Texto para o administrador do LMS",
    }
    LETTER {
        en: "Hello,\n\nplease add our learning tool “{tool}” to your learning platform. It takes about {number} minutes:\n\n{steps}",
        es: "Hola:\n\nañada nuestra herramienta “{tool}” a su plataforma de aprendizaje. Se tarda unos {number} minutos:\n\n{steps}",
        fr: "Bonjour,\n\nveuillez ajouter notre outil « {tool} » à votre plateforme d’apprentissage. Cela prend environ {number} minutes :\n\n{steps}",
        de: "Guten Tag,\n\nbitte fügen Sie unser Tool „{tool}“ zu Ihrer Lernplattform hinzu. Es dauert etwa {number} Minuten:\n\n{steps}",
        pt: "Olá,\n\nadicione a nossa ferramenta “{tool}” à sua plataforma de aprendizagem. Leva cerca de {number} minutos:\n\n{steps}",
    }
    LETTER_STEPS {
        en: "1. Open the place where your platform registers LTI 1.3 tools by a URL (dynamic registration).\n2. Paste this URL there:\n{url}\n3. Switch the tool on in your platform, and open it once from a course.",
        es: "1. Abra el lugar donde su plataforma registra herramientas LTI 1.3 por URL (registro dinámico).\n2. Pegue allí esta URL:\n{url}\n3. Active la herramienta en su plataforma y ábrala una vez desde un curso.",
        fr: "1. Ouvrez l’endroit où votre plateforme enregistre les outils LTI 1.3 par une URL (enregistrement dynamique).\n2. Collez-y cette URL :\n{url}\n3. Activez l’outil dans votre plateforme, et ouvrez-le une fois depuis un cours.",
        de: "1. Öffnen Sie die Stelle, an der Ihre Plattform LTI-1.3-Tools per URL registriert (dynamische Registrierung).\n2. Fügen Sie dort diese URL ein:\n{url}\n3. Schalten Sie das Tool in Ihrer Plattform ein und öffnen Sie es einmal aus einem Kurs.",
        pt: "1. Abra o lugar onde a sua plataforma registra ferramentas LTI 1.3 por URL (registro dinâmico).\n2. Cole lá esta URL:\n{url}\n3. Ative a ferramenta na sua plataforma e abra-a uma vez em um curso.",
    }
    LETTER_STEPS_WAIT {
        en: "1. Open the place where your platform registers LTI 1.3 tools by a URL (dynamic registration).\n2. Paste this URL there:\n{url}\n3. Switch the tool on in your platform.\n4. {tell}\n5. Open the tool once from a course.",
        es: "1. Abra el lugar donde su plataforma registra herramientas LTI 1.3 por URL (registro dinámico).\n2. Pegue allí esta URL:\n{url}\n3. Active la herramienta en su plataforma.\n4. {tell}\n5. Abra la herramienta una vez desde un curso.",
        fr: "1. Ouvrez l’endroit où votre plateforme enregistre les outils LTI 1.3 par une URL (enregistrement dynamique).\n2. Collez-y cette URL :\n{url}\n3. Activez l’outil dans votre plateforme.\n4. {tell}\n5. Ouvrez l’outil une fois depuis un cours.",
        de: "1. Öffnen Sie die Stelle, an der Ihre Plattform LTI-1.3-Tools per URL registriert (dynamische Registrierung).\n2. Fügen Sie dort diese URL ein:\n{url}\n3. Schalten Sie das Tool in Ihrer Plattform ein.\n4. {tell}\n5. Öffnen Sie das Tool einmal aus einem Kurs.",
        pt: "1. Abra o lugar onde a sua plataforma registra ferramentas LTI 1.3 por URL (registro dinâmico).\n2. Cole lá esta URL:\n{url}\n3. Ative a ferramenta na sua plataforma.\n4. {tell}\n5. Abra a ferramenta uma vez em um curso.",
    }
    LETTER_TELL {
        en: "Tell us when step {number} is done, and wait for our answer: we activate your platform first. Until then, every launch is refused.",
        es: "Avísenos cuando el paso {number} esté hecho y espere nuestra respuesta: primero activamos su plataforma. Hasta entonces se rechaza todo acceso.",
        fr: "Dites-nous quand l’étape {number} est faite, et attendez notre réponse : nous activons d’abord votre plateforme. Jusque-là, tout lancement est refusé.",
        de: "Sagen Sie uns, wenn Schritt {number} erledigt ist, und warten Sie auf unsere Antwort: Wir aktivieren zuerst Ihre Plattform. Bis dahin wird jeder Start abgelehnt.",
        pt: "Avise-nos quando o passo {number} estiver feito e espere a nossa resposta: primeiro ativamos a sua plataforma. Até lá, todo acesso é recusado.",
    }
    ONLY_HERE {
        en: "Addresses that begin with {address} lead back to whoever opens them: no LMS on another machine can reach this server there. Give it a public address first (public_url in hallpass.toml), then connect schools.",
        es: "Las direcciones que empiezan por {address} llevan de vuelta a quien las abre: ningún LMS en otra máquina llega allí a este servidor. Dele antes una dirección pública (public_url en hallpass.toml) y conecte después los centros.",
        fr: "Les adresses qui commencent par {address} ramènent chez celui qui les ouvre : aucun LMS sur une autre machine n’y atteint ce serveur. Donnez-lui d’abord une adresse publique (public_url dans hallpass.toml), puis connectez les écoles.",
        de: "Adressen, die mit {address} beginnen, führen zu dem zurück, der sie öffnet: Kein LMS auf einem anderen Rechner erreicht dort diesen Server. Geben Sie ihm zuerst eine öffentliche Adresse (public_url in hallpass.toml), und verbinden Sie dann Schulen.",
        pt: "Endereços que começam com {address} levam de volta a quem os abre: nenhum LMS em outra máquina alcança este servidor lá. Dê a ele primeiro um endereço público (public_url em hallpass.toml) e depois conecte as escolas.",
    }
    LETTER_CONFIRMS {
        en: "What the platform will be asked for is shown before anything is sent.",
        es: "Lo que se pedirá a la plataforma se muestra antes de enviar nada.",
        fr: "Ce qui sera demandé à la plateforme est affiché avant tout envoi.",
        de: "Worum die Plattform gebeten wird, wird gezeigt, bevor etwas gesendet wird.",
        pt: "O que será pedido à plataforma é mostrado antes de qualquer envio.",
    }
    OWN_ADDRESSES {
        en: "The addresses below are this platform's own now. Those without an id that were entered before go on working.",
        es: "Las direcciones de abajo son ahora las propias de esta plataforma. Las que se introdujeron antes, sin id, siguen funcionando.",
        fr: "Les adresses ci-dessous sont désormais propres à cette plateforme. Celles saisies avant, sans identifiant, fonctionnent toujours.",
        de: "Die Adressen unten sind jetzt die eigenen dieser Plattform. Die zuvor eingetragenen ohne ID gelten weiter.",
        pt: "Os endereços abaixo agora são próprios desta plataforma. Os que foram inseridos antes, sem id, continuam funcionando.",
    }
    NOTE_PENDING {
        en: "The first launch from a deployment that isn't known here yet is refused, and waits until you allow it. You can enter its id when you register the LMS by hand.",
        es: "El primer acceso desde un despliegue que aún no se conoce aquí se rechaza y espera hasta que usted lo permita. Puede introducir su id al registrar el LMS a mano.",
        fr: "Le premier lancement depuis un déploiement encore inconnu ici est refusé, et attend que vous l’autorisiez. Vous pouvez saisir son identifiant en enregistrant le LMS à la main.",
        de: "Der erste Start aus einem hier noch unbekannten Deployment wird abgewiesen und wartet, bis Sie es erlauben. Sie können seine ID eintragen, wenn Sie das LMS von Hand registrieren.",
        pt: "O primeiro acesso de uma implantação ainda desconhecida aqui é recusado e aguarda até que você a permita. Você pode inserir o id dela ao registrar o LMS à mão.",
    }
    NOTE_REJECT {
        en: "Launches from a deployment that isn't known here are refused. Enter its id when you register the LMS by hand, or later on the platform's page.",
        es: "Los accesos desde un despliegue que no se conoce aquí se rechazan. Introduzca su id al registrar el LMS a mano, o después en la página de la plataforma.",
        fr: "Les lancements depuis un déploiement inconnu ici sont refusés. Saisissez son identifiant en enregistrant le LMS à la main, ou plus tard sur la page de la plateforme.",
        de: "Starts aus einem hier unbekannten Deployment werden abgewiesen. Tragen Sie seine ID ein, wenn Sie das LMS von Hand registrieren, oder später auf der Seite der Plattform.",
        pt: "Os acessos de uma implantação desconhecida aqui são recusados. Insira o id dela ao registrar o LMS à mão, ou depois na página da plataforma.",
    }
    HAND_DEPLOYMENT {
        en: "Optional. A deployment entered here may launch at once.",
        es: "Opcional. Un despliegue introducido aquí puede acceder enseguida.",
        fr: "Facultatif. Un déploiement saisi ici peut lancer l’outil tout de suite.",
        de: "Freiwillig. Ein hier eingetragenes Deployment darf sofort starten.",
        pt: "Opcional. Uma implantação inserida aqui já pode acessar.",
    }
    LETTER_VALUES {
        en: "Hello,\n\nplease add our learning tool “{tool}” to your learning platform, as a tool with LTI 1.3:\n\n1. Enter these values there:\nLogin URL: {login}\nTool URL, also redirection URI: {launch}\nPublic keyset URL: {keys}\n2. Allow the names, rosters and grades that you want to share, and switch the tool on.\n3. Send us what your platform then shows: issuer, client id, deployment id, authentication URL, access token URL, and public keyset URL.\n\nWe enter that on our side and tell you. Then open the tool once from a course.",
        es: "Hola:\n\nañada nuestra herramienta “{tool}” a su plataforma de aprendizaje, como herramienta con LTI 1.3:\n\n1. Introduzca allí estos valores:\nURL de inicio de sesión: {login}\nURL de la herramienta, también de redirección: {launch}\nURL del conjunto de claves públicas: {keys}\n2. Permita los nombres, listas y notas que quiera compartir, y active la herramienta.\n3. Envíenos lo que su plataforma muestre entonces: emisor, id de cliente, id de despliegue, URL de autenticación, URL del token de acceso y URL del conjunto de claves públicas.\n\nLo introducimos aquí y le avisamos. Después abra la herramienta una vez desde un curso.",
        fr: "Bonjour,\n\nveuillez ajouter notre outil « {tool} » à votre plateforme d’apprentissage, comme outil LTI 1.3 :\n\n1. Saisissez-y ces valeurs :\nURL de connexion : {login}\nURL de l’outil, aussi de redirection : {launch}\nURL du jeu de clés publiques : {keys}\n2. Autorisez les noms, listes et notes que vous voulez partager, et activez l’outil.\n3. Envoyez-nous ce que votre plateforme affiche alors : émetteur, identifiant client, identifiant de déploiement, URL d’authentification, URL du jeton d’accès et URL du jeu de clés publiques.\n\nNous le saisissons de notre côté et vous prévenons. Ouvrez alors l’outil une fois depuis un cours.",
        de: "Guten Tag,\n\nbitte fügen Sie unser Tool „{tool}“ zu Ihrer Lernplattform hinzu, als Tool mit LTI 1.3:\n\n1. Tragen Sie dort diese Werte ein:\nLogin-URL: {login}\nTool-URL, auch Redirect-URL: {launch}\nURL des öffentlichen Schlüsselsatzes: {keys}\n2. Erlauben Sie Namen, Teilnehmerlisten und Noten, soweit Sie sie teilen wollen, und schalten Sie das Tool ein.\n3. Schicken Sie uns, was Ihre Plattform dann zeigt: Issuer, Client-ID, Deployment-ID, Authentifizierungs-URL, Access-Token-URL und die URL des öffentlichen Schlüsselsatzes.\n\nWir tragen das bei uns ein und melden uns. Öffnen Sie das Tool dann einmal aus einem Kurs.",
        pt: "Olá,\n\nadicione a nossa ferramenta “{tool}” à sua plataforma de aprendizagem, como ferramenta com LTI 1.3:\n\n1. Insira lá estes valores:\nURL de login: {login}\nURL da ferramenta, também de redirecionamento: {launch}\nURL do conjunto de chaves públicas: {keys}\n2. Permita os nomes, listas e notas que você quer compartilhar, e ative a ferramenta.\n3. Envie-nos o que a sua plataforma mostrar então: emissor, id do cliente, id de implantação, URL de autenticação, URL do token de acesso e URL do conjunto de chaves públicas.\n\nInserimos isso do nosso lado e avisamos você. Depois abra a ferramenta uma vez em um curso.",
    }
    LETTER_CLIENT_ID {
        en: "Hello,\n\nplease add our learning tool “{tool}” to your learning platform:\n\n1. Go to Administrator Panel › Integrations › LTI Tool Providers and press “Register LTI 1.3/Advantage Tool”.\n2. Enter this client id:\n{client}\n3. Approve the tool, and choose what it may know of people and whether it may read rosters and write grades.\n4. Send us the deployment id that is shown there, and open the tool once from a course.\n\nThe first launch of a school is refused: we allow it as soon as we see it.",
        es: "Hola:\n\nañada nuestra herramienta “{tool}” a su plataforma de aprendizaje:\n\n1. Vaya a Administrator Panel › Integrations › LTI Tool Providers y pulse “Register LTI 1.3/Advantage Tool”.\n2. Introduzca este id de cliente:\n{client}\n3. Apruebe la herramienta y elija qué puede saber de las personas y si puede leer listas y escribir notas.\n4. Envíenos el id de despliegue que se muestra allí y abra la herramienta una vez desde un curso.\n\nEl primer acceso de un centro se rechaza: lo permitimos en cuanto lo vemos.",
        fr: "Bonjour,\n\nveuillez ajouter notre outil « {tool} » à votre plateforme d’apprentissage :\n\n1. Allez dans Administrator Panel › Integrations › LTI Tool Providers et appuyez sur « Register LTI 1.3/Advantage Tool ».\n2. Saisissez cet identifiant client :\n{client}\n3. Approuvez l’outil, et choisissez ce qu’il peut savoir des personnes et s’il peut lire les listes et écrire les notes.\n4. Envoyez-nous l’identifiant de déploiement qui y est affiché, et ouvrez l’outil une fois depuis un cours.\n\nLe premier lancement d’une école est refusé : nous l’autorisons dès que nous le voyons.",
        de: "Guten Tag,\n\nbitte fügen Sie unser Tool „{tool}“ zu Ihrer Lernplattform hinzu:\n\n1. Gehen Sie zu Administrator Panel › Integrations › LTI Tool Providers und drücken Sie „Register LTI 1.3/Advantage Tool“.\n2. Tragen Sie diese Client-ID ein:\n{client}\n3. Genehmigen Sie das Tool, und wählen Sie, was es über Personen erfährt und ob es Teilnehmerlisten lesen und Noten schreiben darf.\n4. Schicken Sie uns die Deployment-ID, die dort steht, und öffnen Sie das Tool einmal aus einem Kurs.\n\nDer erste Start einer Schule wird abgelehnt: Wir erlauben sie, sobald wir ihn sehen.",
        pt: "Olá,\n\nadicione a nossa ferramenta “{tool}” à sua plataforma de aprendizagem:\n\n1. Vá para Administrator Panel › Integrations › LTI Tool Providers e pressione “Register LTI 1.3/Advantage Tool”.\n2. Insira este id do cliente:\n{client}\n3. Aprove a ferramenta e escolha o que ela pode saber das pessoas e se pode ler listas e gravar notas.\n4. Envie-nos o id de implantação que aparece lá e abra a ferramenta uma vez em um curso.\n\nO primeiro acesso de uma escola é recusado: nós o permitimos assim que o vemos.",
    }
    INVITES {
        en: "Invitations",
        es: "Invitaciones",
        fr: "Invitations en cours",
        de: "Einladungen",
        pt: "Convites",
    }
    NO_INVITES {
        en: "No invitation is open.",
        es: "No hay ninguna invitación abierta.",
        fr: "Aucune invitation n’est en cours.",
        de: "Keine Einladung ist offen.",
        pt: "Nenhum convite está aberto.",
    }
    INVITE_LEFT {
        en: "Uses left: {number}",
        es: "Usos restantes: {number}",
        fr: "Utilisations restantes : {number}",
        de: "Noch nutzbar: {number}",
        pt: "Usos restantes: {number}",
    }
    INVITE_USED {
        en: "used",
        es: "usada",
        fr: "utilisée",
        de: "benutzt",
        pt: "usado",
    }
    INVITE_UNTIL {
        en: "ends",
        es: "caduca",
        fr: "expire",
        de: "endet",
        pt: "expira",
    }
    INVITE_ENDED {
        en: "ended",
        es: "caducada",
        fr: "expirée",
        de: "abgelaufen",
        pt: "expirado",
    }
    INVITE_UNNAMED {
        en: "without a name",
        es: "sin nombre",
        fr: "sans nom",
        de: "ohne Namen",
        pt: "sem nome",
    }
    REVOKE {
        en: "Revoke",
        es: "Revocar",
        fr: "Révoquer",
        de: "Widerrufen",
        pt: "Revogar",
    }
    REVOKED {
        en: "The invitation no longer works.",
        es: "La invitación ya no funciona.",
        fr: "L’invitation ne fonctionne plus.",
        de: "Die Einladung gilt nicht mehr.",
        pt: "O convite não funciona mais.",
    }
    EVERYBODY {
        en: "The open link",
        es: "El enlace abierto",
        fr: "Le lien ouvert",
        de: "Der offene Link",
        pt: "O link aberto",
    }
    EVERYBODY_SAYS {
        en: "For your website or handbook. Platforms that register with it wait for you.",
        es: "Para su sitio web o manual. Quien se registre con él espera su decisión.",
        fr: "Pour votre site ou votre manuel. Ceux qui s’enregistrent ainsi attendent votre décision.",
        de: "Für Ihre Website oder Ihr Handbuch. Wer sich damit registriert, wartet auf Sie.",
        pt: "Para o seu site ou manual. Quem se registrar com ele aguarda você.",
    }
    EVERYBODY_SAYS_ACTIVE {
        en: "For your website or handbook. Platforms that register with it are active at once.",
        es: "Para su sitio web o manual. Quien se registre con él queda activo enseguida.",
        fr: "Pour votre site ou votre manuel. Ceux qui s’enregistrent ainsi sont actifs aussitôt.",
        de: "Für Ihre Website oder Ihr Handbuch. Wer sich damit registriert, ist sofort aktiv.",
        pt: "Para o seu site ou manual. Quem se registrar com ele fica ativo na hora.",
    }
    REGISTRATION_URL {
        en: "Registration URL",
        es: "URL de registro",
        fr: "URL d’enregistrement",
        de: "Registrierungs-URL",
        pt: "URL de registro (LTI)",
    }
    HAND_TITLE {
        en: "Enter {lms} by hand",
        es: "Introducir {lms} a mano",
        fr: "Saisir {lms} à la main",
        de: "{lms} von Hand eintragen",
        pt: "Inserir {lms} à mão",
    }
    HAND_OTHER {
        en: "Enter another LMS by hand",
        es: "Introducir otro LMS a mano",
        fr: "Saisir un autre LMS à la main",
        de: "Ein anderes LMS von Hand eintragen",
        pt: "Inserir outro LMS à mão",
    }
    HAND_SAYS {
        en: "Use this if registration by URL isn’t possible. Enter our addresses in the LMS, and the LMS’s values here.",
        es: "Úselo si el registro por URL no es posible. Introduzca nuestras direcciones en el LMS, y aquí los valores del LMS.",
        fr: "À utiliser si l’enregistrement par URL n’est pas possible. Saisissez nos adresses dans le LMS, et ici les valeurs du LMS.",
        de: "Für den Fall, dass eine Registrierung per URL nicht möglich ist. Tragen Sie unsere Adressen im LMS ein und hier die Werte des LMS.",
        pt: "Use isto se o registro por URL não for possível. Insira os nossos endereços no LMS e aqui os valores do LMS.",
    }
    HAND_FILLED {
        en: "What is the same for all its schools is filled in.",
        es: "Lo que es igual en todos sus centros ya está puesto.",
        fr: "Ce qui est identique pour toutes ses écoles est déjà rempli.",
        de: "Was bei allen Schulen gleich ist, ist ausgefüllt.",
        pt: "O que é igual em todas as escolas já está preenchido.",
    }
    HAND_OURS {
        en: "Our addresses",
        es: "Nuestras direcciones",
        fr: "Nos adresses",
        de: "Unsere Adressen",
        pt: "Nossos endereços",
    }
    ALSO_AUTHENTICATION {
        en: "Also called OIDC authentication request URL, or authorization endpoint.",
        es: "También se llama OIDC authentication request URL o authorization endpoint.",
        fr: "Aussi appelée OIDC authentication request URL ou authorization endpoint.",
        de: "Heißt auch OIDC authentication request URL oder authorization endpoint.",
        pt: "Também chamado OIDC authentication request URL ou authorization endpoint.",
    }
    ALSO_TOKENS {
        en: "Also called token endpoint, or access token URL.",
        es: "También se llama token endpoint o access token URL.",
        fr: "Aussi appelée token endpoint ou access token URL.",
        de: "Heißt auch token endpoint oder access token URL.",
        pt: "Também chamado token endpoint ou access token URL.",
    }
    ALSO_KEYS {
        en: "The address is also called keyset URL, or JWKS URL.",
        es: "La dirección también se llama keyset URL o JWKS URL.",
        fr: "L’adresse est aussi appelée keyset URL ou JWKS URL.",
        de: "Die Adresse heißt auch keyset URL oder JWKS URL.",
        pt: "O endereço também é chamado keyset URL ou JWKS URL.",
    }
    HAND_CALLED {
        en: "{lms} calls it “{label}”.",
        es: "{lms} lo llama “{label}”.",
        fr: "{lms} l’appelle « {label} ».",
        de: "{lms} nennt es „{label}“.",
        pt: "{lms} chama isso de “{label}”.",
    }
    HAND_LINK {
        en: "Enter it by hand",
        es: "Introducirlo a mano",
        fr: "Le saisir à la main",
        de: "Von Hand eintragen",
        pt: "Inserir à mão",
    }
    HAND_HOST_TITLE {
        en: "Fill in from its host",
        es: "Rellenar a partir de su host",
        fr: "Remplir à partir de son hôte",
        de: "Aus dem Host ausfüllen",
        pt: "Preencher a partir do host",
    }
    HAND_HOST_SAYS {
        en: "Optional: it fills in the name and the addresses that follow from the host; the rest stays for you. Without a scheme, https:// is assumed.",
        es: "Opcional: rellena el nombre y las direcciones que se deducen del host; el resto queda para usted. Sin esquema se supone https://.",
        fr: "Facultatif : cela remplit le nom et les adresses qui se déduisent de l’hôte ; le reste vous revient. Sans schéma, https:// est supposé.",
        de: "Freiwillig: Name und Adressen, die sich aus dem Host ergeben, werden ausgefüllt; der Rest bleibt Ihnen. Ohne Schema gilt https://.",
        pt: "Opcional: preenche o nome e os endereços que se deduzem do host; o resto fica com você. Sem esquema, supõe-se https://.",
    }
    HAND_HOST {
        en: "Host of the LMS, such as lms.school.example",
        es: "Host del LMS, por ejemplo lms.school.example",
        fr: "Hôte du LMS, par exemple lms.school.example",
        de: "Host des LMS, etwa lms.school.example",
        pt: "Host do LMS, por exemplo lms.school.example",
    }
    FILL_IN {
        en: "Fill in",
        es: "Rellenar",
        fr: "Remplir",
        de: "Ausfüllen",
        pt: "Preencher",
    }
    REGISTER {
        en: "Register it",
        es: "Registrarla",
        fr: "L’enregistrer",
        de: "Registrieren",
        pt: "Registrá-la",
    }
    REGISTERED {
        en: "{name} is registered and active.",
        es: "{name} está registrada y activa.",
        fr: "{name} est enregistrée et active.",
        de: "{name} ist registriert und aktiv.",
        pt: "{name} está registrada e ativa.",
    }
    CANVAS_URL {
        en: "Configuration URL for “Enter URL”",
        es: "URL de configuración para “Enter URL”",
        fr: "URL de configuration pour « Enter URL »",
        de: "Konfigurations-URL für „Enter URL“",
        pt: "URL de configuração para “Enter URL”",
    }
}
