//! What the portal says about signing in at the organisation's identity provider.

use super::texts;

texts! {
    SIGN_IN_WITH { en: "Sign in with {name}", es: "Iniciar sesión con {name}", fr: "Se connecter avec {name}", de: "Anmelden mit {name}", pt: "Entrar com {name}" }
    SIGN_IN_AGAIN { en: "Sign in again with {name}", es: "Volver a iniciar sesión con {name}", fr: "Se reconnecter avec {name}", de: "Noch einmal anmelden mit {name}", pt: "Entrar de novo com {name}" }
    OR_THERE {
        en: "Or use your organisation’s account, if {mail} is its address:",
        es: "O use la cuenta de su organización, si {mail} es su dirección:",
        fr: "Ou utilisez le compte de votre organisation, si {mail} est son adresse :",
        de: "Oder nehmen Sie das Konto Ihrer Organisation, wenn {mail} dessen Adresse ist:",
        pt: "Ou use a conta da sua organização, se {mail} for o endereço dela:",
    }
    GOING_THERE { en: "On to your organisation’s sign-in…", es: "Abriendo el acceso de su organización…", fr: "Ouverture de la connexion de votre organisation…", de: "Weiter zur Anmeldung Ihrer Organisation…", pt: "Abrindo a entrada da sua organização…" }
    BACK_TO_SIGN_IN { en: "Back to sign-in", es: "Volver al inicio de sesión", fr: "Retour à la connexion", de: "Zurück zur Anmeldung", pt: "Voltar à entrada" }
    TITLE_REFUSED { en: "You can’t be signed in", es: "No se puede iniciar su sesión", fr: "Vous ne pouvez pas être connecté", de: "Sie können nicht angemeldet werden", pt: "Não é possível entrar" }
    TITLE_AGAIN { en: "Begin again", es: "Empiece de nuevo", fr: "Recommencez", de: "Beginnen Sie noch einmal", pt: "Comece de novo" }
    TITLE_FAILED { en: "Signing in didn’t work", es: "No se ha podido iniciar sesión", fr: "La connexion n’a pas fonctionné", de: "Die Anmeldung hat nicht geklappt", pt: "A entrada não funcionou" }
    LOST {
        en: "This sign-in was begun in another browser, took longer than ten minutes, or is over already. Begin again.",
        es: "Este inicio de sesión se empezó en otro navegador, tardó más de diez minutos o ya ha terminado. Empiece de nuevo.",
        fr: "Cette connexion a été commencée dans un autre navigateur, a pris plus de dix minutes ou est déjà terminée. Recommencez.",
        de: "Diese Anmeldung wurde in einem anderen Browser begonnen, hat länger als zehn Minuten gedauert oder ist schon vorbei. Beginnen Sie noch einmal.",
        pt: "Esta entrada foi iniciada em outro navegador, levou mais de dez minutos ou já terminou. Comece de novo.",
    }
    DECLINED {
        en: "You cancelled, or your organisation doesn’t let you use this portal. Ask the people who manage your organisation’s accounts to allow it.",
        es: "Usted lo canceló, o su organización no le permite usar este portal. Pida que se lo permita a quien administra las cuentas de su organización.",
        fr: "Vous avez annulé, ou votre organisation ne vous permet pas d’utiliser ce portail. Demandez-le à la personne qui gère les comptes de votre organisation.",
        de: "Sie haben abgebrochen, oder Ihre Organisation lässt Sie dieses Portal nicht benutzen. Bitten Sie darum, wer die Konten Ihrer Organisation verwaltet.",
        pt: "Você cancelou, ou sua organização não permite que você use este portal. Peça a quem cuida das contas da sua organização que permita.",
    }
    UNREACHABLE {
        en: "Your organisation’s sign-in doesn’t answer. Try again in a moment. If you have a password for this portal, you can use that.",
        es: "El acceso de su organización no responde. Inténtelo de nuevo en un momento. Si tiene una contraseña para este portal, puede usarla.",
        fr: "La connexion de votre organisation ne répond pas. Réessayez dans un instant. Si vous avez un mot de passe pour ce portail, vous pouvez l’utiliser.",
        de: "Die Anmeldung Ihrer Organisation antwortet nicht. Versuchen Sie es gleich noch einmal. Wenn Sie ein Passwort für dieses Portal haben, können Sie das nehmen.",
        pt: "A entrada da sua organização não responde. Tente de novo em um momento. Se você tem uma senha para este portal, pode usá-la.",
    }
    MISCONFIGURED {
        en: "Your organisation’s sign-in and this portal don’t work together. The people who run this service can mend it: tell them the reference.",
        es: "El acceso de su organización y este portal no encajan. Debe arreglarlo quien opera este servicio: dígale la referencia.",
        fr: "La connexion de votre organisation et ce portail ne s’accordent pas. C’est à l’exploitant de ce service de réparer cela : donnez-lui la référence.",
        de: "Die Anmeldung Ihrer Organisation und dieses Portal passen nicht zusammen. Das muss beheben, wer diesen Dienst betreibt: Nennen Sie dort das Kennzeichen.",
        pt: "A entrada da sua organização e este portal não se ajustam. Quem opera este serviço precisa corrigir isso: informe a referência.",
    }
    DOUBTFUL {
        en: "The answer of your organisation’s sign-in can’t be trusted, so you were not let in. Begin again. If it happens again, tell the people who run this service the reference.",
        es: "Lo que envió el acceso de su organización no es de fiar, así que no se le dejó entrar. Empiece de nuevo. Si vuelve a ocurrir, dé la referencia a quien opera este servicio.",
        fr: "Ce que la connexion de votre organisation a envoyé n’est pas fiable, vous n’avez donc pas été admis. Recommencez. Si cela se reproduit, donnez la référence à l’exploitant de ce service.",
        de: "Was die Anmeldung Ihrer Organisation geschickt hat, ist nicht vertrauenswürdig; darum wurden Sie nicht eingelassen. Beginnen Sie noch einmal. Wenn es wieder geschieht, nennen Sie das Kennzeichen, wer diesen Dienst betreibt.",
        pt: "O que a entrada da sua organização enviou não é confiável, por isso você não entrou. Comece de novo. Se acontecer outra vez, informe a referência a quem opera este serviço.",
    }
    NO_MAIL {
        en: "Your organisation’s sign-in doesn’t tell us your e-mail address, so we don’t know who you are. Ask the people who manage your organisation’s accounts.",
        es: "El acceso de su organización no indica su correo, así que aquí no se sabe quién es usted. Pregunte a quien administra las cuentas de su organización.",
        fr: "La connexion de votre organisation n’indique pas votre adresse e-mail, on ne sait donc pas ici qui vous êtes. Demandez à la personne qui gère les comptes de votre organisation.",
        de: "Die Anmeldung Ihrer Organisation nennt Ihre E-Mail-Adresse nicht; darum weiß hier niemand, wer Sie sind. Fragen Sie, wer die Konten Ihrer Organisation verwaltet.",
        pt: "A entrada da sua organização não informa seu e-mail, por isso aqui não se sabe quem você é. Pergunte a quem cuida das contas da sua organização.",
    }
    UNVERIFIED {
        en: "Your organisation’s sign-in doesn’t say that your e-mail address is really yours. Ask the people who manage your organisation’s accounts to verify it.",
        es: "El acceso de su organización no dice que su correo sea realmente suyo. Pida que lo verifique a quien administra las cuentas de su organización.",
        fr: "La connexion de votre organisation ne dit pas que votre adresse e-mail est bien la vôtre. Demandez à la personne qui gère les comptes de votre organisation de la vérifier.",
        de: "Die Anmeldung Ihrer Organisation sagt nicht, dass Ihre E-Mail-Adresse wirklich Ihnen gehört. Bitten Sie darum, sie zu bestätigen, wer die Konten Ihrer Organisation verwaltet.",
        pt: "A entrada da sua organização não diz que seu e-mail é mesmo seu. Peça que o verifique a quem cuida das contas da sua organização.",
    }
    FOREIGN {
        en: "Your e-mail address belongs to an organisation that isn’t let in here. Use another account, or ask an owner of this portal.",
        es: "Su correo pertenece a una organización que no tiene acceso aquí. Use otra cuenta o pregunte a un propietario de este portal.",
        fr: "Votre adresse e-mail appartient à une organisation qui n’est pas admise ici. Utilisez un autre compte, ou demandez à un propriétaire de ce portail.",
        de: "Ihre E-Mail-Adresse gehört zu einer Organisation, die hier nicht eingelassen wird. Nehmen Sie ein anderes Konto, oder fragen Sie Eigentümer dieses Portals.",
        pt: "Seu e-mail pertence a uma organização que não tem acesso aqui. Use outra conta ou pergunte a um proprietário deste portal.",
    }
    NO_OWNER {
        en: "This portal has no owner yet, and nobody comes in before one. Ask the people who run this service to become its owner.",
        es: "Este portal todavía no tiene propietario, y nadie entra antes. Pida a quien opera este servicio que se haga propietario.",
        fr: "Ce portail n’a pas encore de propriétaire, et personne n’y entre avant. Demandez à qui exploite ce service d’en devenir propriétaire.",
        de: "Dieses Portal hat noch keine Eigentümer, und vorher kommt niemand hinein. Bitten Sie darum, Eigentümer zu werden, wer diesen Dienst betreibt.",
        pt: "Este portal ainda não tem proprietário, e ninguém entra antes. Peça a quem opera este serviço que se torne o proprietário.",
    }
    NO_ACCOUNT {
        en: "There is no account for your address here. Ask an owner of this portal to invite you at the address that your organisation has for you.",
        es: "Aquí no hay ninguna cuenta para su dirección. Pida a un propietario de este portal que le invite con la dirección que su organización tiene de usted.",
        fr: "Il n’y a pas de compte pour votre adresse ici. Demandez à un propriétaire de ce portail de vous inviter à l’adresse que votre organisation a de vous.",
        de: "Für Ihre Adresse gibt es hier kein Konto. Bitten Sie Eigentümer dieses Portals um eine Einladung an die Adresse, die Ihre Organisation von Ihnen hat.",
        pt: "Não há conta para seu endereço aqui. Peça a um proprietário deste portal que convide você no endereço que sua organização tem.",
    }
    NOT_CONNECTED {
        en: "There is an account with your address here, and it isn’t connected with your organisation’s sign-in yet. Sign in by password, and connect it under “Your account”. No password any more? An owner of this portal can give you one.",
        es: "Aquí hay una cuenta con su dirección, y todavía no está conectada con el acceso de su organización. Inicie sesión con la contraseña y conéctela en «Su cuenta». ¿Ya no tiene contraseña? Un propietario de este portal puede darle una.",
        fr: "Il y a ici un compte à votre adresse, et il n’est pas encore relié à la connexion de votre organisation. Connectez-vous par mot de passe, puis reliez-le sous « Votre compte ». Plus de mot de passe ? Un propriétaire de ce portail peut vous en donner un.",
        de: "Hier gibt es ein Konto mit Ihrer Adresse, und es ist noch nicht mit der Anmeldung Ihrer Organisation verbunden. Melden Sie sich mit dem Passwort an und verbinden Sie es unter „Ihr Konto“. Kein Passwort mehr? Eigentümer dieses Portals können Ihnen eines geben.",
        pt: "Há aqui uma conta com seu endereço, e ela ainda não está ligada à entrada da sua organização. Entre com a senha e ligue-a em “Sua conta”. Sem senha? Um proprietário deste portal pode lhe dar uma.",
    }
    FULL {
        en: "This portal has as many users as it can have. An owner can remove a user, or withdraw an invitation.",
        es: "Este portal tiene todos los usuarios que puede tener. Un propietario puede quitar a alguien o retirar una invitación.",
        fr: "Ce portail a autant d’utilisateurs qu’il peut en avoir. Un propriétaire peut retirer quelqu’un, ou une invitation.",
        de: "Dieses Portal hat so viele Benutzer, wie es haben kann. Eigentümer können jemanden entfernen oder eine Einladung zurückziehen.",
        pt: "Este portal tem tantos usuários quanto pode ter. Um proprietário pode remover alguém ou retirar um convite.",
    }
    CONNECTED_ELSEWHERE {
        en: "Nothing was changed: another account of this portal is connected with that account of your organisation. Disconnect it there first.",
        es: "No se ha cambiado nada: otra cuenta de este portal está conectada con esa cuenta de su organización. Desconéctela allí primero.",
        fr: "Rien n’a été modifié : un autre compte de ce portail est relié à ce compte de votre organisation. Séparez-le d’abord là-bas.",
        de: "Es wurde nichts geändert: Ein anderes Konto dieses Portals ist mit diesem Konto Ihrer Organisation verbunden. Trennen Sie es zuerst dort.",
        pt: "Nada foi alterado: outra conta deste portal está ligada a essa conta da sua organização. Desligue-a lá primeiro.",
    }
    OTHER_PERSON {
        en: "You signed in there as another person than here. Nothing was changed. Sign in there with your own account.",
        es: "Ha iniciado sesión como otra persona que la que usa este portal. No se ha cambiado nada. Inicie sesión allí con su propia cuenta.",
        fr: "Vous vous êtes connecté comme une autre personne que celle qui utilise ce portail. Rien n’a été modifié. Connectez-vous là-bas avec votre propre compte.",
        de: "Sie haben sich als jemand anders angemeldet, als in diesem Portal angemeldet ist. Es wurde nichts geändert. Melden Sie sich dort mit Ihrem eigenen Konto an.",
        pt: "Você entrou como outra pessoa, e não como quem está neste portal. Nada foi alterado. Entre lá com sua própria conta.",
    }
    NOT_FRESH {
        en: "Your organisation’s sign-in doesn’t say that you have signed in just now, so it doesn’t prove that it is you. Use your password instead. No password? An owner of this portal can give you one.",
        es: "El acceso de su organización no dice que acabe de iniciar sesión, así que aquí no demuestra nada. Use su contraseña. ¿No tiene contraseña? Un propietario de este portal puede darle una.",
        fr: "La connexion de votre organisation ne dit pas que vous venez de vous connecter, elle ne prouve donc rien ici. Utilisez votre mot de passe. Pas de mot de passe ? Un propriétaire de ce portail peut vous en donner un.",
        de: "Die Anmeldung Ihrer Organisation sagt nicht, dass Sie sich gerade eben angemeldet haben, und beweist hier darum nichts. Nehmen Sie Ihr Passwort. Kein Passwort? Eigentümer dieses Portals können Ihnen eines geben.",
        pt: "A entrada da sua organização não diz que você acabou de entrar, por isso não prova nada aqui. Use sua senha. Sem senha? Um proprietário deste portal pode lhe dar uma.",
    }
    CONFIRM_TITLE { en: "Is it still you?", es: "¿Sigue siendo usted?", fr: "Est-ce toujours vous ?", de: "Sind das noch Sie?", pt: "Ainda é você?" }
    CONFIRM_SAYS {
        en: "What you are about to do asks you to sign in again if you did so more than 10 minutes ago.",
        es: "Lo que va a hacer le pide iniciar sesión de nuevo si lo hizo hace más de 10 minutos.",
        fr: "Ce que vous allez faire demande de vous reconnecter si vous l’avez fait il y a plus de 10 minutes.",
        de: "Was Sie vorhaben, verlangt eine neue Anmeldung, wenn die letzte mehr als 10 Minuten her ist.",
        pt: "O que você vai fazer pede que entre de novo se o fez há mais de 10 minutos.",
    }
    CONFIRM_NO_WAY {
        en: "What you are about to do asks for a password, and you have none. An owner of this portal can give you a link to choose one, and so can the people who run this service.",
        es: "Lo que va a hacer pide una contraseña, y usted no tiene ninguna. Un propietario de este portal, o quien opera este servicio, puede darle un enlace para elegirla.",
        fr: "Ce que vous allez faire demande un mot de passe, et vous n’en avez pas. Un propriétaire de ce portail, ou l’exploitant de ce service, peut vous donner un lien pour en choisir un.",
        de: "Was Sie vorhaben, verlangt ein Passwort, und Sie haben keines. Einen Link, um eines zu wählen, können Ihnen Eigentümer dieses Portals geben, oder wer diesen Dienst betreibt.",
        pt: "O que você vai fazer pede uma senha, e você não tem nenhuma. Um proprietário deste portal, ou quem opera este serviço, pode lhe dar um link para escolher uma.",
    }
    NO_PASSWORD {
        en: "You have none yet. With one you can sign in without your organisation’s account.",
        es: "Todavía no tiene ninguna. Con una puede entrar sin la cuenta de su organización.",
        fr: "Vous n’en avez pas encore. Avec un mot de passe, vous pouvez vous connecter sans le compte de votre organisation.",
        de: "Sie haben noch keines. Mit einem können Sie sich ohne das Konto Ihrer Organisation anmelden.",
        pt: "Você ainda não tem nenhuma. Com uma você pode entrar sem a conta da sua organização.",
    }
    PANEL_SAYS {
        en: "Your organisation’s account signs you in here, too.",
        es: "La cuenta de su organización también le da acceso aquí.",
        fr: "Le compte de votre organisation vous connecte aussi ici.",
        de: "Auch das Konto Ihrer Organisation meldet Sie hier an.",
        pt: "A conta da sua organização também dá acesso aqui.",
    }
    IS_CONNECTED { en: "It is connected.", es: "Está conectada.", fr: "Il est relié.", de: "Es ist verbunden.", pt: "Está ligada." }
    IS_NOT_CONNECTED { en: "It is not connected.", es: "No está conectada.", fr: "Il n’est pas relié.", de: "Es ist nicht verbunden.", pt: "Não está ligada." }
    CONNECT { en: "Connect", es: "Conectar", fr: "Relier", de: "Verbinden", pt: "Ligar" }
    DISCONNECT { en: "Disconnect", es: "Desconectar", fr: "Séparer", de: "Trennen", pt: "Desligar" }
    DISCONNECT_QUESTION { en: "Disconnect your organisation’s account?", es: "¿Desconectar la cuenta de su organización?", fr: "Séparer le compte de votre organisation ?", de: "Das Konto Ihrer Organisation trennen?", pt: "Desligar a conta da sua organização?" }
    DISCONNECT_SAYS {
        en: "From then on you sign in here with your password only.",
        es: "Desde entonces entrará aquí solo con su contraseña.",
        fr: "Dès lors, vous vous connecterez ici uniquement avec votre mot de passe.",
        de: "Von da an melden Sie sich hier nur noch mit Ihrem Passwort an.",
        pt: "A partir de então, você entra aqui só com a sua senha.",
    }
    CONNECTED { en: "Your organisation’s account is connected: you can sign in with it.", es: "La cuenta de su organización está conectada: puede entrar con ella.", fr: "Le compte de votre organisation est relié : vous pouvez vous connecter avec lui.", de: "Das Konto Ihrer Organisation ist verbunden: Sie können sich damit anmelden.", pt: "A conta da sua organização está ligada: você pode entrar com ela." }
    DISCONNECTED { en: "Your organisation’s account is disconnected.", es: "La cuenta de su organización está desconectada.", fr: "Le compte de votre organisation est séparé.", de: "Das Konto Ihrer Organisation ist getrennt.", pt: "A conta da sua organização foi desligada." }
    NO_OTHER_WAY {
        en: "Nothing was changed: without it you couldn’t sign in any more. Choose a password first.",
        es: "No se ha cambiado nada: sin ella ya no podría entrar. Elija primero una contraseña.",
        fr: "Rien n’a été modifié : sans lui, vous ne pourriez plus vous connecter. Choisissez d’abord un mot de passe.",
        de: "Es wurde nichts geändert: Ohne es könnten Sie sich nicht mehr anmelden. Wählen Sie zuerst ein Passwort.",
        pt: "Nada foi alterado: sem ela você não poderia mais entrar. Escolha uma senha primeiro.",
    }
}
