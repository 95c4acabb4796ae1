//! What became of an attempt to send something.

use super::texts;

texts! {
    DELIVERED { en: "delivered", es: "entregado", fr: "remis", de: "zugestellt", pt: "entregue" }
    REFUSED { en: "refused", es: "rechazado", fr: "refusé", de: "abgewiesen", pt: "recusado" }
    GONE { en: "gone for good", es: "ya no existe", fr: "n’existe plus", de: "gibt es nicht mehr", pt: "não existe mais" }
    BROKE_OFF { en: "broke off", es: "interrumpido", fr: "interrompu", de: "abgebrochen", pt: "interrompido" }
    NO_ANSWER { en: "no answer", es: "sin respuesta", fr: "pas de réponse", de: "keine Antwort", pt: "sem resposta" }
    NOT_SENT { en: "not sent", es: "no enviado", fr: "pas envoyé", de: "nicht gesendet", pt: "não enviado" }
    THROTTLED { en: "asked to wait", es: "pidió esperar", fr: "a demandé d’attendre", de: "bat zu warten", pt: "pediu para esperar" }
    NO_TOKEN { en: "no access token", es: "sin token de acceso", fr: "pas de jeton d’accès", de: "kein Zugriffstoken", pt: "sem token de acesso" }
    NOT_TAKEN { en: "not taken", es: "no aceptado", fr: "pas accepté", de: "nicht angenommen", pt: "não aceito" }
    FAILED { en: "failed", es: "falló", fr: "échoué", de: "fehlgeschlagen", pt: "falhou" }
    NOT_READABLE { en: "not readable", es: "ilegible", fr: "illisible", de: "nicht lesbar", pt: "ilegível" }
    NOTHING_TO_DO { en: "nothing to do", es: "nada que hacer", fr: "rien à faire", de: "nichts zu tun", pt: "nada a fazer" }
    HELD { en: "held", es: "retenido", fr: "retenu", de: "angehalten", pt: "retido" }
    UNKNOWN { en: "unknown", es: "desconocido", fr: "inconnu", de: "unbekannt", pt: "desconhecido" }
}
