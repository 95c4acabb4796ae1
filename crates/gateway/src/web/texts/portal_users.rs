//! The portal's roles, and the page of its users.

use super::texts;

texts! {
    OWNER { en: "Owner", es: "Propietario", fr: "Propriétaire", de: "Eigentümer", pt: "Proprietário" }
    ADMIN { en: "Admin", es: "Administrador", fr: "Admin", de: "Admin", pt: "Administrador" }
    REGISTRAR { en: "Registrar", es: "Registrador", fr: "Registraire", de: "Plattformverwalter", pt: "Registrador" }
    SUPPORT { en: "Support", es: "Asistencia", fr: "Assistance", de: "Support", pt: "Suporte" }
    VIEWER { en: "Viewer", es: "Lector", fr: "Lecteur", de: "Leser", pt: "Leitor" }
    OWNER_MAY {
        en: "Owners may do everything, and give roles to others.",
        es: "Los propietarios pueden hacerlo todo y dar funciones a otros.",
        fr: "Les propriétaires peuvent tout faire et donner des rôles aux autres.",
        de: "Eigentümer dürfen alles und geben anderen ihre Rollen.",
        pt: "Proprietários podem fazer tudo e dar funções a outros.",
    }
    ADMIN_MAY {
        en: "Admins may do everything but give roles, make API keys with the scope all, and manage tools and backups.",
        es: "Los administradores pueden hacerlo todo, salvo dar funciones, crear claves de API con el alcance all y gestionar herramientas y copias de seguridad.",
        fr: "Les admins peuvent tout faire, sauf donner des rôles, créer des clés d’API de portée all et gérer les outils et les sauvegardes.",
        de: "Admins dürfen alles, außer Rollen zu vergeben, API-Schlüssel mit dem Umfang all zu erstellen und Tools und Sicherungen zu verwalten.",
        pt: "Administradores podem fazer tudo, menos dar funções, criar chaves de API com o escopo all e gerenciar ferramentas e cópias de segurança.",
    }
    REGISTRAR_MAY {
        en: "Registrars may connect and change platforms, and look at the rest, without names of students.",
        es: "Los registradores pueden conectar y cambiar plataformas y ver lo demás, sin nombres de estudiantes.",
        fr: "Les registraires peuvent connecter et modifier des plateformes, et voir le reste, sans noms d’élèves.",
        de: "Plattformverwalter dürfen Plattformen verbinden und ändern und alles Übrige sehen, ohne Namen von Lernenden.",
        pt: "Registradores podem conectar e alterar plataformas e ver o resto, sem nomes de estudantes.",
    }
    SUPPORT_MAY {
        en: "Support may read failures and deliveries, and try deliveries again, without names of students.",
        es: "Asistencia puede leer fallos y entregas y repetir entregas, sin nombres de estudiantes.",
        fr: "L’assistance peut lire les échecs et les envois, et relancer des envois, sans noms d’élèves.",
        de: "Der Support darf Fehlschläge und Zustellungen lesen und Zustellungen wiederholen, ohne Namen von Lernenden.",
        pt: "O suporte pode ler falhas e entregas e repetir entregas, sem nomes de estudantes.",
    }
    VIEWER_MAY {
        en: "Viewers may look, without names of students.",
        es: "Los lectores pueden mirar, sin nombres de estudiantes.",
        fr: "Les lecteurs peuvent regarder, sans noms d’élèves.",
        de: "Leser dürfen ansehen, ohne Namen von Lernenden.",
        pt: "Leitores podem ver, sem nomes de estudantes.",
    }
    TITLE { en: "Users", es: "Usuarios", fr: "Utilisateurs", de: "Benutzer", pt: "Usuários" }
    WHO { en: "Who may sign in to this portal", es: "Quién puede entrar en este portal", fr: "Qui peut se connecter à ce portail", de: "Wer sich in diesem Portal anmelden darf", pt: "Quem pode entrar neste portal" }
    NAME { en: "Name", es: "Nombre", fr: "Nom", de: "Name", pt: "Nome" }
    ROLE { en: "Role", es: "Función", fr: "Rôle", de: "Rolle", pt: "Função" }
    SECOND_STEP { en: "Second step", es: "Segundo paso", fr: "Seconde étape", de: "Zweiter Schritt", pt: "Segunda etapa" }
    LAST_SEEN { en: "Last seen", es: "Última vez", fr: "Dernière visite", de: "Zuletzt da", pt: "Última vez" }
    CHANGE { en: "Change", es: "Cambiar", fr: "Modifier", de: "Ändern", pt: "Alterar" }
    YOU { en: "you", es: "usted", fr: "vous", de: "Sie", pt: "você" }
    APP { en: "App", es: "App", fr: "App", de: "App", pt: "App" }
    NONE { en: "None", es: "Ninguno", fr: "Aucune", de: "Keiner", pt: "Nenhuma" }
    NEVER { en: "never", es: "nunca", fr: "jamais", de: "nie", pt: "nunca" }
    INVITED { en: "Not accepted yet", es: "Sin aceptar", fr: "Pas encore acceptée", de: "Noch nicht angenommen", pt: "Ainda não aceito" }
    RESET_WAITS { en: "New password waits", es: "Contraseña nueva pendiente", fr: "Nouveau mot de passe en attente", de: "Neues Passwort steht aus", pt: "Nova senha pendente" }
    OWNER_WAITS { en: "Address for the first owner", es: "Dirección para el primer propietario", fr: "Adresse du premier propriétaire", de: "Adresse für den ersten Eigentümer", pt: "Endereço do primeiro proprietário" }
    EDIT { en: "Edit", es: "Editar", fr: "Modifier", de: "Bearbeiten", pt: "Editar" }
    ENDS { en: "ends", es: "termina", fr: "expire", de: "endet", pt: "termina" }
    WITHDRAW { en: "Withdraw", es: "Retirar", fr: "Retirer", de: "Zurückziehen", pt: "Retirar" }
    INVITE_TITLE { en: "Invite someone", es: "Invitar a alguien", fr: "Inviter quelqu’un", de: "Jemanden einladen", pt: "Convidar alguém" }
    INVITE_SAYS {
        en: "The link works once, for 7 days. You send it yourself.",
        es: "El enlace funciona una vez, durante 7 días. Envíelo usted.",
        fr: "Le lien sert une fois, pendant 7 jours. C’est vous qui l’envoyez.",
        de: "Der Link geht einmal, 7 Tage lang. Sie verschicken ihn selbst.",
        pt: "O link funciona uma vez, por 7 dias. Você mesmo o envia.",
    }
    MAIL { en: "E-mail address", es: "Correo electrónico", fr: "Adresse e-mail", de: "E-Mail-Adresse", pt: "E-mail" }
    INVITE { en: "Invite", es: "Invitar", fr: "Inviter", de: "Einladen", pt: "Convidar" }
    WRONG_MAIL { en: "That is not an e-mail address. No one was invited.", es: "Eso no es un correo. No se ha invitado a nadie.", fr: "Ce n’est pas une adresse e-mail. Personne n’a été invité.", de: "Das ist keine E-Mail-Adresse. Es wurde niemand eingeladen.", pt: "Isso não é um e-mail. Ninguém foi convidado." }
    TOO_MANY { en: "This portal has 200 users and invitations, and may not have more. Remove some.", es: "Este portal tiene 200 usuarios e invitaciones, y no puede tener más. Quite algunos.", fr: "Ce portail a 200 utilisateurs et invitations, et ne peut en avoir plus. Retirez-en.", de: "Dieses Portal hat 200 Benutzer und Einladungen, und mehr dürfen es nicht sein. Entfernen Sie welche.", pt: "Este portal tem 200 usuários e convites, e não pode ter mais. Remova alguns." }
    LINK_HEADING { en: "A link that works once", es: "Un enlace de un solo uso", fr: "Un lien à usage unique", de: "Ein Link, der einmal geht", pt: "Um link de uso único" }
    LINK_SAYS {
        en: "Send it to {mail} yourself. It is shown only now, works once, and ends {when}.",
        es: "Envíelo usted a {mail}. Solo se muestra ahora, funciona una vez y termina {when}.",
        fr: "Envoyez-le vous-même à {mail}. Il n’est montré que maintenant, sert une fois et expire {when}.",
        de: "Schicken Sie ihn selbst an {mail}. Er wird nur jetzt gezeigt, geht einmal und endet {when}.",
        pt: "Envie-o você mesmo para {mail}. Ele só aparece agora, funciona uma vez e termina {when}.",
    }
    LETTER_TITLE { en: "Text to send along", es: "Texto para enviar", fr: "Texte à envoyer", de: "Text zum Mitschicken", pt: "Texto para enviar" }
    LETTER {
        en: "{name} invites you to the portal of {tool}, as {role}.\n{may}\n\nOpen this link, enter your name and choose a password. It works once, until {when}:\n{address}",
        es: "{name} le invita al portal de {tool}, con la función {role}.\n{may}\n\nAbra este enlace, escriba su nombre y elija una contraseña. Funciona una vez, hasta {when}:\n{address}",
        fr: "{name} vous invite au portail de {tool}, avec le rôle {role}.\n{may}\n\nOuvrez ce lien, indiquez votre nom et choisissez un mot de passe. Il sert une fois, jusqu’au {when} :\n{address}",
        de: "{name} lädt Sie in das Portal von {tool} ein, in der Rolle {role}.\n{may}\n\nÖffnen Sie diesen Link, geben Sie Ihren Namen an und wählen Sie ein Passwort. Er geht einmal, bis {when}:\n{address}",
        pt: "{name} convida você para o portal de {tool}, na função {role}.\n{may}\n\nAbra este link, escreva seu nome e escolha uma senha. Ele funciona uma vez, até {when}:\n{address}",
    }
    COPY { en: "Copy", es: "Copiar", fr: "Copier", de: "Kopieren", pt: "Copiar" }
    BACK { en: "Back to Users", es: "Volver a Usuarios", fr: "Retour aux utilisateurs", de: "Zu den Benutzern", pt: "Voltar a Usuários" }
    ROLES_TITLE { en: "What each role may do", es: "Qué puede hacer cada función", fr: "Ce que chaque rôle peut faire", de: "Was jede Rolle darf", pt: "O que cada função pode fazer" }
    AREA { en: "Area", es: "Ámbito", fr: "Domaine", de: "Bereich", pt: "Área" }
    AREA_FAILURES { en: "Failures", es: "Fallos", fr: "Échecs", de: "Fehlschläge", pt: "Falhas" }
    AREA_DELIVERIES { en: "Deliveries", es: "Entregas", fr: "Envois", de: "Zustellungen", pt: "Entregas" }
    AREA_PLATFORMS { en: "Platforms, invitations", es: "Plataformas, invitaciones", fr: "Plateformes, invitations", de: "Plattformen, Einladungen", pt: "Plataformas, convites" }
    AREA_STUDENTS { en: "People (students by name), learning paths", es: "Personas (estudiantes por su nombre), itinerarios", fr: "Personnes (élèves par leur nom), parcours d’apprentissage", de: "Personen (Lernende mit Namen), Lernpfade", pt: "Pessoas (estudantes pelo nome), trilhas de aprendizagem" }
    AREA_SETTINGS { en: "Tool settings", es: "Ajustes", fr: "Réglages de l’outil", de: "Einstellungen", pt: "Configurações" }
    AREA_KEYS { en: "Keys, webhooks", es: "Claves, webhooks", fr: "Clés, webhooks", de: "Schlüssel, Webhooks", pt: "Chaves, webhooks" }
    AREA_USERS { en: "Users", es: "Usuarios", fr: "Utilisateurs", de: "Benutzer", pt: "Usuários" }
    AREA_EXPORTS { en: "Audit log as a file", es: "Registro como archivo", fr: "Journal en fichier", de: "Protokoll als Datei", pt: "Registro em arquivo" }
    AREA_TOOLS { en: "Tools, backups", es: "Herramientas, copias", fr: "Outils, sauvegardes", de: "Tools, Sicherungen", pt: "Ferramentas, cópias" }
    AREA_AUDIT { en: "Audit log", es: "Registro de cambios", fr: "Journal", de: "Protokoll", pt: "Registro" }
    AREA_USAGE { en: "Usage", es: "Uso", fr: "Utilisation", de: "Nutzung", pt: "Uso" }
    MAY_ALL { en: "all", es: "todo", fr: "tout", de: "alles", pt: "tudo" }
    MAY_READ { en: "read", es: "leer", fr: "lire", de: "lesen", pt: "ler" }
    MAY_NOT { en: "no", es: "no", fr: "non", de: "nein", pt: "não" }
    ROLE_HELP {
        en: "The change counts from the next click on.",
        es: "El cambio vale desde el siguiente clic.",
        fr: "Le changement vaut dès le prochain clic.",
        de: "Die Änderung gilt ab dem nächsten Klick.",
        pt: "A mudança vale a partir do próximo clique.",
    }
    SAVE { en: "Save", es: "Guardar", fr: "Enregistrer", de: "Speichern", pt: "Salvar" }
    NEW_PASSWORD_TITLE { en: "New password", es: "Contraseña nueva", fr: "Nouveau mot de passe", de: "Neues Passwort", pt: "Nova senha" }
    NEW_PASSWORD_SAYS {
        en: "Makes a link by which {name} chooses a new one. Using it ends their sessions and takes their second step away.",
        es: "Crea un enlace con el que {name} elige una nueva. Al usarlo terminan sus sesiones y se quita su segundo paso.",
        fr: "Crée un lien par lequel {name} en choisit un nouveau. L’utiliser met fin à ses sessions et retire sa seconde étape.",
        de: "Macht einen Link, mit dem {name} ein neues wählt. Wird er benutzt, enden die Sitzungen, und der zweite Schritt fällt weg.",
        pt: "Cria um link pelo qual {name} escolhe uma nova. Ao usá-lo, suas sessões terminam e a segunda etapa é retirada.",
    }
    MAKE_LINK { en: "Make the link", es: "Crear el enlace", fr: "Créer le lien", de: "Link machen", pt: "Criar o link" }
    END_TITLE { en: "Sessions", es: "Sesiones", fr: "Sessions", de: "Sitzungen", pt: "Sessões" }
    END_SAYS {
        en: "Signs {name} out everywhere, at once.",
        es: "Cierra de inmediato todas las sesiones de {name}.",
        fr: "Déconnecte {name} partout, aussitôt.",
        de: "Meldet {name} sofort überall ab.",
        pt: "Encerra na hora todas as sessões de {name}.",
    }
    END { en: "End all sessions", es: "Terminar todas las sesiones", fr: "Mettre fin aux sessions", de: "Alle Sitzungen beenden", pt: "Encerrar todas as sessões" }
    REMOVE_TITLE { en: "Remove", es: "Quitar", fr: "Retirer", de: "Entfernen", pt: "Remover" }
    REMOVE_QUESTION { en: "Remove this user?", es: "¿Quitar a este usuario?", fr: "Retirer cet utilisateur ?", de: "Diesen Benutzer entfernen?", pt: "Remover este usuário?" }
    REMOVE_SAYS {
        en: "{name} can't sign in any more. What they changed stays in the audit log. API keys that they know stay valid: look at Keys & access.",
        es: "{name} ya no podrá entrar. Lo que cambió queda en el registro. Las claves de API que conoce siguen siendo válidas: mire en Claves y acceso.",
        fr: "{name} ne pourra plus se connecter. Ses modifications restent au journal. Les clés d’API que cette personne connaît restent valables : voyez Clés et accès.",
        de: "{name} kann sich nicht mehr anmelden. Was geändert wurde, bleibt im Protokoll. API-Schlüssel, die {name} kennt, gelten weiter: Sehen Sie unter Schlüssel & Zugang nach.",
        pt: "{name} não poderá mais entrar. O que alterou continua no registro. As chaves de API que conhece continuam válidas: veja em Chaves e acesso.",
    }
    REMOVE { en: "Remove {name}", es: "Quitar a {name}", fr: "Retirer {name}", de: "{name} entfernen", pt: "Remover {name}" }
    LAST_OWNER {
        en: "Nothing was changed: the portal needs another owner first.",
        es: "No se ha cambiado nada: el portal necesita antes otro propietario.",
        fr: "Rien n’a été modifié : le portail a d’abord besoin d’un autre propriétaire.",
        de: "Es wurde nichts geändert: Das Portal braucht erst einen anderen Eigentümer.",
        pt: "Nada foi alterado: o portal precisa antes de outro proprietário.",
    }
    ROLE_CHANGED { en: "{name} is {role} from now on.", es: "{name} es {role} desde ahora.", fr: "{name} est désormais {role}.", de: "{name} ist ab jetzt {role}.", pt: "{name} é {role} a partir de agora." }
    REMOVED { en: "{name} is removed.", es: "Se ha quitado a {name}.", fr: "{name} est retiré.", de: "{name} ist entfernt.", pt: "{name} foi removido." }
    ENDED { en: "{name} is signed out everywhere.", es: "Se han cerrado las sesiones de {name}.", fr: "{name} est déconnecté partout.", de: "{name} ist überall abgemeldet.", pt: "{name} saiu de todas as sessões." }
    WITHDRAWN { en: "The link is withdrawn.", es: "El enlace se ha retirado.", fr: "Le lien est retiré.", de: "Der Link ist zurückgezogen.", pt: "O link foi retirado." }
}
