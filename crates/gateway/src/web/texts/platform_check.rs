//! What a check of a platform finds, and what to do about it. A text that ends with a colon is
//! followed by the cause, which is English.

use super::texts;

texts! {
    LOGIN_ADDRESS { en: "The platform's login address", es: "La dirección de inicio de sesión de la plataforma", fr: "Son adresse de connexion", de: "Die Anmeldeadresse der Plattform", pt: "O endereço de login da plataforma" }
    KEY_SET_ADDRESS { en: "The platform's key set", es: "El conjunto de claves de la plataforma", fr: "Son jeu de clés", de: "Der Schlüsselsatz der Plattform", pt: "O conjunto de chaves da plataforma" }
    TOKEN_ADDRESS { en: "The platform's token endpoint", es: "La dirección de los tokens de acceso de la plataforma", fr: "Son adresse des jetons d’accès", de: "Die Adresse der Plattform für Zugangstokens", pt: "O endereço dos tokens de acesso da plataforma" }
    NO_ADDRESS {
        en: "{which} is no address: {address}.",
        es: "{which} no es una dirección: {address}.",
        fr: "{which} n’est pas une adresse : {address}.",
        de: "{which} ist keine Adresse: {address}.",
        pt: "{which} não é um endereço: {address}.",
    }
    CORRECT_IT {
        en: "Correct it in the platform's settings.",
        es: "Corríjalo en los ajustes de la plataforma.",
        fr: "Corrigez cela dans les réglages de la plateforme.",
        de: "Berichtigen Sie das in den Einstellungen der Plattform.",
        pt: "Corrija isso nas configurações da plataforma.",
    }
    NOT_PERMITTED {
        en: "{which} may not be called from here:",
        es: "{which} no se puede consultar desde aquí:",
        fr: "{which} n’est pas accessible d’ici :",
        de: "{which} darf von hier nicht aufgerufen werden:",
        pt: "{which} não pode ser consultado daqui:",
    }
    OPEN_ITS_HOST {
        en: "If the platform stands in your own network, open its host with the setting outbound_allow.",
        es: "Si la plataforma está en su propia red, permita su host con el ajuste outbound_allow.",
        fr: "Si la plateforme est dans votre propre réseau, ouvrez son hôte avec le réglage outbound_allow.",
        de: "Steht die Plattform in Ihrem eigenen Netz, geben Sie ihren Host mit der Einstellung outbound_allow frei.",
        pt: "Se a plataforma está na sua própria rede, libere o host dela com a configuração outbound_allow.",
    }
    IS_ACTIVE {
        en: "It is active: its launches are taken.",
        es: "Está activa: se aceptan sus accesos.",
        fr: "Elle est active : ses lancements sont acceptés.",
        de: "Sie ist aktiv, und ihre Starts werden angenommen.",
        pt: "Está ativa: seus acessos são aceitos.",
    }
    IS_NOT_ACTIVE {
        en: "It is not active: its launches are refused.",
        es: "No está activa: se rechazan sus accesos.",
        fr: "Elle n’est pas active : ses lancements sont refusés.",
        de: "Sie ist nicht aktiv, und ihre Starts werden abgelehnt.",
        pt: "Não está ativa: seus acessos são recusados.",
    }
    ACTIVATE_IT {
        en: "Activate it if you know who registered it.",
        es: "Actívela si sabe quién la registró.",
        fr: "Activez-la si vous savez qui l’a enregistrée.",
        de: "Aktivieren Sie sie, wenn Sie wissen, wer sie registriert hat.",
        pt: "Ative-a se você sabe quem a registrou.",
    }
    KEY_IS_STORED {
        en: "Its key is stored here, so none is fetched.",
        es: "Su clave está guardada aquí, así que no se descarga ninguna.",
        fr: "Sa clé est enregistrée ici, donc aucune n’est récupérée.",
        de: "Ihr Schlüssel ist hier gespeichert, deshalb wird keiner abgerufen.",
        pt: "A chave dela está guardada aqui, então nenhuma é buscada.",
    }
    STORED_KEY_UNUSABLE {
        en: "The key that is stored for it can't be used:",
        es: "La clave que está guardada para ella no sirve:",
        fr: "La clé enregistrée pour elle est inutilisable :",
        de: "Der Schlüssel, der für sie gespeichert ist, ist unbrauchbar:",
        pt: "A chave guardada para ela não serve:",
    }
    PASTE_AGAIN {
        en: "Paste the platform's public key again, or the address of its key set.",
        es: "Pegue de nuevo la clave pública de la plataforma, o la dirección de su conjunto de claves.",
        fr: "Collez à nouveau la clé publique de la plateforme, ou l’adresse de son jeu de clés.",
        de: "Fügen Sie den öffentlichen Schlüssel der Plattform noch einmal ein, oder die Adresse ihres Schlüsselsatzes.",
        pt: "Cole de novo a chave pública da plataforma, ou o endereço do conjunto de chaves dela.",
    }
    KEY_SET_STATUS {
        en: "The key set's address answers with status {status}.",
        es: "La dirección del conjunto de claves responde con el estado {status}.",
        fr: "L’adresse du jeu de clés répond avec le statut {status}.",
        de: "Die Adresse des Schlüsselsatzes antwortet mit Status {status}.",
        pt: "O endereço do conjunto de chaves responde com o status {status}.",
    }
    KEY_SET_NOT_FETCHED {
        en: "The key set can't be fetched from {host}:",
        es: "El conjunto de claves no se puede descargar de {host}:",
        fr: "Le jeu de clés ne peut pas être récupéré auprès de {host} :",
        de: "Der Schlüsselsatz kann nicht von {host} abgerufen werden:",
        pt: "O conjunto de chaves não pode ser buscado em {host}:",
    }
    KEY_SET_UNUSABLE {
        en: "The key set can't be used:",
        es: "El conjunto de claves no sirve:",
        fr: "Le jeu de clés est inutilisable :",
        de: "Der Schlüsselsatz ist unbrauchbar:",
        pt: "O conjunto de chaves não serve:",
    }
    NO_LAUNCHES {
        en: "Every launch is checked with a key from there, so none would be accepted.",
        es: "Cada acceso se comprueba con una clave de allí, así que no se aceptaría ninguno.",
        fr: "Chaque lancement est vérifié avec une clé de là-bas, donc aucun ne serait accepté.",
        de: "Jeder Start wird mit einem Schlüssel von dort geprüft, also würde keiner angenommen.",
        pt: "Cada acesso é verificado com uma chave de lá, então nenhum seria aceito.",
    }
    KEY_LEFT_ASIDE {
        en: "The key {kid} in the key set:",
        es: "La clave {kid} del conjunto de claves:",
        fr: "La clé {kid} du jeu de clés :",
        de: "Der Schlüssel {kid} im Schlüsselsatz:",
        pt: "A chave {kid} do conjunto de chaves:",
    }
    KEY_WITHOUT_ID {
        en: "The key without an id in the key set:",
        es: "La clave sin id del conjunto de claves:",
        fr: "La clé sans identifiant du jeu de clés :",
        de: "Der Schlüssel ohne ID im Schlüsselsatz:",
        pt: "A chave sem id do conjunto de chaves:",
    }
    LEFT_ASIDE {
        en: "It is left aside. Launches signed with it are refused.",
        es: "Se deja de lado. Los accesos firmados con ella se rechazan.",
        fr: "Elle est laissée de côté. Les lancements signés avec elle sont refusés.",
        de: "Er wird übergangen. Starts, die damit signiert sind, werden abgelehnt.",
        pt: "Ela é deixada de lado. Os acessos assinados com ela são recusados.",
    }
    KID_SHARED {
        en: "Several keys share the id {kid}.",
        es: "Varias claves comparten el id {kid}.",
        fr: "Plusieurs clés partagent l’identifiant {kid}.",
        de: "Mehrere Schlüssel haben dieselbe ID {kid}.",
        pt: "Várias chaves compartilham o id {kid}.",
    }
    IDS_OF_THEIR_OWN {
        en: "None of them is used. The platform must give every key an id of its own.",
        es: "No se usa ninguna. La plataforma debe dar a cada clave un id propio.",
        fr: "Aucune n’est utilisée. La plateforme doit donner à chaque clé son propre identifiant.",
        de: "Keiner davon wird verwendet. Die Plattform muss jedem Schlüssel eine eigene ID geben.",
        pt: "Nenhuma delas é usada. A plataforma precisa dar a cada chave um id próprio.",
    }
    NO_USABLE_KEY {
        en: "The key set has no key that can be used.",
        es: "El conjunto de claves no tiene ninguna clave utilizable.",
        fr: "Le jeu de clés n’a aucune clé utilisable.",
        de: "Der Schlüsselsatz enthält keinen brauchbaren Schlüssel.",
        pt: "O conjunto de chaves não tem nenhuma chave utilizável.",
    }
    ONE_USABLE_KEY {
        en: "The key set has one usable key.",
        es: "El conjunto de claves tiene una clave utilizable.",
        fr: "Le jeu de clés a une clé utilisable.",
        de: "Der Schlüsselsatz enthält einen brauchbaren Schlüssel.",
        pt: "O conjunto de chaves tem uma chave utilizável.",
    }
    USABLE_KEYS {
        en: "The key set has {number} usable keys.",
        es: "El conjunto de claves tiene {number} claves utilizables.",
        fr: "Le jeu de clés a {number} clés utilisables.",
        de: "Der Schlüsselsatz enthält {number} brauchbare Schlüssel.",
        pt: "O conjunto de chaves tem {number} chaves utilizáveis.",
    }
    CLOCK_SLOW {
        en: "When it last sent a launch, its clock was {seconds} s slow.",
        es: "Cuando envió su último acceso, su reloj iba {seconds} s atrasado.",
        fr: "Lors de son dernier lancement, son horloge retardait de {seconds} s.",
        de: "Bei ihrem letzten Start ging ihre Uhr {seconds} s nach.",
        pt: "No último acesso que enviou, o relógio dela estava {seconds} s atrasado.",
    }
    CLOCK_FAST {
        en: "When it last sent a launch, its clock was {seconds} s fast.",
        es: "Cuando envió su último acceso, su reloj iba {seconds} s adelantado.",
        fr: "Lors de son dernier lancement, son horloge avançait de {seconds} s.",
        de: "Bei ihrem letzten Start ging ihre Uhr {seconds} s vor.",
        pt: "No último acesso que enviou, o relógio dela estava {seconds} s adiantado.",
    }
    SET_THE_CLOCK {
        en: "Have that clock set first (NTP). While it is off, launches are refused here, and the platform may refuse our requests for access tokens.",
        es: "Haga que se ajuste primero ese reloj (NTP). Mientras se desvíe, los accesos se rechazan aquí, y la plataforma puede rechazar nuestras solicitudes de tokens de acceso.",
        fr: "Faites d’abord régler cette horloge (NTP). Tant qu’elle est décalée, les lancements sont refusés ici, et la plateforme peut refuser nos demandes de jetons d’accès.",
        de: "Lassen Sie zuerst diese Uhr stellen (NTP). Solange sie falsch geht, werden Starts hier abgelehnt, und die Plattform kann unsere Anfragen nach Zugangstokens ablehnen.",
        pt: "Peça primeiro que esse relógio seja ajustado (NTP). Enquanto ele estiver errado, os acessos são recusados aqui, e a plataforma pode recusar nossos pedidos de tokens de acesso.",
    }
    TOKEN_ENDPOINT_ANSWERS {
        en: "The token endpoint answers.",
        es: "La dirección de los tokens de acceso responde.",
        fr: "L’adresse des jetons d’accès répond.",
        de: "Die Adresse für Zugangstokens antwortet.",
        pt: "O endereço dos tokens de acesso responde.",
    }
    TOKEN_GIVEN {
        en: "The token endpoint answers, and gave an access token.",
        es: "La dirección de los tokens de acceso responde, y ha dado un token.",
        fr: "L’adresse des jetons d’accès répond, et a donné un jeton.",
        de: "Die Adresse für Zugangstokens antwortet und hat ein Token gegeben.",
        pt: "O endereço dos tokens de acesso responde, e deu um token.",
    }
    TOKEN_NOT_ASKED {
        en: "The platform was not asked for an access token.",
        es: "No se ha pedido ningún token de acceso a la plataforma.",
        fr: "Aucun jeton d’accès n’a été demandé à la plateforme.",
        de: "Die Plattform wurde nicht nach einem Zugangstoken gefragt.",
        pt: "Nenhum token de acesso foi pedido à plataforma.",
    }
    ASKED_ONCE_ACTIVE {
        en: "It registered itself and isn't active. What we send to prove who we are is only for platforms that someone has activated.",
        es: "Se registró por sí misma y no está activa. Lo que enviamos para acreditarnos es solo para plataformas que alguien ha activado.",
        fr: "Elle s’est enregistrée elle-même et n’est pas active. Ce que nous envoyons pour prouver notre identité n’est destiné qu’aux plateformes que quelqu’un a activées.",
        de: "Sie hat sich selbst registriert und ist nicht aktiv. Womit wir uns ausweisen, bekommen nur Plattformen, die jemand aktiviert hat.",
        pt: "Ela se registrou sozinha e não está ativa. O que enviamos para provar quem somos é só para plataformas que alguém ativou.",
    }
    REQUEST_NOT_SIGNED {
        en: "This service couldn't sign its request for an access token.",
        es: "Este servicio no pudo firmar su solicitud de un token de acceso.",
        fr: "Ce service n’a pas pu signer sa demande de jeton d’accès.",
        de: "Dieser Dienst konnte seine Anfrage nach einem Zugangstoken nicht signieren.",
        pt: "Este serviço não conseguiu assinar seu pedido de um token de acesso.",
    }
    OUR_LOG {
        en: "No grades and no rosters until it can. This service's log says why.",
        es: "No habrá notas ni listas hasta que pueda. El registro de este servicio dice por qué.",
        fr: "Ni notes ni listes tant qu’il ne le peut pas. Le journal de ce service dit pourquoi.",
        de: "Bis dahin gibt es keine Noten und keine Teilnehmerlisten. Das Protokoll dieses Dienstes sagt, warum.",
        pt: "Não haverá notas nem listas até que consiga. O log deste serviço diz por quê.",
    }
    NO_TOKEN {
        en: "The token endpoint gave no access token:",
        es: "La dirección de los tokens de acceso no dio ninguno:",
        fr: "L’adresse des jetons d’accès n’en a donné aucun :",
        de: "Die Adresse für Zugangstokens gab keines:",
        pt: "O endereço dos tokens de acesso não deu nenhum:",
    }
    COMPARE_ADDRESS {
        en: "Launches work, but no grades and no rosters. Compare the address with the one that the platform shows for access tokens.",
        es: "Los accesos funcionan, pero no las notas ni las listas. Compare la dirección con la que la plataforma muestra para los tokens de acceso.",
        fr: "Les lancements fonctionnent, mais ni les notes ni les listes. Comparez l’adresse avec celle que la plateforme affiche pour les jetons d’accès.",
        de: "Starts gehen, aber keine Noten und keine Teilnehmerlisten. Vergleichen Sie die Adresse mit der, die die Plattform für Zugangstokens zeigt.",
        pt: "Os acessos funcionam, mas não as notas nem as listas. Compare o endereço com o que a plataforma mostra para os tokens de acesso.",
    }
    TOKEN_REFUSED {
        en: "The token endpoint answers, but gives no access token: status {status}.",
        es: "La dirección de los tokens de acceso responde, pero no da ninguno: estado {status}.",
        fr: "L’adresse des jetons d’accès répond, mais n’en donne aucun : statut {status}.",
        de: "Die Adresse für Zugangstokens antwortet, gibt aber keines: Status {status}.",
        pt: "O endereço dos tokens de acesso responde, mas não dá nenhum: status {status}.",
    }
    TOKEN_REFUSED_AS {
        en: "The token endpoint answers, but gives no access token: status {status}, {code}.",
        es: "La dirección de los tokens de acceso responde, pero no da ninguno: estado {status}, {code}.",
        fr: "L’adresse des jetons d’accès répond, mais n’en donne aucun : statut {status}, {code}.",
        de: "Die Adresse für Zugangstokens antwortet, gibt aber keines: Status {status}, {code}.",
        pt: "O endereço dos tokens de acesso responde, mas não dá nenhum: status {status}, {code}.",
    }
    NOT_GRANTED {
        en: "If the tool sends no grades, nothing is wrong. Otherwise let the platform's administrator allow this tool to send grades.",
        es: "Si la herramienta no envía notas, todo está bien. Si no, pida al administrador de la plataforma que permita a esta herramienta enviar notas.",
        fr: "Si l’outil n’envoie pas de notes, tout va bien. Sinon, demandez à l’administrateur de la plateforme d’autoriser cet outil à envoyer des notes.",
        de: "Sendet das Tool keine Noten, ist alles in Ordnung. Sonst bitten Sie die Administration der Plattform, diesem Tool das Senden von Noten zu erlauben.",
        pt: "Se a ferramenta não envia notas, está tudo certo. Senão, peça ao administrador da plataforma que permita a esta ferramenta enviar notas.",
    }
    NOT_RECOGNISED {
        en: "Launches work, but no grades and no rosters. Compare the client id and the audience of token requests with the platform's, and let its administrator check the tool's key there.",
        es: "Los accesos funcionan, pero no las notas ni las listas. Compare el id de cliente y la audiencia de las solicitudes de token con los de la plataforma, y pida a su administrador que compruebe allí la clave de la herramienta.",
        fr: "Les lancements fonctionnent, mais ni les notes ni les listes. Comparez l’identifiant client et l’audience des demandes de jeton avec ceux de la plateforme, et demandez à son administrateur d’y vérifier la clé de l’outil.",
        de: "Starts gehen, aber keine Noten und keine Teilnehmerlisten. Vergleichen Sie die Client-ID und den Empfänger der Token-Anfragen mit denen in der Plattform, und bitten Sie deren Administration, dort den Schlüssel des Tools zu prüfen.",
        pt: "Os acessos funcionam, mas não as notas nem as listas. Compare o id do cliente e a audiência das solicitações de token com os da plataforma, e peça ao administrador dela que verifique lá a chave da ferramenta.",
    }
    ITS_LOG {
        en: "Launches work, but no grades and no rosters until it gives a token. The platform's log says why it doesn't.",
        es: "Los accesos funcionan, pero no las notas ni las listas hasta que dé un token. El registro de la plataforma dice por qué no lo da.",
        fr: "Les lancements fonctionnent, mais ni les notes ni les listes tant qu’elle ne donne pas de jeton. Le journal de la plateforme dit pourquoi.",
        de: "Starts gehen, aber keine Noten und keine Teilnehmerlisten, bis sie ein Token gibt. Das Protokoll der Plattform sagt, warum sie es nicht tut.",
        pt: "Os acessos funcionam, mas não as notas nem as listas até que dê um token. O log da plataforma diz por que não dá.",
    }
    TOKENS_ARE_A_PAGE {
        en: "The address for access tokens is no token endpoint: it answers with a page, status {status}.",
        es: "La dirección de los tokens de acceso es otra cosa: responde con una página, estado {status}.",
        fr: "L’adresse des jetons d’accès est autre chose : elle répond avec une page, statut {status}.",
        de: "Die Adresse für Zugangstokens ist etwas anderes: Sie antwortet mit einer Seite, Status {status}.",
        pt: "O endereço dos tokens de acesso é outra coisa: responde com uma página, status {status}.",
    }
    TOKENS_ARE_ELSEWHERE {
        en: "The address for access tokens is no token endpoint: it answers with status {status}.",
        es: "La dirección de los tokens de acceso es otra cosa: responde con el estado {status}.",
        fr: "L’adresse des jetons d’accès est autre chose : elle répond avec le statut {status}.",
        de: "Die Adresse für Zugangstokens ist etwas anderes: Sie antwortet mit Status {status}.",
        pt: "O endereço dos tokens de acesso é outra coisa: responde com o status {status}.",
    }
    TOKENS_TOO_LARGE {
        en: "The address for access tokens is no token endpoint:",
        es: "La dirección de los tokens de acceso es otra cosa:",
        fr: "L’adresse des jetons d’accès est autre chose :",
        de: "Die Adresse für Zugangstokens ist etwas anderes:",
        pt: "O endereço dos tokens de acesso é outra coisa:",
    }
    TOKENS_SILENT {
        en: "The token endpoint at {host} doesn't answer:",
        es: "La dirección de los tokens de acceso en {host} no responde:",
        fr: "L’adresse des jetons d’accès sur {host} ne répond pas :",
        de: "Die Adresse für Zugangstokens bei {host} antwortet nicht:",
        pt: "O endereço dos tokens de acesso em {host} não responde:",
    }
    NOT_REACHED {
        en: "Launches work, but no grades and no rosters until this service can reach it.",
        es: "Los accesos funcionan, pero no las notas ni las listas hasta que este servicio pueda llegar a ella.",
        fr: "Les lancements fonctionnent, mais ni les notes ni les listes tant que ce service ne peut pas l’atteindre.",
        de: "Starts gehen, aber keine Noten und keine Teilnehmerlisten, bis dieser Dienst sie erreicht.",
        pt: "Os acessos funcionam, mas não as notas nem as listas até que este serviço a alcance.",
    }
    WAIT_FOR_A_CHECK {
        en: "This platform was checked often just now. Wait {minutes} min and try again.",
        es: "Esta plataforma se ha comprobado a menudo hace poco. Espere {minutes} min y vuelva a intentarlo.",
        fr: "Cette plateforme vient d’être vérifiée souvent. Attendez {minutes} min, puis réessayez.",
        de: "Diese Plattform wurde gerade oft geprüft. Warten Sie {minutes} Min. und versuchen Sie es noch einmal.",
        pt: "Esta plataforma acabou de ser verificada muitas vezes. Espere {minutes} min e tente de novo.",
    }
}
