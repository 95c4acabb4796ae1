//! Pages about access to the API and about events: API keys, service keys, webhooks, events.

mod event_line;
pub(crate) mod events;
pub(crate) mod hook;
pub(crate) mod hooks;
pub(crate) mod keys;
pub(crate) mod places;

use crate::web::texts::{Text, portal_keys as texts};

/// A page of this room.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum AccessTab {
    Keys,
    Places,
    Webhooks,
    Events,
}

/// A link to a page of this room.
struct AccessLink {
    label: Text,
    address: &'static str,
    is_current: bool,
}

/// Links to the pages of this room, with the current one marked.
fn tabs(current: AccessTab) -> [AccessLink; 4] {
    let all = [
        (AccessTab::Keys, texts::TAB_KEYS, "/portal/keys"),
        (
            AccessTab::Places,
            texts::TAB_PLACES,
            "/portal/keys/services",
        ),
        (
            AccessTab::Webhooks,
            texts::TAB_WEBHOOKS,
            "/portal/keys/webhooks",
        ),
        (AccessTab::Events, texts::TAB_EVENTS, "/portal/keys/events"),
    ];
    all.map(|(tab, label, address)| AccessLink {
        label,
        address,
        is_current: tab == current,
    })
}
