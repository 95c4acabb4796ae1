//! Events in words.

use super::texts;

texts! {
    DELIVERY { en: "Delivery", es: "Entrega", fr: "Envoi", de: "Zustellung", pt: "Entrega" }
    STUDENT { en: "Student", es: "Estudiante", fr: "Élève", de: "Lernende Person", pt: "Estudante" }
    WEBHOOK { en: "Webhook", es: "Webhook", fr: "Webhook", de: "Webhook", pt: "Webhook" }
    PLATFORM_REGISTERED { en: "Platform registered or entered", es: "Plataforma registrada o introducida", fr: "Plateforme enregistrée ou saisie", de: "Plattform registriert oder eingetragen", pt: "Plataforma registrada ou cadastrada" }
    PLATFORM_PENDING { en: "A platform waits to be activated", es: "Una plataforma espera su activación", fr: "Une plateforme attend d’être activée", de: "Eine Plattform wartet auf ihre Aktivierung", pt: "Uma plataforma aguarda ativação" }
    PLATFORM_ACTIVATED { en: "Platform activated", es: "Plataforma activada", fr: "Plateforme activée", de: "Plattform aktiviert", pt: "Plataforma ativada" }
    PLATFORM_DEACTIVATED { en: "Platform deactivated", es: "Plataforma desactivada", fr: "Plateforme désactivée", de: "Plattform deaktiviert", pt: "Plataforma desativada" }
    DEPLOYMENT_PENDING { en: "A deployment waits to be allowed", es: "Un despliegue espera su permiso", fr: "Un déploiement attend d’être autorisé", de: "Ein Deployment wartet auf Erlaubnis", pt: "Uma implantação aguarda permissão" }
    LAUNCH_REFUSED { en: "Launch refused", es: "Acceso rechazado", fr: "Lancement refusé", de: "Start abgewiesen", pt: "Acesso recusado" }
    CONTENT_PLACED { en: "Chosen content appeared in its course", es: "El contenido elegido apareció en su curso", fr: "Un contenu choisi est apparu dans son cours", de: "Gewählter Inhalt ist in seinem Kurs erschienen", pt: "O conteúdo escolhido apareceu no curso" }
    GRADE_DELIVERED { en: "Grade delivered", es: "Nota entregada", fr: "Note remise", de: "Note zugestellt", pt: "Nota entregue" }
    GRADE_REFUSED { en: "Grade not delivered", es: "Nota no entregada", fr: "Note non remise", de: "Note nicht zugestellt", pt: "Nota não entregue" }
    GRADE_HELD { en: "A grade waits for a person to act", es: "Una nota espera a que alguien actúe", fr: "Une note attend que quelqu’un agisse", de: "Eine Note wartet, bis jemand handelt", pt: "Uma nota aguarda que alguém aja" }
    GRADE_UNKNOWN { en: "Grade sent, no answer yet", es: "Nota enviada, aún sin respuesta", fr: "Note envoyée, pas encore de réponse", de: "Note gesendet, noch keine Antwort", pt: "Nota enviada, ainda sem resposta" }
    GRADE_OVERRIDDEN { en: "A grade entered in the LMS stays", es: "Se mantiene una nota puesta en el LMS", fr: "Une note saisie dans le LMS est conservée", de: "Eine im LMS eingetragene Note bleibt", pt: "Uma nota posta no LMS permanece" }
    DELIVERIES_STALLED { en: "Grades have waited for 15 minutes", es: "Hay notas en espera desde hace 15 minutos", fr: "Des notes attendent depuis 15 minutes", de: "Noten warten seit 15 Minuten", pt: "Há notas à espera há 15 minutos" }
    GRADES_FAILING { en: "Five grades in a row without a useful answer", es: "Cinco notas seguidas sin respuesta útil", fr: "Cinq notes de suite sans réponse utile", de: "Fünf Noten in Folge ohne brauchbare Antwort", pt: "Cinco notas seguidas sem resposta útil" }
    LINE_ITEM_GONE { en: "The gradebook column is gone", es: "La columna de calificaciones ya no existe", fr: "La colonne du carnet de notes n’existe plus", de: "Die Spalte im Notenbuch ist weg", pt: "A coluna do diário de notas não existe mais" }
    ROSTER_CHANGED { en: "Roster changed", es: "Lista cambiada", fr: "Liste modifiée", de: "Teilnehmerliste geändert", pt: "Lista alterada" }
    STUDENT_CAME { en: "A student came for the first time", es: "Un estudiante llegó por primera vez", fr: "Un élève est venu pour la première fois", de: "Eine lernende Person kam zum ersten Mal", pt: "Um estudante veio pela primeira vez" }
    API_KEY_CREATED { en: "API key made", es: "Clave de API creada", fr: "Clé d’API créée", de: "API-Schlüssel erstellt", pt: "Chave de API criada" }
    WEBHOOK_DISABLED { en: "Webhook switched off by us", es: "Webhook apagado por nosotros", fr: "Webhook arrêté par nous", de: "Webhook von uns ausgeschaltet", pt: "Webhook desligado por nós" }
}
