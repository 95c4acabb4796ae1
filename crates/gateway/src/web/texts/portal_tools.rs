//! The tools of the installation, for owners of the first one.

use super::texts;

texts! {
    TITLE { en: "Tools", es: "Herramientas", fr: "Outils", de: "Tools", pt: "Ferramentas" }
    SAYS {
        en: "Each tool has its own host name, settings, keys, users and data. Its portal is at its host name.",
        es: "Cada herramienta tiene su propio nombre de host, ajustes, claves, usuarios y datos. Su portal está en ese nombre de host.",
        fr: "Chaque outil a son nom d’hôte, ses réglages, ses clés, ses utilisateurs et ses données. Son portail est à ce nom d’hôte.",
        de: "Jedes Tool hat seinen eigenen Hostnamen, eigene Einstellungen, Schlüssel, Benutzer und Daten. Sein Portal ist unter seinem Hostnamen.",
        pt: "Cada ferramenta tem seu próprio nome de host, configurações, chaves, usuários e dados. Seu portal fica nesse nome de host.",
    }
    HOST { en: "Host name", es: "Nombre de host", fr: "Nom d’hôte", de: "Hostname", pt: "Nome de host" }
    HOST_SAYS {
        en: "Such as quiz.example.com. It has to lead to this server, with a certificate.",
        es: "Por ejemplo quiz.example.com. Debe llevar a este servidor, con un certificado.",
        fr: "Par exemple quiz.example.com. Il doit mener à ce serveur, avec un certificat.",
        de: "Zum Beispiel quiz.example.com. Er muss zu diesem Server führen, mit einem Zertifikat.",
        pt: "Por exemplo quiz.example.com. Ele deve levar a este servidor, com um certificado.",
    }
    LATER_TOO {
        en: "Where the application is. It can be set later, too.",
        es: "Dónde está la aplicación. También se puede indicar más tarde.",
        fr: "Où se trouve l’application. On peut aussi l’indiquer plus tard.",
        de: "Wo die Anwendung ist. Das geht auch später.",
        pt: "Onde está o aplicativo. Também pode ser indicado depois.",
    }
    PORTAL { en: "Portal", es: "El portal", fr: "Portail", de: "Portal", pt: "Portal" }
    FIRST { en: "first", es: "primera", fr: "premier", de: "erstes", pt: "primeira" }
    NEW_TOOL { en: "New tool", es: "Herramienta nueva", fr: "Nouvel outil", de: "Neues Tool", pt: "Nova ferramenta" }
    NEW_TOOL_SAYS {
        en: "It begins with the usual settings, an API key and a link for its owner.",
        es: "Empieza con los ajustes habituales, una clave de API y un enlace para su propietario.",
        fr: "Il commence avec les réglages habituels, une clé d’API et un lien pour son propriétaire.",
        de: "Es beginnt mit den üblichen Einstellungen, einem API-Schlüssel und einem Link für seinen Eigentümer.",
        pt: "Ela começa com as configurações habituais, uma chave de API e um link para seu proprietário.",
    }
    MAKE { en: "Make the tool", es: "Crear la herramienta", fr: "Créer l’outil", de: "Tool anlegen", pt: "Criar a ferramenta" }
    MADE { en: "The tool is made", es: "La herramienta está creada", fr: "L’outil est créé", de: "Das Tool ist angelegt", pt: "A ferramenta foi criada" }
    OWNER_LINK { en: "Link for its owner", es: "Enlace para su propietario", fr: "Lien pour son propriétaire", de: "Link für seinen Eigentümer", pt: "Link para o proprietário" }
    OWNER_SAYS {
        en: "Who opens this link becomes the owner of its portal. It is shown only now, works once, and ends in a day.",
        es: "Quien abra este enlace será propietario de su portal. Solo se muestra ahora, funciona una vez y termina en un día.",
        fr: "Qui ouvre ce lien devient propriétaire de son portail. Il n’est montré que maintenant, sert une fois et expire dans un jour.",
        de: "Wer diesen Link öffnet, wird Eigentümer seines Portals. Er wird nur jetzt gezeigt, geht einmal und endet in einem Tag.",
        pt: "Quem abrir este link se torna proprietário do portal dela. Ele só aparece agora, funciona uma vez e termina em um dia.",
    }
    API_KEY { en: "API key", es: "Clave de API", fr: "Clé d’API", de: "API-Schlüssel", pt: "Chave de API" }
    KEY_SAYS {
        en: "Its first API key, which may do everything. It is shown only now.",
        es: "Su primera clave de API, que puede hacerlo todo. Solo se muestra ahora.",
        fr: "Sa première clé d’API, qui peut tout faire. Elle n’est montrée que maintenant.",
        de: "Sein erster API-Schlüssel, der alles darf. Er wird nur jetzt gezeigt.",
        pt: "Sua primeira chave de API, que pode fazer tudo. Ela só aparece agora.",
    }
    NOT_DONE { en: "Nothing was changed", es: "No se ha cambiado nada", fr: "Rien n’a été modifié", de: "Es wurde nichts geändert", pt: "Nada foi alterado" }
    RENAME { en: "Name and host name", es: "Nombre y nombre de host", fr: "Nom et nom d’hôte", de: "Name und Hostname", pt: "Nome e nome de host" }
    RENAME_SAYS {
        en: "All other settings are in the tool’s own portal.",
        es: "Los demás ajustes están en el portal de la propia herramienta.",
        fr: "Tous les autres réglages sont dans le portail de l’outil.",
        de: "Alle anderen Einstellungen sind im Portal des Tools selbst.",
        pt: "Todas as outras configurações estão no portal da própria ferramenta.",
    }
    MOVE_SAYS {
        en: "LMSs keep the addresses that they were given: let the old name lead here until each is changed there.",
        es: "Los LMS conservan las direcciones que recibieron: deje que el nombre antiguo lleve aquí hasta cambiarlas en cada uno.",
        fr: "Les LMS gardent les adresses reçues : laissez l’ancien nom mener ici jusqu’à ce que chacun soit modifié.",
        de: "LMS behalten die Adressen, die sie bekommen haben: Lassen Sie den alten Namen hierher führen, bis sie überall geändert sind.",
        pt: "Os LMS mantêm os endereços que receberam: deixe o nome antigo trazer para cá até que cada um seja alterado.",
    }
    SAVED { en: "Saved.", es: "Guardado.", fr: "Enregistré.", de: "Gespeichert.", pt: "Salvo." }
    NO_USERS {
        en: "Nobody can sign in to its portal yet.",
        es: "Nadie puede entrar todavía en su portal.",
        fr: "Personne ne peut encore se connecter à son portail.",
        de: "In seinem Portal kann sich noch niemand anmelden.",
        pt: "Ninguém pode entrar ainda no portal dela.",
    }
    HAS_USERS {
        en: "Its portal has users already. Its owners invite others.",
        es: "Su portal ya tiene usuarios. Sus propietarios invitan a otros.",
        fr: "Son portail a déjà des utilisateurs. Ses propriétaires invitent les autres.",
        de: "Sein Portal hat schon Benutzer. Seine Eigentümer laden andere ein.",
        pt: "O portal dela já tem usuários. Seus proprietários convidam outros.",
    }
    MAKE_LINK { en: "Make the link", es: "Crear el enlace", fr: "Créer le lien", de: "Link machen", pt: "Criar o link" }
    REMOVE { en: "Remove", es: "Quitar", fr: "Retirer", de: "Entfernen", pt: "Remover" }
    REMOVE_ASK { en: "Remove…", es: "Quitar…", fr: "Retirer…", de: "Entfernen…", pt: "Remover…" }
    REMOVE_SAYS {
        en: "Its launches and its API keys are refused at once. It doesn’t come back.",
        es: "Sus accesos y sus claves de API se rechazan de inmediato. No se puede recuperar.",
        fr: "Ses lancements et ses clés d’API sont refusés aussitôt. Il ne revient pas.",
        de: "Seine Starts und seine API-Schlüssel werden sofort abgewiesen. Es kommt nicht zurück.",
        pt: "Seus acessos e suas chaves de API são recusados na hora. Ela não volta.",
    }
    REMOVE_QUESTION { en: "Remove {name}?", es: "¿Quitar {name}?", fr: "Retirer {name} ?", de: "{name} entfernen?", pt: "Remover {name}?" }
    GOES_PLATFORMS { en: "Its platforms: {number}", es: "Sus plataformas: {number}", fr: "Ses plateformes : {number}", de: "Seine Plattformen: {number}", pt: "Suas plataformas: {number}" }
    GOES_KEYS {
        en: "Its API keys, webhooks, invitations and users",
        es: "Sus claves de API, webhooks, invitaciones y usuarios",
        fr: "Ses clés d’API, webhooks, invitations et utilisateurs",
        de: "Seine API-Schlüssel, Webhooks, Einladungen und Benutzer",
        pt: "Suas chaves de API, webhooks, convites e usuários",
    }
    GOES_STUDENTS {
        en: "Its students of StudyReel and their placements",
        es: "Sus estudiantes de StudyReel y sus niveles",
        fr: "Ses élèves de StudyReel et leurs placements",
        de: "Seine Lernenden von StudyReel und ihre Einstufungen",
        pt: "Seus estudantes do StudyReel e suas colocações",
    }
    REMOVE_NAMED { en: "Remove {name}", es: "Quitar {name}", fr: "Retirer {name}", de: "{name} entfernen", pt: "Remover {name}" }
    OTHER_NAME {
        en: "That is not its name. Nothing was removed.",
        es: "Ese no es su nombre. No se ha quitado nada.",
        fr: "Ce n’est pas son nom. Rien n’a été retiré.",
        de: "Das ist nicht sein Name. Es wurde nichts entfernt.",
        pt: "Esse não é o nome dela. Nada foi removido.",
    }
    REMOVED { en: "{name} is removed.", es: "{name} se ha quitado.", fr: "{name} est retiré.", de: "{name} ist entfernt.", pt: "{name} foi removida." }
}
