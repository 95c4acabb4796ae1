//! A test person, launched by our own pretend LMS; and whether the application answers.

use super::texts;

texts! {
    TITLE { en: "Test person", es: "Persona de prueba", fr: "Personne de test", de: "Testperson", pt: "Pessoa de teste" }
    LAUNCH { en: "Launch me a test person", es: "Acceder con una persona de prueba", fr: "Lancer une personne de test", de: "Eine Testperson starten", pt: "Acessar com uma pessoa de teste" }
    LAUNCH_SAYS {
        en: "A pretend LMS launches a learner into this tool. No LMS is needed, and nobody else can launch from it.",
        es: "Un LMS simulado accede a esta herramienta con un estudiante. No hace falta ningún LMS, y nadie más puede acceder desde él.",
        fr: "Un LMS fictif lance un élève dans cet outil. Aucun LMS n’est nécessaire, et personne d’autre ne peut lancer depuis lui.",
        de: "Ein vorgetäuschtes LMS startet eine lernende Person in diesem Tool. Es braucht kein LMS, und niemand sonst kann von dort starten.",
        pt: "Um LMS simulado acessa esta ferramenta com um estudante. Não é preciso nenhum LMS, e ninguém mais pode acessar a partir dele.",
    }
    AFTER_URL {
        en: "After step 1, a test person can launch here without any LMS.",
        es: "Después del paso 1, una persona de prueba puede acceder aquí sin ningún LMS.",
        fr: "Après l’étape 1, une personne de test peut être lancée ici, sans aucun LMS.",
        de: "Nach Schritt 1 kann eine Testperson hier ganz ohne LMS starten.",
        pt: "Depois do passo 1, uma pessoa de teste pode acessar aqui sem nenhum LMS.",
    }
    NO_LAUNCH_URL {
        en: "Say first where your application is.",
        es: "Indique primero dónde está su aplicación.",
        fr: "Indiquez d’abord où se trouve votre application.",
        de: "Sagen Sie zuerst, wo Ihre Anwendung ist.",
        pt: "Diga primeiro onde está seu aplicativo.",
    }
    CAME { en: "Sam Test has launched", es: "Sam Test ha accedido", fr: "Sam Test a été lancé", de: "Sam Test ist gestartet", pt: "Sam Test acessou" }
    WAS_REFUSED {
        en: "The launch of the test person was refused.",
        es: "El acceso de la persona de prueba se rechazó.",
        fr: "Le lancement de la personne de test a été refusé.",
        de: "Der Start der Testperson wurde abgelehnt.",
        pt: "O acesso da pessoa de teste foi recusado.",
    }
    WAS_REFUSED_BECAUSE {
        en: "The launch of the test person was refused: {why} (reference {reference}). {advice}",
        es: "El acceso de la persona de prueba se rechazó: {why} (referencia {reference}). {advice}",
        fr: "Le lancement de la personne de test a été refusé : {why} (référence {reference}). {advice}",
        de: "Der Start der Testperson wurde abgelehnt: {why} (Kennzeichen {reference}). {advice}",
        pt: "O acesso da pessoa de teste foi recusado: {why} (referência {reference}). {advice}",
    }
    CAME_SAYS {
        en: "Sam is a learner in the course Test course. Open the application as Sam, to see what it makes of the launch.",
        es: "Sam es estudiante del curso Test course. Abra la aplicación como Sam, para ver qué hace con el acceso.",
        fr: "Sam est élève du cours Test course. Ouvrez l’application en tant que Sam, pour voir ce qu’elle fait du lancement.",
        de: "Sam lernt im Kurs Test course. Öffnen Sie die Anwendung als Sam und sehen Sie, was sie aus dem Start macht.",
        pt: "Sam é estudante do curso Test course. Abra o aplicativo como Sam, para ver o que ele faz com o acesso.",
    }
    OPEN { en: "Open the application as Sam", es: "Abrir la aplicación como Sam", fr: "Ouvrir l’application en tant que Sam", de: "Anwendung als Sam öffnen", pt: "Abrir o aplicativo como Sam" }
    WALK { en: "What happened", es: "Lo que ha pasado", fr: "Ce qui s’est passé", de: "Was geschehen ist", pt: "O que aconteceu" }
    STEP_REGISTERED {
        en: "The pretend LMS was registered and activated, with a key for this one launch.",
        es: "El LMS simulado se registró y se activó, con una clave solo para este acceso.",
        fr: "Le LMS fictif a été enregistré et activé, avec une clé pour ce seul lancement.",
        de: "Das vorgetäuschte LMS wurde registriert und aktiviert, mit einem Schlüssel nur für diesen Start.",
        pt: "O LMS simulado foi registrado e ativado, com uma chave só para este acesso.",
    }
    STEP_LOGIN {
        en: "It began a login here, and was asked for a token.",
        es: "Inició una sesión aquí y se le pidió un token.",
        fr: "Il a commencé une connexion ici, et un jeton lui a été demandé.",
        de: "Es begann hier eine Anmeldung und wurde um ein Token gebeten.",
        pt: "Ele iniciou uma sessão aqui e lhe foi pedido um token.",
    }
    STEP_LAUNCH {
        en: "Its signed token was checked and taken: the launch is stored.",
        es: "Su token firmado se comprobó y se aceptó: el acceso está guardado.",
        fr: "Son jeton signé a été vérifié et accepté : le lancement est enregistré.",
        de: "Sein signiertes Token wurde geprüft und angenommen: Der Start ist gespeichert.",
        pt: "Seu token assinado foi verificado e aceito: o acesso está guardado.",
    }
    STEP_ASK {
        en: "Open the application: whether it lets Sam in is seen there, not here.",
        es: "Abra la aplicación: si deja entrar a Sam se ve allí, no aquí.",
        fr: "Ouvrez l’application : c’est là, et non ici, que se voit si elle laisse entrer Sam.",
        de: "Öffnen Sie die Anwendung: Ob sie Sam einlässt, sieht man dort, nicht hier.",
        pt: "Abra o aplicativo: se ele deixa Sam entrar, vê-se lá, não aqui.",
    }
    REMOVE { en: "Remove the pretend LMS", es: "Quitar el LMS simulado", fr: "Retirer le LMS fictif", de: "Das vorgetäuschte LMS entfernen", pt: "Remover o LMS simulado" }
    REMOVE_SAYS {
        en: "Sam’s launch can’t be read any more then. Until then it is listed among the platforms as Test LMS.",
        es: "Después ya no se podrá leer el acceso de Sam. Hasta entonces está entre las plataformas como Test LMS.",
        fr: "Le lancement de Sam ne pourra alors plus être lu. Jusque-là il figure parmi les plateformes comme Test LMS.",
        de: "Danach ist Sams Start nicht mehr lesbar. Bis dahin steht es als Test LMS unter den Plattformen.",
        pt: "Depois disso o acesso de Sam não pode mais ser lido. Até lá ele está entre as plataformas como Test LMS.",
    }
    REMOVED { en: "The pretend LMS is removed.", es: "El LMS simulado se ha quitado.", fr: "Le LMS fictif est retiré.", de: "Das vorgetäuschte LMS ist entfernt.", pt: "O LMS simulado foi removido." }
    AGAIN { en: "Launch once more", es: "Acceder otra vez", fr: "Lancer encore une fois", de: "Noch einmal starten", pt: "Acessar mais uma vez" }
    TEST_URL { en: "Test the launch URL", es: "Probar la URL de acceso", fr: "Tester l’URL de lancement", de: "Start-Adresse testen", pt: "Testar a URL de acesso" }
    TEST_SAYS {
        en: "Asks whether anything answers there.",
        es: "Pregunta si allí responde algo.",
        fr: "Demande si quelque chose y répond.",
        de: "Fragt, ob dort etwas antwortet.",
        pt: "Pergunta se algo responde lá.",
    }
    STILL_THERE {
        en: "Test LMS is still among your platforms",
        es: "Test LMS sigue entre sus plataformas",
        fr: "Test LMS est encore parmi vos plateformes",
        de: "Test LMS steht noch unter Ihren Plattformen",
        pt: "Test LMS ainda está entre suas plataformas",
    }
    ANSWERS {
        en: "Your application answers there, with status {status}.",
        es: "Su aplicación responde allí, con el estado {status}.",
        fr: "Votre application y répond, avec le statut {status}.",
        de: "Ihre Anwendung antwortet dort, mit dem Status {status}.",
        pt: "Seu aplicativo responde lá, com o status {status}.",
    }
    ANSWERS_REFUSING {
        en: "That is normal: this test is no launch, and most applications refuse visits without one.",
        es: "Es normal: esta prueba no es un acceso, y la mayoría de las aplicaciones rechazan visitas sin él.",
        fr: "C’est normal : ce test n’est pas un lancement, et la plupart des applications refusent les visites sans lancement.",
        de: "Das ist normal: Dieser Test ist kein Start, und die meisten Anwendungen lehnen Besuche ohne Start ab.",
        pt: "Isso é normal: este teste não é um acesso, e a maioria dos aplicativos recusa visitas sem ele.",
    }
    ANSWERS_MISSING {
        en: "That may mean a wrong path: compare the address with the one your application expects.",
        es: "Puede significar una ruta equivocada: compare la dirección con la que espera su aplicación.",
        fr: "Cela peut signifier un mauvais chemin : comparez l’adresse avec celle que votre application attend.",
        de: "Das kann ein falscher Pfad sein: Vergleichen Sie die Adresse mit der, die Ihre Anwendung erwartet.",
        pt: "Pode ser um caminho errado: compare o endereço com o que seu aplicativo espera.",
    }
    ANSWERS_FAILING {
        en: "Your application has a fault there: its own log says which. Launches would end there, too.",
        es: "Su aplicación tiene allí un error: su propio registro dice cuál. Los accesos también terminarían ahí.",
        fr: "Votre application y a une erreur : son propre journal dit laquelle. Les lancements s’arrêteraient là aussi.",
        de: "Ihre Anwendung hat dort einen Fehler: Ihr eigenes Protokoll sagt, welchen. Auch Starts würden dort enden.",
        pt: "Seu aplicativo tem um erro lá: o próprio registro dele diz qual. Os acessos também terminariam ali.",
    }
    NO_ANSWER {
        en: "This server gets no answer there: {why}. Browsers may get one all the same.",
        es: "Este servidor no recibe respuesta allí: {why}. Los navegadores quizá la reciban.",
        fr: "Ce serveur n’y reçoit pas de réponse : {why}. Les navigateurs en reçoivent peut-être une.",
        de: "Dieser Server bekommt dort keine Antwort: {why}. Browser bekommen vielleicht trotzdem eine.",
        pt: "Este servidor não recebe resposta lá: {why}. Os navegadores talvez recebam.",
    }
}
