//! What the portal says to people who are not signed in yet.

use super::texts;

texts! {
    TITLE { en: "Sign in to the portal", es: "Iniciar sesión en el portal", fr: "Se connecter au portail", de: "Im Portal anmelden", pt: "Entrar no portal" }
    LOGIN { en: "E-mail address", es: "Correo electrónico", fr: "Adresse e-mail", de: "E-Mail-Adresse", pt: "E-mail" }
    PASSWORD { en: "Password", es: "Contraseña", fr: "Mot de passe", de: "Passwort", pt: "Senha" }
    SIGN_IN { en: "Sign in", es: "Iniciar sesión", fr: "Se connecter", de: "Anmelden", pt: "Entrar" }
    WRONG {
        en: "That address and password don't belong together.",
        es: "Esa dirección y esa contraseña no se corresponden.",
        fr: "Cette adresse et ce mot de passe ne vont pas ensemble.",
        de: "Adresse und Passwort gehören nicht zusammen.",
        pt: "Esse e-mail e essa senha não combinam.",
    }
    TOO_MANY {
        en: "Too many tries. Wait {minutes} min and try again.",
        es: "Demasiados intentos. Espere {minutes} min y vuelva a intentarlo.",
        fr: "Trop d’essais. Attendez {minutes} min, puis réessayez.",
        de: "Zu viele Versuche. Warten Sie {minutes} Min. und versuchen Sie es noch einmal.",
        pt: "Tentativas demais. Espere {minutes} min e tente de novo.",
    }
    NOBODY_YET {
        en: "Nobody can sign in yet. The first start printed an address that makes the owner; if it is lost, this command on the server makes another:",
        es: "Todavía no puede entrar nadie. El primer arranque mostró una dirección que crea al propietario; si se ha perdido, esta orden en el servidor crea otra:",
        fr: "Personne ne peut encore se connecter. Le premier démarrage a affiché une adresse qui crée le propriétaire ; si elle est perdue, cette commande sur le serveur en crée une autre :",
        de: "Noch kann sich niemand anmelden. Der erste Start hat eine Adresse ausgegeben, mit der man Eigentümer wird; ist sie verloren, macht dieser Befehl auf dem Server eine neue:",
        pt: "Ninguém pode entrar ainda. O primeiro início mostrou um endereço que cria o proprietário; se foi perdido, este comando no servidor cria outro:",
    }
    LOCKED_OUT {
        en: "Locked out? An owner can give you a new password, and so can this command on the server:",
        es: "¿No puede entrar? Un propietario puede darle una contraseña nueva, y también esta orden en el servidor:",
        fr: "Accès perdu ? Un propriétaire peut vous donner un nouveau mot de passe, de même que cette commande sur le serveur :",
        de: "Ausgesperrt? Ein neues Passwort geben Eigentümer, oder dieser Befehl auf dem Server:",
        pt: "Sem acesso? Um proprietário pode lhe dar uma nova senha, e também este comando no servidor:",
    }
    TITLE_CODE { en: "One more step", es: "Un paso más", fr: "Encore une étape", de: "Noch ein Schritt", pt: "Mais uma etapa" }
    CODE { en: "Code", es: "Código", fr: "Code", de: "Code", pt: "Código" }
    CODE_HELP {
        en: "The six digits that your authenticator app shows now.",
        es: "Las seis cifras que muestra ahora su aplicación de autenticación.",
        fr: "Les six chiffres que votre application d’authentification affiche maintenant.",
        de: "Die sechs Ziffern, die Ihre Authenticator-App jetzt zeigt.",
        pt: "Os seis dígitos que seu aplicativo autenticador mostra agora.",
    }
    WRONG_CODE {
        en: "That code isn't right, or was used already. Wait for the next one.",
        es: "Ese código no es correcto o ya se ha usado. Espere al siguiente.",
        fr: "Ce code est faux ou a déjà servi. Attendez le suivant.",
        de: "Dieser Code stimmt nicht, oder er wurde schon benutzt. Warten Sie auf den nächsten.",
        pt: "Esse código não está certo ou já foi usado. Espere o próximo.",
    }
    NO_MORE_CODES {
        en: "Too many wrong codes came for this account, so none is taken any more. Somebody may know the password. Ask an owner for a link to a new one.",
        es: "Han llegado demasiados códigos erróneos para esta cuenta y ya no se acepta ninguno. Puede que alguien conozca la contraseña. Pida a un propietario un enlace para elegir otra.",
        fr: "Trop de codes faux sont arrivés pour ce compte : aucun n’est plus accepté. Quelqu’un connaît peut-être le mot de passe. Demandez à un propriétaire un lien pour en choisir un autre.",
        de: "Für dieses Konto kamen zu viele falsche Codes, deshalb wird keiner mehr angenommen. Vielleicht kennt jemand das Passwort. Bitten Sie einen Eigentümer um einen Link zu einem neuen.",
        pt: "Chegaram códigos errados demais para esta conta, e nenhum é mais aceito. Talvez alguém saiba a senha. Peça a um proprietário um link para escolher outra.",
    }
    CODE_LOST {
        en: "No app any more? A new password also takes the second step away. An owner can give you one, and so can this command on the server:",
        es: "¿Ya no tiene la aplicación? Una contraseña nueva también quita el segundo paso. Puede dársela un propietario, y también esta orden en el servidor:",
        fr: "Plus d’application ? Un nouveau mot de passe retire aussi la seconde étape. Un propriétaire peut vous en donner un, de même que cette commande sur le serveur :",
        de: "App verloren? Mit einem neuen Passwort fällt auch der zweite Schritt weg. Eines geben Eigentümer, oder dieser Befehl auf dem Server:",
        pt: "Sem o aplicativo? Uma nova senha também retira a segunda etapa. Um proprietário pode lhe dar uma, e também este comando no servidor:",
    }
    TITLE_OWNER { en: "Become the owner", es: "Hacerse propietario", fr: "Devenir propriétaire", de: "Eigentümer werden", pt: "Tornar-se proprietário" }
    OWNER_SAYS {
        en: "Nobody can sign in to this portal yet. The person who fills this in owns it, may do everything, and can let others in.",
        es: "Todavía no puede entrar nadie en este portal. Quien rellene esto será su propietario: desde aquí se puede hacer todo y delegarlo en otros.",
        fr: "Personne ne peut encore se connecter à ce portail. La personne qui remplit ceci en devient propriétaire : tout peut se faire et se déléguer d’ici.",
        de: "Noch kann sich niemand in diesem Portal anmelden. Wer dies ausfüllt, dem gehört es: Alles kann von hier aus getan und anderen übertragen werden.",
        pt: "Ninguém pode entrar neste portal ainda. Quem preencher isto será o proprietário: daqui tudo pode ser feito e delegado a outros.",
    }
    TITLE_INVITED { en: "You are invited", es: "Le han invitado", fr: "Vous êtes invité", de: "Sie sind eingeladen", pt: "Você foi convidado" }
    INVITED_SAYS {
        en: "You will be able to sign in as {role}. {may}",
        es: "Podrá iniciar sesión como {role}. {may}",
        fr: "Vous pourrez vous connecter comme {role}. {may}",
        de: "Sie können sich dann anmelden als {role}. {may}",
        pt: "Você poderá entrar como {role}. {may}",
    }
    TITLE_NEW_PASSWORD { en: "Choose a new password", es: "Elegir una contraseña nueva", fr: "Choisir un nouveau mot de passe", de: "Ein neues Passwort wählen", pt: "Escolher uma nova senha" }
    NEW_PASSWORD_SAYS {
        en: "It ends every session of {login}, and takes the second step and the connection with your organisation’s account away: you can set both up again.",
        es: "Termina todas las sesiones de {login} y quita el segundo paso y la conexión con la cuenta de su organización: puede volver a configurar ambos.",
        fr: "Il met fin à toutes les sessions de {login} et retire la seconde étape et le lien avec le compte de votre organisation : vous pourrez reconfigurer les deux.",
        de: "Es beendet alle Sitzungen von {login}, und der zweite Schritt und die Verbindung mit dem Konto Ihrer Organisation fallen weg: Sie können beides neu einrichten.",
        pt: "Ela encerra todas as sessões de {login} e retira a segunda etapa e a ligação com a conta da sua organização: você pode configurar as duas de novo.",
    }
    NAME { en: "Your name", es: "Su nombre", fr: "Votre nom", de: "Ihr Name", pt: "Seu nome" }
    NAME_HELP {
        en: "Colleagues see it beside what you change.",
        es: "Los compañeros lo ven junto a lo que usted cambia.",
        fr: "Vos collègues le voient à côté de ce que vous modifiez.",
        de: "Kolleginnen und Kollegen sehen ihn neben dem, was Sie ändern.",
        pt: "Colegas o veem ao lado do que você altera.",
    }
    NEW_PASSWORD { en: "Password", es: "Contraseña", fr: "Mot de passe", de: "Passwort", pt: "Senha" }
    PASSWORD_HELP {
        en: "12 characters or more. A few words that don't belong together are good.",
        es: "12 caracteres o más. Unas palabras sin relación entre sí son una buena elección.",
        fr: "12 caractères ou plus. Quelques mots sans rapport entre eux conviennent bien.",
        de: "Mindestens 12 Zeichen. Gut sind ein paar Wörter, die nichts miteinander zu tun haben.",
        pt: "12 caracteres ou mais. Algumas palavras sem relação entre si são uma boa escolha.",
    }
    BEGIN { en: "Save and sign in", es: "Guardar e iniciar sesión", fr: "Enregistrer et se connecter", de: "Speichern und anmelden", pt: "Salvar e entrar" }
    WRONG_NAME {
        en: "Write your name, in 1 to 100 characters.",
        es: "Escriba su nombre, de 1 a 100 caracteres.",
        fr: "Indiquez votre nom, de 1 à 100 caractères.",
        de: "Geben Sie Ihren Namen an, mit 1 bis 100 Zeichen.",
        pt: "Escreva seu nome, de 1 a 100 caracteres.",
    }
    WRONG_MAIL {
        en: "Write an e-mail address such as mara@school.example.",
        es: "Escriba un correo como mara@school.example.",
        fr: "Indiquez une adresse e-mail comme mara@school.example.",
        de: "Geben Sie eine E-Mail-Adresse an, etwa mara@school.example.",
        pt: "Escreva um e-mail como mara@school.example.",
    }
    SHORT_PASSWORD {
        en: "That password is too short: use 12 characters or more.",
        es: "Esa contraseña es demasiado corta: use 12 caracteres o más.",
        fr: "Ce mot de passe est trop court : utilisez au moins 12 caractères.",
        de: "Dieses Passwort ist zu kurz: Nehmen Sie mindestens 12 Zeichen.",
        pt: "Essa senha é curta demais: use 12 caracteres ou mais.",
    }
    LONG_PASSWORD {
        en: "That password is too long.",
        es: "Esa contraseña es demasiado larga.",
        fr: "Ce mot de passe est trop long.",
        de: "Dieses Passwort ist zu lang.",
        pt: "Essa senha é longa demais.",
    }
    OWN_PASSWORD {
        en: "That password contains your address. Leave it out.",
        es: "Esa contraseña contiene su dirección. Quítela.",
        fr: "Ce mot de passe contient votre adresse. Retirez-la.",
        de: "Dieses Passwort enthält Ihre Adresse. Lassen Sie sie weg.",
        pt: "Essa senha contém seu e-mail. Tire-o.",
    }
    SIMPLE_PASSWORD {
        en: "That password is easy to guess: it is mostly common words, sequences such as 1234, or the same few characters.",
        es: "Esa contraseña es fácil de adivinar: son sobre todo palabras comunes, series como 1234 o siempre los mismos caracteres.",
        fr: "Ce mot de passe est facile à deviner : surtout des mots courants, des suites comme 1234 ou toujours les mêmes caractères.",
        de: "Dieses Passwort ist leicht zu erraten: Es besteht vor allem aus üblichen Wörtern, Folgen wie 1234 oder wenigen Zeichen.",
        pt: "Essa senha é fácil de adivinhar: são sobretudo palavras comuns, sequências como 1234 ou os mesmos poucos caracteres.",
    }
    TAKEN {
        en: "This address is in use already.",
        es: "Alguien ya inicia sesión con esta dirección.",
        fr: "Quelqu’un se connecte déjà avec cette adresse.",
        de: "Mit dieser Adresse meldet sich schon jemand an.",
        pt: "Alguém já entra com este e-mail.",
    }
    TITLE_GONE { en: "This link doesn't work any more", es: "Este enlace ya no funciona", fr: "Ce lien ne fonctionne plus", de: "Dieser Link geht nicht mehr", pt: "Este link não funciona mais" }
    GONE {
        en: "It works once, and not for long. Ask the person who gave it to you for a new one.",
        es: "Funciona una sola vez y por poco tiempo. Pida uno nuevo a quien se lo dio.",
        fr: "Il ne sert qu’une fois, et pas longtemps. Demandez-en un nouveau à la personne qui vous l’a donné.",
        de: "Er geht nur einmal und nicht lange. Bitten Sie um einen neuen, wer ihn Ihnen gegeben hat.",
        pt: "Ele funciona uma vez, e por pouco tempo. Peça um novo a quem o deu a você.",
    }
}
