//! What the portal says about keys, webhooks and events.

use super::texts;

texts! {
    TITLE {
        en: "Keys & access",
        es: "Claves y acceso",
        fr: "Clés et accès",
        de: "Schlüssel & Zugang",
        pt: "Chaves e acesso",
    }
    TAB_KEYS {
        en: "API keys",
        es: "Claves de API",
        fr: "Clés d’API",
        de: "API-Schlüssel",
        pt: "Chaves de API",
    }
    TAB_PLACES {
        en: "Service keys",
        es: "Claves de servicio",
        fr: "Clés de service",
        de: "Dienstschlüssel",
        pt: "Chaves de serviço",
    }
    TAB_WEBHOOKS {
        en: "Webhooks",
        es: "Webhooks",
        fr: "Webhooks",
        de: "Webhooks",
        pt: "Webhooks",
    }
    TAB_EVENTS {
        en: "Events",
        es: "Eventos",
        fr: "Événements",
        de: "Ereignisse",
        pt: "Eventos",
    }
    KEYS_SAY {
        en: "For your servers, never for a browser.",
        es: "Para sus servidores, nunca para un navegador.",
        fr: "Pour vos serveurs, jamais pour un navigateur.",
        de: "Für Ihre Server, nie für einen Browser.",
        pt: "Para os seus servidores, nunca para um navegador.",
    }
    MAY {
        en: "May",
        es: "Puede",
        fr: "Peut",
        de: "Darf",
        pt: "Pode",
    }
    LAST_USED {
        en: "Last used",
        es: "Último uso",
        fr: "Dernier usage",
        de: "Zuletzt benutzt",
        pt: "Último uso",
    }
    ENDS {
        en: "Ends",
        es: "Termina",
        fr: "Se termine",
        de: "Endet",
        pt: "Termina",
    }
    ENDED {
        en: "ended",
        es: "terminada",
        fr: "terminée",
        de: "beendet",
        pt: "terminada",
    }
    REVOKE {
        en: "Revoke",
        es: "Revocar",
        fr: "Révoquer",
        de: "Widerrufen",
        pt: "Revogar",
    }
    SCOPE_ALL {
        en: "everything",
        es: "todo",
        fr: "tout",
        de: "alles",
        pt: "tudo",
    }
    SCOPE_SERVICES {
        en: "launches, services and students",
        es: "accesos, servicios y estudiantes",
        fr: "lancements, services et élèves",
        de: "Starts, Dienste und Lernende",
        pt: "acessos, serviços e estudantes",
    }
    SCOPE_MANAGE {
        en: "platforms, settings and traces",
        es: "plataformas, ajustes y trazas",
        fr: "plateformes, réglages et traces",
        de: "Plattformen, Einstellungen und Spuren",
        pt: "plataformas, configurações e rastros",
    }
    SCOPE_READ {
        en: "read what is no secret",
        es: "leer lo que no es secreto",
        fr: "lire ce qui n’est pas secret",
        de: "lesen, was kein Geheimnis ist",
        pt: "ler o que não é segredo",
    }
    NEW_KEY {
        en: "New key",
        es: "Clave nueva",
        fr: "Nouvelle clé",
        de: "Neuer Schlüssel",
        pt: "Nova chave",
    }
    NEW_KEY_SAYS {
        en: "Give each program its own, with no more than it needs. Then one can be taken back alone. To replace one, make the new one first: both work until you revoke the old one.",
        es: "Dé a cada programa la suya, sin más de lo que necesita. Así se puede retirar una sola. Para cambiar una, cree antes la nueva: ambas funcionan hasta que revoque la antigua.",
        fr: "Donnez à chaque programme la sienne, sans plus que nécessaire. On peut alors en retirer une seule. Pour en remplacer une, créez d’abord la nouvelle : les deux marchent jusqu’à ce que vous révoquiez l’ancienne.",
        de: "Geben Sie jedem Programm einen eigenen, mit nicht mehr als es braucht. Dann lässt sich einer allein zurücknehmen. Um einen zu ersetzen, erstellen Sie erst den neuen: Beide gelten, bis Sie den alten widerrufen.",
        pt: "Dê a cada programa a sua, sem mais do que precisa. Assim uma só pode ser retirada. Para trocar uma, crie antes a nova: as duas funcionam até você revogar a antiga.",
    }
    KEY_NAME {
        en: "What it is for",
        es: "Para qué sirve",
        fr: "À quoi elle sert",
        de: "Wofür er ist",
        pt: "Para que serve",
    }
    ENDS_NEVER {
        en: "never",
        es: "nunca",
        fr: "jamais",
        de: "nie",
        pt: "nunca",
    }
    ENDS_90 {
        en: "in 90 days",
        es: "en 90 días",
        fr: "dans 90 jours",
        de: "in 90 Tagen",
        pt: "em 90 dias",
    }
    ENDS_YEAR {
        en: "in a year",
        es: "en un año",
        fr: "dans un an",
        de: "in einem Jahr",
        pt: "em um ano",
    }
    MAKE_KEY {
        en: "Make the key",
        es: "Crear la clave",
        fr: "Créer la clé",
        de: "Schlüssel erstellen",
        pt: "Criar a chave",
    }
    KEY_MADE {
        en: "The key is made",
        es: "La clave está creada",
        fr: "La clé est créée",
        de: "Der Schlüssel ist erstellt",
        pt: "A chave foi criada",
    }
    SHOWN_ONCE {
        en: "Copy it now: it is shown this once and can't be looked up later.",
        es: "Cópiela ahora: se muestra solo esta vez y no se puede consultar después.",
        fr: "Copiez-la maintenant : elle n’est affichée qu’une fois et ne peut pas être retrouvée.",
        de: "Kopieren Sie ihn jetzt: Er wird nur dieses eine Mal gezeigt.",
        pt: "Copie-a agora: ela é mostrada só desta vez e não pode ser consultada depois.",
    }
    KEY_IS_LAST {
        en: "This is the last key that may do everything. Make another first: without one, only the command “hallpass api-keys” makes keys.",
        es: "Esta es la última clave que puede hacerlo todo. Cree antes otra: sin ninguna, solo el comando “hallpass api-keys” crea claves.",
        fr: "C’est la dernière clé qui peut tout faire. Créez-en d’abord une autre : sans elle, seule la commande « hallpass api-keys » crée des clés.",
        de: "Das ist der letzte Schlüssel, der alles darf. Erstellen Sie erst einen anderen: Ohne ihn erstellt nur der Befehl „hallpass api-keys“ Schlüssel.",
        pt: "Esta é a última chave que pode fazer tudo. Crie outra antes: sem ela, só o comando “hallpass api-keys” cria chaves.",
    }
    KEY_REVOKED {
        en: "The key is revoked. Every server refuses it within five seconds.",
        es: "La clave está revocada. Todos los servidores la rechazan en cinco segundos.",
        fr: "La clé est révoquée. Tous les serveurs la refusent en cinq secondes.",
        de: "Der Schlüssel ist widerrufen. Jeder Server weist ihn binnen fünf Sekunden ab.",
        pt: "A chave foi revogada. Todos os servidores a recusam em cinco segundos.",
    }
    PLACES_SAY {
        en: "A service key is given out with each launch, for the services of one course or link.",
        es: "Con cada acceso se entrega una clave de servicio para los servicios de un curso o enlace.",
        fr: "Une clé de service est donnée à chaque lancement, pour les services d’un cours ou d’un lien.",
        de: "Mit jedem Start wird ein Dienstschlüssel ausgegeben, für die Dienste eines Kurses oder Links.",
        pt: "A cada acesso é entregue uma chave de serviço, para os serviços de um curso ou link.",
    }
    NO_PLACES {
        en: "None was given out yet.",
        es: "Aún no se ha entregado ninguna.",
        fr: "Aucune n’a encore été donnée.",
        de: "Noch wurde keiner ausgegeben.",
        pt: "Nenhuma foi entregue ainda.",
    }
    PLACE {
        en: "Course and link",
        es: "Curso y enlace",
        fr: "Cours et lien",
        de: "Kurs und Link",
        pt: "Curso e link",
    }
    LINK {
        en: "Link",
        es: "Enlace",
        fr: "Lien",
        de: "Link",
        pt: "Link",
    }
    SERVICES {
        en: "Services",
        es: "Servicios",
        fr: "Services",
        de: "Dienste",
        pt: "Serviços",
    }
    REVOKE_QUESTION {
        en: "Revoke this key?",
        es: "¿Revocar esta clave?",
        fr: "Révoquer cette clé ?",
        de: "Diesen Schlüssel widerrufen?",
        pt: "Revogar esta chave?",
    }
    REVOKE_SAYS {
        en: "Whatever uses it is refused from then on. This can't be undone.",
        es: "Lo que la use será rechazado desde entonces. No se puede deshacer.",
        fr: "Tout ce qui s’en sert sera refusé dès lors. C’est irréversible.",
        de: "Was ihn benutzt, wird von da an abgewiesen. Das lässt sich nicht rückgängig machen.",
        pt: "O que a usa passa a ser recusado. Não é possível desfazer.",
    }
    PLACE_QUESTION {
        en: "Revoke the keys of this place?",
        es: "¿Revocar las claves de este lugar?",
        fr: "Révoquer les clés de cet endroit ?",
        de: "Die Schlüssel dieses Ortes widerrufen?",
        pt: "Revogar as chaves deste lugar?",
    }
    PLACE_QUESTION_SAYS {
        en: "Until the next launch from there, the application reaches neither its list of people nor its grades.",
        es: "Hasta el próximo acceso desde allí, la aplicación no llega ni a su lista de personas ni a sus notas.",
        fr: "Jusqu’au prochain lancement de là, l’application n’atteint ni sa liste de personnes ni ses notes.",
        de: "Bis zum nächsten Start von dort erreicht die Anwendung weder seine Personenliste noch seine Noten.",
        pt: "Até o próximo acesso de lá, o aplicativo não alcança nem a lista de pessoas nem as notas dele.",
    }
    DELETE_QUESTION {
        en: "Delete this webhook?",
        es: "¿Eliminar este webhook?",
        fr: "Supprimer ce webhook ?",
        de: "Diesen Webhook löschen?",
        pt: "Excluir este webhook?",
    }
    DELETE_SAYS {
        en: "Nothing is sent there any more, and its secret is gone. This can't be undone.",
        es: "Ya no se enviará nada allí, y su secreto se pierde. No se puede deshacer.",
        fr: "Plus rien n’y sera envoyé, et son secret disparaît. C’est irréversible.",
        de: "Dorthin wird nichts mehr gesendet, und sein Geheimnis ist weg. Das lässt sich nicht rückgängig machen.",
        pt: "Nada mais será enviado para lá, e o segredo dele se perde. Não é possível desfazer.",
    }
    REVOKED_AT {
        en: "revoked",
        es: "revocada",
        fr: "révoquée",
        de: "widerrufen",
        pt: "revogada",
    }
    PLACE_REVOKED {
        en: "Its keys are revoked. The next launch from there gives a new one.",
        es: "Sus claves están revocadas. El próximo acceso desde allí dará una nueva.",
        fr: "Ses clés sont révoquées. Le prochain lancement de là en donnera une nouvelle.",
        de: "Ihre Schlüssel sind widerrufen. Der nächste Start von dort gibt einen neuen aus.",
        pt: "As chaves dele foram revogadas. O próximo acesso de lá dará uma nova.",
    }
    HOOKS_SAY {
        en: "Hallpass tells your application what happens, with signed messages to an address of yours.",
        es: "Su aplicación se entera de lo que ocurre por mensajes firmados a una dirección suya.",
        fr: "Votre application apprend ce qui se passe par des messages signés à une adresse à vous.",
        de: "Ihre Anwendung erfährt, was geschieht, durch signierte Nachrichten an eine Ihrer Adressen.",
        pt: "O seu aplicativo fica sabendo do que acontece por mensagens assinadas a um endereço seu.",
    }
    NO_HOOKS {
        en: "No webhook is set up.",
        es: "No hay ningún webhook configurado.",
        fr: "Aucun webhook n’est configuré.",
        de: "Es ist kein Webhook eingerichtet.",
        pt: "Nenhum webhook está configurado.",
    }
    HOOK_URL {
        en: "Address",
        es: "Dirección",
        fr: "Adresse",
        de: "Adresse",
        pt: "Endereço",
    }
    HOOK_EVENTS {
        en: "Events",
        es: "Eventos",
        fr: "Événements",
        de: "Ereignisse",
        pt: "Eventos",
    }
    HOOK_EVENTS_HELP {
        en: "Tick none to receive all of them.",
        es: "Si no marca ninguno, se reciben todos.",
        fr: "Si rien n’est coché, tous sont reçus.",
        de: "Ist keines angekreuzt, kommen alle.",
        pt: "Sem marcar nenhum, todos são recebidos.",
    }
    CHOOSE_EVENTS {
        en: "Choose which events are sent",
        es: "Elegir qué eventos se envían",
        fr: "Choisir les événements envoyés",
        de: "Gesendete Ereignisse auswählen",
        pt: "Escolher quais eventos são enviados",
    }
    ALL_EVENTS {
        en: "all events",
        es: "todos los eventos",
        fr: "tous les événements",
        de: "alle Ereignisse",
        pt: "todos os eventos",
    }
    HOOK_ACTIVE {
        en: "Active",
        es: "Activo",
        fr: "Actif",
        de: "Aktiv",
        pt: "Ativo",
    }
    HOOK_OFF {
        en: "Off",
        es: "Apagado",
        fr: "Arrêté",
        de: "Aus",
        pt: "Desligado",
    }
    HOOK_FAILING {
        en: "Failing, the first time {when}",
        es: "Fallando, la primera vez {when}",
        fr: "En échec, la première fois {when}",
        de: "Schlägt fehl, zuerst {when}",
        pt: "Falhando, a primeira vez {when}",
    }
    HOOK_ENDED {
        en: "Ended by us: {reason}",
        es: "Terminado por nosotros: {reason}",
        fr: "Arrêté par nous : {reason}",
        de: "Von uns beendet: {reason}",
        pt: "Encerrado por nós: {reason}",
    }
    NEW_HOOK {
        en: "New webhook",
        es: "Webhook nuevo",
        fr: "Nouveau webhook",
        de: "Neuer Webhook",
        pt: "Novo webhook",
    }
    MAKE_HOOK {
        en: "Make the webhook",
        es: "Crear el webhook",
        fr: "Créer le webhook",
        de: "Webhook erstellen",
        pt: "Criar o webhook",
    }
    HOOK_MADE {
        en: "The webhook is made",
        es: "El webhook está creado",
        fr: "Le webhook est créé",
        de: "Der Webhook ist erstellt",
        pt: "O webhook foi criado",
    }
    SECRET {
        en: "Secret that signs its messages",
        es: "Secreto que firma sus mensajes",
        fr: "Secret qui signe ses messages",
        de: "Geheimnis, das seine Nachrichten signiert",
        pt: "Segredo que assina as mensagens dele",
    }
    TEST {
        en: "Send a test",
        es: "Enviar una prueba",
        fr: "Envoyer un test",
        de: "Test senden",
        pt: "Enviar um teste",
    }
    TESTED_WELL {
        en: "The test message was taken: status {status}, {millis} ms.",
        es: "El mensaje de prueba fue aceptado: estado {status}, {millis} ms.",
        fr: "Le message de test a été accepté : statut {status}, {millis} ms.",
        de: "Die Testnachricht wurde angenommen: Status {status}, {millis} ms.",
        pt: "A mensagem de teste foi aceita: status {status}, {millis} ms.",
    }
    TESTED_BADLY {
        en: "The test message was not taken: {outcome}.",
        es: "El mensaje de prueba no fue aceptado: {outcome}.",
        fr: "Le message de test n’a pas été accepté : {outcome}.",
        de: "Die Testnachricht wurde nicht angenommen: {outcome}.",
        pt: "A mensagem de teste não foi aceita: {outcome}.",
    }
    ROTATE {
        en: "New secret",
        es: "Secreto nuevo",
        fr: "Nouveau secret",
        de: "Neues Geheimnis",
        pt: "Novo segredo",
    }
    ROTATE_SAYS {
        en: "After a new secret, messages are signed with the old one, too, for 24 hours.",
        es: "Tras un secreto nuevo, los mensajes se firman también con el anterior durante 24 horas.",
        fr: "Après un nouveau secret, les messages sont aussi signés avec l’ancien pendant 24 heures.",
        de: "Nach einem neuen Geheimnis werden Nachrichten noch 24 Stunden lang auch mit dem alten signiert.",
        pt: "Após um novo segredo, as mensagens também são assinadas com o antigo por 24 horas.",
    }
    SWITCH_ON {
        en: "Switch on",
        es: "Encender",
        fr: "Activer",
        de: "Einschalten",
        pt: "Ligar",
    }
    SWITCH_OFF {
        en: "Switch off",
        es: "Apagar",
        fr: "Arrêter",
        de: "Ausschalten",
        pt: "Desligar",
    }
    SWITCHED {
        en: "The webhook is changed.",
        es: "El webhook se ha cambiado.",
        fr: "Le webhook est modifié.",
        de: "Der Webhook ist geändert.",
        pt: "O webhook foi alterado.",
    }
    DELETE_HOOK {
        en: "Delete it",
        es: "Eliminarlo",
        fr: "Le supprimer",
        de: "Löschen",
        pt: "Excluí-lo",
    }
    HOOK_DELETED {
        en: "The webhook is deleted. What waited for it is not sent.",
        es: "El webhook se ha eliminado. Lo que esperaba no se envía.",
        fr: "Le webhook est supprimé. Ce qui l’attendait n’est pas envoyé.",
        de: "Der Webhook ist gelöscht. Was auf ihn wartete, wird nicht gesendet.",
        pt: "O webhook foi excluído. O que esperava por ele não é enviado.",
    }
    REPLAY {
        en: "Send again",
        es: "Enviar de nuevo",
        fr: "Renvoyer",
        de: "Erneut senden",
        pt: "Enviar de novo",
    }
    REPLAY_SAYS {
        en: "All events of the last hours that it takes. Each message keeps its id.",
        es: "Todos los eventos de las últimas horas que recibe. Cada mensaje conserva su id.",
        fr: "Tous les événements des dernières heures qu’il reçoit. Chaque message garde son identifiant.",
        de: "Alle Ereignisse der letzten Stunden, von denen er erfährt. Jede Nachricht behält ihre ID.",
        pt: "Todos os eventos das últimas horas que ele recebe. Cada mensagem mantém o seu id.",
    }
    REPLAY_HOURS {
        en: "Hours back",
        es: "Horas atrás",
        fr: "Heures en arrière",
        de: "Stunden zurück",
        pt: "Horas atrás",
    }
    REPLAYED {
        en: "Sent again: {number}.",
        es: "Enviados de nuevo: {number}.",
        fr: "Renvoyés : {number}.",
        de: "Erneut gesendet: {number}.",
        pt: "Enviados de novo: {number}.",
    }
    MESSAGES {
        en: "Messages",
        es: "Mensajes",
        fr: "Messages",
        de: "Nachrichten",
        pt: "Mensagens",
    }
    NO_MESSAGES {
        en: "No event was sent there yet. Test messages aren't listed.",
        es: "Aún no se ha enviado allí ningún evento. Los mensajes de prueba no aparecen en la lista.",
        fr: "Aucun événement n’y a encore été envoyé. Les messages de test ne figurent pas dans la liste.",
        de: "Noch wurde kein Ereignis dorthin gesendet. Testnachrichten stehen nicht in der Liste.",
        pt: "Nenhum evento foi enviado para lá ainda. As mensagens de teste não aparecem na lista.",
    }
    EVENT {
        en: "Event",
        es: "Evento",
        fr: "Événement",
        de: "Ereignis",
        pt: "Evento",
    }
    TRIES {
        en: "Tries",
        es: "Intentos",
        fr: "Essais",
        de: "Versuche",
        pt: "Tentativas",
    }
    D_DELIVERED {
        en: "Delivered",
        es: "Entregado",
        fr: "Livré",
        de: "Zugestellt",
        pt: "Entregue",
    }
    D_QUEUED {
        en: "Waiting",
        es: "En espera",
        fr: "En attente",
        de: "Wartet",
        pt: "Aguardando",
    }
    D_SENDING {
        en: "On its way",
        es: "En camino",
        fr: "En route",
        de: "Unterwegs",
        pt: "A caminho",
    }
    D_REFUSED {
        en: "Refused",
        es: "Rechazado",
        fr: "Refusé",
        de: "Abgewiesen",
        pt: "Recusado",
    }
    D_EXPIRED {
        en: "Given up",
        es: "Abandonado",
        fr: "Abandonné",
        de: "Aufgegeben",
        pt: "Desistido",
    }
    NEXT_TRY {
        en: "next try {when}",
        es: "próximo intento {when}",
        fr: "prochain essai {when}",
        de: "nächster Versuch {when}",
        pt: "próxima tentativa {when}",
    }
    EVENTS_SAY {
        en: "What happened, oldest first. Kept for eight days; none says who a person is.",
        es: "Lo que ocurrió, primero lo más antiguo. Se guarda ocho días; ninguno dice quién es una persona.",
        fr: "Ce qui s’est passé, du plus ancien au plus récent. Conservé huit jours ; aucun ne dit qui est une personne.",
        de: "Was geschah, das Älteste zuerst. Acht Tage aufbewahrt; keines sagt, wer eine Person ist.",
        pt: "O que aconteceu, do mais antigo ao mais novo. Guardado por oito dias; nenhum diz quem é uma pessoa.",
    }
    NO_EVENTS {
        en: "Nothing happened since.",
        es: "No ha ocurrido nada desde entonces.",
        fr: "Rien ne s’est passé depuis.",
        de: "Seitdem ist nichts geschehen.",
        pt: "Nada aconteceu desde então.",
    }
    NO_EVENTS_YET {
        en: "Nothing has happened yet.",
        es: "Aún no ha ocurrido nada.",
        fr: "Rien ne s’est encore passé.",
        de: "Es ist noch nichts geschehen.",
        pt: "Nada aconteceu ainda.",
    }
    DATA {
        en: "Data",
        es: "Datos",
        fr: "Données",
        de: "Daten",
        pt: "Dados",
    }
    NOT_DONE {
        en: "This was not done",
        es: "Esto no se ha hecho",
        fr: "Cela n’a pas été fait",
        de: "Das wurde nicht getan",
        pt: "Isso não foi feito",
    }
}
