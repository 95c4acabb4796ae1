//! A person's own account in the portal, the password prompt, and the audit log.

use super::texts;

texts! {
    TITLE { en: "Your account", es: "Su cuenta", fr: "Votre compte", de: "Ihr Konto", pt: "Sua conta" }
    SIGNED_IN_AS { en: "{login}, {role}. {may}", es: "{login}: {role}. {may}", fr: "{login} : {role}. {may}", de: "{login}: {role}. {may}", pt: "{login}: {role}. {may}" }
    PASSWORD { en: "Password", es: "Contraseña", fr: "Mot de passe", de: "Passwort", pt: "Senha" }
    PASSWORD_SAYS {
        en: "A new one ends your other sessions.",
        es: "Una nueva termina sus otras sesiones.",
        fr: "Un nouveau met fin à vos autres sessions.",
        de: "Ein neues beendet Ihre anderen Sitzungen.",
        pt: "Uma nova encerra suas outras sessões.",
    }
    CURRENT { en: "Current password", es: "Contraseña actual", fr: "Mot de passe actuel", de: "Jetziges Passwort", pt: "Senha atual" }
    NEW { en: "New password", es: "Contraseña nueva", fr: "Nouveau mot de passe", de: "Neues Passwort", pt: "Nova senha" }
    NEW_HELP {
        en: "12 characters or more. A few words that don't belong together are good.",
        es: "12 caracteres o más. Unas palabras sin relación entre sí son una buena elección.",
        fr: "12 caractères ou plus. Quelques mots sans rapport entre eux conviennent bien.",
        de: "Mindestens 12 Zeichen. Gut sind ein paar Wörter, die nichts miteinander zu tun haben.",
        pt: "12 caracteres ou mais. Algumas palavras sem relação entre si são uma boa escolha.",
    }
    CHANGE_PASSWORD { en: "Change password", es: "Cambiar la contraseña", fr: "Changer le mot de passe", de: "Passwort ändern", pt: "Mudar a senha" }
    PASSWORD_CHANGED { en: "The password is changed, and your other sessions are ended.", es: "La contraseña ha cambiado y sus otras sesiones han terminado.", fr: "Le mot de passe est changé, et vos autres sessions sont terminées.", de: "Das Passwort ist geändert, und Ihre anderen Sitzungen sind beendet.", pt: "A senha foi mudada, e suas outras sessões foram encerradas." }
    WRONG_PASSWORD { en: "That isn't your password. Nothing was changed.", es: "Esa no es su contraseña. No se ha cambiado nada.", fr: "Ce n’est pas votre mot de passe. Rien n’a été modifié.", de: "Das ist nicht Ihr Passwort. Es wurde nichts geändert.", pt: "Essa não é sua senha. Nada foi alterado." }
    SECOND_STEP { en: "Second step", es: "Segundo paso", fr: "Seconde étape", de: "Zweiter Schritt", pt: "Segunda etapa" }
    SECOND_STEP_SAYS {
        en: "A code of an authenticator app, asked for after the password.",
        es: "Un código de una aplicación de autenticación, que se pide tras la contraseña.",
        fr: "Un code d’une application d’authentification, demandé après le mot de passe.",
        de: "Ein Code einer Authenticator-App, nach dem nach dem Passwort gefragt wird.",
        pt: "Um código de um aplicativo autenticador, pedido depois da senha.",
    }
    SECOND_STEP_ON { en: "It is set up.", es: "Está configurado.", fr: "Elle est configurée.", de: "Er ist eingerichtet.", pt: "Está configurada." }
    SECOND_STEP_OFF { en: "It is not set up.", es: "No está configurado.", fr: "Elle n’est pas configurée.", de: "Er ist nicht eingerichtet.", pt: "Não está configurada." }
    SET_UP { en: "Set it up", es: "Configurarlo", fr: "La configurer", de: "Einrichten", pt: "Configurar" }
    TAKE_AWAY { en: "Take it away", es: "Quitarlo", fr: "La retirer", de: "Wegnehmen", pt: "Retirar" }
    TAKE_AWAY_QUESTION { en: "Take the second step away?", es: "¿Quitar el segundo paso?", fr: "Retirer la seconde étape ?", de: "Den zweiten Schritt wegnehmen?", pt: "Retirar a segunda etapa?" }
    TAKE_AWAY_SAYS {
        en: "From then on the password alone is enough to sign in.",
        es: "Desde entonces bastará la contraseña para entrar.",
        fr: "Dès lors, le mot de passe seul suffira pour se connecter.",
        de: "Von da an genügt das Passwort allein, um sich anzumelden.",
        pt: "A partir de então, só a senha basta para entrar.",
    }
    SECRET_TITLE { en: "Set up the second step", es: "Configurar el segundo paso", fr: "Configurer la seconde étape", de: "Den zweiten Schritt einrichten", pt: "Configurar a segunda etapa" }
    SECRET_SAYS {
        en: "Enter this key in your authenticator app, or open the link on the device that has the app. Then write the code that it shows.",
        es: "Introduzca esta clave en su aplicación de autenticación, o abra el enlace en el dispositivo que la tiene. Después escriba el código que muestra.",
        fr: "Saisissez cette clé dans votre application d’authentification, ou ouvrez le lien sur l’appareil qui l’a. Écrivez ensuite le code qu’elle affiche.",
        de: "Geben Sie diesen Schlüssel in Ihre Authenticator-App ein, oder öffnen Sie den Link auf dem Gerät mit der App. Schreiben Sie dann den Code, den sie zeigt.",
        pt: "Digite esta chave no seu aplicativo autenticador, ou abra o link no aparelho que o tem. Depois escreva o código que ele mostra.",
    }
    SCAN_SAYS {
        en: "Scan the QR code with your authenticator app. If you can't, enter this key in the app, or open the link on the device that has it. Then write the code that the app shows.",
        es: "Escanee el código QR con su aplicación de autenticación. Si no puede, introduzca esta clave en la aplicación, o abra el enlace en el dispositivo que la tiene. Después escriba el código que muestra la aplicación.",
        fr: "Scannez le QR code avec votre application d’authentification. Si ce n’est pas possible, saisissez cette clé dans l’application, ou ouvrez le lien sur l’appareil qui l’a. Écrivez ensuite le code que l’application affiche.",
        de: "Scannen Sie den QR-Code mit Ihrer Authenticator-App. Geht das nicht, geben Sie diesen Schlüssel in die App ein, oder öffnen Sie den Link auf dem Gerät mit der App. Schreiben Sie dann den Code, den die App zeigt.",
        pt: "Escaneie o código QR com seu aplicativo autenticador. Se não puder, digite esta chave no aplicativo, ou abra o link no aparelho que o tem. Depois escreva o código que o aplicativo mostra.",
    }
    QR_CODE { en: "QR code of this key", es: "Código QR de esta clave", fr: "QR code de cette clé", de: "QR-Code dieses Schlüssels", pt: "Código QR desta chave" }
    OPEN_APP { en: "Open in the app", es: "Abrir en la aplicación", fr: "Ouvrir dans l’application", de: "In der App öffnen", pt: "Abrir no aplicativo" }
    CODE { en: "Code", es: "Código", fr: "Code", de: "Code", pt: "Código" }
    TURN_ON { en: "Turn on", es: "Activar", fr: "Activer", de: "Einschalten", pt: "Ativar" }
    TURNED_ON { en: "The second step is on from your next sign-in.", es: "El segundo paso se pide desde su próximo inicio de sesión.", fr: "La seconde étape sera demandée dès votre prochaine connexion.", de: "Der zweite Schritt gilt ab Ihrer nächsten Anmeldung.", pt: "A segunda etapa vale a partir da sua próxima entrada." }
    TURNED_OFF { en: "The second step is taken away.", es: "Se ha quitado el segundo paso.", fr: "La seconde étape est retirée.", de: "Der zweite Schritt ist weggenommen.", pt: "A segunda etapa foi retirada." }
    WRONG_CODE { en: "That code isn't right. Begin again.", es: "Ese código no es correcto. Empiece de nuevo.", fr: "Ce code est faux. Recommencez.", de: "Dieser Code stimmt nicht. Beginnen Sie noch einmal.", pt: "Esse código não está certo. Comece de novo." }
    WRONG_FIRST_CODE {
        en: "That code isn't right, and nothing is set up yet. The key is still the same: write the code that the app shows now. If that is wrong, too, set the time of the device to automatic.",
        es: "Ese código no es correcto y todavía no hay nada configurado. La clave sigue siendo la misma: escriba el código que la aplicación muestra ahora. Si tampoco es correcto, ponga la hora del dispositivo en automático.",
        fr: "Ce code est faux, et rien n’est encore configuré. La clé reste la même : écrivez le code que l’application affiche maintenant. S’il est faux aussi, réglez l’heure de l’appareil sur automatique.",
        de: "Dieser Code stimmt nicht, und noch ist nichts eingerichtet. Der Schlüssel ist derselbe: Schreiben Sie den Code, den die App jetzt zeigt. Stimmt auch der nicht, stellen Sie die Uhr des Geräts auf automatisch.",
        pt: "Esse código não está certo, e nada está configurado ainda. A chave continua a mesma: escreva o código que o aplicativo mostra agora. Se também estiver errado, ajuste a hora do aparelho para automática.",
    }
    SESSIONS { en: "Sessions", es: "Sesiones", fr: "Sessions", de: "Sitzungen", pt: "Sessões" }
    SESSIONS_SAY { en: "Where you are signed in", es: "Dónde ha iniciado sesión", fr: "Où vous êtes connecté", de: "Wo Sie angemeldet sind", pt: "Onde você entrou" }
    BROWSER { en: "Browser", es: "Navegador", fr: "Navigateur", de: "Browser", pt: "Navegador" }
    SINCE { en: "Since", es: "Desde", fr: "Depuis", de: "Seit", pt: "Desde" }
    LAST_USED { en: "Last used", es: "Último uso", fr: "Dernier usage", de: "Zuletzt benutzt", pt: "Último uso" }
    ENDS { en: "Ends", es: "Termina", fr: "Se termine", de: "Endet", pt: "Termina" }
    THIS_ONE { en: "this one", es: "esta", fr: "celle-ci", de: "diese", pt: "esta" }
    END { en: "End", es: "Terminar", fr: "Terminer", de: "Beenden", pt: "Encerrar" }
    END_OTHERS { en: "End all others", es: "Terminar las demás", fr: "Terminer les autres", de: "Alle anderen beenden", pt: "Encerrar as outras" }
    ENDED { en: "The session is ended.", es: "La sesión ha terminado.", fr: "La session est terminée.", de: "Die Sitzung ist beendet.", pt: "A sessão foi encerrada." }
    OTHERS_ENDED { en: "Your other sessions are ended.", es: "Sus otras sesiones han terminado.", fr: "Vos autres sessions sont terminées.", de: "Ihre anderen Sitzungen sind beendet.", pt: "Suas outras sessões foram encerradas." }
    CONFIRM_TITLE { en: "Your password once more", es: "Su contraseña, otra vez", fr: "Votre mot de passe, encore une fois", de: "Noch einmal Ihr Passwort", pt: "Sua senha mais uma vez" }
    CONFIRM_SAYS {
        en: "What you are about to do asks for it if it was last given more than 10 minutes ago.",
        es: "Lo que va a hacer la pide si la dio por última vez hace más de 10 minutos.",
        fr: "Ce que vous allez faire le demande s’il a été donné il y a plus de 10 minutes.",
        de: "Was Sie vorhaben, verlangt es, wenn Sie es zuletzt vor mehr als 10 Minuten eingegeben haben.",
        pt: "O que você vai fazer a pede se ela foi informada há mais de 10 minutos.",
    }
    CONFIRM_LOSES {
        en: "Nothing has been saved yet. Anything you had entered before isn't kept: afterwards, enter it again.",
        es: "Todavía no se ha guardado nada. Lo que hubiera introducido antes no se conserva: introdúzcalo de nuevo después.",
        fr: "Rien n’est encore enregistré. Ce que vous auriez saisi avant n’est pas conservé : saisissez-le de nouveau ensuite.",
        de: "Noch ist nichts gespeichert. Was Sie davor eingegeben haben, bleibt nicht erhalten: Geben Sie es danach noch einmal ein.",
        pt: "Nada foi salvo ainda. O que você tiver preenchido antes não é mantido: preencha de novo depois.",
    }
    CONFIRM_KEEPS {
        en: "Nothing has been saved yet. What you had entered is filled in again afterwards: look it over and send it once more.",
        es: "Todavía no se ha guardado nada. Lo que había introducido se rellena de nuevo después: revíselo y envíelo otra vez.",
        fr: "Rien n’est encore enregistré. Ce que vous aviez saisi sera de nouveau rempli ensuite : vérifiez-le et renvoyez-le.",
        de: "Noch ist nichts gespeichert. Ihre Eingaben werden danach wieder eingesetzt: Sehen Sie sie durch und senden Sie sie noch einmal.",
        pt: "Nada foi salvo ainda. O que você tinha preenchido volta depois: confira e envie de novo.",
    }
    CONFIRM { en: "Go on", es: "Seguir", fr: "Continuer", de: "Weiter", pt: "Continuar" }
    CONFIRMED { en: "Now repeat what you did.", es: "Ahora repita lo que hizo.", fr: "Recommencez maintenant.", de: "Wiederholen Sie es jetzt.", pt: "Agora repita o que fez." }
    AUDIT_TITLE { en: "Audit log", es: "Registro de cambios", fr: "Journal", de: "Protokoll", pt: "Registro" }
    AUDIT_SAYS { en: "Who changed what, newest first", es: "Quién cambió qué, lo más nuevo primero", fr: "Qui a changé quoi, du plus récent au plus ancien", de: "Wer was geändert hat, das Neueste zuerst", pt: "Quem mudou o quê, o mais novo primeiro" }
    WHEN { en: "When", es: "Cuándo", fr: "Quand", de: "Wann", pt: "Quando" }
    WHO { en: "Who", es: "Quién", fr: "Qui", de: "Wer", pt: "Quem" }
    WHAT { en: "What", es: "Qué", fr: "Quoi", de: "Was", pt: "O quê" }
    TO_WHAT { en: "To what", es: "A qué", fr: "À quoi", de: "Woran", pt: "A quê" }
    OLDER { en: "Older", es: "Anteriores", fr: "Plus anciens", de: "Ältere", pt: "Anteriores" }
    NEWEST { en: "Newest", es: "Los más nuevos", fr: "Les plus récents", de: "Neueste", pt: "Mais novos" }
    PAGES { en: "Pages", es: "Páginas", fr: "Pages", de: "Seiten", pt: "Páginas" }
    ALL_OF_THESE { en: "All changes", es: "Todos los cambios", fr: "Tous les changements", de: "Alle Änderungen", pt: "Todas as mudanças" }
    FILTER { en: "Filter", es: "Filtrar", fr: "Filtrer", de: "Filtern", pt: "Filtrar" }
    SUBJECT { en: "Changed id", es: "Id de lo cambiado", fr: "Identifiant visé", de: "Geänderte ID", pt: "Id do que mudou" }
    NOTHING_YET { en: "Nothing is here yet.", es: "Aún no hay nada.", fr: "Il n’y a encore rien.", de: "Hier ist noch nichts.", pt: "Ainda não há nada." }
    CHECK { en: "Check the chain", es: "Comprobar la cadena", fr: "Vérifier la chaîne", de: "Kette prüfen", pt: "Verificar a cadeia" }
    CHAIN_TITLE { en: "Chain of the audit log", es: "Cadena del registro", fr: "Chaîne du journal", de: "Kette des Protokolls", pt: "Cadeia do registro" }
    CHAIN_WHOLE {
        en: "All {number} entries are as they were written: none was changed, inserted or removed.",
        es: "Las {number} entradas están como se escribieron: ninguna se cambió, añadió ni quitó.",
        fr: "Les {number} entrées sont telles qu’elles ont été écrites : aucune n’a été modifiée, ajoutée ni retirée.",
        de: "Alle {number} Einträge sind, wie sie geschrieben wurden: Keiner wurde geändert, eingefügt oder entfernt.",
        pt: "As {number} entradas estão como foram escritas: nenhuma foi mudada, inserida nem removida.",
    }
    CHAIN_BROKEN {
        en: "Entry {number} is not as it was written, or is missing: someone changed the database itself. Compare it with an earlier backup.",
        es: "La entrada {number} no está como se escribió, o falta: alguien cambió la propia base de datos. Consulte una copia de seguridad anterior.",
        fr: "L’entrée {number} n’est pas telle qu’elle a été écrite, ou elle manque : quelqu’un a modifié la base de données elle-même. Consultez une sauvegarde antérieure.",
        de: "Eintrag {number} ist nicht, wie er geschrieben wurde, oder fehlt: Jemand hat die Datenbank selbst geändert. Sehen Sie in eine frühere Sicherung.",
        pt: "A entrada {number} não está como foi escrita, ou falta: alguém mudou o próprio banco de dados. Veja um backup anterior.",
    }
}
