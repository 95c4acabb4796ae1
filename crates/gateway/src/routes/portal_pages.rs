//! The portal's addresses for platforms, failures, deliveries, keys, settings and students.

use axum::routing::{get, post};

use super::forms::{FORM_BYTES, FormRouter};
use crate::portal::access::{events, hook, hooks, keys, places};
use crate::portal::connect::{by_hand, choose, invites, wizard};
use crate::portal::deliveries::{list as delivery_list, one as delivery};
use crate::portal::failures::{find, list as failures, one, report};
use crate::portal::platforms::{
    blocked, check, delete, deployments, keys as platform_keys, launches, list, overview, queue,
    registration, remedies, rules, switch,
};
use crate::portal::settings::{look, page as settings};
use crate::portal::students::{paths, people, person};
use crate::portal::tools::{list as tools, one as tool, remove as tool_remove};
use crate::portal::usage;

/// Body limit for a form with a picture.
const LOGO_BYTES: usize = 1024 * 1024;

pub(super) fn router() -> FormRouter {
    platforms()
        .merge(one_platform())
        .merge(connecting())
        .merge(attempts())
        .merge(programs())
        .merge(studyreel())
        .merge(all_tools())
        .merge(logo())
        .route("/portal/settings", get(settings::show).post(settings::save))
        .route("/portal/settings/error-page", get(look::error_page))
        .route("/portal/usage", get(usage::show))
        .route("/portal/usage.csv", get(usage::csv))
}

fn logo() -> FormRouter {
    // Above the logo's own limit, so that the page can say that a logo is too large.
    FormRouter::up_to(LOGO_BYTES).route("/portal/settings/look", post(look::save))
}

fn platforms() -> FormRouter {
    FormRouter::up_to(FORM_BYTES)
        .route("/portal/platforms", get(list::list))
        .route("/portal/platforms/waiting", get(queue::show))
        .route("/portal/platforms/waiting/{key}", post(queue::approve))
}

fn one_platform() -> FormRouter {
    FormRouter::up_to(FORM_BYTES)
        .route("/portal/platforms/{id}", get(overview::show))
        .route("/portal/platforms/{id}/activate", post(switch::activate))
        .route(
            "/portal/platforms/{id}/deactivate",
            get(switch::ask).post(switch::deactivate),
        )
        .route(
            "/portal/platforms/{id}/registration",
            get(registration::show).post(registration::send_ours),
        )
        .route(
            "/portal/platforms/{id}/deployments",
            get(deployments::show).post(deployments::change),
        )
        .route(
            "/portal/platforms/{id}/deployments/stop",
            get(deployments::ask_to_stop),
        )
        .route(
            "/portal/platforms/{id}/deployments/forget",
            get(deployments::ask_to_forget),
        )
        .route(
            "/portal/platforms/{id}/keys",
            get(platform_keys::show).post(platform_keys::rotate),
        )
        .route("/portal/platforms/{id}/keys/now", get(platform_keys::ask))
        .route(
            "/portal/platforms/{id}/settings",
            get(rules::show).post(rules::save),
        )
        .route(
            "/portal/platforms/{id}/blocked",
            get(blocked::show).post(blocked::change),
        )
        .route("/portal/platforms/{id}/launches", get(launches::show))
        .route(
            "/portal/platforms/{id}/delete",
            get(delete::ask).post(delete::delete),
        )
        .route("/portal/platforms/{id}/check", post(check::check))
        .route("/portal/platforms/{id}/fetch-keys", post(check::fetch_keys))
        .route("/portal/platforms/{id}/leeway", post(remedies::leeway))
        .route(
            "/portal/platforms/{id}/client-id",
            post(remedies::client_id),
        )
        .route(
            "/portal/platforms/{id}/frame-origin",
            post(remedies::frame_origin),
        )
}

fn connecting() -> FormRouter {
    FormRouter::up_to(FORM_BYTES)
        .route("/portal/connect", get(choose::show))
        .route("/portal/connect/invites", post(invites::make))
        .route("/portal/connect/invites/{id}/revoke", post(invites::revoke))
        .route("/portal/connect/{lms}", get(wizard::show))
        .route(
            "/portal/connect/{lms}/by-hand",
            get(by_hand::show).post(by_hand::save),
        )
}

fn attempts() -> FormRouter {
    FormRouter::up_to(FORM_BYTES)
        .route("/portal/find", get(find::show).post(find::search))
        .route("/portal/failures", get(failures::show))
        .route("/portal/failures/{reference}", get(one::show))
        .route("/portal/failures/{reference}/report", get(report::show))
        .route(
            "/portal/deliveries",
            get(delivery_list::show).post(delivery_list::retry_all),
        )
        .route(
            "/portal/deliveries/person",
            post(delivery_list::of_person::find),
        )
        .route(
            "/portal/deliveries/{id}",
            get(delivery::show).post(delivery::change),
        )
}

/// For programs: keys, webhooks, events.
fn programs() -> FormRouter {
    FormRouter::up_to(FORM_BYTES)
        .route("/portal/keys", get(keys::show).post(keys::make))
        .route(
            "/portal/keys/{id}/revoke",
            get(keys::ask).post(keys::revoke),
        )
        .route("/portal/keys/services", get(places::show))
        .route(
            "/portal/keys/services/{id}/revoke",
            get(places::ask).post(places::revoke),
        )
        .route("/portal/keys/webhooks", get(hooks::show).post(hooks::make))
        .route(
            "/portal/keys/webhooks/{id}",
            get(hook::show).post(hook::change),
        )
        .route("/portal/keys/webhooks/{id}/delete", get(hook::ask))
        .route("/portal/keys/events", get(events::show))
}

fn studyreel() -> FormRouter {
    FormRouter::up_to(FORM_BYTES)
        .route("/portal/people", get(people::show).post(people::find))
        .route(
            "/portal/people/{id}",
            get(person::show).post(person::change),
        )
        .route(
            "/portal/people/{id}/erase",
            get(person::ask).post(person::erase),
        )
        .route("/portal/paths", get(paths::show).post(paths::save))
        .route("/portal/paths/preview", post(paths::preview))
        .route("/portal/paths/delete", get(paths::ask))
}

/// The tools of the installation.
fn all_tools() -> FormRouter {
    FormRouter::up_to(FORM_BYTES)
        .route("/portal/tools", get(tools::show).post(tools::make))
        .route("/portal/tools/{id}", get(tool::show).post(tool::change))
        .route("/portal/tools/{id}/owner", post(tool::new_owner))
        .route(
            "/portal/tools/{id}/remove",
            get(tool_remove::ask).post(tool_remove::remove),
        )
}
