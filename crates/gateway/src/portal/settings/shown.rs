//! Settings as the portal's pages show them.

use serde_json::Value;

use crate::portal::people::person::Person;
use crate::portal::people::rights::OfSettings;
use crate::settings::addresses;

/// Without the logo, and without what is only for those who may change settings.
pub(super) fn shown(mut settings: Value, person: &Person) -> Value {
    if !person.may_change::<OfSettings>() {
        addresses::hide(&mut settings);
    }
    take_logo(&mut settings);
    settings
}

/// Removes the logo: its text is long, and of no use to people. If it is missing from what is sent
/// back, the settings keep it.
fn take_logo(settings: &mut Value) {
    let Some(members) = settings.as_object_mut() else {
        return;
    };
    let theme = members.get_mut("theme").and_then(Value::as_object_mut);
    let is_empty = theme.is_some_and(|theme| {
        theme.remove("logo");
        theme.is_empty()
    });
    if is_empty {
        members.remove("theme");
    }
}
