//! The addresses of an LMS's page and of its form. They say since when the page looks for the LMS.

use super::lms::{LMSS, Lms, lms_of};
use crate::portal::query::{PageQuery, address};

/// The page that lists the LMSs.
pub(super) const CONNECT: &str = "/portal/connect";

/// A time in an address or a form: milliseconds since 1970.
pub(super) fn since_of(text: &str) -> Option<i64> {
    let since = text.parse::<i64>().ok()?;
    (since >= 0).then_some(since)
}

/// Since when a page looks, if its address says.
pub(super) fn since_in(query: &PageQuery) -> Option<i64> {
    query.text("since").and_then(|text| since_of(&text))
}

/// The page that looks for a platform, or for those that registered since.
pub(super) fn wizard_of(lms: &Lms, since: Option<i64>, platform: Option<&str>) -> String {
    let since = since.map(|since| since.to_string());
    let parameters = [("since", since.as_deref()), ("platform", platform)];
    address(&format!("/portal/connect/{}", lms.code), &parameters)
}

/// The form for a registration by hand, which leads back to a page that looks since then.
pub(super) fn by_hand_of(lms: &Lms, since: Option<i64>) -> String {
    let since = since.map(|since| since.to_string());
    let path = format!("/portal/connect/{}/by-hand", lms.code);
    address(&path, &[("since", since.as_deref())])
}

/// The same form, with the issuer and the client id of a login filled in. It is the form of the LMS
/// whose schools share this issuer, or else that of any other.
pub(crate) fn by_hand_with(issuer: Option<&str>, client_id: Option<&str>) -> String {
    let shared = LMSS.iter().find(|lms| Some(lms.shared.issuer) == issuer);
    let lms = shared.unwrap_or_else(|| lms_of("other"));
    let path = format!("/portal/connect/{}/by-hand", lms.code);
    address(&path, &[("issuer", issuer), ("clientId", client_id)])
}
