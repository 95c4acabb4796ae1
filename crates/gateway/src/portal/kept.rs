//! What was filled in on a page whose form had to wait until its sender proved who they are. The
//! browser carries it, sealed for its session, and the page fills it in again, once. Only the
//! fields named here: none of them is a secret.

use serde::{Deserialize, Serialize};

/// Pages, and the fields of their forms that are kept.
static KEPT: [(&str, &[&str]); 3] = [
    ("/portal/users", &["mail", "role"]),
    ("/portal/keys", &["name", "scope", "ends"]),
    ("/portal/tools", &["name", "host"]),
];
/// Its maximum size in bytes, so that the cookie has room for it, sealed and encoded in base64.
const MOST_BYTES: usize = 1400;

/// What was filled in.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct KeptForm {
    page: String,
    fields: Vec<(String, String)>,
}

impl KeptForm {
    /// What a form of this page contained, if anything of it is kept.
    pub(super) fn of(page: &str, field: &dyn Fn(&str) -> Option<String>) -> Option<Self> {
        let (_, names) = KEPT.iter().find(|(kept, _)| *kept == page)?;
        let fields = names.iter();
        let fields = fields.filter_map(|name| Some(((*name).to_owned(), field(name)?)));
        let fields: Vec<(String, String)> = fields.collect();
        (!fields.is_empty()).then(|| Self {
            page: page.to_owned(),
            fields,
        })
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
            assert!(names.iter().all(|name| !secrets.contains(name)), "{page}");
        }
    }
}
