//! All settings, each defined once.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

use store::Pooler;
use studyreel::placement::LearningPath;

use super::error::ConfigError;
use super::first_tool::FirstTool;
use super::fixed::Fixed;
use super::given::{GivenSetting, Values};
use super::oidc;
use super::read;
use super::setting::{Setting, SettingKind, Unset};
use crate::kit::outbound::AllowList;
use crate::settings::log_format::LogFormat;
use crate::settings::proxies::{ForwardedHeader, TrustedProxies};
use crate::settings::public_url::PublicUrl;

/// Declares [`Config`], [`SETTINGS`] and [`read`] from one table.
///
/// Each setting has its meaning as a doc comment, then
/// `key: Type, Kind, Unset(default) => how it is read;`. How it is read may depend on the settings
/// above it.
macro_rules! settings {
    ($given:ident: $(
        $(#[doc = $meaning:literal])+
        $key:ident: $type:ty, $kind:ident, $unset:ident($default:literal) => $read:expr;
    )+) => {
        /// The checked settings of one start.
        #[derive(Clone, Debug)]
        pub struct Config {
            $($(#[doc = $meaning])+ pub $key: $type,)+
            /// Values that no setting changes.
            pub fixed: Fixed,
        }

        /// Every setting, in the order of the documentation.
        pub static SETTINGS: [Setting; [$(stringify!($key)),+].len()] = [$(Setting {
            key: stringify!($key),
            default: Unset::$unset($default),
            meaning: concat!($($meaning),+).trim_ascii(),
            kind: SettingKind::$kind,
        }),+];

        impl Config {
            /// The settings that have another value in `other`.
            pub fn differences(&self, other: &Self) -> Vec<&'static str> {
                let mut different = Vec::new();
                $(
                    // Every part of a value appears here, even if it can't be compared.
                    if format!("{:?}", self.$key) != format!("{:?}", other.$key) {
                        different.push(stringify!($key));
                    }
                )+
                different
            }
        }

        /// Reads and checks all settings.
        pub(super) fn read(values: &Values) -> Result<Config, ConfigError> {
            let [$($key),+] = &SETTINGS;
            $(
                let $given = GivenSetting { setting: $key, values };
                let $key: $type = $read?;
            )+
            Ok(Config { $($key,)+ fixed: Fixed::default() })
        }
    };
}

settings! { given:
    /// Address and port to listen on.
    listen: SocketAddr, Text, Value("127.0.0.1:8080") => read::parsed(&given, read::address);

    /// The address the world uses; https, unless the host is a loopback address.
    public_url: PublicUrl, Text, Words("`http://` and `listen`, if that is a loopback address; else `http://127.0.0.1:8080`") =>
        read::public_url(&given, listen);

    /// Folder for the embedded database and the secret key.
    data_dir: PathBuf, Text, Value("./hallpass-data") => read::parsed(&given, read::data_dir);

    /// The database: `sqlite:<file>` or `postgres://user:password@host/database`.
    database_url: String, Secret, Words("`sqlite:<data_dir>/hallpass.db`") => read::database_url(&given, &data_dir);

    /// The `pool_mode` of a pooler such as PgBouncer in front of PostgreSQL: `none` without one,
    /// `session` or `transaction`.
    database_pooler: Pooler, Text, Value("none") => read::parsed(&given, read::pooler);

    /// The PostgreSQL server behind the pooler, used for migrations.
    database_direct_url: Option<String>, Secret, Words("`database_url`") => read::checked(&given, read::direct_url);

    /// 32 bytes in hexadecimal or base64 that seal every stored secret; further keys, after commas,
    /// only open what they sealed.
    secret_key: Option<String>, SecretList, Words("made on first start in `data_dir`") => read::text(&given);

    /// PEM file with the certificate chain, for built-in TLS.
    tls_cert: Option<PathBuf>, Text, Words("none") => read::path(&given);

    /// PEM file with the private key of `tls_cert`.
    tls_key: Option<PathBuf>, Text, Words("none") => read::path(&given);

    /// Addresses and networks, comma-separated, of the proxies in front, whose header has the
    /// client's address.
    trusted_proxies: TrustedProxies, List, Value("") => read::parsed(&given, TrustedProxies::parse);

    /// The header they write: `x-forwarded-for` or `forwarded`.
    forwarded_header: ForwardedHeader, Text, Value("x-forwarded-for") => read::parsed(&given, ForwardedHeader::parse);

    /// Seconds that a connection may be idle between two requests: longer than the proxy in front
    /// keeps its own open.
    idle_timeout: Duration, Number, Value("75") => read::parsed(&given, |text| read::seconds(text, 1..=3600));

    /// Seconds that a stopping server keeps serving, while `/readyz` answers 503 and load balancers
    /// switch away.
    shutdown_delay: Duration, Number, Words("`5`; `0` if `public_url` is http") =>
        read::shutdown_delay(&given, &public_url);

    /// Hosts, host:port pairs or networks, comma-separated, that may be private or plain http; if
    /// `public_url` is http, loopback addresses need no entry.
    outbound_allow: AllowList, List, Value("") => read::parsed(&given, AllowList::parse);

    /// The first API key, preferably at least 32 random characters; only read on the first start.
    bootstrap_api_key: Option<String>, Secret, Words("made and printed once") => read::checked(&given, read::api_key);

    /// The password of the portal's owner, who signs in as `admin`; only read on the first start.
    bootstrap_admin_password: Option<String>, Secret, Words("an address that makes the owner") =>
        read::checked(&given, read::password);

    /// Issuer of the identity provider for signing in to the portal (OpenID Connect), exactly as in
    /// its tokens.
    portal_oidc_issuer: Option<String>, Text, Words("none") =>
        read::checked(&given, |text| oidc::issuer(text, public_url.is_developer_mode()));

    /// The client id that the provider issued to this service.
    portal_oidc_client_id: Option<String>, Text, Words("none") => read::checked(&given, oidc::not_empty);

    /// The secret that came with it.
    portal_oidc_client_secret: Option<String>, Secret, Words("none") => read::checked(&given, oidc::not_empty);

    /// The provider's name on its button, after "Sign in with".
    portal_oidc_label: Option<String>, Text, Words("the issuer's host") => read::checked(&given, oidc::label);

    /// Domains, comma-separated, of the addresses that may sign in there; empty: all.
    portal_oidc_domains: Vec<String>, List, Value("") => read::parsed(&given, oidc::domains);

    /// Role in the first tool's portal for people of these domains without an invitation: `viewer`,
    /// `support` or `registrar`.
    portal_oidc_role: Option<String>, Text, Words("none: only invited people may sign in") =>
        read::checked(&given, oidc::role);

    /// Addresses that the provider doesn't mark as verified are `refused` or `taken`; use `taken`
    /// only if users there can't choose their own.
    portal_oidc_unverified: bool, Text, Value("refused") => read::parsed(&given, oidc::unverified);

    /// Passwords of users connected with the provider are `kept`, or `off` for signing in.
    portal_oidc_passwords: bool, Text, Value("kept") => read::parsed(&given, oidc::passwords);

    /// StudyReel's `x-api-key`, for `hallpass studyreel register`.
    studyreel_api_key: Option<String>, Secret, Words("asked for") => read::text(&given);

    /// `text` or `json`.
    log_format: LogFormat, Text, Value("text") => read::parsed(&given, LogFormat::parse);

    /// `error`, `warn`, `info`, `debug` or `trace`, or a filter such as `info,gateway=debug`; one
    /// without a level for everything logs only what it names.
    log_level: String, Text, Value("info") => read::parsed(&given, read::log_level);

    /// The tool's own settings at first start: a `[tool]` table, or a JSON object.
    tool: FirstTool, Json, Words("each member's own") => read::tool(&given);

    /// StudyReel's learning paths, applied at every start: `[[learning_paths]]` tables, or a JSON
    /// list.
    learning_paths: Vec<LearningPath>, Json, Words("none") => read::learning_paths(&given);
}
