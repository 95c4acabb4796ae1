//! Changes that a command made and the audit log doesn't have.

use gateway::operator::Operator;

use crate::terminal::note;

/// Closes the store, and says if a change is not in the audit log.
pub(crate) async fn close(operator: Operator) {
    tell(operator.unrecorded());
    operator.close().await;
}

/// Says why a change is not in the audit log, if one isn't. The command doesn't fail: without the
/// secret key nothing can be recorded, and a stolen API key has to be revoked all the same.
pub(crate) fn tell(unrecorded: Option<String>) {
    if let Some(error) = unrecorded {
        // What the command did counts, whether or not anyone reads this.
        let _ = note(format_args!(
            "This was done. A server will record that it was begun, but what was done is not in the \
             audit log: {error}"
        ));
    }
}
