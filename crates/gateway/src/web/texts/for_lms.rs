//! What the administrator of an LMS can do about a failure. They have never seen this program, so
//! no text names its API, its commands or its pages.

use super::texts;

texts! {
    OPERATOR {
        en: "Nothing needs to be changed in your LMS: the tool's operator settles this.",
        es: "No hay que cambiar nada en su LMS: lo resuelve el operador de la herramienta.",
        fr: "Il n’y a rien à changer dans votre LMS : l’exploitant de l’outil s’en charge.",
        de: "In Ihrem LMS ist nichts zu ändern: Das erledigt der Betreiber des Tools.",
        pt: "Não é preciso mudar nada no seu LMS: o operador da ferramenta resolve isso.",
    }
    AGAIN {
        en: "Please open the tool again from the course. If it fails again, answer with the reference below, and the tool's operator will look into it.",
        es: "Vuelva a abrir la herramienta desde el curso. Si falla otra vez, responda con la referencia de abajo y el operador de la herramienta lo investigará.",
        fr: "Veuillez rouvrir l’outil depuis le cours. En cas de nouvel échec, répondez avec la référence ci-dessous, et l’exploitant de l’outil cherchera la cause.",
        de: "Bitte öffnen Sie das Tool noch einmal aus dem Kurs. Schlägt es wieder fehl, antworten Sie mit dem Kennzeichen unten, und der Betreiber des Tools sieht es sich an.",
        pt: "Abra a ferramenta de novo a partir do curso. Se falhar outra vez, responda com a referência abaixo, e o operador da ferramenta vai investigar.",
    }
    CLOCK {
        en: "Check the clock of your LMS's server, and let it be set automatically (NTP). If it is right, opening the tool again from the course is enough.",
        es: "Compruebe el reloj del servidor de su LMS y haga que se ajuste automáticamente (NTP). Si está en hora, basta con volver a abrir la herramienta desde el curso.",
        fr: "Vérifiez l’horloge du serveur de votre LMS, et faites-la régler automatiquement (NTP). Si elle est à l’heure, il suffit de rouvrir l’outil depuis le cours.",
        de: "Prüfen Sie die Uhr Ihres LMS-Servers und lassen Sie sie automatisch stellen (NTP). Geht sie richtig, genügt es, das Tool noch einmal aus dem Kurs zu öffnen.",
        pt: "Verifique o relógio do servidor do seu LMS e deixe-o ser ajustado automaticamente (NTP). Se estiver certo, basta abrir a ferramenta de novo a partir do curso.",
    }
    KEYS {
        en: "Check that the address of your LMS's keys can be opened from the internet, and that the key your LMS signs with is listed there.",
        es: "Compruebe que la dirección de las claves de su LMS se puede abrir desde internet y que en ella figura la clave con la que firma su LMS.",
        fr: "Vérifiez que l’adresse des clés de votre LMS peut être ouverte depuis internet, et que la clé avec laquelle il signe y figure.",
        de: "Prüfen Sie, ob die Adresse der Schlüssel Ihres LMS aus dem Internet erreichbar ist und ob der Schlüssel, mit dem es signiert, dort steht.",
        pt: "Verifique se o endereço das chaves do seu LMS pode ser aberto pela internet e se a chave com que ele assina está lá.",
    }
    ORIGIN {
        en: "Please confirm that the page named below belongs to your school: the tool's operator then allows it. Until then it helps to let the tool open in a new window.",
        es: "Confirme que la página indicada abajo es de su centro: el operador de la herramienta la permitirá entonces. Mientras tanto ayuda que la herramienta se abra en una ventana nueva.",
        fr: "Veuillez confirmer que la page indiquée ci-dessous est celle de votre établissement : l’exploitant de l’outil l’autorisera alors. D’ici là, ouvrir l’outil dans une nouvelle fenêtre aide.",
        de: "Bitte bestätigen Sie, dass die unten genannte Seite zu Ihrer Schule gehört: Der Betreiber des Tools erlaubt sie dann. Bis dahin hilft es, das Tool in einem neuen Fenster zu öffnen.",
        pt: "Confirme que a página indicada abaixo é da sua escola: o operador da ferramenta então a permite. Até lá, ajuda abrir a ferramenta em uma nova janela.",
    }
    WINDOW {
        en: "Let the tool open in a new window: many browsers keep no cookies of a page inside another site's page.",
        es: "Haga que la herramienta se abra en una ventana nueva: muchos navegadores no guardan cookies de una página dentro de la de otro sitio.",
        fr: "Faites ouvrir l’outil dans une nouvelle fenêtre : beaucoup de navigateurs ne gardent pas les cookies d’une page incluse dans celle d’un autre site.",
        de: "Lassen Sie das Tool in einem neuen Fenster öffnen: Viele Browser behalten keine Cookies einer Seite, die in der Seite einer anderen Website steht.",
        pt: "Faça a ferramenta abrir em uma nova janela: muitos navegadores não guardam cookies de uma página dentro da página de outro site.",
    }
    COMPARE {
        en: "Compare issuer and client id below, and the tool's addresses, with what your LMS shows for this tool, and answer with the differences.",
        es: "Compare el emisor y el id de cliente de abajo, y las direcciones de la herramienta, con lo que su LMS muestra de ella, y responda con las diferencias.",
        fr: "Comparez l’émetteur et l’identifiant client ci-dessous, et les adresses de l’outil, avec ce que votre LMS affiche pour cet outil, et répondez avec les différences.",
        de: "Vergleichen Sie Aussteller und Client-ID unten sowie die Adressen des Tools mit dem, was Ihr LMS zu diesem Tool anzeigt, und antworten Sie mit den Unterschieden.",
        pt: "Compare o emissor e o id do cliente abaixo, e os endereços da ferramenta, com o que o seu LMS mostra dela, e responda com as diferenças.",
    }
    UNKNOWN_HERE {
        en: "Compare issuer and client id below with what your LMS shows for this tool. If they are right, ask the tool's operator to connect your LMS.",
        es: "Compare el emisor y el id de cliente de abajo con lo que su LMS muestra de esta herramienta. Si son correctos, pida al operador de la herramienta que conecte su LMS.",
        fr: "Comparez l’émetteur et l’identifiant client ci-dessous avec ce que votre LMS affiche pour cet outil. S’ils sont justes, demandez à l’exploitant de l’outil de connecter votre LMS.",
        de: "Vergleichen Sie Aussteller und Client-ID unten mit dem, was Ihr LMS zu diesem Tool anzeigt. Stimmen sie, bitten Sie den Betreiber des Tools, Ihr LMS zu verbinden.",
        pt: "Compare o emissor e o id do cliente abaixo com o que o seu LMS mostra desta ferramenta. Se estiverem certos, peça ao operador da ferramenta que conecte o seu LMS.",
    }
    ADDRESSES {
        en: "Compare the tool's addresses in your LMS (login, launch and the links in courses) with those that the tool's operator gave you.",
        es: "Compare las direcciones de la herramienta en su LMS (inicio, acceso y los enlaces de los cursos) con las que le dio el operador de la herramienta.",
        fr: "Comparez les adresses de l’outil dans votre LMS (connexion, lancement et liens dans les cours) avec celles que l’exploitant de l’outil vous a données.",
        de: "Vergleichen Sie die Adressen des Tools in Ihrem LMS (Anmeldung, Start und die Links in Kursen) mit denen, die Sie vom Betreiber des Tools haben.",
        pt: "Compare os endereços da ferramenta no seu LMS (login, acesso e os links nos cursos) com os que o operador da ferramenta lhe deu.",
    }
    VENDOR {
        en: "Your LMS departs from the LTI standard here. Update it, or send its vendor this report.",
        es: "Su LMS se aparta aquí del estándar LTI. Actualícelo o envíe este informe a su fabricante.",
        fr: "Votre LMS s’écarte ici du standard LTI. Mettez-le à jour, ou envoyez ce rapport à son éditeur.",
        de: "Ihr LMS weicht hier vom LTI-Standard ab. Aktualisieren Sie es oder schicken Sie seinem Hersteller diesen Bericht.",
        pt: "O seu LMS se afasta aqui do padrão LTI. Atualize-o ou envie este relatório ao fabricante.",
    }
    LMS_LOG {
        en: "Check that the tool is switched on in your LMS, and that this course and person may use it. Your LMS's log says more at the time below.",
        es: "Compruebe que la herramienta está activada en su LMS y que el curso y la persona pueden usarla. El registro de su LMS dice más a la hora indicada abajo.",
        fr: "Vérifiez que l’outil est activé dans votre LMS, et que le cours et la personne peuvent l’utiliser. Le journal de votre LMS en dit plus à l’heure ci-dessous.",
        de: "Prüfen Sie, ob das Tool in Ihrem LMS eingeschaltet ist und ob Kurs und Person es benutzen dürfen. Das Protokoll Ihres LMS sagt mehr zur Zeit unten.",
        pt: "Verifique se a ferramenta está ligada no seu LMS e se o curso e a pessoa podem usá-la. O registro do seu LMS diz mais no horário abaixo.",
    }
    VERSION {
        en: "Add the tool again as an LTI 1.3 tool, and replace the links in courses: those of LTI 1.0 and 1.1 can't be opened.",
        es: "Añada de nuevo la herramienta como LTI 1.3 y sustituya los enlaces de los cursos: los de LTI 1.0 y 1.1 no se pueden abrir.",
        fr: "Ajoutez l’outil à nouveau comme outil LTI 1.3, et remplacez les liens dans les cours : ceux de LTI 1.0 et 1.1 ne peuvent pas être ouverts.",
        de: "Fügen Sie das Tool noch einmal als LTI-1.3-Tool hinzu und ersetzen Sie die Links in Kursen: Die von LTI 1.0 und 1.1 lassen sich nicht öffnen.",
        pt: "Adicione a ferramenta de novo como LTI 1.3 e substitua os links nos cursos: os de LTI 1.0 e 1.1 não podem ser abertos.",
    }
    SHARE_USER {
        en: "Let your LMS share at least the user's id with this tool: look at the tool's privacy settings there.",
        es: "Haga que su LMS comparta al menos el id del usuario con esta herramienta: mire allí sus ajustes de privacidad.",
        fr: "Faites partager au moins l’identifiant de l’utilisateur avec cet outil : voyez ses réglages de confidentialité dans votre LMS.",
        de: "Lassen Sie Ihr LMS wenigstens die Kennung der Person an dieses Tool weitergeben: Sehen Sie dort in die Datenschutzeinstellungen des Tools.",
        pt: "Faça o seu LMS compartilhar ao menos o id do usuário com esta ferramenta: veja lá as configurações de privacidade dela.",
    }
    REGISTER_AGAIN {
        en: "Ask the tool's operator for a new registration address, and start the registration again in your LMS.",
        es: "Pida al operador de la herramienta una nueva dirección de registro y vuelva a iniciar el registro en su LMS.",
        fr: "Demandez à l’exploitant de l’outil une nouvelle adresse d’enregistrement, et recommencez l’enregistrement dans votre LMS.",
        de: "Bitten Sie den Betreiber des Tools um eine neue Registrierungsadresse und beginnen Sie die Registrierung in Ihrem LMS von vorn.",
        pt: "Peça ao operador da ferramenta um novo endereço de registro e comece o registro de novo no seu LMS.",
    }
    START_AGAIN {
        en: "Start the registration again in your LMS, with the whole address that the tool's operator gave you.",
        es: "Vuelva a iniciar el registro en su LMS, con la dirección completa que le dio el operador de la herramienta.",
        fr: "Recommencez l’enregistrement dans votre LMS, avec l’adresse complète que l’exploitant de l’outil vous a donnée.",
        de: "Beginnen Sie die Registrierung in Ihrem LMS von vorn, mit der ganzen Adresse, die Sie vom Betreiber des Tools haben.",
        pt: "Comece o registro de novo no seu LMS, com o endereço completo que o operador da ferramenta lhe deu.",
    }
    REACHABLE {
        en: "Check that the registration addresses of your LMS can be opened from the internet, by https and without a redirect. Then start the registration again.",
        es: "Compruebe que las direcciones de registro de su LMS se pueden abrir desde internet, por https y sin redirección. Después vuelva a iniciar el registro.",
        fr: "Vérifiez que les adresses d’enregistrement de votre LMS peuvent être ouvertes depuis internet, en https et sans redirection. Recommencez ensuite l’enregistrement.",
        de: "Prüfen Sie, ob die Registrierungsadressen Ihres LMS aus dem Internet erreichbar sind, über https und ohne Weiterleitung. Beginnen Sie die Registrierung dann von vorn.",
        pt: "Verifique se os endereços de registro do seu LMS podem ser abertos pela internet, por https e sem redirecionamento. Depois comece o registro de novo.",
    }
    LOOK_THERE {
        en: "Look for the tool in your LMS and delete it there, since it may have been stored. Then start the registration again.",
        es: "Busque la herramienta en su LMS y elimínela allí, ya que puede haberse guardado. Después vuelva a iniciar el registro.",
        fr: "Cherchez l’outil dans votre LMS et supprimez-le, car il a pu y être conservé. Recommencez ensuite l’enregistrement.",
        de: "Suchen Sie das Tool in Ihrem LMS und löschen Sie es dort, denn es kann gespeichert worden sein. Beginnen Sie die Registrierung dann von vorn.",
        pt: "Procure a ferramenta no seu LMS e apague-a lá, pois ela pode ter sido guardada. Depois comece o registro de novo.",
    }
    FAILED_THERE {
        en: "Your LMS failed or refused here: its log says why, at the time below. When that is settled, try again.",
        es: "Aquí su LMS falló o rechazó la solicitud: su registro dice por qué, a la hora indicada abajo. Cuando esté resuelto, inténtelo de nuevo.",
        fr: "Votre LMS a échoué ou refusé ici : son journal dit pourquoi, à l’heure ci-dessous. Une fois la cause réglée, réessayez.",
        de: "Ihr LMS ist hier gescheitert oder hat abgelehnt: Warum, sagt sein Protokoll zur Zeit unten. Ist das behoben, versuchen Sie es noch einmal.",
        pt: "O seu LMS falhou ou recusou aqui: o registro dele diz por quê, no horário abaixo. Resolvido isso, tente de novo.",
    }
    ROLE {
        en: "The person has no teaching role in the course. If they should have one, assign it in your LMS.",
        es: "La persona no tiene un rol docente en el curso. Si le corresponde, asígneselo en su LMS.",
        fr: "La personne n’a pas de rôle d’enseignant dans le cours. Si elle doit en avoir un, attribuez-le dans votre LMS.",
        de: "Die Person hat im Kurs keine Lehrrolle. Soll sie eine haben, vergeben Sie sie in Ihrem LMS.",
        pt: "A pessoa não tem papel de docente no curso. Se deve ter, atribua-o no seu LMS.",
    }
}
