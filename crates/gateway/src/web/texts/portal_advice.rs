//! What the operator can do about a failure for which the portal has no button, by what it means.
//! The API has more detailed advice for each code, in English.

use super::texts;

texts! {
    ADDRESS_BLOCKED {
        en: "If this platform runs in your own network, allow its host: outbound_allow.",
        es: "Si esta plataforma está en su propia red, permita su host: outbound_allow.",
        fr: "Si cette plateforme se trouve dans votre propre réseau, autorisez son hôte : outbound_allow.",
        de: "Steht diese Plattform in Ihrem eigenen Netz, erlauben Sie ihren Host: outbound_allow.",
        pt: "Se esta plataforma está na sua própria rede, permita o host dela: outbound_allow.",
    }
    CONFIGURATION_UNREAD {
        en: "Check that this server can reach the address: hallpass doctor says what is in the way. Then start the registration again in the LMS.",
        es: "Compruebe que este servidor llega a la dirección: hallpass doctor dice qué lo impide. Después vuelva a iniciar el registro en el LMS.",
        fr: "Vérifiez que ce serveur peut joindre l’adresse : hallpass doctor dit ce qui l’empêche. Recommencez ensuite l’enregistrement dans le LMS.",
        de: "Prüfen Sie, ob dieser Server die Adresse erreicht: hallpass doctor sagt, was im Weg ist. Beginnen Sie die Registrierung im LMS dann von vorn.",
        pt: "Verifique se este servidor alcança o endereço: hallpass doctor diz o que impede. Depois comece o registro de novo no LMS.",
    }
    LMS_SILENT {
        en: "The LMS may have stored the tool although it didn't answer: have it looked for and deleted there, then start the registration again.",
        es: "El LMS puede haber guardado la herramienta aunque no respondió: haga que la busquen y la eliminen allí, y vuelva a iniciar el registro.",
        fr: "Le LMS a pu conserver l’outil bien qu’il n’ait pas répondu : faites-le chercher et supprimer là-bas, puis recommencez l’enregistrement.",
        de: "Das LMS kann das Tool gespeichert haben, obwohl es nicht antwortete: Lassen Sie es dort suchen und löschen, und beginnen Sie die Registrierung von vorn.",
        pt: "O LMS pode ter guardado a ferramenta embora não tenha respondido: peça que a procurem e apaguem lá, e comece o registro de novo.",
    }
    INVITATION_OVER {
        en: "Make a new invitation link and send it.",
        es: "Cree un nuevo enlace de invitación y envíelo.",
        fr: "Créez un nouveau lien d’invitation et envoyez-le.",
        de: "Erstellen Sie einen neuen Einladungslink und schicken Sie ihn.",
        pt: "Crie um novo link de convite e envie-o.",
    }
    INVITATION_UNKNOWN {
        en: "Send the LMS's administrator the whole link of an invitation.",
        es: "Envíe a quien administra el LMS el enlace completo de una invitación.",
        fr: "Envoyez à l’administrateur du LMS le lien complet d’une invitation.",
        de: "Schicken Sie dem Administrator des LMS den ganzen Link einer Einladung.",
        pt: "Envie a quem administra o LMS o link completo de um convite.",
    }
    REGISTRATION_OVER {
        en: "The registration took too long or ended already: start it again in the LMS.",
        es: "El registro tardó demasiado o ya terminó: vuelva a iniciarlo en el LMS.",
        fr: "L’enregistrement a duré trop longtemps ou est déjà terminé : recommencez-le dans le LMS.",
        de: "Die Registrierung dauerte zu lange oder ist schon beendet: Beginnen Sie sie im LMS von vorn.",
        pt: "O registro demorou demais ou já terminou: comece-o de novo no LMS.",
    }
    NO_APPROVAL_PAGE {
        en: "Set registration.preApproval.url, the tool's own page for approvals.",
        es: "Establezca registration.preApproval.url, la página propia de la herramienta para aprobar.",
        fr: "Définissez registration.preApproval.url, la page de l’outil pour les approbations.",
        de: "Setzen Sie registration.preApproval.url, die eigene Seite des Tools für Freigaben.",
        pt: "Defina registration.preApproval.url, a página da própria ferramenta para aprovações.",
    }
    REGISTRATION_CUT {
        en: "The address belongs in the LMS's administration, whole: start the registration there.",
        es: "La dirección va, completa, en la administración del LMS: inicie el registro allí.",
        fr: "L’adresse a sa place, en entier, dans l’administration du LMS : commencez l’enregistrement là-bas.",
        de: "Die Adresse gehört ganz in die Verwaltung des LMS: Beginnen Sie die Registrierung dort.",
        pt: "O endereço deve ir inteiro na administração do LMS: comece o registro lá.",
    }
    PREFETCHED {
        en: "Nothing to do: a browser or scanner looked at the link ahead of the click.",
        es: "No hay que hacer nada: un navegador o un escáner miró el enlace antes del clic.",
        fr: "Rien à faire : un navigateur ou un scanner a regardé le lien avant le clic.",
        de: "Nichts zu tun: Ein Browser oder Scanner sah sich den Link vor dem Klick an.",
        pt: "Nada a fazer: um navegador ou scanner olhou o link antes do clique.",
    }
    CONFIGURATION_WRONG {
        en: "The LMS publishes something else than the standard asks for. Its own address is often set wrongly: let its administrator check that, or register the tool by hand.",
        es: "El LMS publica algo distinto de lo que pide el estándar. A menudo su propia dirección está mal configurada: que su administrador lo compruebe, o registre la herramienta a mano.",
        fr: "Le LMS publie autre chose que ce que demande le standard. Souvent, sa propre adresse est mal réglée : faites-le vérifier par son administrateur, ou enregistrez l’outil à la main.",
        de: "Das LMS veröffentlicht etwas anderes, als der Standard verlangt. Oft ist seine eigene Adresse falsch eingestellt: Lassen Sie seinen Administrator das prüfen, oder registrieren Sie das Tool von Hand.",
        pt: "O LMS publica algo diferente do que o padrão pede. Muitas vezes o endereço dele próprio está mal configurado: peça ao administrador que verifique, ou registre a ferramenta à mão.",
    }
    OUR_SIDE {
        en: "This is on our side: look into the server's log under this reference. Trying again often is enough.",
        es: "Es culpa nuestra: busque esta referencia en el registro del servidor. A menudo basta con volver a intentarlo.",
        fr: "C’est de notre côté : cherchez cette référence dans le journal du serveur. Souvent, il suffit de réessayer.",
        de: "Das liegt an uns: Sehen Sie mit diesem Kennzeichen ins Protokoll des Servers. Oft genügt ein neuer Versuch.",
        pt: "O problema é nosso: procure esta referência no registro do servidor. Muitas vezes basta tentar de novo.",
    }
    LMS_NOT_REACHED {
        en: "Nothing was sent, so nothing has to be deleted in the LMS. Check that this server can reach its registration address, then start again there.",
        es: "No se envió nada, así que no hay que eliminar nada en el LMS. Compruebe que este servidor llega a su dirección de registro y vuelva a empezar allí.",
        fr: "Rien n’a été envoyé, il n’y a donc rien à supprimer dans le LMS. Vérifiez que ce serveur peut joindre son adresse d’enregistrement, puis recommencez là-bas.",
        de: "Nichts wurde gesendet, also ist im LMS nichts zu löschen. Prüfen Sie, ob dieser Server dessen Registrierungsadresse erreicht, und beginnen Sie dort von vorn.",
        pt: "Nada foi enviado, portanto não há nada a apagar no LMS. Verifique se este servidor alcança o endereço de registro dele e recomece lá.",
    }
    LMS_ANSWER_ODD {
        en: "The LMS's answer can't be used, often because its own address is set wrongly. Have the tool looked for and deleted there, then start the registration again.",
        es: "La respuesta del LMS no sirve, a menudo porque su propia dirección está mal configurada. Haga que busquen y eliminen allí la herramienta, y vuelva a iniciar el registro.",
        fr: "La réponse du LMS est inutilisable, souvent parce que sa propre adresse est mal réglée. Faites chercher et supprimer l’outil là-bas, puis recommencez l’enregistrement.",
        de: "Die Antwort des LMS ist nicht brauchbar, oft weil seine eigene Adresse falsch eingestellt ist. Lassen Sie das Tool dort suchen und löschen, und beginnen Sie die Registrierung von vorn.",
        pt: "A resposta do LMS não serve, muitas vezes porque o endereço dele próprio está mal configurado. Peça que procurem e apaguem lá a ferramenta, e comece o registro de novo.",
    }
    LMS_REFUSED {
        en: "The LMS refused by itself: check there that the tool is switched on, and that this course and person may use it. Its log says why.",
        es: "Lo rechazó el propio LMS: compruebe allí que la herramienta está activada y que el curso y la persona pueden usarla. Su registro dice por qué.",
        fr: "C’est le LMS qui a refusé : vérifiez là-bas que l’outil est activé, et que le cours et la personne peuvent l’utiliser. Son journal dit pourquoi.",
        de: "Das LMS selbst hat abgelehnt: Prüfen Sie dort, ob das Tool eingeschaltet ist und ob Kurs und Person es benutzen dürfen. Sein Protokoll sagt, warum.",
        pt: "O próprio LMS recusou: verifique lá se a ferramenta está ligada e se o curso e a pessoa podem usá-la. O registro dele diz por quê.",
    }
    ALREADY_REGISTERED {
        en: "If it is another LMS with the same issuer and client id, give it a client id of its own there. Delete the registered one only if it is no longer needed.",
        es: "Si es otro LMS con el mismo emisor e id de cliente, dele allí un id de cliente propio. Elimine el registrado solo si ya no hace falta.",
        fr: "Si c’est un autre LMS avec les mêmes émetteur et identifiant client, donnez-lui là-bas un identifiant client à lui. Ne supprimez celui qui est enregistré que s’il ne sert plus.",
        de: "Ist es ein anderes LMS mit gleichem Aussteller und gleicher Client-ID, geben Sie ihm dort eine eigene Client-ID. Löschen Sie das registrierte nur, wenn es nicht mehr gebraucht wird.",
        pt: "Se for outro LMS com o mesmo emissor e id do cliente, dê a ele lá um id do cliente próprio. Apague o registrado só se não for mais necessário.",
    }
    CHOICE_OVER {
        en: "Choosing again from the course is enough. If it happens to many, check that the application posts the choice as it was told.",
        es: "Basta con volver a elegir desde el curso. Si les pasa a muchos, compruebe que la aplicación envía la elección como se le indicó.",
        fr: "Il suffit de choisir à nouveau depuis le cours. Si cela arrive à beaucoup, vérifiez que l’application envoie le choix comme indiqué.",
        de: "Es genügt, im Kurs noch einmal auszuwählen. Passiert es vielen, prüfen Sie, ob die Anwendung die Auswahl wie vorgegeben sendet.",
        pt: "Basta escolher de novo a partir do curso. Se acontecer com muitos, verifique se o aplicativo envia a escolha como lhe foi dito.",
    }
    LINK_CUT {
        en: "The link was cut off on its way, or someone typed the address. StudyReel has to open it exactly as it was answered.",
        es: "El enlace se cortó por el camino, o alguien escribió la dirección. StudyReel tiene que abrirlo exactamente como se le respondió.",
        fr: "Le lien a été coupé en route, ou quelqu’un a tapé l’adresse. StudyReel doit l’ouvrir exactement comme il l’a reçu.",
        de: "Der Link wurde unterwegs abgeschnitten, oder jemand tippte die Adresse. StudyReel muss ihn genau so öffnen, wie es ihn bekam.",
        pt: "O link foi cortado no caminho, ou alguém digitou o endereço. O StudyReel precisa abri-lo exatamente como o recebeu.",
    }
    LINK_OVER {
        en: "A link opens once and not for long: a new launch from StudyReel makes a new one. If students meet this at their first click, a program opens links before them: set studyreel.redeem to click.",
        es: "Un enlace se abre una sola vez y por poco tiempo: un nuevo acceso desde StudyReel crea otro. Si ocurre en el primer clic, un programa abre los enlaces antes: ponga studyreel.redeem en click.",
        fr: "Un lien s’ouvre une seule fois et pas longtemps : un nouveau lancement depuis StudyReel en crée un autre. Si cela arrive au premier clic, un programme ouvre les liens avant : mettez studyreel.redeem à click.",
        de: "Ein Link öffnet sich einmal und nicht lange: Ein neuer Start aus StudyReel macht einen neuen. Passiert es beim ersten Klick, öffnet ein Programm die Links vorher: Setzen Sie studyreel.redeem auf click.",
        pt: "Um link abre uma vez e por pouco tempo: um novo acesso pelo StudyReel cria outro. Se acontece no primeiro clique, um programa abre os links antes: defina studyreel.redeem como click.",
    }
    STUDENT_DISABLED {
        en: "Enable the student again if they should come back.",
        es: "Vuelva a habilitar al estudiante si debe volver.",
        fr: "Réactivez l’élève s’il doit revenir.",
        de: "Aktivieren Sie die lernende Person wieder, wenn sie zurückkommen soll.",
        pt: "Habilite o estudante de novo se ele deve voltar.",
    }
    STUDENT_ERASED {
        en: "Nothing to do: the student was erased, and no launch brings them back.",
        es: "No hay que hacer nada: el estudiante fue borrado y ningún acceso lo devuelve.",
        fr: "Rien à faire : l’élève a été effacé, et aucun lancement ne le fait revenir.",
        de: "Nichts zu tun: Die lernende Person wurde gelöscht, und kein Start bringt sie zurück.",
        pt: "Nada a fazer: o estudante foi apagado, e nenhum acesso o traz de volta.",
    }
    STUDYREEL_ADDRESS {
        en: "Compare the launch URL at StudyReel with the one in the tool's settings.",
        es: "Compare la URL de acceso en StudyReel con la de los ajustes de la herramienta.",
        fr: "Comparez l’URL de lancement chez StudyReel avec celle des réglages de l’outil.",
        de: "Vergleichen Sie die Start-URL bei StudyReel mit der in den Einstellungen des Tools.",
        pt: "Compare a URL de acesso no StudyReel com a das configurações da ferramenta.",
    }
    STUDYREEL_STRANGER {
        en: "Nothing to do, unless StudyReel's own server sent this: its launches come by POST.",
        es: "No hay que hacer nada, salvo que lo enviara el servidor de StudyReel: sus accesos llegan por POST.",
        fr: "Rien à faire, sauf si le serveur de StudyReel a envoyé ceci : ses lancements arrivent par POST.",
        de: "Nichts zu tun, außer StudyReels eigener Server schickte das: Dessen Starts kommen per POST.",
        pt: "Nada a fazer, a não ser que o servidor do StudyReel tenha enviado isto: os acessos dele vêm por POST.",
    }
    STUDYREEL_SLOW {
        en: "The launch didn't arrive completely in time: look at the network between StudyReel and this service.",
        es: "El acceso no llegó completo a tiempo: revise la red entre StudyReel y este servicio.",
        fr: "Le lancement n’est pas arrivé en entier à temps : regardez le réseau entre StudyReel et ce service.",
        de: "Der Start kam nicht rechtzeitig ganz an: Sehen Sie sich das Netz zwischen StudyReel und diesem Dienst an.",
        pt: "O acesso não chegou inteiro a tempo: veja a rede entre o StudyReel e este serviço.",
    }
    STUDYREEL_SIGNATURE {
        en: "Compare the signing secret at StudyReel with the one here: studyreel.secrets.",
        es: "Compare el secreto de firma en StudyReel con el de aquí: studyreel.secrets.",
        fr: "Comparez le secret de signature chez StudyReel avec celui d’ici : studyreel.secrets.",
        de: "Vergleichen Sie das Signaturgeheimnis bei StudyReel mit dem hiesigen: studyreel.secrets.",
        pt: "Compare o segredo de assinatura no StudyReel com o daqui: studyreel.secrets.",
    }
    STUDYREEL_SOURCE {
        en: "If StudyReel sent this launch, add its address to studyreel.sources. Behind a proxy, correct trusted_proxies.",
        es: "Si StudyReel envió este acceso, añada su dirección a studyreel.sources. Detrás de un proxy, corrija trusted_proxies.",
        fr: "Si StudyReel a envoyé ce lancement, ajoutez son adresse à studyreel.sources. Derrière un proxy, corrigez trusted_proxies.",
        de: "Wenn StudyReel diesen Start geschickt hat, tragen Sie dessen Adresse in studyreel.sources ein. Hinter einem Proxy berichtigen Sie trusted_proxies.",
        pt: "Se o StudyReel enviou este acesso, acrescente o endereço dele a studyreel.sources. Atrás de um proxy, corrija trusted_proxies.",
    }
    STUDYREEL_MISSHAPEN {
        en: "Tell StudyReel the technical message below: its launch departs from the agreed form.",
        es: "Comunique a StudyReel el mensaje técnico de abajo: su acceso se aparta de la forma acordada.",
        fr: "Transmettez à StudyReel le message technique ci-dessous : son lancement s’écarte de la forme convenue.",
        de: "Teilen Sie StudyReel die technische Meldung unten mit: Sein Start weicht von der vereinbarten Form ab.",
        pt: "Informe ao StudyReel a mensagem técnica abaixo: o acesso dele se afasta da forma combinada.",
    }
    STUDYREEL_CLOCK {
        en: "Compare the clocks, and studyreel.timeZone: a difference of whole hours means a wrong zone.",
        es: "Compare los relojes, y studyreel.timeZone: una diferencia de horas enteras indica una zona incorrecta.",
        fr: "Comparez les horloges, et studyreel.timeZone : un écart d’heures entières signale un mauvais fuseau.",
        de: "Vergleichen Sie die Uhren, und studyreel.timeZone: Eine Abweichung von ganzen Stunden heißt falsche Zeitzone.",
        pt: "Compare os relógios, e studyreel.timeZone: uma diferença de horas inteiras indica um fuso errado.",
    }
    STUDYREEL_ISSUER {
        en: "If this issuer is StudyReel's, add it to studyreel.issuers.",
        es: "Si este emisor es de StudyReel, añádalo a studyreel.issuers.",
        fr: "Si cet émetteur est celui de StudyReel, ajoutez-le à studyreel.issuers.",
        de: "Ist dieser Aussteller StudyReel, fügen Sie ihn zu studyreel.issuers hinzu.",
        pt: "Se este emissor for do StudyReel, adicione-o a studyreel.issuers.",
    }
    STUDYREEL_ROLE {
        en: "Only students launch from StudyReel. If this person is one, tell StudyReel to send the role Student.",
        es: "Desde StudyReel solo acceden estudiantes. Si esta persona lo es, pida a StudyReel que envíe el rol Student.",
        fr: "Seuls les élèves lancent depuis StudyReel. Si cette personne en est un, demandez à StudyReel d’envoyer le rôle Student.",
        de: "Aus StudyReel starten nur Lernende. Ist diese Person eine, soll StudyReel die Rolle Student senden.",
        pt: "Só estudantes acessam pelo StudyReel. Se esta pessoa for um, peça ao StudyReel que envie o papel Student.",
    }
    DEPLOYMENT_UNKNOWN {
        en: "If the deployment is yours, add it to studyreel.deployments.",
        es: "Si el despliegue es suyo, añádalo a studyreel.deployments.",
        fr: "Si le déploiement est le vôtre, ajoutez-le à studyreel.deployments.",
        de: "Gehört das Deployment Ihnen, fügen Sie es zu studyreel.deployments hinzu.",
        pt: "Se a implantação for sua, adicione-a a studyreel.deployments.",
    }
    ODD_REQUEST {
        en: "This was no request of an LMS's browser: a program or a proxy sent it in another form. Nothing to do, unless people who come from a course meet it.",
        es: "No fue una petición del navegador de un LMS: un programa o un proxy la envió de otra forma. No hay que hacer nada, salvo que les pase a quienes vienen de un curso.",
        fr: "Ce n’était pas une requête du navigateur d’un LMS : un programme ou un proxy l’a envoyée sous une autre forme. Rien à faire, sauf si des personnes venant d’un cours la rencontrent.",
        de: "Das war keine Anfrage aus dem Browser eines LMS: Ein Programm oder ein Proxy schickte sie in anderer Form. Nichts zu tun, außer Personen aus einem Kurs begegnen ihr.",
        pt: "Não foi um pedido do navegador de um LMS: um programa ou proxy o enviou de outra forma. Nada a fazer, a não ser que aconteça a quem vem de um curso.",
    }
    TOO_LARGE {
        en: "No ordinary request is that large. Look in the LMS for a custom parameter with very much in it, such as a course's whole roster.",
        es: "Ninguna petición normal es tan grande. Busque en el LMS un parámetro personalizado con demasiado contenido, como la lista completa de un curso.",
        fr: "Aucune requête ordinaire n’est aussi grande. Cherchez dans le LMS un paramètre personnalisé trop rempli, par exemple toute la liste d’un cours.",
        de: "Keine gewöhnliche Anfrage ist so groß. Suchen Sie im LMS nach einem eigenen Parameter mit sehr viel Inhalt, etwa der ganzen Teilnehmerliste eines Kurses.",
        pt: "Nenhum pedido comum é tão grande. Procure no LMS um parâmetro personalizado com conteúdo demais, como a lista inteira de um curso.",
    }
    TOO_MANY {
        en: "Look whether so many requests are right, and raise the limits if they are. Behind a proxy, check trusted_proxies.",
        es: "Vea si tantas peticiones son correctas y suba los límites si lo son. Detrás de un proxy, revise trusted_proxies.",
        fr: "Voyez si tant de requêtes sont normales, et relevez les limites si oui. Derrière un proxy, vérifiez trusted_proxies.",
        de: "Sehen Sie nach, ob so viele Anfragen richtig sind, und erhöhen Sie dann die Grenzen. Hinter einem Proxy prüfen Sie trusted_proxies.",
        pt: "Veja se tantos pedidos estão certos e aumente os limites se estiverem. Atrás de um proxy, verifique trusted_proxies.",
    }
    TWICE {
        en: "Opening the tool again from the course is enough. If it happens to many, look whether something between the browser and this service sends requests twice.",
        es: "Basta con volver a abrir la herramienta desde el curso. Si les pasa a muchos, vea si algo entre el navegador y este servicio envía las peticiones dos veces.",
        fr: "Il suffit de rouvrir l’outil depuis le cours. Si cela arrive à beaucoup, voyez si quelque chose entre le navigateur et ce service envoie les requêtes deux fois.",
        de: "Es genügt, das Tool noch einmal aus dem Kurs zu öffnen. Passiert es vielen, sehen Sie nach, ob etwas zwischen Browser und diesem Dienst Anfragen doppelt sendet.",
        pt: "Basta abrir a ferramenta de novo a partir do curso. Se acontecer com muitos, veja se algo entre o navegador e este serviço envia os pedidos duas vezes.",
    }
    NO_SUCH_ADDRESS {
        en: "Someone opened an address that isn't there. If people come from a course, check the tool's addresses in the LMS.",
        es: "Alguien abrió una dirección que no existe. Si vienen de un curso, compruebe las direcciones de la herramienta en el LMS.",
        fr: "Quelqu’un a ouvert une adresse qui n’existe pas. Si on y vient d’un cours, vérifiez les adresses de l’outil dans le LMS.",
        de: "Jemand öffnete eine Adresse, die es nicht gibt. Kommen Personen aus einem Kurs, prüfen Sie die Adressen des Tools im LMS.",
        pt: "Alguém abriu um endereço que não existe. Se vêm de um curso, verifique os endereços da ferramenta no LMS.",
    }
    TOO_MANY_WAIT {
        en: "Activate or delete the platforms that wait, or raise limits.waitingRegistrations. Invitations are taken all the same.",
        es: "Active o elimine las plataformas que esperan, o suba limits.waitingRegistrations. Las invitaciones se aceptan igualmente.",
        fr: "Activez ou supprimez les plateformes qui attendent, ou relevez limits.waitingRegistrations. Les invitations sont acceptées quand même.",
        de: "Aktivieren oder löschen Sie die wartenden Plattformen, oder erhöhen Sie limits.waitingRegistrations. Einladungen werden trotzdem angenommen.",
        pt: "Ative ou apague as plataformas que esperam, ou aumente limits.waitingRegistrations. Convites são aceitos mesmo assim.",
    }
    INCOMPLETE {
        en: "Someone opened the address by hand, or the LMS sends something incomplete. If it fails from a course too, check the tool's addresses in the LMS.",
        es: "Alguien abrió la dirección a mano, o el LMS envía algo incompleto. Si falla también desde un curso, compruebe las direcciones de la herramienta en el LMS.",
        fr: "Quelqu’un a ouvert l’adresse à la main, ou le LMS envoie quelque chose d’incomplet. Si cela échoue aussi depuis un cours, vérifiez les adresses de l’outil dans le LMS.",
        de: "Jemand öffnete die Adresse von Hand, oder das LMS sendet Unvollständiges. Schlägt es auch aus einem Kurs fehl, prüfen Sie die Adressen des Tools im LMS.",
        pt: "Alguém abriu o endereço à mão, ou o LMS envia algo incompleto. Se falhar também a partir de um curso, verifique os endereços da ferramenta no LMS.",
    }
    OLD_VERSION {
        en: "The tool or the link is set up for LTI 1.0 or 1.1 in the LMS. Have it deleted there and added again as an LTI 1.3 tool.",
        es: "La herramienta o el enlace está configurado en el LMS para LTI 1.0 o 1.1. Haga que lo eliminen allí y lo añadan como LTI 1.3.",
        fr: "L’outil ou le lien est réglé pour LTI 1.0 ou 1.1 dans le LMS. Faites-le supprimer là-bas et ajouter comme outil LTI 1.3.",
        de: "Das Tool oder der Link ist im LMS für LTI 1.0 oder 1.1 eingerichtet. Lassen Sie es dort löschen und als LTI-1.3-Tool neu anlegen.",
        pt: "A ferramenta ou o link está configurado no LMS para LTI 1.0 ou 1.1. Peça que apaguem lá e adicionem de novo como LTI 1.3.",
    }
    ADDRESSES_SWAPPED {
        en: "The tool's addresses are mixed up in the LMS: the login URL and the launch URL each belong in their own field.",
        es: "Las direcciones de la herramienta están cambiadas en el LMS: la URL de inicio y la de acceso van cada una en su campo.",
        fr: "Les adresses de l’outil sont interverties dans le LMS : l’URL de connexion et celle de lancement ont chacune leur champ.",
        de: "Die Adressen des Tools sind im LMS vertauscht: Login-URL und Start-URL gehören jede in ihr eigenes Feld.",
        pt: "Os endereços da ferramenta estão trocados no LMS: a URL de login e a de acesso vão cada uma no seu campo.",
    }
    MISSHAPEN {
        en: "The LMS sends something that isn't an LTI 1.3 launch. Check that the link is an LTI 1.3 link there; if it is, its vendor needs the technical message below.",
        es: "El LMS envía algo que no es un acceso LTI 1.3. Compruebe que el enlace es LTI 1.3; si lo es, su fabricante necesita el mensaje técnico de abajo.",
        fr: "Le LMS envoie quelque chose qui n’est pas un lancement LTI 1.3. Vérifiez que le lien y est un lien LTI 1.3 ; si oui, son éditeur a besoin du message technique ci-dessous.",
        de: "Das LMS sendet etwas, das kein LTI-1.3-Start ist. Prüfen Sie, ob der Link dort ein LTI-1.3-Link ist; wenn ja, braucht sein Hersteller die technische Meldung unten.",
        pt: "O LMS envia algo que não é um acesso LTI 1.3. Verifique se o link lá é LTI 1.3; se for, o fabricante precisa da mensagem técnica abaixo.",
    }
    OTHER_ALGORITHM {
        en: "The LMS signs in another way than allowed here. Compare the platform's algorithms in its settings; if they are right, the LMS's vendor needs the technical message below.",
        es: "El LMS firma de otro modo que el permitido aquí. Compare los algoritmos en los ajustes de la plataforma; si son correctos, el fabricante del LMS necesita el mensaje técnico de abajo.",
        fr: "Le LMS signe autrement que ce qui est permis ici. Comparez les algorithmes dans les réglages de la plateforme ; s’ils sont justes, l’éditeur du LMS a besoin du message technique ci-dessous.",
        de: "Das LMS signiert anders als hier erlaubt. Vergleichen Sie die Algorithmen in den Einstellungen der Plattform; stimmen sie, braucht der Hersteller des LMS die technische Meldung unten.",
        pt: "O LMS assina de outro modo que o permitido aqui. Compare os algoritmos nas configurações da plataforma; se estiverem certos, o fabricante do LMS precisa da mensagem técnica abaixo.",
    }
    OTHER_LOGIN {
        en: "It can happen once if a browser opens the tool several times. If it always happens, tell the LMS's vendor.",
        es: "Puede pasar una vez si un navegador abre la herramienta varias veces. Si pasa siempre, avise al fabricante del LMS.",
        fr: "Cela peut arriver une fois si un navigateur ouvre l’outil plusieurs fois. Si cela arrive toujours, prévenez l’éditeur du LMS.",
        de: "Einmal kann das geschehen, wenn ein Browser das Tool mehrmals öffnet. Geschieht es immer, sagen Sie es dem Hersteller des LMS.",
        pt: "Pode acontecer uma vez se um navegador abre a ferramenta várias vezes. Se acontece sempre, avise o fabricante do LMS.",
    }
    OTHER_PLACEMENT {
        en: "The tool was opened from a placement that it doesn't serve. Have that placement removed in the LMS.",
        es: "La herramienta se abrió desde una ubicación que no atiende. Haga que quiten esa ubicación en el LMS.",
        fr: "L’outil a été ouvert depuis un emplacement qu’il ne sert pas. Faites retirer cet emplacement dans le LMS.",
        de: "Das Tool wurde an einer Stelle geöffnet, die es nicht bedient. Lassen Sie diese Platzierung im LMS entfernen.",
        pt: "A ferramenta foi aberta em um local que ela não atende. Peça que removam esse local no LMS.",
    }
    DEPLOYMENT_DIFFERS {
        en: "The LMS named two deployments for one launch. Open the tool again; if it always happens, tell the LMS's vendor.",
        es: "El LMS indicó dos despliegues para un mismo acceso. Vuelva a abrir la herramienta; si pasa siempre, avise al fabricante del LMS.",
        fr: "Le LMS a nommé deux déploiements pour un lancement. Rouvrez l’outil ; si cela arrive toujours, prévenez l’éditeur du LMS.",
        de: "Das LMS nannte zwei Deployments für einen Start. Öffnen Sie das Tool noch einmal; geschieht es immer, sagen Sie es dem Hersteller des LMS.",
        pt: "O LMS indicou duas implantações para um acesso. Abra a ferramenta de novo; se acontece sempre, avise o fabricante do LMS.",
    }
    OTHER_TARGET {
        en: "Check the link's URL in the LMS: it must be empty, this tool's launch URL, or an address that launch.targetOrigins allows.",
        es: "Compruebe la URL del enlace en el LMS: debe estar vacía, ser la URL de acceso de esta herramienta o una dirección que permita launch.targetOrigins.",
        fr: "Vérifiez l’URL du lien dans le LMS : elle doit être vide, celle de lancement de cet outil, ou une adresse que launch.targetOrigins autorise.",
        de: "Prüfen Sie die URL des Links im LMS: Sie muss leer sein, die Start-URL dieses Tools, oder eine Adresse, die launch.targetOrigins erlaubt.",
        pt: "Verifique a URL do link no LMS: deve estar vazia, ser a URL de acesso desta ferramenta ou um endereço que launch.targetOrigins permita.",
    }
    RETURN_NOT_SECURE {
        en: "The LMS wants the choice back at an address without https. Its own address is probably set to http: let its administrator correct that.",
        es: "El LMS quiere recibir la elección en una dirección sin https. Probablemente su propia dirección está en http: que su administrador lo corrija.",
        fr: "Le LMS veut recevoir le choix à une adresse sans https. Sa propre adresse est sans doute en http : faites corriger cela par son administrateur.",
        de: "Das LMS will die Auswahl an einer Adresse ohne https zurück. Wahrscheinlich ist seine eigene Adresse auf http gestellt: Lassen Sie das seinen Administrator berichtigen.",
        pt: "O LMS quer a escolha de volta em um endereço sem https. O endereço dele próprio deve estar em http: peça ao administrador que o corrija.",
    }
    NOT_A_LAUNCH {
        en: "Someone opened the launch address by hand, or a program looked whether it is there. If people come from a course, check the tool's addresses in the LMS.",
        es: "Alguien abrió la dirección de acceso a mano, o un programa miró si existe. Si vienen de un curso, compruebe las direcciones de la herramienta en el LMS.",
        fr: "Quelqu’un a ouvert l’adresse de lancement à la main, ou un programme a vérifié si elle existe. Si on y vient d’un cours, vérifiez les adresses de l’outil dans le LMS.",
        de: "Jemand öffnete die Startadresse von Hand, oder ein Programm sah nach, ob es sie gibt. Kommen Personen aus einem Kurs, prüfen Sie die Adressen des Tools im LMS.",
        pt: "Alguém abriu o endereço de acesso à mão, ou um programa olhou se ele existe. Se vêm de um curso, verifique os endereços da ferramenta no LMS.",
    }
    LAUNCH_IN_ADDRESS {
        en: "The LMS sent the token in the address, where logs and other sites may read it. It must post it as a form: tell its vendor the code.",
        es: "El LMS envió el token en la dirección, donde pueden leerlo registros y otros sitios. Debe enviarlo como formulario: comunique el código a su fabricante.",
        fr: "Le LMS a envoyé le jeton dans l’adresse, où des journaux et d’autres sites peuvent le lire. Il doit l’envoyer par formulaire : transmettez le code à son éditeur.",
        de: "Das LMS schickte das Token in der Adresse, wo Protokolle und andere Websites es lesen können. Es muss es als Formular senden: Nennen Sie seinem Hersteller den Code.",
        pt: "O LMS enviou o token no endereço, onde registros e outros sites podem lê-lo. Deve enviá-lo como formulário: informe o código ao fabricante.",
    }
    STATE_OVER {
        en: "The login was too long ago, or was another installation's. Opening the tool again from the course is enough.",
        es: "El inicio fue hace demasiado tiempo, o era de otra instalación. Basta con volver a abrir la herramienta desde el curso.",
        fr: "La connexion remonte à trop longtemps, ou était celle d’une autre installation. Il suffit de rouvrir l’outil depuis le cours.",
        de: "Die Anmeldung ist zu lange her oder gehörte zu einer anderen Installation. Es genügt, das Tool noch einmal aus dem Kurs zu öffnen.",
        pt: "O login foi há tempo demais, ou era de outra instalação. Basta abrir a ferramenta de novo a partir do curso.",
    }
    NO_COOKIES {
        en: "The browser keeps no cookies in the LMS's frame. Letting the link open in a new window spares people this.",
        es: "El navegador no guarda cookies en el marco del LMS. Si el enlace se abre en una ventana nueva, no ocurre.",
        fr: "Le navigateur ne garde pas de cookies dans le cadre du LMS. Ouvrir le lien dans une nouvelle fenêtre évite cela.",
        de: "Der Browser behält im Rahmen des LMS keine Cookies. Öffnet sich der Link in einem neuen Fenster, bleibt das den Leuten erspart.",
        pt: "O navegador não guarda cookies no quadro do LMS. Abrir o link em uma nova janela evita isso.",
    }
    NO_COOKIES_AT_ALL {
        en: "The browser, or an extension of it, refuses this site's cookies. Ask the person to allow them and to open the tool again from the course.",
        es: "El navegador, o una extensión, rechaza las cookies de este sitio. Pida a la persona que las permita y que vuelva a abrir la herramienta desde el curso.",
        fr: "Le navigateur, ou une extension, refuse les cookies de ce site. Demandez à la personne de les autoriser et de rouvrir l’outil depuis le cours.",
        de: "Der Browser oder eine Erweiterung lehnt Cookies dieser Website ab. Bitten Sie die Person, sie zu erlauben und das Tool noch einmal aus dem Kurs zu öffnen.",
        pt: "O navegador, ou uma extensão, recusa os cookies deste site. Peça à pessoa que os permita e abra a ferramenta de novo a partir do curso.",
    }
    FOREIGN_PAGE {
        en: "Another site's page sent a launch on in someone's browser. If it happens to many, look whether something on the way takes the headers Sec-Fetch-Site and Origin away.",
        es: "La página de otro sitio reenvió un acceso en el navegador de alguien. Si les pasa a muchos, vea si algo en el camino quita las cabeceras Sec-Fetch-Site y Origin.",
        fr: "La page d’un autre site a transmis un lancement dans le navigateur de quelqu’un. Si cela arrive à beaucoup, voyez si quelque chose en chemin retire les en-têtes Sec-Fetch-Site et Origin.",
        de: "Die Seite einer anderen Website gab im Browser einer Person einen Start weiter. Passiert es vielen, sehen Sie nach, ob etwas unterwegs die Header Sec-Fetch-Site und Origin entfernt.",
        pt: "A página de outro site encaminhou um acesso no navegador de alguém. Se acontecer com muitos, veja se algo no caminho remove os cabeçalhos Sec-Fetch-Site e Origin.",
    }
    UNREGISTERED {
        en: "The platform was removed here while the person was signing in. Connect it again if it is still needed.",
        es: "La plataforma se eliminó aquí mientras la persona iniciaba sesión. Vuelva a conectarla si aún hace falta.",
        fr: "La plateforme a été supprimée ici pendant que la personne se connectait. Reconnectez-la si elle sert encore.",
        de: "Die Plattform wurde hier entfernt, während die Person sich anmeldete. Verbinden Sie sie wieder, wenn sie noch gebraucht wird.",
        pt: "A plataforma foi removida aqui enquanto a pessoa fazia login. Conecte-a de novo se ainda for necessária.",
    }
    LMS_WANTS_SIGN_IN {
        en: "The LMS didn't see that the person is signed in, or wants to ask them something, which it can't inside another page. Let the link open in a new window there.",
        es: "El LMS no vio que la persona ha iniciado sesión, o quiere preguntarle algo, y no puede dentro de otra página. Haga que el enlace se abra allí en una ventana nueva.",
        fr: "Le LMS n’a pas vu que la personne est connectée, ou veut lui demander quelque chose, ce qu’il ne peut pas dans une autre page. Faites ouvrir le lien dans une nouvelle fenêtre.",
        de: "Das LMS sah nicht, dass die Person angemeldet ist, oder will sie etwas fragen, was in einer anderen Seite nicht geht. Lassen Sie den Link dort in einem neuen Fenster öffnen.",
        pt: "O LMS não viu que a pessoa está conectada, ou quer perguntar algo a ela, o que não pode dentro de outra página. Faça o link abrir lá em uma nova janela.",
    }
    LMS_NOT_SIGNED_IN {
        en: "The LMS didn't see that the person is signed in, though the tool had its own window. Ask them to sign in to the LMS, and then to open the tool again there.",
        es: "El LMS no vio que la persona ha iniciado sesión, aunque la herramienta tenía su propia ventana. Pídale que inicie sesión en el LMS y que vuelva a abrir allí la herramienta.",
        fr: "Le LMS n’a pas vu que la personne est connectée, alors que l’outil avait sa propre fenêtre. Demandez-lui de se connecter au LMS, puis d’y rouvrir l’outil.",
        de: "Das LMS sah nicht, dass die Person angemeldet ist, obwohl das Tool ein eigenes Fenster hatte. Bitten Sie sie, sich im LMS anzumelden und das Tool dort noch einmal zu öffnen.",
        pt: "O LMS não viu que a pessoa está conectada, embora a ferramenta tivesse uma janela própria. Peça a ela que entre no LMS e abra lá a ferramenta de novo.",
    }
    LMS_FAILED {
        en: "The LMS itself failed, or was busy. If it goes on, its administrator has to look into its log.",
        es: "Falló el propio LMS, o estaba ocupado. Si continúa, su administrador debe mirar su registro.",
        fr: "Le LMS lui-même a échoué, ou était occupé. Si cela continue, son administrateur doit regarder son journal.",
        de: "Das LMS selbst ist gescheitert oder war überlastet. Geht es weiter, muss sein Administrator in dessen Protokoll sehen.",
        pt: "O próprio LMS falhou, ou estava ocupado. Se continuar, o administrador dele precisa ver o registro.",
    }
    OTHERS_SUBMISSION {
        en: "The person opened another person's submission, and has no teaching role in the course. If they should see it, give them such a role in the LMS.",
        es: "La persona abrió la entrega de otra y no tiene un rol docente en el curso. Si debe verla, asígnele ese rol en el LMS.",
        fr: "La personne a ouvert le travail d’une autre, sans rôle d’enseignant dans le cours. Si elle doit le voir, donnez-lui ce rôle dans le LMS.",
        de: "Die Person öffnete die Abgabe einer anderen und hat im Kurs keine Lehrrolle. Soll sie sie sehen, geben Sie ihr im LMS eine solche.",
        pt: "A pessoa abriu a entrega de outra e não tem papel de docente no curso. Se deve vê-la, dê-lhe esse papel no LMS.",
    }
    MANY_REASONS {
        en: "Too many different failures in one minute to tell them apart: look who sends them.",
        es: "Demasiados fallos distintos en un minuto para distinguirlos: vea quién los envía.",
        fr: "Trop d’échecs différents en une minute pour les distinguer : voyez qui les envoie.",
        de: "Zu viele verschiedene Fehlschläge in einer Minute, um sie zu unterscheiden: Sehen Sie nach, wer sie schickt.",
        pt: "Falhas diferentes demais em um minuto para distingui-las: veja quem as envia.",
    }
    OTHER_REASON {
        en: "Look up this reference in the server's log.",
        es: "Busque esta referencia en el registro del servidor.",
        fr: "Cherchez cette référence dans le journal du serveur.",
        de: "Suchen Sie dieses Kennzeichen im Protokoll des Servers.",
        pt: "Procure esta referência no registro do servidor.",
    }
    FORM_FORGED {
        en: "Nothing to do: the form wasn't sent by a page of the portal. Open the page again.",
        es: "No hay que hacer nada: el formulario no lo envió una página del portal. Vuelva a abrir la página.",
        fr: "Rien à faire : le formulaire n’a pas été envoyé par une page du portail. Rouvrez la page.",
        de: "Nichts zu tun: Das Formular kam nicht von einer Seite des Portals. Öffnen Sie die Seite noch einmal.",
        pt: "Nada a fazer: o formulário não foi enviado por uma página do portal. Abra a página de novo.",
    }
    SESSION_OVER {
        en: "Nothing to do: the person signs in again.",
        es: "No hay que hacer nada: la persona vuelve a iniciar sesión.",
        fr: "Rien à faire : la personne se connecte à nouveau.",
        de: "Nichts zu tun: Die Person meldet sich noch einmal an.",
        pt: "Nada a fazer: a pessoa entra de novo.",
    }
}
