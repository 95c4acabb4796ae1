//! Descriptions of the actions in the audit log.

use super::texts;

texts! {
    SIGNED_IN { en: "Signed in", es: "Inició sesión", fr: "S’est connecté", de: "Angemeldet", pt: "Entrou" }
    SIGNED_IN_BY_OIDC { en: "Signed in with the organisation’s account", es: "Inició sesión con la cuenta de la organización", fr: "S’est connecté avec le compte de l’organisation", de: "Mit dem Konto der Organisation angemeldet", pt: "Entrou com a conta da organização" }
    SIGNED_OUT { en: "Signed out", es: "Sesión cerrada", fr: "Déconnecté", de: "Abgemeldet", pt: "Saiu" }
    OIDC_REFUSED { en: "Turned away with the organisation’s account", es: "Rechazado con la cuenta de la organización", fr: "Refusé avec le compte de l’organisation", de: "Mit dem Konto der Organisation abgewiesen", pt: "Recusado com a conta da organização" }
    OIDC_CONNECTED { en: "Connected with the organisation’s account", es: "Conectado con la cuenta de la organización", fr: "Relié au compte de l’organisation", de: "Mit dem Konto der Organisation verbunden", pt: "Ligado à conta da organização" }
    OIDC_DISCONNECTED { en: "Disconnected from the organisation’s account", es: "Desconectado de la cuenta de la organización", fr: "Séparé du compte de l’organisation", de: "Vom Konto der Organisation getrennt", pt: "Desligado da conta da organização" }
    USER_INVITED { en: "User invited", es: "Usuario invitado", fr: "Utilisateur invité", de: "Benutzer eingeladen", pt: "Usuário convidado" }
    OWNER_LINK { en: "Link for an owner made", es: "Enlace para un propietario creado", fr: "Lien pour un propriétaire créé", de: "Link für einen Eigentümer erstellt", pt: "Link para um proprietário criado" }
    USER_JOINED { en: "User joined", es: "Usuario incorporado", fr: "Utilisateur arrivé", de: "Benutzer beigetreten", pt: "Usuário entrou" }
    USER_REMOVED { en: "User removed", es: "Usuario eliminado", fr: "Utilisateur retiré", de: "Benutzer entfernt", pt: "Usuário removido" }
    ROLE_CHANGED { en: "Role changed", es: "Función cambiada", fr: "Rôle modifié", de: "Rolle geändert", pt: "Função mudada" }
    SESSIONS_ENDED { en: "Signed out everywhere", es: "Sesiones cerradas", fr: "Sessions fermées", de: "Überall abgemeldet", pt: "Sessões encerradas" }
    PASSWORD_CHANGED { en: "Password changed", es: "Contraseña cambiada", fr: "Mot de passe modifié", de: "Passwort geändert", pt: "Senha mudada" }
    PASSWORD_LINK { en: "Link to a new password made", es: "Enlace para nueva contraseña creado", fr: "Lien de nouveau mot de passe créé", de: "Link zu neuem Passwort erstellt", pt: "Link para nova senha criado" }
    LINK_WITHDRAWN { en: "Link withdrawn", es: "Enlace retirado", fr: "Lien retiré", de: "Link zurückgezogen", pt: "Link retirado" }
    PASSWORD_RESET { en: "New password chosen by a link", es: "Nueva contraseña elegida con un enlace", fr: "Nouveau mot de passe choisi par un lien", de: "Neues Passwort über einen Link gewählt", pt: "Nova senha escolhida por um link" }
    SECOND_STEP_ON { en: "Second step set up", es: "Segundo paso configurado", fr: "Seconde étape configurée", de: "Zweiter Schritt eingerichtet", pt: "Segunda etapa configurada" }
    SECOND_STEP_OFF { en: "Second step taken away", es: "Segundo paso quitado", fr: "Seconde étape retirée", de: "Zweiter Schritt entfernt", pt: "Segunda etapa removida" }
    KEY_MADE { en: "API key made", es: "Clave de API creada", fr: "Clé d’API créée", de: "API-Schlüssel erstellt", pt: "Chave de API criada" }
    KEY_REVOKED { en: "API key revoked", es: "Clave de API revocada", fr: "Clé d’API révoquée", de: "API-Schlüssel widerrufen", pt: "Chave de API revogada" }
    SERVICE_KEY_REVOKED { en: "Service keys revoked", es: "Claves de servicio revocadas", fr: "Clés de service révoquées", de: "Dienstschlüssel widerrufen", pt: "Chaves de serviço revogadas" }
    SECRET_KEY_ROTATED { en: "Secret key rotated", es: "Clave secreta renovada", fr: "Clé secrète renouvelée", de: "Geheimer Schlüssel gewechselt", pt: "Chave secreta trocada" }
    SECRET_KEY_RESEALED { en: "Everything sealed with the new secret key", es: "Todo sellado con la nueva clave secreta", fr: "Tout scellé avec la nouvelle clé secrète", de: "Alles mit dem neuen geheimen Schlüssel versiegelt", pt: "Tudo selado com a nova chave secreta" }
    KEYS_DISCARDED { en: "Signing keys made ahead discarded", es: "Claves de firma en reserva descartadas", fr: "Clés de signature en réserve jetées", de: "Signaturschlüssel auf Vorrat verworfen", pt: "Chaves de assinatura de reserva descartadas" }
    PLATFORM_CREATED { en: "Platform entered", es: "Plataforma introducida", fr: "Plateforme saisie", de: "Plattform eingetragen", pt: "Plataforma cadastrada" }
    PLATFORM_REGISTERED { en: "Registered by its LMS", es: "Registrada por su LMS", fr: "Enregistrée par son LMS", de: "Von ihrem LMS registriert", pt: "Registrada pelo seu LMS" }
    REGISTERED_AGAIN { en: "Registered again by its LMS", es: "Registrada de nuevo por su LMS", fr: "Enregistrée à nouveau par son LMS", de: "Von ihrem LMS erneut registriert", pt: "Registrada de novo pelo seu LMS" }
    REGISTRATION_APPROVED { en: "Registration approved", es: "Registro aprobado", fr: "Enregistrement approuvé", de: "Registrierung genehmigt", pt: "Registro aprovado" }
    PLATFORM_ACTIVATED { en: "Platform activated", es: "Plataforma activada", fr: "Plateforme activée", de: "Plattform aktiviert", pt: "Plataforma ativada" }
    PLATFORM_REFUSED { en: "Platform refused", es: "Plataforma rechazada", fr: "Plateforme refusée", de: "Plattform abgelehnt", pt: "Plataforma recusada" }
    PLATFORM_DEACTIVATED { en: "Platform deactivated", es: "Plataforma desactivada", fr: "Plateforme désactivée", de: "Plattform deaktiviert", pt: "Plataforma desativada" }
    PLATFORM_CHANGED { en: "Platform changed", es: "Plataforma cambiada", fr: "Plateforme modifiée", de: "Plattform geändert", pt: "Plataforma mudada" }
    PLATFORM_DELETED { en: "Platform deleted", es: "Plataforma eliminada", fr: "Plateforme supprimée", de: "Plattform gelöscht", pt: "Plataforma excluída" }
    KEY_ROTATED { en: "Signing key rotated", es: "Clave de firma renovada", fr: "Clé de signature renouvelée", de: "Signaturschlüssel gewechselt", pt: "Chave de assinatura trocada" }
    REGISTRATION_SENT { en: "Registration sent to the LMS", es: "Registro enviado al LMS", fr: "Enregistrement envoyé au LMS", de: "Registrierung ans LMS gesendet", pt: "Registro enviado ao LMS" }
    PLATFORM_TESTED { en: "Test person launched", es: "Persona de prueba lanzada", fr: "Personne de test lancée", de: "Testperson gestartet", pt: "Pessoa de teste lançada" }
    PLATFORM_CHECKED { en: "Platform checked", es: "Plataforma comprobada", fr: "Plateforme vérifiée", de: "Plattform geprüft", pt: "Plataforma verificada" }
    DEPLOYMENT_ENTERED { en: "Deployment entered", es: "Despliegue introducido", fr: "Déploiement saisi", de: "Deployment eingetragen", pt: "Implantação cadastrada" }
    DEPLOYMENT_ADDED { en: "Deployment added by its first launch", es: "Despliegue añadido por su primer acceso", fr: "Déploiement ajouté par son premier lancement", de: "Deployment durch seinen ersten Start aufgenommen", pt: "Implantação adicionada pelo seu primeiro acesso" }
    DEPLOYMENT_ALLOWED { en: "Deployment allowed", es: "Despliegue permitido", fr: "Déploiement autorisé", de: "Deployment erlaubt", pt: "Implantação permitida" }
    DEPLOYMENT_STOPPED { en: "Deployment stopped", es: "Despliegue detenido", fr: "Déploiement arrêté", de: "Deployment gestoppt", pt: "Implantação parada" }
    DEPLOYMENT_FORGOTTEN { en: "Deployment forgotten", es: "Despliegue olvidado", fr: "Déploiement oublié", de: "Deployment vergessen", pt: "Implantação esquecida" }
    DEPLOYMENT_DECIDED { en: "Deployment decided on", es: "Despliegue decidido", fr: "Déploiement décidé", de: "Über Deployment entschieden", pt: "Implantação decidida" }
    PERSON_BLOCKED { en: "Person blocked", es: "Persona bloqueada", fr: "Personne bloquée", de: "Person gesperrt", pt: "Pessoa bloqueada" }
    PERSON_UNBLOCKED { en: "Person let in again", es: "Persona desbloqueada", fr: "Personne débloquée", de: "Person wieder zugelassen", pt: "Pessoa desbloqueada" }
    INVITATION_MADE { en: "Invitation made", es: "Invitación creada", fr: "Invitation créée", de: "Einladung erstellt", pt: "Convite criado" }
    INVITATION_REVOKED { en: "Invitation revoked", es: "Invitación revocada", fr: "Invitation révoquée", de: "Einladung widerrufen", pt: "Convite revogado" }
    DELIVERY_RETRIED { en: "Grade tried again", es: "Nota reintentada", fr: "Note renvoyée", de: "Note erneut versucht", pt: "Nota tentada de novo" }
    DELIVERY_CANCELLED { en: "Grade given up", es: "Nota abandonada", fr: "Note abandonnée", de: "Note aufgegeben", pt: "Nota abandonada" }
    DELIVERIES_RETRIED { en: "Grades of one reason tried again", es: "Notas de un motivo reintentadas", fr: "Notes d’une même raison renvoyées", de: "Noten eines Grundes erneut versucht", pt: "Notas de um motivo tentadas de novo" }
    DELIVERIES_REPAIRED { en: "Missing grades sent again", es: "Notas que faltaban reenviadas", fr: "Notes manquantes renvoyées", de: "Fehlende Noten erneut gesendet", pt: "Notas que faltavam reenviadas" }
    WEBHOOK_MADE { en: "Webhook made", es: "Webhook creado", fr: "Webhook créé", de: "Webhook erstellt", pt: "Webhook criado" }
    WEBHOOK_CHANGED { en: "Webhook changed", es: "Webhook cambiado", fr: "Webhook modifié", de: "Webhook geändert", pt: "Webhook mudado" }
    WEBHOOK_ROTATED { en: "Secret of a webhook renewed", es: "Secreto del webhook renovado", fr: "Secret du webhook renouvelé", de: "Geheimnis des Webhooks erneuert", pt: "Segredo do webhook renovado" }
    WEBHOOK_REPLAYED { en: "Events sent again", es: "Eventos reenviados", fr: "Événements renvoyés", de: "Ereignisse erneut gesendet", pt: "Eventos reenviados" }
    WEBHOOK_DELETED { en: "Webhook deleted", es: "Webhook eliminado", fr: "Webhook supprimé", de: "Webhook gelöscht", pt: "Webhook excluído" }
    WEBHOOK_DISABLED { en: "Webhook switched off by us", es: "Webhook apagado por nosotros", fr: "Webhook arrêté par nous", de: "Webhook von uns ausgeschaltet", pt: "Webhook desligado por nós" }
    SETTINGS_CHANGED { en: "Settings changed", es: "Ajustes cambiados", fr: "Réglages modifiés", de: "Einstellungen geändert", pt: "Configurações mudadas" }
    LAUNCH_URL_CHANGED { en: "Launch URL changed", es: "URL de acceso cambiada", fr: "URL de lancement modifiée", de: "Start-Adresse geändert", pt: "URL de acesso mudada" }
    CONFIGURATION_APPLIED { en: "Configuration applied from a file", es: "Configuración aplicada desde un archivo", fr: "Configuration appliquée depuis un fichier", de: "Konfiguration aus einer Datei angewandt", pt: "Configuração aplicada de um arquivo" }
    DELIVERIES_ERASED { en: "A person’s grades on their way erased", es: "Notas en camino de una persona borradas", fr: "Notes en route d’une personne effacées", de: "Noten einer Person unterwegs gelöscht", pt: "Notas a caminho de uma pessoa apagadas" }
    BACKUP_MADE { en: "Backup downloaded", es: "Copia de seguridad descargada", fr: "Sauvegarde téléchargée", de: "Sicherung heruntergeladen", pt: "Backup baixado" }
    TOOL_MADE { en: "Tool made", es: "Herramienta creada", fr: "Outil créé", de: "Tool erstellt", pt: "Ferramenta criada" }
    TOOL_OWNER_LINK { en: "Link for the owner of a tool made", es: "Enlace para el propietario de una herramienta creado", fr: "Lien pour le propriétaire d’un outil créé", de: "Link für den Eigentümer eines Tools erstellt", pt: "Link para o proprietário de uma ferramenta criado" }
    TOOL_MOVED { en: "Tool moved", es: "Herramienta trasladada", fr: "Outil déplacé", de: "Tool umgezogen", pt: "Ferramenta movida" }
    TOOL_RENAMED { en: "Tool renamed", es: "Herramienta renombrada", fr: "Outil renommé", de: "Tool umbenannt", pt: "Ferramenta renomeada" }
    TOOL_REMOVED { en: "Tool removed", es: "Herramienta eliminada", fr: "Outil retiré", de: "Tool entfernt", pt: "Ferramenta removida" }
    TOOL_REGISTERED { en: "Tool registered with StudyReel", es: "Herramienta registrada en StudyReel", fr: "Outil enregistré auprès de StudyReel", de: "Tool bei StudyReel registriert", pt: "Ferramenta registrada no StudyReel" }
    STUDENT_CHANGED { en: "Student let in or shut out", es: "Estudiante activado o desactivado", fr: "Élève activé ou désactivé", de: "Lernende Person aktiviert oder deaktiviert", pt: "Estudante ativado ou desativado" }
    STUDENT_ERASED { en: "Student erased", es: "Estudiante borrado", fr: "Élève effacé", de: "Lernende Person gelöscht", pt: "Estudante apagado" }
    AUDIT_EXPORTED { en: "Audit log exported", es: "Registro de cambios exportado", fr: "Journal exporté", de: "Protokoll exportiert", pt: "Registro exportado" }
    CHANGE_UNFINISHED { en: "Begun, but its end is not known", es: "Empezado, pero no se sabe cómo terminó", fr: "Commencé, mais l’issue est inconnue", de: "Begonnen, aber der Ausgang ist nicht bekannt", pt: "Iniciado, mas não se sabe como terminou" }
    PATH_SAVED { en: "Learning path saved", es: "Itinerario guardado", fr: "Parcours enregistré", de: "Lernpfad gespeichert", pt: "Trilha salva" }
    PATH_DELETED { en: "Learning path deleted", es: "Itinerario eliminado", fr: "Parcours supprimé", de: "Lernpfad gelöscht", pt: "Trilha excluída" }
}
