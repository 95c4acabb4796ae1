//! A tool's logo: a picture stored in the settings, so that pages load nothing from other hosts.

use std::fmt;
use std::sync::Arc;

use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use bytes::Bytes;
use serde::{Deserialize, Serialize};

use crate::kit::seal;

/// The largest picture, in bytes.
const MOST_BYTES: usize = 32 * 1024;

/// A kind of picture: its media type, its file extension, and its first bytes.
struct PictureKind {
    media_type: &'static str,
    ending: &'static str,
    begins: fn(&[u8]) -> bool,
}

/// The accepted kinds. SVG isn't one, because it can contain scripts.
const KINDS: &[PictureKind] = &[
    PictureKind {
        media_type: "image/png",
        ending: "png",
        begins: |bytes| bytes.starts_with(b"\x89PNG\r\n\x1a\n"),
    },
    PictureKind {
        media_type: "image/jpeg",
        ending: "jpg",
        begins: |bytes| bytes.starts_with(b"\xff\xd8\xff"),
    },
    PictureKind {
        media_type: "image/webp",
        ending: "webp",
        begins: |bytes| bytes.starts_with(b"RIFF") && bytes.get(8..12) == Some(&b"WEBP"[..]),
    },
];

/// A logo. Cloning it is cheap.
#[derive(Clone, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct ThemeLogo(Arc<LogoParts>);

struct LogoParts {
    /// As in the settings.
    address: String,
    media_type: &'static str,
    bytes: Bytes,
    /// Hash and extension.
    name: String,
}

impl ThemeLogo {
    /// The logo with these bytes.
    ///
    /// # Errors
    /// What is wrong with them.
    pub fn of(bytes: Vec<u8>) -> Result<Self, String> {
        if bytes.len() > MOST_BYTES {
            let kilobytes = bytes.len().div_ceil(1024);
            return Err(format!(
                "has {kilobytes} KiB, and a logo may have {} at most: make it smaller, it is shown 48 pixels high",
                MOST_BYTES / 1024
            ));
        }
        let kind = KINDS.iter().find(|kind| (kind.begins)(&bytes));
        let kind = kind.ok_or("must be a PNG, JPEG or WebP picture")?;
        let address = format!(
            "data:{};base64,{}",
            kind.media_type,
            STANDARD.encode(&bytes)
        );
        let hash = URL_SAFE_NO_PAD.encode(seal::hash(&["logo", &address]));
        let hash = hash.get(..16).unwrap_or_default();
        Ok(Self(Arc::new(LogoParts {
            name: format!("{hash}.{}", kind.ending),
            media_type: kind.media_type,
            bytes: bytes.into(),
            address,
        })))
    }

    /// The path from which pages load it; it changes with the picture.
    pub fn path(&self) -> String {
        format!("/lti/logo/{}", self.0.name)
    }

    /// The last part of that path.
    pub fn name(&self) -> &str {
        &self.0.name
    }

    /// What the picture is.
    pub fn media_type(&self) -> &'static str {
        self.0.media_type
    }

    /// The picture.
    pub fn bytes(&self) -> Bytes {
        self.0.bytes.clone()
    }
}

impl TryFrom<String> for ThemeLogo {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        let data = text.strip_prefix("data:");
        let data = data.and_then(|data| data.split_once(";base64,"));
        let (_, data) = data.ok_or(
            "must be a picture as a data: address, data:image/png;base64,…; an address elsewhere is not loaded",
        )?;
        let bytes = STANDARD.decode(data.trim());
        Self::of(bytes.map_err(|_| "is a data: address whose base64 can't be read")?)
    }
}

impl From<ThemeLogo> for String {
    fn from(logo: ThemeLogo) -> Self {
        logo.0.address.clone()
    }
}

impl fmt::Debug for ThemeLogo {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "ThemeLogo({}, {} bytes)",
            self.0.name,
            self.0.bytes.len()
        )
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a panic is how a test fails")]
mod tests {
    use test_case::cases;

    use super::*;

    fn png(more: usize) -> Vec<u8> {
        let mut bytes = b"\x89PNG\r\n\x1a\n".to_vec();
        bytes.resize(8 + more, 7);
        bytes
    }

    #[cases("PO-8")]
    #[test]
    fn a_logo_is_a_small_picture_and_nothing_else() {
        let logo = ThemeLogo::of(png(100)).unwrap();
        assert!(logo.name().ends_with(".png") && logo.path().starts_with("/lti/logo/"));
        let again = ThemeLogo::try_from(String::from(logo.clone())).unwrap();
        assert_eq!((again.name(), again.bytes()), (logo.name(), logo.bytes()));
        assert_ne!(ThemeLogo::of(png(101)).unwrap().name(), logo.name());
        let said = |text: &str| ThemeLogo::try_from(text.to_owned()).unwrap_err();
        for elsewhere in [
            "https://app.example/logo.png",
            "javascript:alert(1)",
            "data:,x",
            "",
        ] {
            assert!(
                said(elsewhere).starts_with("must be a picture as a data:"),
                "{elsewhere}"
            );
        }
        let svg = STANDARD.encode("<svg onload=\"alert(1)\"/>");
        for no_picture in [svg.as_str(), ""] {
            let no_picture = format!("data:image/png;base64,{no_picture}");
            assert_eq!(said(&no_picture), "must be a PNG, JPEG or WebP picture");
        }
        assert!(said("data:image/png;base64,%").contains("base64"));
        let large = ThemeLogo::of(png(40 * 1024)).unwrap_err();
        assert!(
            large.starts_with("has 41 KiB, and a logo may have 32"),
            "{large}"
        );
    }
}
