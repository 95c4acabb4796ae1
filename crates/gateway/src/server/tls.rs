//! The built-in TLS listener, whose certificate is renewed while it runs.

use std::fmt::Display;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::Path;
use std::sync::{Arc, PoisonError, RwLock};

use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use tokio_rustls::TlsAcceptor;

use crate::settings::installation::TlsFiles;

/// What the two files hold, or why they can't be read.
type Contents = Result<[Vec<u8>; 2], String>;

/// A certificate that was read and fits its key.
pub(super) struct Certificate {
    files: TlsFiles,
    acceptor: TlsAcceptor,
    print: u64,
}

/// The certificate in use.
pub(super) struct Tls(RwLock<Used>);

struct Used {
    certificate: Certificate,
    /// The print of what the files held when they were last looked at.
    seen: u64,
}

impl Certificate {
    /// Reads certificate and key.
    ///
    /// # Errors
    /// The file, and what is wrong with it.
    pub(super) fn read(files: TlsFiles) -> Result<Self, String> {
        let contents = contents(&files);
        Self::of(files, contents)
    }

    fn of(files: TlsFiles, contents: Contents) -> Result<Self, String> {
        let print = print(&contents);
        let [cert, key] = contents?;
        let chain: Vec<CertificateDer<'static>> = CertificateDer::pem_slice_iter(&cert)
            .collect::<Result<_, _>>()
            .map_err(|error| wrong(&files.cert, error))?;
        let key = PrivateKeyDer::from_pem_slice(&key).map_err(|error| wrong(&files.key, error))?;
        let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
        let mut config = rustls::ServerConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .and_then(|builder| builder.with_no_client_auth().with_single_cert(chain, key))
            .map_err(|error| wrong(&files.cert, error))?;
        config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
        let acceptor = TlsAcceptor::from(Arc::new(config));
        Ok(Self {
            files,
            acceptor,
            print,
        })
    }
}

impl Tls {
    /// Begins with a certificate.
    pub(super) fn new(certificate: Certificate) -> Self {
        let seen = certificate.print;
        Self(RwLock::new(Used { certificate, seen }))
    }

    /// What speaks TLS with new connections.
    pub(super) fn acceptor(&self) -> TlsAcceptor {
        let used = self.0.read().unwrap_or_else(PoisonError::into_inner);
        used.certificate.acceptor.clone()
    }

    /// Uses another certificate for new connections.
    pub(super) fn replace(&self, certificate: Certificate) {
        let seen = certificate.print;
        *self.0.write().unwrap_or_else(PoisonError::into_inner) = Used { certificate, seen };
    }

    /// Looks whether the files were renewed, and uses what they hold if it is right. True if it was and is.
    ///
    /// # Errors
    /// What is wrong with it, once; the certificate stays what it was.
    pub(super) fn look(&self) -> Result<bool, String> {
        let (files, used, seen) = {
            let used = self.0.read().unwrap_or_else(PoisonError::into_inner);
            let Used { certificate, seen } = &*used;
            (certificate.files.clone(), certificate.print, *seen)
        };
        let contents = contents(&files);
        let now = print(&contents);
        if now == seen {
            return Ok(false);
        }
        self.0.write().unwrap_or_else(PoisonError::into_inner).seen = now;
        if now == used {
            return Ok(false);
        }
        self.replace(Certificate::of(files, contents)?);
        Ok(true)
    }
}

fn contents(files: &TlsFiles) -> Contents {
    let read = |path| std::fs::read(path).map_err(|error| wrong(path, error));
    Ok([read(&files.cert)?, read(&files.key)?])
}

/// Tells contents apart.
fn print(contents: &Contents) -> u64 {
    let mut hasher = DefaultHasher::new();
    contents.hash(&mut hasher);
    hasher.finish()
}

fn wrong(file: &Path, error: impl Display) -> String {
    format!("{}: {error}", file.display())
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a panic is how a test fails")]
mod tests {
    use super::*;

    #[test]
    fn a_renewed_certificate_is_used_once_its_key_fits() {
        let folder = tempfile::tempdir().unwrap();
        let [cert, key] = ["cert.pem", "key.pem"].map(|name| folder.path().join(name));
        let new = || rcgen::generate_simple_self_signed(["lti.example.com".to_owned()]).unwrap();
        let (old, new) = (new(), new());
        std::fs::write(&cert, old.cert.pem()).unwrap();
        std::fs::write(&key, old.signing_key.serialize_pem()).unwrap();
        let files = TlsFiles {
            cert: cert.clone(),
            key: key.clone(),
        };
        let tls = Tls::new(Certificate::read(files).unwrap());
        assert_eq!(tls.look(), Ok(false));
        // Whoever renews it writes one file after the other.
        std::fs::write(&cert, new.cert.pem()).unwrap();
        let error = tls.look().unwrap_err();
        assert!(error.contains("cert.pem"), "{error}");
        assert_eq!(tls.look(), Ok(false), "it is said once");
        std::fs::remove_file(&key).unwrap();
        assert!(tls.look().unwrap_err().contains("key.pem"));
        std::fs::write(&key, new.signing_key.serialize_pem()).unwrap();
        assert_eq!((tls.look(), tls.look()), (Ok(true), Ok(false)));
    }
}
