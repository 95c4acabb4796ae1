//! Launches: from here on every launch looks the same, whichever adapter verified it
//! (decision 0001).
//!
//! An adapter verifies a launch, converts it to a [`Launch`] and stores it in [`Launches`].
//! [`handoff`] sends the browser to the application with an `ltik`, and [`id_token`] tells the
//! application who launched. Nothing here knows the individual adapters: they are entries in a
//! table ([`Adapter`]).

mod adapter;
mod answer;
mod document;
pub(crate) mod facts;
pub(crate) mod handoff;
pub(crate) mod id_token;
mod known_line_items;
mod launches;
mod ltik;
pub(crate) mod reservations;
mod rows;
mod seen_places;
pub(crate) mod service_keys;
mod service_place;
mod service_places;
mod standing;
mod verified;
mod with_ltik;
mod with_services;

pub(crate) use adapter::{Adapter, Adapters, EndReason, RawMembers};
pub(crate) use launches::Launches;
pub(crate) use ltik::Ltiks;
pub(crate) use rows::identity;
pub(crate) use service_place::{
    GradeAddresses, GroupAddresses, ServicePlace, is_address as is_service_address,
};
pub(crate) use service_places::{PlaceNews, identity as place_identity};
pub(crate) use verified::{Launch, Nonce, Release};
pub(crate) use with_ltik::WithLtik;
pub(crate) use with_services::{NOT_AVAILABLE, WithServices};

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a panic is how a test fails")]
mod tests;
