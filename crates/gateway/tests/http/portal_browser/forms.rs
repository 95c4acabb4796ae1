//! Pages that only a form leads to.

use super::PortalWindow;
use super::world::PortalWorld;

/// A form, and what it leads to.
pub(super) struct AfterForm {
    /// What the page after it is called here.
    pub(super) name: &'static str,
    /// Where the form is: a path, or the name of a page of the world.
    at: &'static str,
    /// What is filled in.
    fields: &'static [(&'static str, &'static str)],
    button: &'static str,
}

impl AfterForm {
    /// Fills it in and sends it.
    pub(super) async fn send(&self, window: &PortalWindow, world: &PortalWorld) {
        let named = world.pages.iter().find(|(page, _)| *page == self.at);
        self.send_at(window, named.map_or(self.at, |(_, path)| path.as_str())).await;
    }

    /// The same at this path.
    pub(super) async fn send_at(&self, window: &PortalWindow, path: &str) {
        window.open(path).await;
        for (field, value) in self.fields {
            window.fill(field, value).await;
        }
        window.follow(self.button).await;
    }
}

/// Some forms want a password that was given just now.
pub(super) async fn confirm(window: &PortalWindow, password: &str) {
    window.open("/portal/confirm").await;
    window.fill("[name=password]", password).await;
    window.follow("main form .primary").await;
}

const fn after(
    name: &'static str,
    at: &'static str,
    fields: &'static [(&'static str, &'static str)],
    button: &'static str,
) -> AfterForm {
    AfterForm { name, at, fields, button }
}

/// All of them.
pub(super) const AFTER_FORMS: &[AfterForm] = &[
    after(
        "invitation-made",
        "/portal/connect",
        &[("[name=platformName]", "Northfield Schools")],
        "form[action='/portal/connect/invites'] .primary",
    ),
    after(
        "key-made",
        "/portal/keys",
        &[("[name=name]", "grade worker")],
        "form[action='/portal/keys'] .primary",
    ),
    after("key-refused", "/portal/keys", &[], "form[action='/portal/keys'] .primary"),
    after(
        "webhook-made",
        "/portal/keys/webhooks",
        &[("[name=url]", "http://127.0.0.3:9/other")],
        "form[action='/portal/keys/webhooks'] .primary",
    ),
    after(
        "user-invited",
        "/portal/users",
        &[("[name=mail]", "tobin@school.example")],
        "form[action='/portal/users'] .primary",
    ),
    after(
        "second-step",
        "/portal/account",
        &[],
        "form[action='/portal/account/second-step'] button",
    ),
    after(
        "settings-refused",
        "/portal/settings",
        &[("[name=leewaySeconds]", "9000")],
        "main .primary",
    ),
    after(
        "by-hand-refused",
        "/portal/connect/canvas/by-hand",
        &[("[name=name]", "Northfield Schools")],
        "main form .primary",
    ),
    after("platform-check", "platform", &[], "form[action$='/check'] button"),
    after(
        "paths-preview",
        "/portal/paths",
        &[("#knownGrade", "4")],
        "form[action='/portal/paths/preview'] button",
    ),
    after("trial", "/portal/connect", &[], "form[action='/portal/trial'] button"),
];

/// Those of the first step on Home, which goes with the first launch.
pub(super) const OF_FIRST_STEPS: &[AfterForm] = &[
    after(
        "launch-url-refused",
        "/portal",
        &[("#url", "http://mara@127.0.0.3:9/app")],
        "form[action='/portal/launch-url'] button",
    ),
    after(
        "launch-url-saved",
        "/portal",
        &[("#url", "http://127.0.0.3:9/app")],
        "form[action='/portal/launch-url'] button",
    ),
    after("launch-url-tested", "/portal", &[], "form[action='/portal/launch-url/test'] button"),
];

/// Pages that need no picture of their own.
pub(super) const WITHOUT_PICTURE: &[AfterForm] = &[
    after(
        "a colour that is too pale",
        "/portal/settings",
        &[("#color", "#ffd400")],
        "form[action='/portal/settings/look'] button",
    ),
    after(
        "settings as JSON that are refused",
        "/portal/settings?as=json",
        &[("#json", "{")],
        "main form .primary",
    ),
    after(
        "a learning path that is refused",
        "/portal/paths?change=fractions",
        &[("#json", "{")],
        "main form .primary",
    ),
    after("a deletion without the name", "delete", &[("#name", "x")], "main form .danger"),
    after(
        "a launch URL that is tested",
        "/portal",
        &[],
        "form[action='/portal/launch-url/test'] button",
    ),
    after("what a search finds", "/portal", &[("#find", "127.0.0.1")], "form.find button"),
    after("a link for a new password", "user", &[], "form[action$='/new-password'] button"),
    after("a secret that is rotated", "webhook", &[], "main button[value=rotate]"),
    after("a link for a tool's owner", "tool", &[], "form[action$='/owner'] button"),
    after(
        "a host that is none",
        "tool",
        &[("#host", "https://quiz.example/")],
        "main form .primary",
    ),
    after("a question", "/portal/keys", &[], "main td a.danger"),
    after(
        "a change that would end launches",
        "rules",
        &[("#clientId", "another")],
        "main form .primary",
    ),
    after(
        "grades of a person",
        "/portal/deliveries",
        &[("#user", "5")],
        "form[action='/portal/deliveries/person'] button",
    ),
];
