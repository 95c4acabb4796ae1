//! Who changed what in a tool. Entries are only ever added, and a keyed hash chains each to the one
//! before, so that with the database alone no one can change, insert or remove an entry unnoticed
//! (docs/decisions/0321-the-audit-is-a-chain-of-keyed-hashes.md).
//!
//! An [`AuditEntry`] is written in the transaction of the change that it describes, or right after
//! it, and then the change is only confirmed once its entry is there; a [`BegunChange`] makes up
//! for a crash in between. It names users of the portal and what they acted on, but never a
//! student, because entries can't be erased.

mod action;
mod begun;
mod chain;
mod entry;
mod kept;
mod room;
mod turns;
mod unconfirmed;

pub(crate) use action::AuditAction;
pub(crate) use begun::BegunChange;
pub(crate) use chain::ChainState;
pub(crate) use entry::{Actor, ActorKind, AuditEntry, AuditLine};
pub(crate) use room::{Audit, AuditMark, AuditPart, details_identity};
pub(crate) use unconfirmed::unconfirmed;
