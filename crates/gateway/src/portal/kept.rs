//! What was filled in on a page whose form had to wait until its sender proved who they are. The
//! browser carries it, sealed for its session, and the page fills it in again, once, in the window
//! that sent it: its id is in that window's address, and other windows leave it. Only the fields
//! named here: none of them is a secret.

use axum::http::Uri;
use serde::{Deserialize, Serialize};

use super::cookies::KeptSlot;
use crate::web::form;

/// Fields of a platform. Everything about it is public, its key and addresses included.
const OF_PLATFORM: &[&str] = &[
    "name",
    "url",
    "clientId",
    "authenticationEndpoint",
    "accesstokenEndpoint",
    "authorizationServer",
    "method",
    "key",
    "keyDelivery",
];
/// Its rules, which are public as well.
const RULES: &[&str] = &[
    "unknownDeployments",
    "leewaySeconds",
    "maxAgeSeconds",
    "anonymous",
    "deepLinkingBy",
    "frameOrigins",
    "algRS256",
    "algRS384",
    "algRS512",
    "algES256",
];
/// Which version of a platform a page showed.
const VERSION: &[&str] = &["version"];

/// An invitation for an LMS's administrator.
const OF_INVITE: &[&str] = &["platformName", "uses", "ends", "mode"];

/// A registration that is approved: which, and the name typed for its platform.
const OF_APPROVAL: &[&str] = &["key", "name"];

/// Pages, and the fields of their forms that are kept. A `*` stands for any one segment.
static KEPT: [(&str, &[&[&str]]); 9] = [
    ("/portal", &[OF_APPROVAL]),
    ("/portal/platforms/waiting", &[OF_APPROVAL]),
    ("/portal/users", &[&["mail", "role"]]),
    ("/portal/keys", &[&["name", "scope", "ends"]]),
    ("/portal/tools", &[&["name", "host"]]),
    (
        "/portal/platforms/*/settings",
        &[OF_PLATFORM, RULES, VERSION],
    ),
    ("/portal/connect", &[OF_INVITE]),
    ("/portal/connect/*", &[OF_INVITE]),
    (
        "/portal/connect/*/by-hand",
        &[OF_PLATFORM, &["deploymentId"]],
    ),
];
/// The parameter of an address with the id of what is filled in there.
const KEPT_ID: &str = "kept";
/// Its maximum size in bytes, so that the cookie has room for it, sealed and encoded in base64.
const MOST_BYTES: usize = 1400;

/// What was filled in.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct KeptForm {
    id: String,
    /// When it was sent, in milliseconds since 1970.
    at: i64,
    page: String,
    fields: Vec<(String, String)>,
}

impl KeptForm {
    /// What a form of this page contained, if anything of it is kept.
    pub(super) fn of(page: &str, field: &dyn Fn(&str) -> Option<String>) -> Option<Self> {
        let (_, names) = KEPT.iter().find(|(kept, _)| stands_for(kept, page))?;
        let fields = names.iter().copied().flatten();
        let fields = fields.filter_map(|name| Some(((*name).to_owned(), field(name)?)));
        let fields: Vec<(String, String)> = fields.collect();
        (!fields.is_empty()).then(|| Self {
            id: String::new(),
            at: 0,
            page: page.to_owned(),
            fields,
        })
    }

    /// Tells it from those of other windows, by an id of letters and digits.
    #[must_use]
    pub(super) fn sent(self, id: String, at: i64) -> Self {
        Self { id, at, ..self }
    }

    /// The address at which it is filled in.
    pub(super) fn address(&self) -> String {
        format!("{}?{KEPT_ID}={}", self.page, self.id)
    }

    fn is_at(&self, address: &Uri) -> bool {
        let query = address.query().unwrap_or_default();
        let id = form::field(query.as_bytes(), KEPT_ID);
        self.is_of(address.path()) && id.as_deref() == Some(&*self.id)
    }

    /// The cookie's value, before it is sealed; `None` if it is too long.
    pub(super) fn to_cookie(&self) -> Option<Vec<u8>> {
        let whole = serde_json::to_vec(self).ok()?;
        (whole.len() <= MOST_BYTES).then_some(whole)
    }

    /// Whether it is a form of this page.
    pub(super) fn is_of(&self, page: &str) -> bool {
        self.page == page
    }

    /// The value of a field of this page.
    pub(crate) fn field(&self, page: &str, name: &str) -> Option<&str> {
        let mut fields = self.fields.iter().filter(|_| self.is_of(page));
        let found = fields.find(|(known, _)| known == name);
        found.map(|(_, value)| value.as_str())
    }
}

/// What the windows of a browser keep, a cookie for each.
#[derive(Clone, Debug, Default)]
pub(crate) struct KeptForms {
    all: Vec<(KeptSlot, KeptForm)>,
    /// Which of them is filled in at the address of this request.
    here: Option<usize>,
}

impl KeptForms {
    /// For a request for this address.
    pub(super) fn new(all: Vec<(KeptSlot, KeptForm)>, address: &Uri) -> Self {
        let here = all.iter().position(|(_, form)| form.is_at(address));
        Self { all, here }
    }

    fn here(&self) -> Option<&(KeptSlot, KeptForm)> {
        self.all.get(self.here?)
    }

    /// What this page fills in.
    pub(crate) fn form(&self) -> Option<&KeptForm> {
        self.here().map(|(_, form)| form)
    }

    /// The cookie that this page spends.
    pub(super) fn spent(&self) -> Option<KeptSlot> {
        self.here().map(|(slot, _)| *slot)
    }

    /// Whether something is filled in at this address.
    pub(super) fn is_at(&self, address: &str) -> bool {
        self.all.iter().any(|(_, form)| form.address() == address)
    }

    /// Another address of this page, which has a query, at which the same is filled in.
    pub(super) fn along(&self, address: String) -> String {
        match self.form() {
            Some(form) => format!("{address}&{KEPT_ID}={}", form.id),
            None => address,
        }
    }

    /// The cookie for the next form: a free one, or the one of the oldest form.
    pub(super) fn free(&self) -> KeptSlot {
        let is_free = |slot: &KeptSlot| self.all.iter().all(|(taken, _)| taken != slot);
        let oldest = self.all.iter().min_by_key(|(_, form)| form.at);
        let oldest = oldest.map_or(KeptSlot::First, |(slot, _)| *slot);
        KeptSlot::ALL.into_iter().find(is_free).unwrap_or(oldest)
    }
}

/// Whether a row of the table is about this page.
fn stands_for(kept: &str, page: &str) -> bool {
    let Some((begins, ends)) = kept.split_once('*') else {
        return kept == page;
    };
    let rest = page.strip_prefix(begins);
    let segment = rest.and_then(|rest| rest.strip_suffix(ends));
    segment.is_some_and(|segment| !segment.is_empty() && !segment.contains('/'))
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a panic is how a test fails")]
mod tests {
    use super::*;

    #[test]
    fn no_secret_is_kept_and_nothing_for_another_page() {
        let sent = |name: &str| Some(format!("the {name}"));
        let kept = KeptForm::of("/portal/users", &sent).unwrap();
        assert_eq!(kept.field("/portal/users", "mail"), Some("the mail"));
        assert_eq!(kept.field("/portal/users", "token"), None);
        assert_eq!(kept.field("/portal/keys", "mail"), None);
        assert!(kept.to_cookie().is_some());
        let long = |_: &str| Some("x".repeat(MOST_BYTES));
        assert!(
            KeptForm::of("/portal/users", &long)
                .unwrap()
                .to_cookie()
                .is_none()
        );
        assert!(KeptForm::of("/portal/account", &sent).is_none());
        assert!(KeptForm::of("/portal/users", &|_| None).is_none());
        let secrets = [
            "password", "current", "new", "code", "token", "secret", "url", "json",
        ];
        for (page, names) in &KEPT {
            // The `url` of a platform is its issuer, which is public; a webhook's may be a secret.
            let mut names = names
                .iter()
                .copied()
                .flatten()
                .filter(|name| !(page.contains('*') && **name == "url"));
            assert!(names.all(|name| !secrets.contains(name)), "{page}");
        }
    }

    #[test]
    fn a_window_keeps_what_it_sent_and_the_oldest_makes_room() {
        let page = "/portal/users";
        let sent = |id: &str, at| {
            let form = KeptForm::of(page, &|_| Some(id.to_owned())).unwrap();
            form.sent(id.to_owned(), at)
        };
        let at = |address: &str| {
            let all = [KeptSlot::First, KeptSlot::Second].into_iter();
            let all = all.zip([sent("B", 2), sent("A", 1)]).collect();
            KeptForms::new(all, &address.parse().unwrap())
        };
        for (address, filled) in [
            ("/portal/users?kept=A", Some("A")),
            ("/portal/users?from=25&kept=B", Some("B")),
            ("/portal/users?kept=C", None),
            ("/portal/users", None),
            ("/portal/keys?kept=A", None),
        ] {
            let form = at(address);
            let mail = form.form().and_then(|form| form.field(page, "mail"));
            assert_eq!(mail, filled, "{address}");
        }
        let kept = at("/portal/users?kept=A");
        assert!(kept.is_at("/portal/users?kept=B") && !kept.is_at("/portal/users"));
        assert_eq!(kept.spent(), Some(KeptSlot::Second));
        assert_eq!(
            kept.along("/portal/users?x=1".into()),
            "/portal/users?x=1&kept=A"
        );
        assert_eq!(kept.free(), KeptSlot::Second);
        assert_eq!(KeptForms::default().free(), KeptSlot::First);
    }

    #[test]
    fn a_platforms_form_is_kept_for_that_platform_alone() {
        let sent = |name: &str| Some(format!("the {name}"));
        let page = "/portal/platforms/AAAA/settings";
        let kept = KeptForm::of(page, &sent).unwrap();
        assert_eq!(kept.field(page, "clientId"), Some("the clientId"));
        assert!(kept.is_of(page) && !kept.is_of("/portal/platforms/BBBB/settings"));
        for other in [
            "/portal/platforms/AAAA",
            "/portal/platforms/AAAA/keys/settings",
            "/portal/platforms//settings",
        ] {
            assert!(KeptForm::of(other, &sent).is_none(), "{other}");
        }
        for name in crate::portal::platforms::form::ALGORITHMS {
            assert!(kept.field(page, &format!("alg{name}")).is_some(), "{name}");
        }
    }
}
