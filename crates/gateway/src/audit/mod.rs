//! Who changed what in a tool. Entries are only added, and each is chained to the previous one by a keyed hash: with
//! access to the database alone, no one can change, insert or remove one unnoticed
//! (docs/decisions/0321-the-audit-is-a-chain-of-keyed-hashes.md).
//!
//! An [`AuditEntry`] is written in the transaction of the change that it describes. It names users of the portal and
//! what they changed, but never a student, because no entry can be erased.

mod action;
mod chain;
mod entry;
mod kept;
mod room;

pub(crate) use action::AuditAction;
pub(crate) use chain::ChainState;
pub(crate) use entry::{Actor, ActorKind, AuditEntry, AuditLine};
pub(crate) use room::{Audit, AuditPart, details_identity};
