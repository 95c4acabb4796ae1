//! The rules of deliveries, without any I/O: what is accepted, what is sent, and what an answer
//! means.

pub(super) mod acceptance;
pub(super) mod before;
pub(super) mod body;
pub(super) mod cause;
pub(super) mod facts;
pub(super) mod known;
pub(super) mod last;
pub(super) mod reading;
pub(super) mod reason;
pub(super) mod shown;
pub(super) mod taken;
pub(super) mod too_old;
pub(super) mod vendor;
pub(super) mod verdict;
