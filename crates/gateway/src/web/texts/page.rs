//! Texts for any page.

use super::texts;

texts! {
    TITLE_FAILED {
        en: "This did not work",
        es: "Esto no ha funcionado",
        fr: "Cela n’a pas fonctionné",
        de: "Das hat nicht geklappt",
        pt: "Não funcionou",
    }
    TITLE_NOT_FOUND {
        en: "Not found",
        es: "Página no encontrada",
        fr: "Page introuvable",
        de: "Seite nicht gefunden",
        pt: "Página não encontrada",
    }
    TITLE_LATER {
        en: "Please try again in a moment",
        es: "Inténtelo de nuevo dentro de un momento",
        fr: "Veuillez réessayer dans un instant",
        de: "Bitte versuchen Sie es gleich noch einmal",
        pt: "Tente novamente daqui a pouco",
    }
    TITLE_OUR_FAULT {
        en: "Something went wrong",
        es: "Algo ha salido mal",
        fr: "Un problème est survenu",
        de: "Da ist etwas schiefgegangen",
        pt: "Algo deu errado",
    }
    INTERNAL {
        en: "Something went wrong on our side. Please try again; if it happens again, tell support the reference.",
        es: "Se ha producido un error por nuestra parte. Inténtelo de nuevo; si vuelve a ocurrir, indique al servicio de asistencia la referencia.",
        fr: "Une erreur s’est produite de notre côté. Veuillez réessayer ; si cela se reproduit, indiquez la référence à l’assistance.",
        de: "Bei uns ist ein Fehler aufgetreten. Bitte versuchen Sie es noch einmal; wenn es wieder geschieht, nennen Sie dem Support bitte das Kennzeichen.",
        pt: "Ocorreu um erro do nosso lado. Tente novamente; se voltar a acontecer, informe a referência ao suporte.",
    }
    UNAVAILABLE {
        en: "We can't do this at the moment. Please try again in a minute.",
        es: "En este momento no es posible. Inténtelo de nuevo dentro de un minuto.",
        fr: "Cela n’est pas possible pour le moment. Veuillez réessayer dans une minute.",
        de: "Das ist im Moment nicht möglich. Bitte versuchen Sie es in einer Minute noch einmal.",
        pt: "Neste momento não é possível. Tente novamente dentro de um minuto.",
    }
    TOO_MANY {
        en: "There were too many requests in a short time. Please wait a moment and try again.",
        es: "Ha habido demasiadas solicitudes en poco tiempo. Espere un momento e inténtelo de nuevo.",
        fr: "Il y a eu trop de demandes en peu de temps. Veuillez patienter un instant, puis réessayer.",
        de: "Es kamen zu viele Anfragen in kurzer Zeit. Bitte warten Sie einen Moment und versuchen Sie es dann noch einmal.",
        pt: "Houve solicitações demais em pouco tempo. Espere um momento e tente novamente.",
    }
    BACK {
        en: "Back to your learning platform",
        es: "Volver a su plataforma de aprendizaje",
        fr: "Retourner à votre plateforme d’apprentissage",
        de: "Zurück zu Ihrer Lernplattform",
        pt: "Voltar à sua plataforma de aprendizagem",
    }
    NOT_FOUND {
        en: "There is nothing at this address. Check the link.",
        es: "No hay nada en esta dirección. Compruebe el enlace.",
        fr: "Il n’y a rien à cette adresse. Vérifiez le lien.",
        de: "Unter dieser Adresse gibt es nichts. Bitte prüfen Sie den Link.",
        pt: "Não há nada neste endereço. Verifique o link.",
    }
    METHOD_NOT_ALLOWED {
        en: "This address doesn't take that kind of request. Open the page again from the link that leads here.",
        es: "Esta dirección no admite ese tipo de solicitud. Vuelva a abrir la página desde el enlace que lleva aquí.",
        fr: "Cette adresse n’accepte pas ce type de demande. Rouvrez la page à partir du lien qui mène ici.",
        de: "Diese Adresse nimmt Anfragen dieser Art nicht an. Bitte öffnen Sie die Seite noch einmal über den Link, der hierher führt.",
        pt: "Este endereço não aceita esse tipo de solicitação. Abra a página de novo pelo link que leva até aqui.",
    }
    TOO_LARGE {
        en: "The request is larger than this address takes. Go back and send less, or ask your support.",
        es: "La solicitud es más grande de lo que admite esta dirección. Vuelva atrás y envíe menos, o pregunte al servicio de asistencia.",
        fr: "La demande est plus volumineuse que ce que cette adresse accepte. Revenez en arrière et envoyez moins, ou demandez à votre assistance.",
        de: "Die Anfrage ist größer, als diese Adresse annimmt. Bitte gehen Sie zurück und senden Sie weniger, oder fragen Sie Ihren Support.",
        pt: "A solicitação é maior do que este endereço aceita. Volte e envie menos, ou pergunte ao suporte.",
    }
    WRONG_MEDIA_TYPE {
        en: "The request's Content-Type is not the one this address takes. Open the page again from the link that leads here, or ask your support.",
        es: "El Content-Type de la solicitud no es el que admite esta dirección. Vuelva a abrir la página desde el enlace que lleva aquí, o pregunte al servicio de asistencia.",
        fr: "Le Content-Type de la demande n’est pas celui que cette adresse accepte. Rouvrez la page à partir du lien qui mène ici, ou demandez à votre assistance.",
        de: "Der Content-Type der Anfrage ist nicht der, den diese Adresse annimmt. Bitte öffnen Sie die Seite noch einmal über den Link, der hierher führt, oder fragen Sie Ihren Support.",
        pt: "O Content-Type da solicitação não é o que este endereço aceita. Abra a página de novo pelo link que leva até aqui, ou pergunte ao suporte.",
    }
    NOT_UNDERSTOOD {
        en: "The request can't be understood. Open the page again from the link that leads here, or ask your support.",
        es: "No se puede entender la solicitud. Vuelva a abrir la página desde el enlace que lleva aquí, o pregunte al servicio de asistencia.",
        fr: "La demande ne peut pas être comprise. Rouvrez la page à partir du lien qui mène ici, ou demandez à votre assistance.",
        de: "Die Anfrage ist nicht verständlich. Bitte öffnen Sie die Seite noch einmal über den Link, der hierher führt, oder fragen Sie Ihren Support.",
        pt: "Não é possível entender a solicitação. Abra a página de novo pelo link que leva até aqui, ou pergunte ao suporte.",
    }
    REFERENCE {
        en: "Reference for support:",
        es: "Referencia para el servicio de asistencia:",
        fr: "Référence pour l’assistance :",
        de: "Kennzeichen für den Support:",
        pt: "Referência para o suporte:",
    }
    TECHNICAL {
        en: "Technical detail:",
        es: "Detalle técnico:",
        fr: "Détail technique :",
        de: "Technisches Detail:",
        pt: "Detalhe técnico:",
    }
    CLOSE {
        en: "Close this window",
        es: "Cerrar esta ventana",
        fr: "Fermer cette fenêtre",
        de: "Dieses Fenster schließen",
        pt: "Fechar esta janela",
    }
    CONTINUE {
        en: "Continue",
        es: "Continuar",
        fr: "Continuer",
        de: "Weiter",
        pt: "Continuar",
    }
}
