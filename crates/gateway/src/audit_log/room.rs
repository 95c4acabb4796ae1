//! What is needed to read the audit log.

use store::Db;

use crate::audit::Audit;

/// Reads the audit log. Cloning it is cheap.
#[derive(Clone)]
pub(crate) struct AuditLog {
    pub(crate) db: Db,
    pub(crate) audit: Audit,
}
