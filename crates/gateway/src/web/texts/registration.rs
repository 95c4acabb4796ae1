//! What the administrator of a learning platform reads when registering the tool.

use super::texts;

texts! {
    TITLE_DONE {
        en: "Registration complete",
        es: "Registro completado",
        fr: "Enregistrement terminé",
        de: "Registrierung abgeschlossen",
        pt: "Registro concluído",
    }
    TITLE_FAILED {
        en: "The registration did not work",
        es: "El registro no ha funcionado",
        fr: "L’enregistrement n’a pas fonctionné",
        de: "Die Registrierung hat nicht geklappt",
        pt: "O registro não funcionou",
    }
    TITLE_NOT_HERE {
        en: "Registration is not possible here",
        es: "Aquí no es posible el registro",
        fr: "L’enregistrement n’est pas possible ici",
        de: "Hier ist keine Registrierung möglich",
        pt: "Aqui não é possível fazer o registro",
    }
    TITLE_LOOK_THERE {
        en: "Please check your learning platform",
        es: "Compruebe su plataforma de aprendizaje",
        fr: "Veuillez vérifier votre plateforme d’apprentissage",
        de: "Bitte prüfen Sie Ihre Lernplattform",
        pt: "Verifique a sua plataforma de aprendizagem",
    }
    DISABLED {
        en: "This tool doesn't take registrations. Please ask the tool's owner.",
        es: "Esta herramienta no admite registros. Consulte a su propietario.",
        fr: "Cet outil n’accepte pas d’enregistrements. Veuillez vous adresser à son responsable.",
        de: "Dieses Tool nimmt keine Registrierungen an. Bitte wenden Sie sich an den Betreiber des Tools.",
        pt: "Esta ferramenta não aceita registros. Fale com o responsável por ela.",
    }
    NOT_OPEN {
        en: "This tool takes registrations by invitation only. Please ask the tool's owner for an invitation link.",
        es: "Esta herramienta solo admite registros por invitación. Pida a su propietario un enlace de invitación.",
        fr: "Cet outil n’accepte d’enregistrements que sur invitation. Veuillez demander un lien d’invitation à son responsable.",
        de: "Dieses Tool nimmt Registrierungen nur auf Einladung an. Bitte lassen Sie sich vom Betreiber des Tools einen Einladungslink geben.",
        pt: "Esta ferramenta só aceita registros por convite. Peça um link de convite ao responsável por ela.",
    }
    INVITE_USED {
        en: "This invitation link was used already or has expired. Please ask the tool's owner for a new one.",
        es: "Este enlace de invitación ya se ha utilizado o ha caducado. Pida uno nuevo al propietario de la herramienta.",
        fr: "Ce lien d’invitation a déjà été utilisé ou a expiré. Veuillez en demander un nouveau au responsable de l’outil.",
        de: "Dieser Einladungslink wurde bereits verwendet oder ist abgelaufen. Bitte lassen Sie sich vom Betreiber des Tools einen neuen geben.",
        pt: "Este link de convite já foi utilizado ou expirou. Peça um novo ao responsável pela ferramenta.",
    }
    INVITE_UNKNOWN {
        en: "This is no invitation link of this tool. Please copy the invitation's link as a whole, or, if you have none, register with {address}",
        es: "Este no es un enlace de invitación de esta herramienta. Copie el enlace de invitación completo o, si no tiene ninguno, regístrese con {address}",
        fr: "Ceci n’est pas un lien d’invitation de cet outil. Veuillez copier le lien d’invitation en entier ou, si vous n’en avez pas, faire l’enregistrement avec {address}",
        de: "Dies ist kein Einladungslink dieses Tools. Bitte kopieren Sie den Einladungslink vollständig, oder registrieren Sie, falls Sie keinen haben, mit {address}",
        pt: "Este não é um link de convite desta ferramenta. Copie o link de convite inteiro ou, se não tiver nenhum, faça o registro com {address}",
    }
    NOT_WAITING {
        en: "This registration is over: it was completed, or waited too long. Please start again in your learning platform.",
        es: "Este registro ha terminado: se completó o esperó demasiado tiempo. Empiece de nuevo en su plataforma de aprendizaje.",
        fr: "Cet enregistrement est clos : il a été achevé, ou il a attendu trop longtemps. Veuillez recommencer dans votre plateforme d’apprentissage.",
        de: "Diese Registrierung ist beendet: Sie wurde abgeschlossen oder hat zu lange gewartet. Bitte beginnen Sie in Ihrer Lernplattform noch einmal.",
        pt: "Este registro terminou: foi concluído ou esperou tempo demais. Comece de novo na sua plataforma de aprendizagem.",
    }
    FORGED {
        en: "This confirmation can't be accepted. Please start the registration again in your learning platform.",
        es: "Esta confirmación no se puede aceptar. Empiece el registro de nuevo en su plataforma de aprendizaje.",
        fr: "Cette confirmation ne peut pas être acceptée. Veuillez recommencer l’enregistrement dans votre plateforme d’apprentissage.",
        de: "Diese Bestätigung kann nicht angenommen werden. Bitte beginnen Sie die Registrierung in Ihrer Lernplattform noch einmal.",
        pt: "Esta confirmação não pode ser aceita. Comece o registro de novo na sua plataforma de aprendizagem.",
    }
    NO_APPROVAL_PAGE {
        en: "This tool isn't set up to approve registrations yet. Please ask the tool's owner.",
        es: "Esta herramienta aún no está preparada para aprobar registros. Consulte a su propietario.",
        fr: "Cet outil n’est pas encore configuré pour approuver des enregistrements. Veuillez vous adresser à son responsable.",
        de: "Dieses Tool ist noch nicht dafür eingerichtet, Registrierungen zu genehmigen. Bitte wenden Sie sich an den Betreiber des Tools.",
        pt: "Esta ferramenta ainda não está configurada para aprovar registros. Fale com o responsável por ela.",
    }
    NOT_READY {
        en: "This tool isn't set up yet: its owner has to set the address where launches go. Please try again after that.",
        es: "Esta herramienta aún no está configurada: su propietario tiene que indicar la dirección a la que van los accesos. Inténtelo de nuevo después.",
        fr: "Cet outil n’est pas encore configuré : son responsable doit indiquer l’adresse vers laquelle il s’ouvre. Veuillez réessayer ensuite.",
        de: "Dieses Tool ist noch nicht eingerichtet: Der Betreiber muss die Adresse festlegen, zu der Aufrufe führen. Bitte versuchen Sie es danach noch einmal.",
        pt: "Esta ferramenta ainda não está configurada: o responsável precisa indicar o endereço para onde vão os acessos. Tente novamente depois disso.",
    }
    TITLE_BY_HAND {
        en: "This address belongs in your LMS",
        es: "Esta dirección va en su LMS",
        fr: "Cette adresse est destinée à votre LMS",
        de: "Diese Adresse gehört in Ihr LMS",
        pt: "Este endereço é para o seu LMS",
    }
    BY_HAND {
        en: "Nothing went wrong. Copy this address and paste it where your LMS, as its administrator sees it, asks for a tool's registration URL:\n{address}",
        es: "No ha fallado nada. Copie esta dirección y péguela donde su LMS, en su administración, pida la URL de registro de una herramienta:\n{address}",
        fr: "Rien n’a échoué. Copiez cette adresse et collez-la là où votre LMS, dans son administration, demande l’URL d’enregistrement d’un outil :\n{address}",
        de: "Es ist nichts schiefgegangen. Kopieren Sie diese Adresse und fügen Sie sie in der Verwaltung Ihres LMS ein, wo nach der Registrierungs-URL eines Tools gefragt wird:\n{address}",
        pt: "Nada deu errado. Copie este endereço e cole-o onde a administração do seu LMS pedir a URL de registro de uma ferramenta:\n{address}",
    }
    PARAMETER {
        en: "This address registers the tool with a learning platform, but the request was incomplete or incorrect. Please start the registration from your learning platform's administration.",
        es: "Esta dirección registra la herramienta en una plataforma de aprendizaje, pero la solicitud no estaba completa o no era correcta. Empiece el registro desde la administración de su plataforma.",
        fr: "Cette adresse enregistre l’outil auprès d’une plateforme d’apprentissage, mais la demande était incomplète ou incorrecte. Veuillez lancer l’enregistrement depuis l’administration de votre plateforme.",
        de: "Diese Adresse registriert das Tool bei einer Lernplattform, doch die Anfrage war unvollständig oder fehlerhaft. Bitte beginnen Sie die Registrierung in der Verwaltung Ihrer Lernplattform.",
        pt: "Este endereço registra a ferramenta em uma plataforma de aprendizagem, mas a solicitação estava incompleta ou incorreta. Comece o registro na administração da sua plataforma.",
    }
    PREFETCH {
        en: "Please open this page by clicking the link; nothing has been registered yet.",
        es: "Abra esta página haciendo clic en el enlace; todavía no se ha registrado nada.",
        fr: "Veuillez ouvrir cette page en cliquant sur le lien ; rien n’a encore été enregistré.",
        de: "Bitte öffnen Sie diese Seite durch einen Klick auf den Link; es wurde noch nichts registriert.",
        pt: "Abra esta página clicando no link; nada foi registrado ainda.",
    }
    ADDRESS_NOT_ALLOWED {
        en: "Your learning platform names an address that can't be reached from the internet, so nothing was registered. If the platform runs in a private network, the operator of this service has to allow its address (outbound_allow).",
        es: "Su plataforma de aprendizaje indica una dirección a la que no se puede llegar desde internet, por lo que no se ha registrado nada. Si la plataforma está en una red privada, el operador de este servicio tiene que permitir su dirección (outbound_allow).",
        fr: "Votre plateforme d’apprentissage indique une adresse qui n’est pas joignable depuis internet ; rien n’a donc été enregistré. Si la plateforme se trouve dans un réseau privé, l’opérateur de ce service doit autoriser son adresse (outbound_allow).",
        de: "Ihre Lernplattform nennt eine Adresse, die aus dem Internet nicht erreichbar ist; daher wurde nichts registriert. Läuft die Plattform in einem privaten Netz, muss der Betreiber dieses Dienstes ihre Adresse erlauben (outbound_allow).",
        pt: "A sua plataforma de aprendizagem indica um endereço que não pode ser alcançado a partir da internet, por isso nada foi registrado. Se a plataforma está em uma rede privada, o operador deste serviço precisa permitir o endereço dela (outbound_allow).",
    }
    TOO_LARGE {
        en: "Your learning platform's configuration is far too large, so nothing was registered. Please show this page to the platform's support.",
        es: "La configuración de su plataforma de aprendizaje es demasiado grande, por lo que no se ha registrado nada. Muestre esta página al servicio de asistencia de la plataforma.",
        fr: "La configuration de votre plateforme d’apprentissage est beaucoup trop volumineuse ; rien n’a donc été enregistré. Veuillez montrer cette page à l’assistance de la plateforme.",
        de: "Die Konfiguration Ihrer Lernplattform ist viel zu groß; daher wurde nichts registriert. Bitte zeigen Sie diese Seite dem Support der Plattform.",
        pt: "A configuração da sua plataforma de aprendizagem é grande demais, por isso nada foi registrado. Mostre esta página ao suporte da plataforma.",
    }
    UNREADABLE {
        en: "Your learning platform's configuration couldn't be read, so nothing was registered. Please start again; if it fails again, check that this service can reach your platform. If it runs in a private network, the operator of this service has to allow its address (outbound_allow).",
        es: "No se ha podido leer la configuración de su plataforma de aprendizaje, por lo que no se ha registrado nada. Empiece de nuevo; si vuelve a fallar, compruebe que este servicio puede llegar a su plataforma. Si está en una red privada, el operador de este servicio tiene que permitir su dirección (outbound_allow).",
        fr: "La configuration de votre plateforme d’apprentissage n’a pas pu être lue ; rien n’a donc été enregistré. Veuillez recommencer ; si cela échoue encore, vérifiez que ce service peut joindre votre plateforme. Si elle se trouve dans un réseau privé, l’opérateur de ce service doit autoriser son adresse (outbound_allow).",
        de: "Die Konfiguration Ihrer Lernplattform konnte nicht gelesen werden; daher wurde nichts registriert. Bitte beginnen Sie noch einmal; wenn es wieder nicht klappt, prüfen Sie bitte, ob dieser Dienst Ihre Plattform erreichen kann. Läuft sie in einem privaten Netz, muss der Betreiber dieses Dienstes ihre Adresse erlauben (outbound_allow).",
        pt: "Não foi possível ler a configuração da sua plataforma de aprendizagem, por isso nada foi registrado. Comece de novo; se voltar a falhar, verifique se este serviço consegue alcançar a sua plataforma. Se ela está em uma rede privada, o operador deste serviço precisa permitir o endereço dela (outbound_allow).",
    }
    BUSY {
        en: "This service is handling too many registrations at the moment, so your learning platform was not asked. Please try again in a minute.",
        es: "En este momento este servicio está atendiendo demasiados registros, por lo que no se ha consultado a su plataforma de aprendizaje. Inténtelo de nuevo dentro de un minuto.",
        fr: "Ce service traite trop d’enregistrements en ce moment ; votre plateforme d’apprentissage n’a donc pas été interrogée. Veuillez réessayer dans une minute.",
        de: "Dieser Dienst bearbeitet gerade zu viele Registrierungen; Ihre Lernplattform wurde daher nicht gefragt. Bitte versuchen Sie es in einer Minute noch einmal.",
        pt: "Neste momento este serviço está processando registros demais, por isso a sua plataforma de aprendizagem não foi consultada. Tente de novo em um minuto.",
    }
    NOT_JSON {
        en: "Your learning platform's configuration address answered with something other than a configuration, so nothing was registered. Please show this page to the platform's support.",
        es: "La dirección de configuración de su plataforma de aprendizaje ha respondido con algo que no es una configuración, por lo que no se ha registrado nada. Muestre esta página al servicio de asistencia de la plataforma.",
        fr: "L’adresse de configuration de votre plateforme d’apprentissage a répondu par autre chose qu’une configuration ; rien n’a donc été enregistré. Veuillez montrer cette page à l’assistance de la plateforme.",
        de: "Die Konfigurationsadresse Ihrer Lernplattform hat mit etwas anderem als einer Konfiguration geantwortet; daher wurde nichts registriert. Bitte zeigen Sie diese Seite dem Support der Plattform.",
        pt: "O endereço de configuração da sua plataforma de aprendizagem respondeu com algo que não é uma configuração, por isso nada foi registrado. Mostre esta página ao suporte da plataforma.",
    }
    CONFIGURATION {
        en: "Your learning platform's configuration can't be used, so nothing was registered. Please show this page to the platform's support.",
        es: "La configuración de su plataforma de aprendizaje no se puede utilizar, por lo que no se ha registrado nada. Muestre esta página al servicio de asistencia de la plataforma.",
        fr: "La configuration de votre plateforme d’apprentissage ne peut pas être utilisée ; rien n’a donc été enregistré. Veuillez montrer cette page à l’assistance de la plateforme.",
        de: "Die Konfiguration Ihrer Lernplattform ist nicht verwendbar; daher wurde nichts registriert. Bitte zeigen Sie diese Seite dem Support der Plattform.",
        pt: "A configuração da sua plataforma de aprendizagem não pode ser utilizada, por isso nada foi registrado. Mostre esta página ao suporte da plataforma.",
    }
    NOTHING_IN_COMMON {
        en: "Your learning platform and this tool have nothing in common to register. Please ask the tool's owner.",
        es: "Su plataforma de aprendizaje y esta herramienta no tienen nada en común que registrar. Consulte al propietario de la herramienta.",
        fr: "Votre plateforme d’apprentissage et cet outil n’ont rien en commun à enregistrer. Veuillez vous adresser au responsable de l’outil.",
        de: "Ihre Lernplattform und dieses Tool haben nichts gemeinsam, das registriert werden könnte. Bitte wenden Sie sich an den Betreiber des Tools.",
        pt: "A sua plataforma de aprendizagem e esta ferramenta não têm nada em comum para registrar. Fale com o responsável pela ferramenta.",
    }
    NOT_SENT {
        en: "This service can't connect to your learning platform's registration address, so nothing was registered. If the platform runs in a private network, the operator of this service has to allow its address (outbound_allow).",
        es: "Este servicio no puede conectarse a la dirección de registro de su plataforma de aprendizaje, por lo que no se ha registrado nada. Si la plataforma está en una red privada, el operador de este servicio tiene que permitir su dirección (outbound_allow).",
        fr: "Ce service ne peut pas se connecter à l’adresse d’enregistrement de votre plateforme d’apprentissage ; rien n’a donc été enregistré. Si la plateforme se trouve dans un réseau privé, l’opérateur de ce service doit autoriser son adresse (outbound_allow).",
        de: "Dieser Dienst kann keine Verbindung zur Registrierungsadresse Ihrer Lernplattform herstellen; daher wurde nichts registriert. Läuft die Plattform in einem privaten Netz, muss der Betreiber dieses Dienstes ihre Adresse erlauben (outbound_allow).",
        pt: "Este serviço não consegue se conectar ao endereço de registro da sua plataforma de aprendizagem, por isso nada foi registrado. Se a plataforma está em uma rede privada, o operador deste serviço precisa permitir o endereço dela (outbound_allow).",
    }
    NO_ANSWER {
        en: "Your learning platform did not answer the registration, or not completely. It may have stored the tool nevertheless: please look for it there and delete it before you start again.",
        es: "Su plataforma de aprendizaje no ha respondido al registro, o no del todo. Es posible que haya guardado la herramienta de todos modos: búsquela allí y elimínela antes de empezar de nuevo.",
        fr: "Votre plateforme d’apprentissage n’a pas répondu à l’enregistrement, ou pas entièrement. Il se peut qu’elle ait tout de même conservé l’outil : veuillez le chercher et le supprimer avant de recommencer.",
        de: "Ihre Lernplattform hat auf die Registrierung nicht oder nicht vollständig geantwortet. Vielleicht hat sie das Tool trotzdem gespeichert: Bitte suchen Sie es dort und löschen Sie es, bevor Sie noch einmal beginnen.",
        pt: "A sua plataforma de aprendizagem não respondeu ao registro, ou não por completo. Talvez tenha guardado a ferramenta mesmo assim: procure-a lá e apague-a antes de começar de novo.",
    }
    REDIRECTED {
        en: "Your learning platform's registration address pointed elsewhere, so nothing was registered. Please show this page to the platform's support.",
        es: "La dirección de registro de su plataforma de aprendizaje remite a otro lugar, por lo que no se ha registrado nada. Muestre esta página al servicio de asistencia de la plataforma.",
        fr: "L’adresse d’enregistrement de votre plateforme d’apprentissage renvoie ailleurs ; rien n’a donc été enregistré. Veuillez montrer cette page à l’assistance de la plateforme.",
        de: "Die Registrierungsadresse Ihrer Lernplattform verwies woandershin; daher wurde nichts registriert. Bitte zeigen Sie diese Seite dem Support der Plattform.",
        pt: "O endereço de registro da sua plataforma de aprendizagem remete para outro lugar, por isso nada foi registrado. Mostre esta página ao suporte da plataforma.",
    }
    REFUSED {
        en: "Your learning platform refused the registration. Its answer is below.",
        es: "Su plataforma de aprendizaje ha rechazado el registro. Su respuesta aparece abajo.",
        fr: "Votre plateforme d’apprentissage a refusé l’enregistrement. Sa réponse figure ci-dessous.",
        de: "Ihre Lernplattform hat die Registrierung abgelehnt. Ihre Antwort steht unten.",
        pt: "A sua plataforma de aprendizagem recusou o registro. A resposta dela está abaixo.",
    }
    REFUSED_SILENTLY {
        en: "Your learning platform refused the registration and gave no reason. Most refuse one that was begun before: please start again there.",
        es: "Su plataforma de aprendizaje ha rechazado el registro sin indicar el motivo. La mayoría rechaza un registro que ya se había iniciado: empiece de nuevo allí.",
        fr: "Votre plateforme d’apprentissage a refusé l’enregistrement sans donner de raison. La plupart refusent un enregistrement déjà commencé : veuillez recommencer là-bas.",
        de: "Ihre Lernplattform hat die Registrierung ohne Angabe eines Grundes abgelehnt. Die meisten lehnen eine ab, die schon einmal begonnen wurde: Bitte beginnen Sie dort noch einmal.",
        pt: "A sua plataforma de aprendizagem recusou o registro sem informar o motivo. A maioria recusa um registro que já havia sido iniciado: comece de novo por lá.",
    }
    ANSWER {
        en: "Your learning platform's answer can't be used. It may have stored the tool nevertheless: please look for it there and delete it before you start again.",
        es: "La respuesta de su plataforma de aprendizaje no se puede utilizar. Es posible que haya guardado la herramienta de todos modos: búsquela allí y elimínela antes de empezar de nuevo.",
        fr: "La réponse de votre plateforme d’apprentissage ne peut pas être utilisée. Il se peut qu’elle ait tout de même conservé l’outil : veuillez le chercher et le supprimer avant de recommencer.",
        de: "Die Antwort Ihrer Lernplattform ist nicht verwendbar. Vielleicht hat sie das Tool trotzdem gespeichert: Bitte suchen Sie es dort und löschen Sie es, bevor Sie noch einmal beginnen.",
        pt: "A resposta da sua plataforma de aprendizagem não pode ser utilizada. Talvez tenha guardado a ferramenta mesmo assim: procure-a lá e apague-a antes de começar de novo.",
    }
    TAKEN {
        en: "A platform with the same issuer and client id is registered already, and a registration is never overwritten. If that is another installation, give this one a client id of its own (in Canvas: a further developer key) or an issuer of its own (in Canvas: lti_iss). Only if it is this one, ask the tool's owner to remove the old registration first.",
        es: "Ya está registrada una plataforma con el mismo emisor y el mismo identificador de cliente, y un registro nunca se sobrescribe. Si se trata de otra instalación, dé a esta un identificador de cliente propio (en Canvas: otra clave de desarrollador) o un emisor propio (en Canvas: lti_iss). Solo si es esta misma, pida al propietario de la herramienta que elimine primero el registro anterior.",
        fr: "Une plateforme ayant le même émetteur et le même identifiant client est déjà enregistrée, et un enregistrement n’est jamais remplacé. S’il s’agit d’une autre installation, donnez à celle-ci son propre identifiant client (dans Canvas : une autre clé de développeur) ou son propre émetteur (dans Canvas : lti_iss). Seulement s’il s’agit de celle-ci, demandez d’abord au responsable de l’outil de supprimer l’ancien enregistrement.",
        de: "Eine Plattform mit demselben Issuer und derselben Client-ID ist bereits registriert, und eine Registrierung wird nie überschrieben. Wenn das eine andere Installation ist, geben Sie dieser eine eigene Client-ID (in Canvas: einen weiteren Entwicklerschlüssel) oder einen eigenen Issuer (in Canvas: lti_iss). Nur wenn es diese hier ist, lassen Sie zuerst die alte Registrierung vom Betreiber des Tools entfernen.",
        pt: "Já está registrada uma plataforma com o mesmo emissor e o mesmo identificador de cliente, e um registro nunca é substituído. Se for outra instalação, dê a esta um identificador de cliente próprio (no Canvas: outra chave de desenvolvedor) ou um emissor próprio (no Canvas: lti_iss). Somente se for esta mesma, peça primeiro ao responsável pela ferramenta que remova o registro antigo.",
    }
    REGISTERED {
        en: "{name} is registered.",
        es: "El registro de {name} se ha completado.",
        fr: "L’enregistrement de {name} est terminé.",
        de: "{name} ist registriert.",
        pt: "O registro de {name} foi concluído.",
    }
    TITLE_UPDATED {
        en: "Registration updated",
        es: "Registro actualizado",
        fr: "Enregistrement mis à jour",
        de: "Registrierung aktualisiert",
        pt: "Registro atualizado",
    }
    UPDATED {
        en: "The registration of {name} is up to date.",
        es: "El registro de {name} está actualizado.",
        fr: "L’enregistrement de {name} est à jour.",
        de: "Die Registrierung von {name} ist auf dem neuesten Stand.",
        pt: "O registro de {name} está atualizado.",
    }
    STAYS_ACTIVE {
        en: "The tool stays active: there is nothing more to do.",
        es: "La herramienta sigue activa: no hay nada más que hacer.",
        fr: "L’outil reste actif : il n’y a rien d’autre à faire.",
        de: "Das Tool bleibt freigeschaltet: Es ist nichts weiter zu tun.",
        pt: "A ferramenta continua ativa: não há mais nada a fazer.",
    }
    NEXT_SWITCH_ON {
        en: "Switch the tool on in your learning platform, and it is ready to use.",
        es: "Active la herramienta en su plataforma de aprendizaje y estará lista para usar.",
        fr: "Activez l’outil dans votre plateforme d’apprentissage, et il est prêt à l’emploi.",
        de: "Schalten Sie das Tool in Ihrer Lernplattform ein, dann ist es einsatzbereit.",
        pt: "Ative a ferramenta na sua plataforma de aprendizagem e ela estará pronta para uso.",
    }
    NEXT_OWNER {
        en: "The tool's owner now has to activate the registration. Until then launches are refused with a note that says so.",
        es: "Ahora el propietario de la herramienta tiene que activar el registro. Hasta entonces, los accesos se rechazan con un aviso que lo explica.",
        fr: "Le responsable de l’outil doit maintenant activer l’enregistrement. D’ici là, les accès sont refusés avec un message qui l’explique.",
        de: "Der Betreiber des Tools muss die Registrierung nun freischalten. Bis dahin werden Aufrufe mit einem entsprechenden Hinweis abgelehnt.",
        pt: "O responsável pela ferramenta agora precisa ativar o registro. Até lá, os acessos são recusados com um aviso que o explica.",
    }
    CUT_OFF {
        en: "An earlier registration was cut off before it was stored here. Your learning platform may list the tool twice: please delete the older entry there.",
        es: "Un registro anterior se interrumpió antes de guardarse aquí. Es posible que su plataforma de aprendizaje muestre la herramienta dos veces: elimine allí la entrada más antigua.",
        fr: "Un enregistrement antérieur a été interrompu avant d’être conservé ici. Il se peut que votre plateforme d’apprentissage affiche l’outil deux fois : veuillez y supprimer l’entrée la plus ancienne.",
        de: "Eine frühere Registrierung brach ab, bevor sie hier gespeichert war. Ihre Lernplattform führt das Tool vielleicht zweimal auf: Bitte löschen Sie dort den älteren Eintrag.",
        pt: "Um registro anterior foi interrompido antes de ser guardado aqui. A sua plataforma de aprendizagem talvez mostre a ferramenta duas vezes: apague lá a entrada mais antiga.",
    }
    TOO_MANY_WAIT {
        en: "Too many registrations wait for this tool's owner already. Please ask them for an invitation link.",
        es: "Ya hay demasiados registros a la espera del propietario de esta herramienta. Pídale un enlace de invitación.",
        fr: "Trop d’enregistrements attendent déjà le responsable de cet outil. Veuillez lui demander un lien d’invitation.",
        de: "Zu viele Registrierungen warten bereits auf den Betreiber dieses Tools. Bitte lassen Sie sich von ihm einen Einladungslink geben.",
        pt: "Já há registros demais à espera do responsável por esta ferramenta. Peça a ele um link de convite.",
    }
    MAY_CLOSE {
        en: "You can close this window.",
        es: "Puede cerrar esta ventana.",
        fr: "Vous pouvez fermer cette fenêtre.",
        de: "Sie können dieses Fenster schließen.",
        pt: "Você já pode fechar esta janela.",
    }
    QUESTION {
        en: "Register {tool} with {platform}?",
        es: "¿Registrar {tool} en {platform}?",
        fr: "Enregistrer {tool} auprès de {platform} ?",
        de: "{tool} bei {platform} registrieren?",
        pt: "Registrar {tool} em {platform}?",
    }
    QUESTION_UPDATE {
        en: "Update the registration of {tool} with {platform}?",
        es: "¿Actualizar el registro de {tool} en {platform}?",
        fr: "Mettre à jour l’enregistrement de {tool} auprès de {platform} ?",
        de: "Die Registrierung von {tool} bei {platform} aktualisieren?",
        pt: "Atualizar o registro de {tool} em {platform}?",
    }
    PLATFORM {
        en: "Learning platform",
        es: "Plataforma de aprendizaje",
        fr: "Plateforme d’apprentissage",
        de: "Lernplattform",
        pt: "Plataforma de aprendizagem",
    }
    SERVERS {
        en: "Servers it uses",
        es: "Servidores que utiliza",
        fr: "Serveurs qu’elle utilise",
        de: "Server, die sie verwendet",
        pt: "Servidores que utiliza",
    }
    ASKS_TO {
        en: "The tool asks to",
        es: "La herramienta solicita",
        fr: "L’outil demande à",
        de: "Das Tool möchte",
        pt: "A ferramenta pede para",
    }
    OPENED_FROM_COURSES {
        en: "Be opened from courses",
        es: "Abrirse desde los cursos",
        fr: "Être ouvert depuis les cours",
        de: "Aus Kursen geöffnet werden",
        pt: "Ser aberta a partir dos cursos",
    }
    DEEP_LINKING {
        en: "Let teachers choose content in the tool",
        es: "Permitir que los profesores elijan contenidos en la herramienta",
        fr: "Permettre aux enseignants de choisir des contenus dans l’outil",
        de: "Lehrkräfte Inhalte im Tool auswählen lassen",
        pt: "Permitir que os professores escolham conteúdos na ferramenta",
    }
    GRADES {
        en: "Read and write grades of its own assignments",
        es: "Leer y escribir las notas de sus propias tareas",
        fr: "Lire et écrire les notes de ses propres devoirs",
        de: "Noten seiner eigenen Aufgaben lesen und schreiben",
        pt: "Ler e escrever as notas das suas próprias tarefas",
    }
    ROSTER {
        en: "Read who is in a course",
        es: "Leer quién participa en un curso",
        fr: "Lire qui participe à un cours",
        de: "Lesen, wer an einem Kurs teilnimmt",
        pt: "Ler quem participa de um curso",
    }
    GROUPS {
        en: "Read the groups of a course",
        es: "Leer los grupos de un curso",
        fr: "Lire les groupes d’un cours",
        de: "Die Gruppen eines Kurses lesen",
        pt: "Ler os grupos de um curso",
    }
    PERSONAL {
        en: "Personal data it asks for",
        es: "Datos personales que solicita",
        fr: "Données personnelles demandées",
        de: "Personenbezogene Daten, um die es bittet",
        pt: "Dados pessoais que pede",
    }
    PERSONAL_NAME {
        en: "Name",
        es: "Nombre",
        fr: "Nom",
        de: "Name",
        pt: "Nome",
    }
    PERSONAL_EMAIL {
        en: "E-mail address",
        es: "Dirección de correo electrónico",
        fr: "Adresse électronique",
        de: "E-Mail-Adresse",
        pt: "Endereço de e-mail",
    }
    PERSONAL_PICTURE {
        en: "Picture",
        es: "Imagen",
        fr: "Photo",
        de: "Bild",
        pt: "Imagem",
    }
    PERSONAL_LANGUAGE {
        en: "Language",
        es: "Idioma",
        fr: "Langue",
        de: "Sprache",
        pt: "Idioma",
    }
    PERSONAL_NONE {
        en: "None: an opaque number for each person",
        es: "Ninguno: un número sin significado para cada persona",
        fr: "Aucune : un numéro sans signification pour chaque personne",
        de: "Keine: eine nichtssagende Nummer je Person",
        pt: "Nenhum: um número sem significado para cada pessoa",
    }
    THEN_AUTOMATIC {
        en: "After your click the tool is registered and can be used as soon as you switch it on.",
        es: "Después de su clic, la herramienta queda registrada y se puede usar en cuanto la active.",
        fr: "Après votre clic, l’outil est enregistré et peut être utilisé dès que vous l’activez.",
        de: "Nach Ihrem Klick ist das Tool registriert und kann verwendet werden, sobald Sie es einschalten.",
        pt: "Depois do seu clique, a ferramenta fica registrada e pode ser usada assim que a ativar.",
    }
    THEN_APPROVAL {
        en: "After your click the tool is registered; its owner then activates the registration.",
        es: "Después de su clic, la herramienta queda registrada; a continuación su propietario activa el registro.",
        fr: "Après votre clic, l’outil est enregistré ; son responsable active ensuite l’enregistrement.",
        de: "Nach Ihrem Klick ist das Tool registriert; der Betreiber schaltet die Registrierung dann frei.",
        pt: "Depois do seu clique, a ferramenta fica registrada; em seguida, o responsável por ela ativa o registro.",
    }
    THEN_PRE_APPROVAL {
        en: "After your click the tool's own page asks a few more questions.",
        es: "Después de su clic, la página de la propia herramienta hace algunas preguntas más.",
        fr: "Après votre clic, la page de l’outil pose encore quelques questions.",
        de: "Nach Ihrem Klick stellt die Seite des Tools noch einige Fragen.",
        pt: "Depois do seu clique, a página da própria ferramenta faz mais algumas perguntas.",
    }
    THEN_STAYS_ACTIVE {
        en: "After your click the registration is updated, and the tool stays active.",
        es: "Después de su clic, el registro se actualiza y la herramienta sigue activa.",
        fr: "Après votre clic, l’enregistrement est mis à jour et l’outil reste actif.",
        de: "Nach Ihrem Klick wird die Registrierung aktualisiert, und das Tool bleibt freigeschaltet.",
        pt: "Depois do seu clique, o registro é atualizado e a ferramenta continua ativa.",
    }
    THEN_STAYS_INACTIVE {
        en: "After your click the registration is updated; the tool's owner still has to activate it.",
        es: "Después de su clic, el registro se actualiza; el propietario de la herramienta todavía tiene que activarlo.",
        fr: "Après votre clic, l’enregistrement est mis à jour ; le responsable de l’outil doit encore l’activer.",
        de: "Nach Ihrem Klick wird die Registrierung aktualisiert; der Betreiber des Tools muss sie noch freischalten.",
        pt: "Depois do seu clique, o registro é atualizado; o responsável pela ferramenta ainda precisa ativá-lo.",
    }
    NOTHING_SENT {
        en: "Nothing has been sent to your platform yet.",
        es: "Todavía no se ha enviado nada a su plataforma.",
        fr: "Rien n’a encore été envoyé à votre plateforme.",
        de: "An Ihre Plattform wurde noch nichts gesendet.",
        pt: "Nada foi enviado ainda à sua plataforma.",
    }
    REGISTER {
        en: "Register",
        es: "Registrar",
        fr: "Enregistrer",
        de: "Registrieren",
        pt: "Registrar",
    }
    UPDATE {
        en: "Update",
        es: "Actualizar",
        fr: "Mettre à jour",
        de: "Aktualisieren",
        pt: "Atualizar",
    }
    CANCEL {
        en: "Cancel",
        es: "Cancelar",
        fr: "Annuler",
        de: "Abbrechen",
        pt: "Cancelar",
    }
}
