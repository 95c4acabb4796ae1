//! Reads certificate and key files, and describes what is wrong with them.

use std::fmt::Display;
use std::path::Path;

use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};

/// The certificates in a file, the server's own first.
///
/// # Errors
/// The file, and what is wrong with it.
pub(super) fn certificates(
    file: &Path,
    bytes: &[u8],
) -> Result<Vec<CertificateDer<'static>>, String> {
    let chain: Result<Vec<_>, _> = CertificateDer::pem_slice_iter(bytes).collect();
    match chain {
        Ok(chain) if !chain.is_empty() => Ok(chain),
        Ok(_) if has(bytes, "PRIVATE KEY-----") => Err(wrong(
            file,
            "it holds a private key and no certificate. Perhaps tls_cert and tls_key have each other's file",
        )),
        Ok(_) => Err(wrong(
            file,
            "it holds no certificate in PEM form, which begins with -----BEGIN CERTIFICATE-----",
        )),
        Err(error) => Err(wrong(file, error)),
    }
}

/// The private key in a file.
///
/// # Errors
/// The file, and what is wrong with it.
pub(super) fn private_key(file: &Path, bytes: &[u8]) -> Result<PrivateKeyDer<'static>, String> {
    if has(bytes, "-----BEGIN ENCRYPTED PRIVATE KEY-----") || has(bytes, "Proc-Type: 4,ENCRYPTED") {
        let file = file.display();
        return Err(format!(
            "{file}: the private key is encrypted, and a server has no one to ask for the passphrase: `openssl pkey -in \
             {file} -out <another file>` writes it without"
        ));
    }
    match PrivateKeyDer::from_pem_slice(bytes) {
        Ok(key) => Ok(key),
        Err(rustls::pki_types::pem::Error::NoItemsFound) if has(bytes, "CERTIFICATE-----") => {
            Err(wrong(
                file,
                "it holds a certificate and no private key. Perhaps tls_cert and tls_key have each other's file",
            ))
        }
        Err(rustls::pki_types::pem::Error::NoItemsFound) => Err(wrong(
            file,
            "it holds no private key in PEM form, which begins with -----BEGIN PRIVATE KEY-----",
        )),
        Err(error) => Err(wrong(file, error)),
    }
}

fn has(bytes: &[u8], text: &str) -> bool {
    memchr::memmem::find(bytes, text.as_bytes()).is_some()
}

pub(super) fn wrong(file: &Path, error: impl Display) -> String {
    format!("{}: {error}", file.display())
}
