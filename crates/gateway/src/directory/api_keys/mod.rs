//! API keys: several per tool, each with a name and a scope (docs/keys.md, decisions 0110 to 0112).

pub(crate) mod api;
pub(crate) mod failures;
pub mod guessable;
pub(crate) mod keyring;
pub mod new;
pub(crate) mod recheck;
pub mod scope;

#[cfg(test)]
mod tests;
