//! What the portal says about the appearance of a tool's pages.

use super::texts;

texts! {
    LOOK { en: "How our pages look", es: "Aspecto de nuestras páginas", fr: "L’aspect de nos pages", de: "Aussehen unserer Seiten", pt: "Aparência das nossas páginas" }
    LOOK_SAYS {
        en: "One logo and one colour, on the pages of launches, errors and registration, and in this portal. They are not in the texts below; the export of the configuration has them.",
        es: "Un logotipo y un color, en las páginas de acceso, error y registro y en este portal. No están en los textos de abajo; la exportación de la configuración los incluye.",
        fr: "Un logo et une couleur, sur les pages de lancement, d’erreur et d’enregistrement, et dans ce portail. Ils ne figurent pas dans les textes ci-dessous ; l’export de la configuration les contient.",
        de: "Ein Logo und eine Farbe, auf den Seiten von Starts, Fehlern und Registrierung und in diesem Portal. In den Texten unten stehen sie nicht; der Export der Konfiguration enthält sie.",
        pt: "Um logotipo e uma cor, nas páginas de acesso, erro e registro e neste portal. Não estão nos textos abaixo; a exportação da configuração os contém.",
    }
    COLOR { en: "Colour of links and buttons", es: "Color de enlaces y botones", fr: "Couleur des liens et des boutons", de: "Farbe von Links und Knöpfen", pt: "Cor de links e botões" }
    COLOR_HELP {
        en: "Such as #1b4fa0. Empty: our own. It has to be readable on white; on dark pages it is made lighter.",
        es: "Como #1b4fa0. Vacío: el nuestro. Debe leerse sobre blanco; en páginas oscuras se aclara.",
        fr: "Par exemple #1b4fa0. Vide : la nôtre. Elle doit être lisible sur du blanc ; elle est éclaircie sur les pages sombres.",
        de: "Zum Beispiel #1b4fa0. Leer: unsere eigene. Sie muss auf Weiß lesbar sein; auf dunklen Seiten wird sie aufgehellt.",
        pt: "Como #1b4fa0. Vazio: a nossa. Precisa ser legível sobre branco; em páginas escuras, fica mais clara.",
    }
    LOGO { en: "Logo, as a file", es: "Logotipo, como archivo", fr: "Logo, en fichier", de: "Logo, als Datei", pt: "Logotipo, como arquivo" }
    LOGO_HELP {
        en: "PNG, JPEG or WebP of at most 32 KiB; shown 48 pixels high. It has to be seen on white and on dark pages.",
        es: "PNG, JPEG o WebP de 32 KiB como máximo; se muestra con 48 píxeles de alto. Debe verse sobre blanco y en páginas oscuras.",
        fr: "PNG, JPEG ou WebP de 32 Kio au plus ; affiché sur 48 pixels de haut. Il doit être visible sur du blanc et sur les pages sombres.",
        de: "PNG, JPEG oder WebP mit höchstens 32 KiB; 48 Pixel hoch gezeigt. Es muss auf Weiß und auf dunklen Seiten zu sehen sein.",
        pt: "PNG, JPEG ou WebP de no máximo 32 KiB; exibido com 48 pixels de altura. Precisa ser visto sobre branco e em páginas escuras.",
    }
    NO_LOGO { en: "Take the logo away", es: "Quitar el logotipo", fr: "Retirer le logo", de: "Logo entfernen", pt: "Retirar o logotipo" }
    ERROR_PAGE { en: "What people see when a launch fails", es: "Lo que se ve cuando falla un acceso", fr: "Ce qui s’affiche quand un lancement échoue", de: "Was zu sehen ist, wenn ein Start fehlschlägt", pt: "O que se vê quando um acesso falha" }
    ERROR_PAGE_SAYS {
        en: "The page itself, in the browser's language. Try a colour before you save it.",
        es: "La propia página, en el idioma del navegador. Pruebe un color antes de guardarlo.",
        fr: "La page elle-même, dans la langue du navigateur. Essayez une couleur avant de l’enregistrer.",
        de: "Die Seite selbst, in der Sprache des Browsers. Probieren Sie eine Farbe aus, bevor Sie sie speichern.",
        pt: "A própria página, no idioma do navegador. Experimente uma cor antes de salvá-la.",
    }
    CHANGED_BY { en: "Changed by {name}, {when}.", es: "Lo cambió {name}, {when}.", fr: "Modifié par {name}, {when}.", de: "Geändert von {name}, {when}.", pt: "Mudado por {name}, {when}." }
    COLOR_SAYS { en: "In the words of the setting: {wrong}.", es: "En palabras del ajuste: {wrong}.", fr: "Selon le réglage : {wrong}.", de: "In den Worten der Einstellung: {wrong}.", pt: "Nas palavras da configuração: {wrong}." }
    TRY_COLOR { en: "In this colour", es: "En este color", fr: "Dans cette couleur", de: "In dieser Farbe", pt: "Nesta cor" }
    SHOW_IT { en: "Show it", es: "Mostrarla", fr: "L’afficher", de: "Zeigen", pt: "Mostrar" }
    NO_COLOR { en: "That colour can't be shown", es: "Ese color no se puede mostrar", fr: "Cette couleur ne peut pas être affichée", de: "Diese Farbe kann nicht gezeigt werden", pt: "Essa cor não pode ser exibida" }
}
