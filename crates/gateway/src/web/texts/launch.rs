//! What teachers and students read on their way into the tool.

use super::texts;

texts! {
    TITLE_FROM_COURSE {
        en: "Please open the tool from your course",
        es: "Abra la herramienta desde su curso",
        fr: "Veuillez ouvrir l’outil depuis votre cours",
        de: "Bitte öffnen Sie das Tool aus Ihrem Kurs",
        pt: "Abra a ferramenta a partir do seu curso",
    }
    TITLE_AGAIN {
        en: "Please open the tool again",
        es: "Abra la herramienta de nuevo",
        fr: "Veuillez ouvrir l’outil à nouveau",
        de: "Bitte öffnen Sie das Tool noch einmal",
        pt: "Abra a ferramenta novamente",
    }
    TITLE_NEW_WINDOW {
        en: "One more step is needed",
        es: "Falta un paso más",
        fr: "Encore une étape",
        de: "Noch ein Schritt",
        pt: "Falta mais um passo",
    }
    TITLE_REFUSED {
        en: "The tool could not be opened",
        es: "No se ha podido abrir la herramienta",
        fr: "L’outil n’a pas pu être ouvert",
        de: "Das Tool konnte nicht geöffnet werden",
        pt: "Não foi possível abrir a ferramenta",
    }
    TITLE_OFF {
        en: "The tool is not active here",
        es: "La herramienta no está activa aquí",
        fr: "L’outil n’est pas actif ici",
        de: "Das Tool ist hier nicht aktiv",
        pt: "A ferramenta não está ativa aqui",
    }
    TITLE_UNKNOWN_HERE {
        en: "The tool doesn't know this learning platform",
        es: "La herramienta no conoce esta plataforma de aprendizaje",
        fr: "L’outil ne connaît pas cette plateforme d’apprentissage",
        de: "Das Tool kennt diese Lernplattform nicht",
        pt: "A ferramenta não conhece esta plataforma de aprendizagem",
    }
    TITLE_NOT_ACTIVE {
        en: "The tool is not activated yet",
        es: "La herramienta aún no está activada",
        fr: "L’outil n’est pas encore activé",
        de: "Das Tool ist noch nicht freigeschaltet",
        pt: "A ferramenta ainda não está ativada",
    }
    NOT_A_LAUNCH {
        en: "Learning platforms use this address to open the tool. Please open it from your course.",
        es: "Las plataformas de aprendizaje usan esta dirección para abrir la herramienta. Ábrala desde su curso.",
        fr: "Les plateformes d’apprentissage utilisent cette adresse pour ouvrir l’outil. Veuillez l’ouvrir depuis votre cours.",
        de: "Über diese Adresse öffnen Lernplattformen das Tool. Bitte öffnen Sie es aus Ihrem Kurs.",
        pt: "As plataformas de aprendizagem usam este endereço para abrir a ferramenta. Abra-a a partir do seu curso.",
    }
    FOR_STAFF {
        en: "For whoever runs this tool: the portal",
        es: "Para quien administra esta herramienta: el portal",
        fr: "Pour qui administre cet outil : le portail",
        de: "Für alle, die dieses Tool betreiben: das Portal",
        pt: "Para quem administra esta ferramenta: o portal",
    }
    INCOMPLETE_LOGIN {
        en: "Learning platforms use this address to open the tool, but the request was incomplete or incorrect. Please open the tool from your course; if that doesn't help, show this page to the administrator of your learning platform.",
        es: "Las plataformas de aprendizaje usan esta dirección para abrir la herramienta, pero la solicitud estaba incompleta o no era correcta. Abra la herramienta desde su curso; si no funciona, muestre esta página al administrador de su plataforma.",
        fr: "Les plateformes d’apprentissage utilisent cette adresse pour ouvrir l’outil, mais la demande était incomplète ou incorrecte. Veuillez ouvrir l’outil depuis votre cours ; si cela ne suffit pas, montrez cette page à l’administrateur de votre plateforme.",
        de: "Über diese Adresse öffnen Lernplattformen das Tool, doch die Anfrage war unvollständig oder fehlerhaft. Bitte öffnen Sie das Tool aus Ihrem Kurs; wenn das nicht hilft, zeigen Sie diese Seite der Administration Ihrer Lernplattform.",
        pt: "As plataformas de aprendizagem usam este endereço para abrir a ferramenta, mas a solicitação estava incompleta ou incorreta. Abra a ferramenta a partir do seu curso; se não funcionar, mostre esta página ao administrador da sua plataforma.",
    }
    TOO_LONG {
        en: "Your learning platform sent more than this tool takes: the link's address, or something sent with it, is too long. Please show this page to the administrator of your learning platform.",
        es: "Su plataforma de aprendizaje ha enviado más de lo que esta herramienta admite: la dirección del enlace, o algo que se envía con ella, es demasiado larga. Muestre esta página al administrador de su plataforma.",
        fr: "Votre plateforme d’apprentissage a envoyé plus que cet outil n’accepte : l’adresse du lien, ou ce qui l’accompagne, est trop longue. Veuillez montrer cette page à l’administrateur de votre plateforme.",
        de: "Ihre Lernplattform hat mehr gesendet, als dieses Tool annimmt: Die Adresse des Links oder etwas, das mitgesendet wird, ist zu lang. Bitte zeigen Sie diese Seite der Administration Ihrer Lernplattform.",
        pt: "A sua plataforma de aprendizagem enviou mais do que esta ferramenta aceita: o endereço do link, ou algo enviado com ele, é longo demais. Mostre esta página ao administrador da sua plataforma.",
    }
    OLD_VERSION {
        en: "This link is set up for an old version of LTI (1.0 or 1.1), which this tool doesn't take. Please ask the administrator of your learning platform to delete the link or tool there and to add it again as LTI 1.3.",
        es: "Este enlace está configurado para una versión antigua de LTI (1.0 o 1.1) que esta herramienta no admite. Pida al administrador de su plataforma de aprendizaje que elimine el enlace o la herramienta y la añada de nuevo como LTI 1.3.",
        fr: "Ce lien est configuré pour une ancienne version de LTI (1.0 ou 1.1) que cet outil n’accepte pas. Veuillez demander à l’administrateur de votre plateforme d’apprentissage de supprimer le lien ou l’outil et de l’ajouter à nouveau en LTI 1.3.",
        de: "Dieser Link ist für eine alte Version von LTI (1.0 oder 1.1) eingerichtet, die dieses Tool nicht annimmt. Bitte wenden Sie sich an die Administration Ihrer Lernplattform: Der Link oder das Tool muss dort gelöscht und als LTI 1.3 neu hinzugefügt werden.",
        pt: "Este link está configurado para uma versão antiga do LTI (1.0 ou 1.1), que esta ferramenta não aceita. Peça ao administrador da sua plataforma de aprendizagem que exclua o link ou a ferramenta e a adicione novamente como LTI 1.3.",
    }
    ADDRESSES_SWAPPED {
        en: "The tool's addresses are mixed up in your learning platform. Please tell its administrator the right ones.\nLogin URL: {login}\nLaunch and redirect URL: {launch}",
        es: "Las direcciones de la herramienta están intercambiadas en su plataforma de aprendizaje. Indique a su administrador las correctas.\nURL de inicio de sesión: {login}\nURL de lanzamiento y de redirección: {launch}",
        fr: "Les adresses de l’outil sont interverties dans votre plateforme d’apprentissage. Veuillez indiquer les bonnes à son administrateur.\nURL de connexion : {login}\nURL de lancement et de redirection : {launch}",
        de: "Die Adressen des Tools sind in Ihrer Lernplattform vertauscht. Bitte nennen Sie der Administration die richtigen.\nLogin-URL: {login}\nStart- und Weiterleitungs-URL: {launch}",
        pt: "Os endereços da ferramenta estão trocados na sua plataforma de aprendizagem. Informe os corretos ao administrador.\nURL de login: {login}\nURL de lançamento e de redirecionamento: {launch}",
    }
    EXPIRED {
        en: "Signing in took too long. Please go back to your course and open the tool again.",
        es: "El inicio de sesión ha tardado demasiado. Vuelva a su curso y abra la herramienta de nuevo.",
        fr: "La connexion a pris trop de temps. Veuillez retourner à votre cours et ouvrir l’outil à nouveau.",
        de: "Die Anmeldung hat zu lange gedauert. Bitte gehen Sie zurück in Ihren Kurs und öffnen Sie das Tool noch einmal.",
        pt: "O login demorou demais. Volte ao seu curso e abra a ferramenta novamente.",
    }
    UNKNOWN_STATE {
        en: "We can't go on from here. Please go back to your course and open the tool again.",
        es: "No es posible continuar desde aquí. Vuelva a su curso y abra la herramienta de nuevo.",
        fr: "Il n’est pas possible de continuer à partir d’ici. Veuillez retourner à votre cours et ouvrir l’outil à nouveau.",
        de: "Hier geht es nicht weiter. Bitte gehen Sie zurück in Ihren Kurs und öffnen Sie das Tool noch einmal.",
        pt: "Não é possível continuar a partir daqui. Volte ao seu curso e abra a ferramenta novamente.",
    }
    OTHER_BROWSER {
        en: "Your browser did not keep the cookie that protects your sign-in. Please allow cookies for this site, or ask your teacher to let the tool open in a new window, and open it again from your course.",
        es: "Su navegador no ha guardado la cookie que protege el acceso. Permita las cookies de este sitio, o pida a su profesor que la herramienta se abra en una ventana nueva, y ábrala otra vez desde su curso.",
        fr: "Votre navigateur n’a pas conservé le cookie qui protège cet accès. Veuillez autoriser les cookies pour ce site, ou demander à votre enseignant que l’outil s’ouvre dans une nouvelle fenêtre, puis l’ouvrir à nouveau depuis votre cours.",
        de: "Ihr Browser hat das Cookie nicht gespeichert, das diesen Aufruf schützt. Bitte erlauben Sie Cookies für diese Website, oder bitten Sie Ihre Lehrkraft, das Tool in einem neuen Fenster öffnen zu lassen, und öffnen Sie es dann noch einmal aus Ihrem Kurs.",
        pt: "O seu navegador não salvou o cookie que protege este acesso. Permita os cookies deste site, ou peça ao seu professor que a ferramenta seja aberta em uma nova janela, e abra-a novamente a partir do seu curso.",
    }
    OPEN_NEW_WINDOW {
        en: "Your browser did not keep the cookie that protects your sign-in; many browsers keep none for a tool inside another site's page. Please open the tool in a new window, or again from your course.",
        es: "Su navegador no ha guardado la cookie que protege el acceso; es habitual cuando la herramienta se muestra dentro de la página de otro sitio. Abra la herramienta en una ventana nueva, o de nuevo desde su curso.",
        fr: "Votre navigateur n’a pas conservé le cookie qui protège cet accès ; c’est fréquent lorsque l’outil s’affiche dans la page d’un autre site. Veuillez ouvrir l’outil dans une nouvelle fenêtre, ou à nouveau depuis votre cours.",
        de: "Ihr Browser hat das Cookie nicht gespeichert, das diesen Aufruf schützt; das ist bei vielen Browsern so, wenn das Tool innerhalb einer anderen Website angezeigt wird. Bitte öffnen Sie das Tool in einem neuen Fenster oder noch einmal aus Ihrem Kurs.",
        pt: "O seu navegador não salvou o cookie que protege este acesso; isso é comum quando a ferramenta aparece dentro da página de outro site. Abra a ferramenta em uma nova janela, ou novamente a partir do seu curso.",
    }
    NO_COOKIES_IN_FRAME {
        en: "Your browser keeps no cookies for a tool inside the page of your learning platform. Please open the tool in a new window.",
        es: "Su navegador no guarda cookies para una herramienta que se muestra dentro de la página de su plataforma de aprendizaje. Abra la herramienta en una ventana nueva.",
        fr: "Votre navigateur ne conserve pas de cookies pour un outil affiché dans la page de votre plateforme d’apprentissage. Veuillez ouvrir l’outil dans une nouvelle fenêtre.",
        de: "Ihr Browser speichert keine Cookies für ein Tool, das innerhalb der Seite Ihrer Lernplattform angezeigt wird. Bitte öffnen Sie das Tool in einem neuen Fenster.",
        pt: "O seu navegador não salva cookies para uma ferramenta que aparece dentro da página da sua plataforma de aprendizagem. Abra a ferramenta em uma nova janela.",
    }
    NO_COOKIES_IN_WINDOW {
        en: "Your browser did not keep the cookie that protects your sign-in. Please allow cookies for this site, then go back to your course and open the tool again.",
        es: "Su navegador no ha guardado la cookie que protege el acceso. Permita las cookies de este sitio; después vuelva a su curso y abra la herramienta de nuevo.",
        fr: "Votre navigateur n’a pas conservé le cookie qui protège cet accès. Veuillez autoriser les cookies pour ce site, puis retourner à votre cours et ouvrir l’outil à nouveau.",
        de: "Ihr Browser hat das Cookie nicht gespeichert, das diesen Aufruf schützt. Bitte erlauben Sie Cookies für diese Website, gehen Sie dann zurück in Ihren Kurs und öffnen Sie das Tool noch einmal.",
        pt: "O seu navegador não salvou o cookie que protege este acesso. Permita os cookies deste site; depois volte ao seu curso e abra a ferramenta novamente.",
    }
    PLATFORM_SIGN_IN {
        en: "Your learning platform could not see that you are signed in. Please open the tool in a new window from your course.",
        es: "Su plataforma de aprendizaje no ha podido comprobar que usted ha iniciado sesión. Abra la herramienta en una ventana nueva desde su curso.",
        fr: "Votre plateforme d’apprentissage n’a pas pu vérifier que votre session est ouverte. Veuillez ouvrir l’outil dans une nouvelle fenêtre depuis votre cours.",
        de: "Ihre Lernplattform konnte nicht erkennen, dass Sie angemeldet sind. Bitte öffnen Sie das Tool aus Ihrem Kurs in einem neuen Fenster.",
        pt: "A sua plataforma de aprendizagem não conseguiu verificar que a sua sessão está ativa. Abra a ferramenta em uma nova janela a partir do seu curso.",
    }
    PLATFORM_NOT_SIGNED_IN {
        en: "Your learning platform could not see that you are signed in. Please sign in to your learning platform, then open the tool again there.",
        es: "Su plataforma de aprendizaje no ha podido comprobar que usted ha iniciado sesión. Inicie sesión en su plataforma de aprendizaje y abra allí la herramienta de nuevo.",
        fr: "Votre plateforme d’apprentissage n’a pas pu vérifier que votre session est ouverte. Veuillez vous connecter à votre plateforme d’apprentissage, puis y ouvrir l’outil à nouveau.",
        de: "Ihre Lernplattform konnte nicht erkennen, dass Sie angemeldet sind. Bitte melden Sie sich bei Ihrer Lernplattform an und öffnen Sie das Tool dort noch einmal.",
        pt: "A sua plataforma de aprendizagem não conseguiu verificar que a sua sessão está ativa. Faça login na sua plataforma de aprendizagem e abra a ferramenta novamente a partir dela.",
    }
    PLATFORM_USED_BEFORE {
        en: "This sign-in was used before. Please go back to your course and start again from there.",
        es: "Este acceso ya se había utilizado. Vuelva a su curso y empiece de nuevo desde allí.",
        fr: "Cet accès a déjà été utilisé. Veuillez retourner à votre cours et recommencer à partir de là.",
        de: "Dieser Aufruf wurde schon einmal verwendet. Bitte gehen Sie zurück in Ihren Kurs und beginnen Sie dort noch einmal.",
        pt: "Este acesso já havia sido utilizado. Volte ao seu curso e comece de novo a partir dele.",
    }
    PLATFORM_REFUSED {
        en: "Your learning platform refused to open the tool. Please go back to your course and try again; if that doesn't help, give your administrator the reference.",
        es: "Su plataforma de aprendizaje ha rechazado este acceso. Vuelva a su curso e inténtelo de nuevo; si no funciona, facilite la referencia a su administrador.",
        fr: "Votre plateforme d’apprentissage a refusé cet accès. Veuillez retourner à votre cours et réessayer ; si cela ne suffit pas, transmettez la référence à votre administrateur.",
        de: "Ihre Lernplattform hat diesen Aufruf abgelehnt. Bitte gehen Sie zurück in Ihren Kurs und versuchen Sie es noch einmal; wenn das nicht hilft, teilen Sie Ihrer Administration bitte das Kennzeichen mit.",
        pt: "A sua plataforma de aprendizagem recusou este acesso. Volte ao seu curso e tente novamente; se não funcionar, informe a referência ao seu administrador.",
    }
    PLATFORM_NOT_ACTIVE {
        en: "This learning platform is not active here: it was switched off, or still waits to be activated. Only the tool's owner can activate it, so please ask them.",
        es: "Esta plataforma de aprendizaje no está activa aquí: se desactivó o aún espera a que la activen. Solo el propietario de la herramienta puede activarla; pídaselo.",
        fr: "Cette plateforme d’apprentissage n’est pas active ici : elle a été désactivée, ou attend encore d’être activée. Seul le responsable de l’outil peut l’activer : veuillez le lui demander.",
        de: "Diese Lernplattform ist hier nicht aktiv: Sie wurde abgeschaltet oder wartet noch auf Freischaltung. Freischalten kann sie nur der Betreiber des Tools; bitte wenden Sie sich an ihn.",
        pt: "Esta plataforma de aprendizagem não está ativa aqui: foi desativada ou ainda espera ser ativada. Só o responsável pela ferramenta pode ativá-la; peça a ele.",
    }
    PLATFORM_UNKNOWN {
        en: "This learning platform is not registered here, or sent another issuer or client id than the registered one. Its administrator should compare these with the tool's owner. Nothing has to be changed in the course.",
        es: "Esta plataforma de aprendizaje no está registrada aquí, o envió un emisor o id de cliente distinto del registrado. Su administrador debe compararlos con el propietario de la herramienta. No hay que cambiar nada en el curso.",
        fr: "Cette plateforme d’apprentissage n’est pas enregistrée ici, ou a envoyé un autre émetteur ou identifiant client que celui enregistré. Son administrateur devrait les comparer avec le responsable de l’outil. Il n’y a rien à changer dans le cours.",
        de: "Diese Lernplattform ist hier nicht registriert, oder sie schickte einen anderen Aussteller oder eine andere Client-ID als registriert. Ihre Administration sollte beides mit dem Betreiber des Tools vergleichen. Im Kurs ist nichts zu ändern.",
        pt: "Esta plataforma de aprendizagem não está registrada aqui, ou enviou um emissor ou id do cliente diferente do registrado. O administrador dela deve compará-los com o responsável pela ferramenta. Nada precisa ser mudado no curso.",
    }
    AMBIGUOUS {
        en: "Several registrations share this platform's address, and the login doesn't say which is meant. The administrator should use the login URL of the one registration (…/lti/login/<id>), or let the platform send client_id.",
        es: "Varios registros comparten la dirección de esta plataforma y la solicitud no indica cuál es. El administrador debe usar la URL de inicio de sesión de ese registro (…/lti/login/<id>), o hacer que la plataforma envíe client_id.",
        fr: "Plusieurs enregistrements partagent l’adresse de cette plateforme, et la demande ne dit pas lequel est visé. L’administrateur doit utiliser l’URL de connexion de cet enregistrement (…/lti/login/<id>), ou faire envoyer client_id par la plateforme.",
        de: "Mehrere Registrierungen teilen sich die Adresse dieser Plattform, und die Anfrage sagt nicht, welche gemeint ist. Die Administration sollte die Login-URL der einen Registrierung verwenden (…/lti/login/<id>) oder die Plattform client_id mitschicken lassen.",
        pt: "Vários registros compartilham o endereço desta plataforma e a solicitação não diz qual deles é. O administrador deve usar a URL de login desse registro (…/lti/login/<id>), ou fazer com que a plataforma envie client_id.",
    }
    OTHER_PLATFORM {
        en: "This login address belongs to another registration. The administrator should compare the tool's login URL with the registration's.",
        es: "Esta dirección de inicio de sesión pertenece a otro registro. El administrador debe comparar la URL de inicio de sesión de la herramienta con la del registro.",
        fr: "Cette adresse de connexion appartient à un autre enregistrement. L’administrateur doit comparer l’URL de connexion de l’outil avec celle de l’enregistrement.",
        de: "Diese Login-Adresse gehört zu einer anderen Registrierung. Die Administration sollte die Login-URL des Tools mit der der Registrierung vergleichen.",
        pt: "Este endereço de login pertence a outro registro. O administrador deve comparar a URL de login da ferramenta com a do registro.",
    }
    TARGET {
        en: "The link leads to an address this tool doesn't serve. Its administrator should leave the link's URL empty, or enter {address}",
        es: "El enlace lleva a una dirección que no pertenece a esta herramienta. El administrador debe dejar vacía la URL del enlace o introducir {address}",
        fr: "Le lien mène à une adresse qui ne fait pas partie de cet outil. L’administrateur doit laisser vide l’URL du lien, ou saisir {address}",
        de: "Der Link führt zu einer Adresse, die nicht zu diesem Tool gehört. Die Administration sollte die URL des Links leer lassen oder diese eintragen: {address}",
        pt: "O link leva a um endereço que não pertence a esta ferramenta. O administrador deve deixar a URL do link vazia ou informar {address}",
    }
    NOT_ACCEPTED {
        en: "Your learning platform sent a request that can't be accepted. Please open the tool again from your course; if that doesn't help, give your administrator the reference.",
        es: "Su plataforma de aprendizaje ha enviado una solicitud que no se puede aceptar. Abra la herramienta otra vez desde su curso; si no funciona, facilite la referencia a su administrador.",
        fr: "Votre plateforme d’apprentissage a envoyé une demande qui ne peut pas être acceptée. Veuillez ouvrir l’outil à nouveau depuis votre cours ; si cela ne suffit pas, transmettez la référence à votre administrateur.",
        de: "Ihre Lernplattform hat einen Aufruf geschickt, der nicht angenommen werden kann. Bitte öffnen Sie das Tool noch einmal aus Ihrem Kurs; wenn das nicht hilft, teilen Sie Ihrer Administration bitte das Kennzeichen mit.",
        pt: "A sua plataforma de aprendizagem enviou uma solicitação que não pode ser aceita. Abra a ferramenta novamente a partir do seu curso; se não funcionar, informe a referência ao seu administrador.",
    }
    NOT_SUPPORTED {
        en: "The tool was opened from a place in your learning platform that it does not support. Please open it from an ordinary activity of your course; your administrator can remove it from the other place.",
        es: "La herramienta se ha abierto desde un lugar de su plataforma de aprendizaje que no admite. Ábrala desde una actividad normal de su curso; el administrador puede quitarla del otro lugar.",
        fr: "L’outil a été ouvert depuis un endroit de votre plateforme d’apprentissage qu’il ne prend pas en charge. Veuillez l’ouvrir depuis une activité ordinaire de votre cours ; votre administrateur peut le retirer de l’autre endroit.",
        de: "Das Tool wurde an einer Stelle Ihrer Lernplattform geöffnet, die es nicht unterstützt. Bitte öffnen Sie es aus einer gewöhnlichen Aktivität Ihres Kurses; Ihre Administration kann es an der anderen Stelle entfernen.",
        pt: "A ferramenta foi aberta em um lugar da sua plataforma de aprendizagem que ela não aceita. Abra-a a partir de uma atividade comum do seu curso; o administrador pode removê-la do outro lugar.",
    }
    KEYS_UNREACHABLE {
        en: "Your learning platform can't be reached at the moment, so your sign-in can't be checked. Please try again in a minute.",
        es: "En este momento no se puede contactar con su plataforma de aprendizaje para comprobar el acceso. Inténtelo de nuevo dentro de un minuto.",
        fr: "Votre plateforme d’apprentissage n’est pas joignable pour le moment ; cet accès ne peut donc pas être vérifié. Veuillez réessayer dans une minute.",
        de: "Ihre Lernplattform ist im Moment nicht erreichbar; deshalb lässt sich dieser Aufruf nicht prüfen. Bitte versuchen Sie es in einer Minute noch einmal.",
        pt: "Neste momento não é possível contatar a sua plataforma de aprendizagem para verificar o acesso. Tente novamente dentro de um minuto.",
    }
    KEYS_UNUSABLE {
        en: "Your sign-in can't be checked, because the keys of your learning platform can't be read here. Trying again doesn't help: please give your administrator the reference.",
        es: "No se puede comprobar el acceso, porque aquí no se pueden leer las claves de su plataforma de aprendizaje. Volver a intentarlo no sirve: facilite la referencia a su administrador.",
        fr: "Cet accès ne peut pas être vérifié, car les clés de votre plateforme d’apprentissage ne peuvent pas être lues ici. Réessayer ne sert à rien : veuillez transmettre la référence à votre administrateur.",
        de: "Dieser Aufruf lässt sich nicht prüfen, weil die Schlüssel Ihrer Lernplattform hier nicht gelesen werden können. Ein neuer Versuch hilft nicht: Bitte teilen Sie Ihrer Administration das Kennzeichen mit.",
        pt: "Não é possível verificar o acesso, porque as chaves da sua plataforma de aprendizagem não podem ser lidas aqui. Tentar novamente não ajuda: informe a referência ao seu administrador.",
    }
    DEPLOYMENT_NOT_ACTIVE {
        en: "The tool is not yet activated for your school. Please ask your administrator to have it activated.",
        es: "La herramienta aún no está activada para su centro. Pida a su administrador que solicite la activación.",
        fr: "L’outil n’est pas encore activé pour votre établissement. Veuillez demander à votre administrateur de le faire activer.",
        de: "Das Tool ist für Ihre Schule noch nicht freigeschaltet. Bitte wenden Sie sich an Ihre Administration, damit es freigeschaltet wird.",
        pt: "A ferramenta ainda não está ativada para a sua escola. Peça ao seu administrador que solicite a ativação.",
    }
    PERSON_BLOCKED {
        en: "Your access to this tool was stopped. Please ask your teacher, or the tool's owner.",
        es: "Su acceso a esta herramienta se ha suspendido. Consulte a su profesor o al propietario de la herramienta.",
        fr: "Votre accès à cet outil a été suspendu. Veuillez vous adresser à votre enseignant ou au responsable de l’outil.",
        de: "Ihr Zugang zu diesem Tool wurde gesperrt. Bitte wenden Sie sich an Ihre Lehrkraft oder an den Betreiber des Tools.",
        pt: "O seu acesso a esta ferramenta foi suspenso. Fale com o seu professor ou com o responsável pela ferramenta.",
    }
    STAFF_ONLY {
        en: "Only teachers can choose content here. Please ask your teacher to add it to the course.",
        es: "Aquí solo los profesores pueden elegir contenido. Pida a su profesor que lo añada al curso.",
        fr: "Ici, seuls les enseignants peuvent choisir du contenu. Veuillez demander à votre enseignant de l’ajouter au cours.",
        de: "Hier können nur Lehrkräfte Inhalte auswählen. Bitte bitten Sie Ihre Lehrkraft, sie in den Kurs einzufügen.",
        pt: "Aqui, só os professores podem escolher conteúdo. Peça ao seu professor que o adicione ao curso.",
    }
    OTHERS_SUBMISSION {
        en: "You can open only your own submissions here. Teachers can open those of their students.",
        es: "Aquí solo puede abrir sus propias entregas. Los profesores pueden abrir las de sus estudiantes.",
        fr: "Ici, vous ne pouvez ouvrir que vos propres travaux. Les enseignants peuvent ouvrir ceux de leurs élèves.",
        de: "Hier können Sie nur Ihre eigenen Abgaben öffnen. Lehrkräfte können die ihrer Lernenden öffnen.",
        pt: "Aqui, só pode abrir as suas próprias entregas. Os professores podem abrir as dos seus estudantes.",
    }
    TITLE_HAND_BACK {
        en: "Back to your course",
        es: "Volver a su curso",
        fr: "Retour à votre cours",
        de: "Zurück zu Ihrem Kurs",
        pt: "Voltar ao seu curso",
    }
    HAND_BACK {
        en: "Your choice is being handed to your learning platform.",
        es: "Su elección se está entregando a su plataforma de aprendizaje.",
        fr: "Votre choix est transmis à votre plateforme d’apprentissage.",
        de: "Ihre Auswahl wird an Ihre Lernplattform übergeben.",
        pt: "A sua escolha está sendo entregue à sua plataforma de aprendizagem.",
    }
    HANDED_BACK {
        en: "Your choice is in your course. You can close this window.",
        es: "Su elección está en su curso. Puede cerrar esta ventana.",
        fr: "Votre choix est dans votre cours. Vous pouvez fermer cette fenêtre.",
        de: "Ihre Auswahl ist in Ihrem Kurs. Sie können dieses Fenster schließen.",
        pt: "A sua escolha está no seu curso. Pode fechar esta janela.",
    }
    CHOOSE_AGAIN {
        en: "Your choice can't be handed to your learning platform any more. Please go back to your course and choose again.",
        es: "Su elección ya no se puede entregar a su plataforma de aprendizaje. Vuelva a su curso y elija de nuevo.",
        fr: "Votre choix ne peut plus être transmis à votre plateforme d’apprentissage. Veuillez retourner à votre cours et choisir à nouveau.",
        de: "Ihre Auswahl kann nicht mehr an Ihre Lernplattform übergeben werden. Bitte gehen Sie zurück zu Ihrem Kurs und wählen Sie noch einmal.",
        pt: "A sua escolha já não pode ser entregue à sua plataforma de aprendizagem. Volte ao seu curso e escolha de novo.",
    }
    REPLAYED {
        en: "This sign-in was used already. Please go back to your course and open the tool again.",
        es: "Este acceso ya se ha utilizado. Vuelva a su curso y abra la herramienta de nuevo.",
        fr: "Cet accès a déjà été utilisé. Veuillez retourner à votre cours et ouvrir l’outil à nouveau.",
        de: "Dieser Aufruf wurde bereits verwendet. Bitte gehen Sie zurück in Ihren Kurs und öffnen Sie das Tool noch einmal.",
        pt: "Este acesso já foi utilizado. Volte ao seu curso e abra a ferramenta novamente.",
    }
    NO_LAUNCH_URL {
        en: "The tool is not set up yet. Please tell its owner.",
        es: "La herramienta aún no está configurada. Avise a su propietario.",
        fr: "L’outil n’est pas encore configuré. Veuillez en informer son responsable.",
        de: "Das Tool ist noch nicht eingerichtet. Bitte sagen Sie dem Betreiber Bescheid.",
        pt: "A ferramenta ainda não está configurada. Avise o responsável por ela.",
    }
    NEW_WINDOW {
        en: "Open in a new window",
        es: "Abrir en una ventana nueva",
        fr: "Ouvrir dans une nouvelle fenêtre",
        de: "In neuem Fenster öffnen",
        pt: "Abrir em uma nova janela",
    }
    TITLE_OPENED {
        en: "The tool opens in a new window",
        es: "La herramienta se abre en una ventana nueva",
        fr: "L’outil s’ouvre dans une nouvelle fenêtre",
        de: "Das Tool öffnet sich in einem neuen Fenster",
        pt: "A ferramenta está sendo aberta em uma nova janela",
    }
    OPENED {
        en: "You can go on there. To open the tool once more, go back to your course and start from there.",
        es: "Puede continuar allí. Para abrir la herramienta otra vez, vuelva a su curso y empiece desde allí.",
        fr: "Vous pouvez continuer dans cette fenêtre. Pour ouvrir l’outil encore une fois, retournez à votre cours et recommencez à partir de là.",
        de: "Sie können dort weitermachen. Um das Tool noch einmal zu öffnen, gehen Sie bitte zurück in Ihren Kurs und beginnen Sie dort.",
        pt: "Você pode continuar por lá. Para abrir a ferramenta mais uma vez, volte ao seu curso e comece a partir dele.",
    }
    OPENING {
        en: "Opening…",
        es: "Abriendo…",
        fr: "Ouverture…",
        de: "Wird geöffnet…",
        pt: "Abrindo…",
    }
    IF_NOTHING_HAPPENS {
        en: "If nothing happens, please choose Continue.",
        es: "Si no ocurre nada, elija Continuar.",
        fr: "Si rien ne se passe, choisissez Continuer.",
        de: "Wenn nichts geschieht, wählen Sie bitte Weiter.",
        pt: "Se nada acontecer, escolha Continuar.",
    }
}
