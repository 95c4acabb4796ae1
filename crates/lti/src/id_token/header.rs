//! The JWS header (B.2 step 4).

use serde::Deserialize;
use serde_json::value::RawValue;

use super::Refusal;
use crate::claims::Strict;
use crate::json::JsonError;
use crate::key::{Algorithm, MAX_KID_BYTES};

#[derive(Deserialize)]
struct Header<'a> {
    #[serde(default)]
    alg: Strict<String>,
    #[serde(default)]
    typ: Strict<String>,
    #[serde(default)]
    kid: Strict<String>,
    #[serde(default)]
    b64: Strict<bool>,
    #[serde(borrow)]
    crit: Option<&'a RawValue>,
    #[serde(borrow)]
    jku: Option<&'a RawValue>,
    #[serde(borrow)]
    jwk: Option<&'a RawValue>,
    #[serde(borrow)]
    x5u: Option<&'a RawValue>,
    #[serde(borrow)]
    x5c: Option<&'a RawValue>,
}

/// Checks a header's text and gives its algorithm and key id.
pub(super) fn check(text: &str, allowed: &[Algorithm]) -> Result<(Algorithm, String), Refusal> {
    let header: Header<'_> = serde_json::from_str(text)
        .map_err(|error| Refusal::Header(JsonError::Shape(error.to_string())))?;

    let algorithm = header
        .alg
        .required(Refusal::AlgorithmMissing, Refusal::AlgorithmMissing)?;
    // The list decides; the header only chooses from it (I-11).
    let algorithm = Algorithm::from_name(&algorithm)
        .filter(|algorithm| allowed.contains(algorithm))
        .ok_or(Refusal::AlgorithmNotAllowed)?;
    if header
        .typ
        .optional(Refusal::TypeWrong)?
        .is_some_and(|typ| !typ.eq_ignore_ascii_case("JWT"))
    {
        return Err(Refusal::TypeWrong);
    }
    let kid = header
        .kid
        .required(Refusal::KidMissing, Refusal::KidMalformed)?;
    if kid.is_empty() {
        return Err(Refusal::KidMissing);
    }
    if kid.len() > MAX_KID_BYTES {
        return Err(Refusal::KidMalformed);
    }
    if header.crit.is_some() {
        return Err(Refusal::CriticalHeader);
    }
    if !matches!(header.b64, Strict::Absent | Strict::Value(true)) {
        return Err(Refusal::UnencodedPayload);
    }
    for (name, value) in [
        ("jku", header.jku),
        ("jwk", header.jwk),
        ("x5u", header.x5u),
        ("x5c", header.x5c),
    ] {
        if value.is_some() {
            return Err(Refusal::KeyInHeader(name));
        }
    }
    Ok((algorithm, kid.clone()))
}
