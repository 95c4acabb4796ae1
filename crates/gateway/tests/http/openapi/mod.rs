//! `/openapi.json` and `/docs`, and the contract that all other tests hold answers against.

pub(crate) mod contract;
mod document;
mod served;
