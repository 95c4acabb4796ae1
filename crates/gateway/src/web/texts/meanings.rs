//! What the portal says about why an attempt failed, in a few words. They don't address the
//! reader, who may be an owner, a teacher or the LMS's administrator.

use super::texts;

texts! {
    CLOCK_SLOW {
        en: "The token had ended before it arrived",
        es: "El token había caducado antes de llegar",
        fr: "Le jeton avait expiré avant d’arriver",
        de: "Das Token war vor der Ankunft abgelaufen",
        pt: "O token havia expirado antes de chegar",
    }
    CLOCK_FAST {
        en: "The LMS's clock is fast",
        es: "El reloj del LMS va adelantado",
        fr: "L’horloge du LMS avance",
        de: "Die Uhr des LMS geht vor",
        pt: "O relógio do LMS está adiantado",
    }
    OTHER_KEY {
        en: "Signed with a key that the LMS doesn't publish",
        es: "Firmado con una clave que el LMS no publica",
        fr: "Signé avec une clé que le LMS ne publie pas",
        de: "Mit einem Schlüssel signiert, den das LMS nicht veröffentlicht",
        pt: "Assinado com uma chave que o LMS não publica",
    }
    NO_KEYS {
        en: "The LMS's keys can't be read",
        es: "No se pueden leer las claves del LMS",
        fr: "Les clés du LMS ne peuvent pas être lues",
        de: "Die Schlüssel des LMS sind nicht lesbar",
        pt: "Não é possível ler as chaves do LMS",
    }
    OTHER_ALGORITHM {
        en: "Signed by an algorithm that isn't allowed",
        es: "Firmado con un algoritmo no permitido",
        fr: "Signé par un algorithme qui n’est pas autorisé",
        de: "Mit einem nicht erlaubten Verfahren signiert",
        pt: "Assinado com um algoritmo não permitido",
    }
    INACTIVE {
        en: "The platform isn't activated",
        es: "La plataforma no está activada",
        fr: "La plateforme n’est pas activée",
        de: "Die Plattform ist nicht aktiviert",
        pt: "A plataforma não está ativada",
    }
    DEPLOYMENT_PENDING {
        en: "The deployment waits to be allowed",
        es: "El despliegue espera autorización",
        fr: "Le déploiement attend d’être autorisé",
        de: "Das Deployment wartet auf Freigabe",
        pt: "A implantação aguarda autorização",
    }
    DEPLOYMENT_UNKNOWN {
        en: "The deployment isn't known",
        es: "El despliegue no es conocido",
        fr: "Le déploiement n’est pas connu",
        de: "Das Deployment ist nicht bekannt",
        pt: "A implantação não é conhecida",
    }
    DEPLOYMENT_STOPPED {
        en: "The deployment is stopped",
        es: "El despliegue está detenido",
        fr: "Le déploiement est arrêté",
        de: "Das Deployment ist gestoppt",
        pt: "A implantação está parada",
    }
    DEPLOYMENT_DIFFERS {
        en: "Login and launch name different deployments",
        es: "El inicio y el acceso indican despliegues distintos",
        fr: "La connexion et le lancement nomment des déploiements différents",
        de: "Anmeldung und Start nennen verschiedene Deployments",
        pt: "O login e o acesso indicam implantações diferentes",
    }
    UNREGISTERED {
        en: "No such platform is registered",
        es: "No hay ninguna plataforma así registrada",
        fr: "Aucune plateforme de ce genre n’est enregistrée",
        de: "Eine solche Plattform ist nicht registriert",
        pt: "Nenhuma plataforma assim está registrada",
    }
    OTHER_REGISTRATION {
        en: "The launch is meant for another registration",
        es: "El acceso es para otro registro",
        fr: "Le lancement est destiné à un autre enregistrement",
        de: "Der Start ist für eine andere Registrierung bestimmt",
        pt: "O acesso é para outro registro",
    }
    NO_COOKIES {
        en: "The browser keeps no cookies in the frame",
        es: "El navegador no guarda cookies en el marco",
        fr: "Le navigateur ne garde pas de cookies dans le cadre",
        de: "Der Browser behält im Rahmen keine Cookies",
        pt: "O navegador não guarda cookies na moldura",
    }
    FRAME_NOT_LISTED {
        en: "The page around ours isn't listed",
        es: "La página que rodea la nuestra no está en la lista",
        fr: "La page autour de la nôtre n’est pas dans la liste",
        de: "Die Seite um unsere ist nicht eingetragen",
        pt: "A página em volta da nossa não está na lista",
    }
    STATE_OVER {
        en: "The launch took too long, or belongs to no login",
        es: "El acceso tardó demasiado o no corresponde a ningún inicio",
        fr: "Le lancement a trop tardé, ou n’appartient à aucune connexion",
        de: "Der Start dauerte zu lange oder gehört zu keiner Anmeldung",
        pt: "O acesso demorou demais ou não pertence a nenhum login",
    }
    TWICE {
        en: "The same launch came twice",
        es: "El mismo acceso llegó dos veces",
        fr: "Le même lancement est arrivé deux fois",
        de: "Derselbe Start kam zweimal",
        pt: "O mesmo acesso chegou duas vezes",
    }
    OTHER_LOGIN {
        en: "The token belongs to another login",
        es: "El token corresponde a otro inicio",
        fr: "Le jeton appartient à une autre connexion",
        de: "Das Token gehört zu einer anderen Anmeldung",
        pt: "O token pertence a outro login",
    }
    PERSON_BLOCKED {
        en: "The person is blocked",
        es: "La persona está bloqueada",
        fr: "La personne est bloquée",
        de: "Die Person ist gesperrt",
        pt: "A pessoa está bloqueada",
    }
    NOBODY_NAMED {
        en: "The launch names no person",
        es: "El acceso no indica ninguna persona",
        fr: "Le lancement ne nomme personne",
        de: "Der Start nennt niemanden",
        pt: "O acesso não indica ninguém",
    }
    OTHER_TARGET {
        en: "The link leads elsewhere",
        es: "El enlace lleva a otro sitio",
        fr: "Le lien mène ailleurs",
        de: "Der Link führt woandershin",
        pt: "O link leva a outro lugar",
    }
    NO_CHOOSING {
        en: "Content may not be chosen",
        es: "No se puede elegir contenido",
        fr: "Le contenu ne peut pas être choisi",
        de: "Inhalte dürfen nicht gewählt werden",
        pt: "O conteúdo não pode ser escolhido",
    }
    NO_LAUNCH_URL {
        en: "The tool has no launch URL",
        es: "La herramienta no tiene URL de acceso",
        fr: "L’outil n’a pas d’URL de lancement",
        de: "Das Tool hat keine Start-URL",
        pt: "A ferramenta não tem URL de acesso",
    }
    NOT_A_LAUNCH {
        en: "It was no launch",
        es: "No era un acceso",
        fr: "Ce n’était pas un lancement",
        de: "Es war kein Start",
        pt: "Não era um acesso",
    }
    TOO_MANY {
        en: "Too many requests at once",
        es: "Demasiadas solicitudes a la vez",
        fr: "Trop de demandes à la fois",
        de: "Zu viele Anfragen auf einmal",
        pt: "Solicitações demais de uma vez",
    }
    OUR_SIDE {
        en: "Something failed on our side",
        es: "Algo falló por nuestra parte",
        fr: "Quelque chose a échoué de notre côté",
        de: "Bei uns ist etwas fehlgeschlagen",
        pt: "Algo falhou do nosso lado",
    }
    LINK_OVER {
        en: "The student's link no longer works",
        es: "El enlace del estudiante ya no funciona",
        fr: "Le lien de l’élève ne fonctionne plus",
        de: "Der Link der lernenden Person gilt nicht mehr",
        pt: "O link do estudante não funciona mais",
    }
    LMS_REFUSED {
        en: "The LMS itself refused",
        es: "El propio LMS lo rechazó",
        fr: "Le LMS lui-même a refusé",
        de: "Das LMS selbst hat abgelehnt",
        pt: "O próprio LMS recusou",
    }
    INVITATION_OVER {
        en: "The invitation no longer works",
        es: "La invitación ya no funciona",
        fr: "L’invitation ne fonctionne plus",
        de: "Die Einladung gilt nicht mehr",
        pt: "O convite não funciona mais",
    }
    MISSHAPEN {
        en: "The LMS left something out, or sent it in another form",
        es: "El LMS omitió algo o lo envió con otra forma",
        fr: "Le LMS a omis quelque chose, ou l’a envoyé sous une autre forme",
        de: "Das LMS hat etwas weggelassen oder anders geschickt",
        pt: "O LMS omitiu algo ou enviou de outra forma",
    }
    KEY_UNUSABLE {
        en: "A key of the LMS can't be used",
        es: "Una clave del LMS no se puede usar",
        fr: "Une clé du LMS est inutilisable",
        de: "Ein Schlüssel des LMS ist unbrauchbar",
        pt: "Uma chave do LMS não pode ser usada",
    }
    AMBIGUOUS {
        en: "Several platforms fit the login",
        es: "Varias plataformas encajan con el inicio",
        fr: "Plusieurs plateformes correspondent à la connexion",
        de: "Mehrere Plattformen passen zur Anmeldung",
        pt: "Várias plataformas combinam com o login",
    }
    NO_COOKIES_AT_ALL {
        en: "The browser keeps no cookies of this site",
        es: "El navegador no guarda cookies de este sitio",
        fr: "Le navigateur ne garde pas de cookies de ce site",
        de: "Der Browser behält keine Cookies dieser Website",
        pt: "O navegador não guarda cookies deste site",
    }
    FOREIGN_PAGE {
        en: "Another site's page sent the launch on",
        es: "La página de otro sitio reenvió el acceso",
        fr: "La page d’un autre site a transmis le lancement",
        de: "Die Seite einer anderen Website hat den Start weitergegeben",
        pt: "A página de outro site encaminhou o acesso",
    }
    LAUNCH_IN_ADDRESS {
        en: "The LMS sent the launch in the address",
        es: "El LMS envió el acceso en la dirección",
        fr: "Le LMS a envoyé le lancement dans l’adresse",
        de: "Das LMS hat den Start in der Adresse geschickt",
        pt: "O LMS enviou o acesso no endereço",
    }
    INCOMPLETE {
        en: "The request was incomplete, or made by hand",
        es: "La solicitud estaba incompleta o se hizo a mano",
        fr: "La demande était incomplète, ou faite à la main",
        de: "Die Anfrage war unvollständig oder von Hand gemacht",
        pt: "A solicitação estava incompleta ou foi feita à mão",
    }
    OLD_VERSION {
        en: "The link is one of LTI 1.0 or 1.1",
        es: "El enlace es de LTI 1.0 o 1.1",
        fr: "Le lien est de LTI 1.0 ou 1.1",
        de: "Der Link ist einer von LTI 1.0 oder 1.1",
        pt: "O link é de LTI 1.0 ou 1.1",
    }
    ADDRESSES_SWAPPED {
        en: "The tool's addresses are mixed up in the LMS",
        es: "Las direcciones de la herramienta están cambiadas en el LMS",
        fr: "Les adresses de l’outil sont interverties dans le LMS",
        de: "Die Adressen des Tools sind im LMS vertauscht",
        pt: "Os endereços da ferramenta estão trocados no LMS",
    }
    OTHER_PLACEMENT {
        en: "Opened from a place that the tool doesn't serve",
        es: "Abierto desde un lugar que la herramienta no atiende",
        fr: "Ouvert depuis un endroit que l’outil ne sert pas",
        de: "Von einer Stelle geöffnet, die das Tool nicht bedient",
        pt: "Aberto de um lugar que a ferramenta não atende",
    }
    RETURN_NOT_SECURE {
        en: "The LMS's return address is not https",
        es: "La dirección de retorno del LMS no es https",
        fr: "L’adresse de retour du LMS n’est pas en https",
        de: "Die Rückadresse des LMS ist nicht https",
        pt: "O endereço de retorno do LMS não é https",
    }
    OTHERS_SUBMISSION {
        en: "Only staff may see another person's submission",
        es: "Solo el personal puede ver la entrega de otra persona",
        fr: "Seul le personnel peut voir le travail d’une autre personne",
        de: "Nur Lehrkräfte dürfen die Abgabe einer anderen Person sehen",
        pt: "Somente a equipe pode ver a entrega de outra pessoa",
    }
    CHOICE_OVER {
        en: "The choice of content came too late",
        es: "La elección de contenido llegó demasiado tarde",
        fr: "Le choix du contenu est arrivé trop tard",
        de: "Die Auswahl der Inhalte kam zu spät",
        pt: "A escolha do conteúdo chegou tarde demais",
    }
    LMS_WANTS_SIGN_IN {
        en: "The LMS wants the person to sign in there first",
        es: "El LMS quiere que la persona inicie sesión allí primero",
        fr: "Le LMS veut que la personne s’y connecte d’abord",
        de: "Das LMS will, dass sich die Person dort zuerst anmeldet",
        pt: "O LMS quer que a pessoa entre lá primeiro",
    }
    LMS_NOT_SIGNED_IN {
        en: "The person isn't signed in to the LMS",
        es: "La persona no ha iniciado sesión en el LMS",
        fr: "La personne n’est pas connectée au LMS",
        de: "Die Person ist im LMS nicht angemeldet",
        pt: "A pessoa não está conectada ao LMS",
    }
    LMS_FAILED {
        en: "The LMS itself failed, or was busy",
        es: "El propio LMS falló o estaba ocupado",
        fr: "Le LMS lui-même a échoué, ou était occupé",
        de: "Das LMS selbst hatte einen Fehler oder war überlastet",
        pt: "O próprio LMS falhou ou estava ocupado",
    }
    LMS_SILENT {
        en: "The LMS didn't answer the registration",
        es: "El LMS no respondió al registro",
        fr: "Le LMS n’a pas répondu à l’enregistrement",
        de: "Das LMS hat auf die Registrierung nicht geantwortet",
        pt: "O LMS não respondeu ao registro",
    }
    LMS_NOT_REACHED {
        en: "The LMS's registration address can't be reached",
        es: "No se puede llegar a la dirección de registro del LMS",
        fr: "L’adresse d’enregistrement du LMS n’est pas joignable",
        de: "Die Registrierungsadresse des LMS ist nicht erreichbar",
        pt: "Não se chega ao endereço de registro do LMS",
    }
    LMS_ANSWER_ODD {
        en: "The LMS's answer to the registration can't be used",
        es: "La respuesta del LMS al registro no se puede usar",
        fr: "La réponse du LMS à l’enregistrement est inutilisable",
        de: "Die Antwort des LMS auf die Registrierung ist unbrauchbar",
        pt: "A resposta do LMS ao registro não pode ser usada",
    }
    ALREADY_REGISTERED {
        en: "This platform is registered already",
        es: "Esta plataforma ya está registrada",
        fr: "Cette plateforme est déjà enregistrée",
        de: "Diese Plattform ist schon registriert",
        pt: "Esta plataforma já está registrada",
    }
    REGISTRATION_OFF {
        en: "Registration is switched off, or needs an invitation",
        es: "El registro está desactivado o requiere una invitación",
        fr: "L’enregistrement est désactivé, ou demande une invitation",
        de: "Die Registrierung ist ausgeschaltet oder braucht eine Einladung",
        pt: "O registro está desativado ou precisa de um convite",
    }
    REGISTRATION_OVER {
        en: "The registration was over, or its page was opened from elsewhere",
        es: "El registro había terminado o su página se abrió desde otro sitio",
        fr: "L’enregistrement était terminé, ou sa page a été ouverte d’ailleurs",
        de: "Die Registrierung war vorbei, oder ihre Seite wurde von anderswo geöffnet",
        pt: "O registro havia terminado ou sua página foi aberta de outro lugar",
    }
    REGISTRATION_CUT {
        en: "The registration's address was incomplete",
        es: "La dirección del registro estaba incompleta",
        fr: "L’adresse de l’enregistrement était incomplète",
        de: "Die Adresse der Registrierung war unvollständig",
        pt: "O endereço do registro estava incompleto",
    }
    INVITATION_UNKNOWN {
        en: "There is no such invitation",
        es: "No existe esa invitación",
        fr: "Cette invitation n’existe pas",
        de: "Eine solche Einladung gibt es nicht",
        pt: "Não existe esse convite",
    }
    TOO_MANY_WAIT {
        en: "Too many registrations wait already",
        es: "Ya hay demasiados registros en espera",
        fr: "Trop d’enregistrements attendent déjà",
        de: "Es warten schon zu viele Registrierungen",
        pt: "Já há registros demais aguardando",
    }
    NO_APPROVAL_PAGE {
        en: "The tool has no page for approvals",
        es: "La herramienta no tiene página de aprobación",
        fr: "L’outil n’a pas de page d’approbation",
        de: "Das Tool hat keine Seite für Freigaben",
        pt: "A ferramenta não tem página de aprovação",
    }
    PREFETCHED {
        en: "A program opened the link ahead of the click",
        es: "Un programa abrió el enlace antes del clic",
        fr: "Un programme a ouvert le lien avant le clic",
        de: "Ein Programm hat den Link vor dem Klick geöffnet",
        pt: "Um programa abriu o link antes do clique",
    }
    ADDRESS_BLOCKED {
        en: "The LMS names an address that may not be called",
        es: "El LMS indica una dirección a la que no se puede llamar",
        fr: "Le LMS indique une adresse qui ne peut pas être appelée",
        de: "Das LMS nennt eine Adresse, die nicht aufgerufen werden darf",
        pt: "O LMS indica um endereço que não pode ser chamado",
    }
    CONFIGURATION_UNREAD {
        en: "The LMS's configuration can't be read",
        es: "No se puede leer la configuración del LMS",
        fr: "La configuration du LMS ne peut pas être lue",
        de: "Die Konfiguration des LMS ist nicht lesbar",
        pt: "Não é possível ler a configuração do LMS",
    }
    CONFIGURATION_WRONG {
        en: "The LMS's configuration is wrong",
        es: "La configuración del LMS es incorrecta",
        fr: "La configuration du LMS est incorrecte",
        de: "Die Konfiguration des LMS ist falsch",
        pt: "A configuração do LMS está errada",
    }
    NOTHING_IN_COMMON {
        en: "The LMS supports nothing that the tool needs",
        es: "El LMS no admite nada de lo que la herramienta necesita",
        fr: "Le LMS ne prend en charge rien de ce dont l’outil a besoin",
        de: "Das LMS unterstützt nichts, was das Tool braucht",
        pt: "O LMS não oferece nada de que a ferramenta precisa",
    }
    LINK_CUT {
        en: "The student's link was cut off",
        es: "El enlace del estudiante estaba cortado",
        fr: "Le lien de l’élève était coupé",
        de: "Der Link der lernenden Person war abgeschnitten",
        pt: "O link do estudante estava cortado",
    }
    STUDENT_DISABLED {
        en: "The student is disabled",
        es: "El estudiante está desactivado",
        fr: "L’élève est désactivé",
        de: "Die lernende Person ist deaktiviert",
        pt: "O estudante está desativado",
    }
    STUDENT_ERASED {
        en: "The student was erased",
        es: "El estudiante fue borrado",
        fr: "L’élève a été effacé",
        de: "Die lernende Person wurde gelöscht",
        pt: "O estudante foi apagado",
    }
    STUDYREEL_ADDRESS {
        en: "StudyReel used another launch address",
        es: "StudyReel usó otra dirección de acceso",
        fr: "StudyReel a utilisé une autre adresse de lancement",
        de: "StudyReel hat eine andere Startadresse benutzt",
        pt: "O StudyReel usou outro endereço de acesso",
    }
    STUDYREEL_STRANGER {
        en: "It was no launch of StudyReel's",
        es: "No era un acceso de StudyReel",
        fr: "Ce n’était pas un lancement de StudyReel",
        de: "Es war kein Start von StudyReel",
        pt: "Não era um acesso do StudyReel",
    }
    STUDYREEL_SLOW {
        en: "StudyReel's launch arrived too slowly",
        es: "El acceso de StudyReel llegó demasiado despacio",
        fr: "Le lancement de StudyReel est arrivé trop lentement",
        de: "Der Start von StudyReel kam zu langsam an",
        pt: "O acesso do StudyReel chegou devagar demais",
    }
    STUDYREEL_SIGNATURE {
        en: "The signature isn't StudyReel's",
        es: "La firma no es de StudyReel",
        fr: "La signature n’est pas celle de StudyReel",
        de: "Die Signatur ist nicht die von StudyReel",
        pt: "A assinatura não é do StudyReel",
    }
    STUDYREEL_SOURCE {
        en: "The launch came from an address that isn't StudyReel's here",
        es: "El acceso vino de una dirección que aquí no figura como de StudyReel",
        fr: "Le lancement est venu d’une adresse qui n’est pas connue ici comme celle de StudyReel",
        de: "Der Start kam von einer Adresse, die hier nicht als die von StudyReel eingetragen ist",
        pt: "O acesso veio de um endereço que aqui não consta como do StudyReel",
    }
    STUDYREEL_MISSHAPEN {
        en: "StudyReel left something out, or sent it in another form",
        es: "StudyReel omitió algo o lo envió con otra forma",
        fr: "StudyReel a omis quelque chose, ou l’a envoyé sous une autre forme",
        de: "StudyReel hat etwas weggelassen oder anders geschickt",
        pt: "O StudyReel omitiu algo ou enviou de outra forma",
    }
    STUDYREEL_CLOCK {
        en: "StudyReel's launch was too old, or the clocks differ",
        es: "El acceso de StudyReel era demasiado antiguo o los relojes difieren",
        fr: "Le lancement de StudyReel était trop ancien, ou les horloges diffèrent",
        de: "Der Start von StudyReel war zu alt, oder die Uhren gehen verschieden",
        pt: "O acesso do StudyReel era antigo demais ou os relógios diferem",
    }
    STUDYREEL_ISSUER {
        en: "StudyReel's issuer isn't entered here",
        es: "El emisor de StudyReel no está registrado aquí",
        fr: "L’émetteur de StudyReel n’est pas inscrit ici",
        de: "Der Aussteller von StudyReel ist hier nicht eingetragen",
        pt: "O emissor do StudyReel não está cadastrado aqui",
    }
    STUDYREEL_ROLE {
        en: "StudyReel's launch has a role that may not come in",
        es: "El acceso de StudyReel tiene un rol que no puede entrar",
        fr: "Le lancement de StudyReel a un rôle qui ne peut pas entrer",
        de: "Der Start von StudyReel hat eine Rolle, die nicht hereindarf",
        pt: "O acesso do StudyReel tem um papel que não pode entrar",
    }
    NO_SUCH_ADDRESS {
        en: "There is nothing at this address",
        es: "No hay nada en esta dirección",
        fr: "Il n’y a rien à cette adresse",
        de: "Unter dieser Adresse ist nichts",
        pt: "Não há nada neste endereço",
    }
    ODD_REQUEST {
        en: "The request couldn't be understood",
        es: "No se pudo entender la solicitud",
        fr: "La demande n’a pas pu être comprise",
        de: "Die Anfrage war nicht zu verstehen",
        pt: "Não foi possível entender a solicitação",
    }
    TOO_LARGE {
        en: "The request was too large",
        es: "La solicitud era demasiado grande",
        fr: "La demande était trop volumineuse",
        de: "Die Anfrage war zu groß",
        pt: "A solicitação era grande demais",
    }
    MANY_REASONS {
        en: "Too many different failures at once",
        es: "Demasiados fallos distintos a la vez",
        fr: "Trop d’échecs différents à la fois",
        de: "Zu viele verschiedene Fehlschläge auf einmal",
        pt: "Falhas diferentes demais de uma vez",
    }
    FORM_FORGED {
        en: "No page of the portal sent the form",
        es: "Ninguna página del portal envió el formulario",
        fr: "Aucune page du portail n’a envoyé le formulaire",
        de: "Keine Seite des Portals hat das Formular geschickt",
        pt: "Nenhuma página do portal enviou o formulário",
    }
    SESSION_OVER {
        en: "The session in the portal was over",
        es: "La sesión en el portal había terminado",
        fr: "La session dans le portail était terminée",
        de: "Die Sitzung im Portal war beendet",
        pt: "A sessão no portal havia terminado",
    }
    SIGN_IN_OVER {
        en: "The sign-in was over, or began elsewhere",
        es: "El inicio de sesión había terminado o empezó en otro sitio",
        fr: "La connexion était terminée, ou avait commencé ailleurs",
        de: "Die Anmeldung war vorbei oder begann anderswo",
        pt: "O login havia terminado ou começou em outro lugar",
    }
    NO_PROVIDER {
        en: "No identity provider is set up",
        es: "No hay ningún proveedor de identidad configurado",
        fr: "Aucun fournisseur d’identité n’est configuré",
        de: "Es ist kein Identitätsanbieter eingerichtet",
        pt: "Nenhum provedor de identidade está configurado",
    }
    PROVIDER_REFUSED {
        en: "The person or the identity provider declined",
        es: "La persona o el proveedor de identidad lo rechazó",
        fr: "La personne ou le fournisseur d’identité a refusé",
        de: "Die Person oder der Identitätsanbieter hat abgelehnt",
        pt: "A pessoa ou o provedor de identidade recusou",
    }
    PROVIDER_FAILED {
        en: "The identity provider failed, or didn't answer",
        es: "El proveedor de identidad falló o no respondió",
        fr: "Le fournisseur d’identité a échoué, ou n’a pas répondu",
        de: "Der Identitätsanbieter hatte einen Fehler oder antwortete nicht",
        pt: "O provedor de identidade falhou ou não respondeu",
    }
    PROVIDER_WRONG {
        en: "The identity provider's answer isn't accepted",
        es: "La respuesta del proveedor de identidad no se acepta",
        fr: "La réponse du fournisseur d’identité n’est pas acceptée",
        de: "Die Antwort des Identitätsanbieters wird nicht angenommen",
        pt: "A resposta do provedor de identidade não é aceita",
    }
    MAIL_NOT_TAKEN {
        en: "The e-mail address isn't accepted",
        es: "La dirección de correo no se acepta",
        fr: "L’adresse e-mail n’est pas acceptée",
        de: "Die E-Mail-Adresse wird nicht angenommen",
        pt: "O endereço de e-mail não é aceito",
    }
    NO_ACCOUNT {
        en: "No account is connected with this sign-in",
        es: "Ninguna cuenta está conectada con este inicio de sesión",
        fr: "Aucun compte n’est relié à cette connexion",
        de: "Mit dieser Anmeldung ist kein Konto verbunden",
        pt: "Nenhuma conta está conectada a este login",
    }
    NO_OWNER {
        en: "The portal has no owner yet",
        es: "El portal todavía no tiene propietario",
        fr: "Le portail n’a pas encore de propriétaire",
        de: "Das Portal hat noch keine Eigentümer",
        pt: "O portal ainda não tem proprietário",
    }
    OTHER_ACCOUNT {
        en: "The sign-in belongs to another account or person",
        es: "El inicio de sesión es de otra cuenta o persona",
        fr: "La connexion appartient à un autre compte ou à une autre personne",
        de: "Die Anmeldung gehört zu einem anderen Konto oder einer anderen Person",
        pt: "O login é de outra conta ou pessoa",
    }
    USERS_FULL {
        en: "The tool has no room for another user",
        es: "La herramienta no admite más usuarios",
        fr: "L’outil n’a plus de place pour un autre utilisateur",
        de: "Das Tool hat keinen Platz für weitere Benutzer",
        pt: "A ferramenta não tem lugar para outro usuário",
    }
    OTHER_REASON {
        en: "Refused for another reason",
        es: "Rechazado por otro motivo",
        fr: "Refusé pour une autre raison",
        de: "Aus einem anderen Grund abgewiesen",
        pt: "Recusado por outro motivo",
    }
}
