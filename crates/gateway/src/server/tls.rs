//! The built-in TLS listener, whose certificate can be renewed while it runs.

use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::{Arc, PoisonError, RwLock};

use rustls::InconsistentKeys;
use tokio_rustls::TlsAcceptor;

use super::pem::{self, wrong};
use crate::kit::certificate::CertificateLife;
use crate::kit::file::read_regular;
use crate::settings::installation::TlsFiles;

/// The contents of the two files, or why they can't be read.
type Contents = Result<[Vec<u8>; 2], String>;

/// A certificate that matches its key.
pub(super) struct Certificate {
    files: TlsFiles,
    acceptor: TlsAcceptor,
    /// Its validity period, if it can be read.
    life: Option<CertificateLife>,
    print: u64,
}

/// The certificate in use.
pub(super) struct Tls(RwLock<LoadedCertificate>);

struct LoadedCertificate {
    certificate: Certificate,
    /// The fingerprint of the files' contents when they were last checked.
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
        let chain = pem::certificates(&files.cert, &cert)?;
        let life = chain.first().and_then(|own| CertificateLife::of(own));
        let key = pem::private_key(&files.key, &key)?;
        let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
        let usable = provider.key_provider.load_private_key(key.clone_key());
        usable.map_err(|error| wrong(&files.key, error))?;
        let mut config = rustls::ServerConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .and_then(|builder| builder.with_no_client_auth().with_single_cert(chain, key))
            .map_err(|error| refused(&files, &error))?;
        config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
        let acceptor = TlsAcceptor::from(Arc::new(config));
        Ok(Self {
            files,
            acceptor,
            life,
            print,
        })
    }
}

impl Tls {
    /// Starts with a certificate.
    pub(super) fn new(certificate: Certificate) -> Self {
        let seen = certificate.print;
        Self(RwLock::new(LoadedCertificate { certificate, seen }))
    }

    /// Handles TLS for new connections.
    pub(super) fn acceptor(&self) -> TlsAcceptor {
        let used = self.0.read().unwrap_or_else(PoisonError::into_inner);
        used.certificate.acceptor.clone()
    }

    /// The validity period of the certificate in use.
    pub(super) fn life(&self) -> Option<CertificateLife> {
        let used = self.0.read().unwrap_or_else(PoisonError::into_inner);
        used.certificate.life
    }

    /// Uses another certificate for new connections.
    pub(super) fn replace(&self, certificate: Certificate) {
        let seen = certificate.print;
        *self.0.write().unwrap_or_else(PoisonError::into_inner) =
            LoadedCertificate { certificate, seen };
    }

    /// Checks whether the files have been renewed, and uses their contents if they are valid.
    /// Returns whether a new certificate is in use.
    ///
    /// # Errors
    /// What is wrong with it, reported once; the old certificate stays in use.
    pub(super) fn look(&self) -> Result<bool, String> {
        let (files, used, seen) = {
            let used = self.0.read().unwrap_or_else(PoisonError::into_inner);
            let LoadedCertificate { certificate, seen } = &*used;
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
    let read = |path| read_regular(path).map_err(|error| wrong(path, error));
    Ok([read(&files.cert)?, read(&files.key)?])
}

/// A fingerprint of the contents.
fn print(contents: &Contents) -> u64 {
    let mut hasher = DefaultHasher::new();
    contents.hash(&mut hasher);
    hasher.finish()
}

fn refused(files: &TlsFiles, error: &rustls::Error) -> String {
    match error {
        rustls::Error::InconsistentKeys(InconsistentKeys::KeyMismatch) => format!(
            "the private key in {} is not that of the first certificate in {}, which must be the server's own",
            files.key.display(),
            files.cert.display()
        ),
        rustls::Error::InvalidCertificate(_) => {
            wrong(&files.cert, "its first certificate can't be read")
        }
        error => wrong(&files.cert, error),
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a panic is how a test fails")]
mod tests {
    use super::*;

    #[test]
    fn what_is_wrong_with_the_files_is_said_in_words() {
        let folder = tempfile::tempdir().unwrap();
        let [cert, key] = ["cert.pem", "key.pem"].map(|name| folder.path().join(name));
        let new = || rcgen::generate_simple_self_signed(["lti.example.com".to_owned()]).unwrap();
        let (one, other) = (new(), new());
        let (own, own_key) = (one.cert.pem(), one.signing_key.serialize_pem());
        let other_key = other.signing_key.serialize_pem();
        let encrypted = own_key.replace("PRIVATE KEY", "ENCRYPTED PRIVATE KEY");
        let old = "-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\nDEK-Info: AES-128-CBC,00\n\nAAAA\n\
                   -----END RSA PRIVATE KEY-----\n";
        let garbled = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n";
        for (in_cert, in_key, words) in [
            (&*own_key, &*own, "cert.pem: it holds a private key"),
            (&own, &own, "key.pem: it holds a certificate"),
            (&own, &encrypted, "key.pem: the private key is encrypted"),
            (&own, old, "key.pem: the private key is encrypted"),
            (&own, &other_key, "is not that of the first certificate"),
            (&own, "no key", "key.pem: it holds no private key"),
            (
                "no certificate",
                &own_key,
                "cert.pem: it holds no certificate",
            ),
            (garbled, &own_key, "cert.pem: its first certificate"),
        ] {
            std::fs::write(&cert, in_cert).unwrap();
            std::fs::write(&key, in_key).unwrap();
            let files = TlsFiles {
                cert: cert.clone(),
                key: key.clone(),
            };
            let error = Certificate::read(files).map(|_| ()).unwrap_err();
            assert!(error.contains(words), "{words}: {error}");
        }
    }

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
        assert!(tls.life().is_some_and(|life| life.begins < life.ends));
        // A renewal writes the files one after the other.
        std::fs::write(&cert, new.cert.pem()).unwrap();
        let error = tls.look().unwrap_err();
        assert!(
            error.contains("cert.pem") && error.contains("key.pem"),
            "{error}"
        );
        assert_eq!(tls.look(), Ok(false), "it is said once");
        std::fs::remove_file(&key).unwrap();
        assert!(tls.look().unwrap_err().contains("key.pem"));
        std::fs::write(&key, new.signing_key.serialize_pem()).unwrap();
        assert_eq!((tls.look(), tls.look()), (Ok(true), Ok(false)));
    }
}
