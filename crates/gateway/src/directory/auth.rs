//! Who may use the API: the `Authorization` header of ltiaas-api.md §1.4.

use std::sync::Arc;

use axum::extract::FromRequestParts;
use axum::http::header::AUTHORIZATION;
use axum::http::request::Parts;

use crate::app::App;
use crate::directory::tools::Tool;
use crate::kit::seal;
use crate::web::problem::Problem;
use store::api_keys;

const BAD_KEY: &str = "Invalid API key";

/// A parsed header: what is claimed, nothing checked.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Credentials<'a> {
    Bearer(&'a str),
    Ltik { api_key: &'a str, ltik: &'a str },
    Service { api_key: &'a str },
}

impl<'a> Credentials<'a> {
    fn parse(header: &'a str) -> Option<Self> {
        let (scheme, rest) = header.trim().split_once(' ')?;
        let rest = rest.trim();
        if scheme.eq_ignore_ascii_case("bearer") {
            return Some(Self::Bearer(rest));
        }
        if scheme.eq_ignore_ascii_case("ltik-auth-v2") {
            let (api_key, ltik) = rest.split_once(':')?;
            return Some(Self::Ltik { api_key, ltik });
        }
        if scheme.eq_ignore_ascii_case("service-auth-v1") {
            return Some(Self::Service {
                api_key: rest.split_once(':')?.0,
            });
        }
        if !scheme.eq_ignore_ascii_case("ltik-auth-v1") {
            return None;
        }
        let part = |name: &str| {
            rest.split(',').find_map(|part| {
                part.split_once('=')
                    .filter(|(key, _)| key.trim().eq_ignore_ascii_case(name))
            })
        };
        let (_, ltik) = part("token")?;
        let (scheme, api_key) = part("additional")?.1.trim().split_once(' ')?;
        scheme.eq_ignore_ascii_case("bearer").then(|| Self::Ltik {
            api_key: api_key.trim(),
            ltik: ltik.trim(),
        })
    }
}

pub(crate) fn credentials(parts: &Parts) -> Result<Credentials<'_>, Problem> {
    parts
        .headers
        .get(AUTHORIZATION)
        .and_then(|value| value.to_str().ok())
        .and_then(Credentials::parse)
        .ok_or_else(|| {
            Problem::unauthorized(
                "The Authorization header is missing or has another form than this address takes.",
            )
        })
}

pub(crate) async fn tool_of(app: &App, api_key: &str) -> Result<Arc<Tool>, Problem> {
    let hash = api_key_hash(api_key);
    let tool_id = match app.api_keys.get(&hash) {
        Some(tool_id) => tool_id,
        None => {
            let found = app.db.look_up(|mut tx| {
                let hash = hash.clone();
                Box::pin(async move { api_keys::tool_of(&mut tx, hash).await })
            });
            let found = found.await?;
            let tool_id: Arc<str> = found.ok_or_else(|| Problem::unauthorized(BAD_KEY))?.into();
            app.api_keys.insert(hash, Arc::clone(&tool_id));
            tool_id
        }
    };
    app.tools
        .by_id(&tool_id)
        .ok_or_else(|| Problem::unauthorized(BAD_KEY))
}

/// The hash under which an API key is stored.
pub fn api_key_hash(api_key: &str) -> Vec<u8> {
    seal::hash(&["api key", api_key])
}

/// A request with `Bearer <API key>`: for registrations, platforms and settings.
pub struct WithApiKey(pub Arc<Tool>);

impl FromRequestParts<App> for WithApiKey {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Problem> {
        match credentials(parts)? {
            Credentials::Bearer(api_key) => tool_of(app, api_key).await.map(Self),
            _ => Err(Problem::unauthorized(
                "This address takes: Authorization: Bearer <API key>",
            )),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_written_form_of_the_header_is_read() {
        let ltik = Some(Credentials::Ltik {
            api_key: "key-1",
            ltik: "a.b.c",
        });
        assert_eq!(Credentials::parse("LTIK-AUTH-V2 key-1:a.b.c"), ltik);
        assert_eq!(Credentials::parse("ltik-auth-v2  key-1:a.b.c "), ltik);
        assert_eq!(
            Credentials::parse("LTIK-AUTH-V1 Token=a.b.c, Additional=Bearer key-1"),
            ltik
        );
        assert_eq!(
            Credentials::parse("LTIK-AUTH-V1 Token=a.b.c,Additional=Bearer key-1"),
            ltik
        );
        assert_eq!(
            Credentials::parse("LTIK-AUTH-V1 Additional=Bearer key-1,   Token=a.b.c"),
            ltik
        );
        assert_eq!(
            Credentials::parse("Bearer key-1"),
            Some(Credentials::Bearer("key-1"))
        );
        assert_eq!(
            Credentials::parse("SERVICE-AUTH-V1 key-1:x.y.z"),
            Some(Credentials::Service { api_key: "key-1" })
        );
        for bad in [
            "",
            "Bearer",
            "LTIK-AUTH-V2 key-1",
            "LTIK-AUTH-V1 Token=a",
            "Basic a:b",
            "LTIK-AUTH-V1 Token=a, Additional=Basic x",
        ] {
            assert_eq!(Credentials::parse(bad), None, "{bad}");
        }
    }
}
