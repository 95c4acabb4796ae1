//! The `Authorization` header in all the forms that clients use (ltiaas-api.md §1.4).

use axum::http::header::AUTHORIZATION;
use axum::http::request::Parts;

use crate::web::problem::Problem;

/// A parsed header. Nothing in it has been checked.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Credentials<'a> {
    /// An API key alone.
    Bearer(&'a str),
    /// An API key together with a launch.
    Ltik {
        /// The key of the tool that the launch belongs to.
        api_key: &'a str,
        /// The launch's `ltik`.
        ltik: &'a str,
    },
    /// An API key for a platform's services, without a launch.
    Service {
        /// The key of the tool that the place belongs to.
        api_key: &'a str,
        /// The service key of a place in a platform.
        service_key: &'a str,
    },
}

impl<'a> Credentials<'a> {
    /// The credentials of a request.
    ///
    /// # Errors
    /// 401: the header is missing, malformed, or there are several.
    pub(crate) fn of(parts: &'a Parts) -> Result<Self, Problem> {
        let mut headers = parts.headers.get_all(AUTHORIZATION).iter();
        let header = headers.next().and_then(|value| value.to_str().ok());
        // A proxy may have checked the other one.
        if headers.next().is_some() {
            return Err(Problem::unauthorized(
                "The request has more than one Authorization header.",
            ));
        }
        header.and_then(Self::parse).ok_or_else(|| {
            Problem::unauthorized(
                "The Authorization header is missing or has another form than this address takes.",
            )
        })
    }

    /// The API key in them.
    pub(crate) fn api_key(self) -> &'a str {
        match self {
            Self::Bearer(api_key) | Self::Ltik { api_key, .. } | Self::Service { api_key, .. } => {
                api_key
            }
        }
    }

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
            let (api_key, service_key) = rest.split_once(':')?;
            return Some(Self::Service {
                api_key,
                service_key,
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
            Some(Credentials::Service {
                api_key: "key-1",
                service_key: "x.y.z"
            })
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
