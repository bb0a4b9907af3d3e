//! The forms that a certificate is kept in, and what is said of those that cannot be read.

use proptest::prelude::*;

use super::*;

const PASSWORD: &str = "pfx-password";
const MODERN: &[u8] = include_bytes!("../fixtures/modern.pfx");
const LEGACY: &[u8] = include_bytes!("../fixtures/legacy.pfx");
const EMPTY_PASSWORD: &[u8] = include_bytes!("../fixtures/empty-password.pfx");
const PLAIN: &[u8] = include_bytes!("../fixtures/plain.pfx");
const WITHOUT_KEY: &[u8] = include_bytes!("../fixtures/without-key.pfx");
const ENCRYPTED_KEY: &[u8] = include_bytes!("../fixtures/encrypted-key.pem");
const ENCRYPTED_KEY_OLDER: &[u8] = include_bytes!("../fixtures/encrypted-key-older.pem");
const ENCRYPTED_KEY_PBES1: &[u8] = include_bytes!("../fixtures/encrypted-key-pbes1.pem");
const SHORT_KEY: &[u8] = include_bytes!("../fixtures/short-key.pem");

fn read(bytes: impl AsRef<[u8]>, password: Option<&str>) -> Result<Certificate, String> {
    let result = Certificate::read(bytes.as_ref(), password.map(Secret::new).as_ref());
    result.map_err(|error| {
        let error = error.to_string();
        error.strip_prefix("the client certificate cannot be used: ").unwrap().to_owned()
    })
}

fn problem(bytes: impl AsRef<[u8]>, password: Option<&str>) -> String {
    read(bytes, password).unwrap_err()
}

/// Whether the key signs what the certificate's public key verifies.
fn works(certificate: &Certificate) -> bool {
    let der = STANDARD.decode(&certificate.chain()[0]).unwrap();
    let (_, parsed) = X509Certificate::from_der(&der).unwrap();
    let public_key = parsed.public_key().subject_public_key.data.to_vec();
    let signature = certificate.sign(b"text").unwrap();
    UnparsedPublicKey::new(&RSA_PSS_2048_8192_SHA256, public_key).verify(b"text", &signature).is_ok()
}

/// The key in the form of RSA's own, which is what its PKCS #8 wraps.
fn rsa_pem() -> String {
    let pkcs8 = key().serialize_der();
    let info = pkcs8::PrivateKeyInfoRef::try_from(pkcs8.as_slice()).unwrap();
    pem::encode(&pem::Pem::new("RSA PRIVATE KEY", info.private_key.as_bytes()))
}

fn certificate_pem() -> String {
    named("app", 2026, 2027).self_signed(key()).unwrap().pem()
}

#[test]
fn pem_in_any_order_and_form_of_key() {
    let (certificate, pkcs8) = (certificate_pem(), key().serialize_pem());
    for text in [
        certificate.clone() + &pkcs8,
        pkcs8.clone() + &certificate,
        rsa_pem() + &certificate,
        format!("Bag Attributes\n    localKeyID: 01\nsubject=CN = app\n{certificate}{pkcs8}")
            .replace('\n', "\r\n"),
        STANDARD.encode(certificate.clone() + &pkcs8),
    ] {
        assert!(works(&read(&text, None).unwrap()));
        // A password that nothing needs does no harm.
        assert!(read(&text, Some("unused")).is_ok());
    }
}

#[test]
fn pfx_of_each_encryption_as_bytes_and_as_text() {
    for (bytes, password) in [
        (MODERN, Some(PASSWORD)),
        (LEGACY, Some(PASSWORD)),
        (EMPTY_PASSWORD, None),
        (EMPTY_PASSWORD, Some("")),
        (PLAIN, None),
    ] {
        let certificate = read(bytes, password).unwrap();
        assert!(works(&certificate));
        assert!(certificate.to_string().starts_with("\"CN=fixture\", thumbprint "), "{certificate}");
        let text = STANDARD.encode(bytes);
        let lines: String =
            text.as_bytes().chunks(76).map(|line| String::from_utf8_lossy(line) + "\n").collect();
        for text in [text.clone(), text.trim_end_matches('=').to_owned(), lines] {
            assert!(works(&read(text, password).unwrap()));
        }
    }
}

#[test]
fn a_password_that_is_wrong_or_missing() {
    for bytes in [MODERN, LEGACY, WITHOUT_KEY] {
        assert_eq!(problem(bytes, Some("guess")), "its password is wrong");
        assert_eq!(problem(bytes, None), "it is protected by a password, and none is given");
    }
    assert_eq!(problem(EMPTY_PASSWORD, Some("guess")), "its password is wrong");
    for bytes in [ENCRYPTED_KEY, ENCRYPTED_KEY_OLDER] {
        assert!(works(&read(bytes, Some(PASSWORD)).unwrap()));
        assert_eq!(problem(bytes, Some("guess")), "the password of its private key is wrong");
        assert_eq!(problem(bytes, None), "its private key is encrypted, and no password is given");
    }
    assert_eq!(
        problem(ENCRYPTED_KEY_PBES1, Some(PASSWORD)),
        "its private key is encrypted in a way that is not read; convert it with \"openssl pkcs8 -topk8 -in OLD -out NEW\""
    );
}

#[test]
fn what_is_missing_or_does_not_fit_is_named() {
    let (certificate, pkcs8) = (certificate_pem(), key().serialize_pem());
    let other = named("other", 2026, 2027).self_signed(&KeyPair::generate().unwrap()).unwrap();
    let no_key = "it holds no private key";
    assert_eq!(problem(&certificate, None), no_key);
    assert_eq!(problem(WITHOUT_KEY, Some(PASSWORD)), no_key);
    assert_eq!(
        problem(other.der(), None),
        "it is a certificate without its private key; give both, as PFX or PEM"
    );
    assert_eq!(problem(&pkcs8, None), "it holds a private key, but no certificate");
    assert_eq!(
        problem(other.pem() + &pkcs8, None),
        "its private key does not belong to its certificate, \"CN=other\""
    );
    assert_eq!(
        problem(other.pem() + &other.pem() + &pkcs8, None),
        "its private key belongs to none of its 2 certificates"
    );
    assert_eq!(
        problem(certificate + &pkcs8 + &pkcs8, None),
        "it holds 2 private keys; leave the one of the certificate"
    );
}

#[test]
fn keys_that_entra_does_not_take() {
    let elliptic = KeyPair::generate().unwrap();
    let certificate = named("app", 2026, 2027).self_signed(&elliptic).unwrap().pem();
    let not_rsa =
        "its private key is not an RSA key, and Entra ID takes no other (not one of an elliptic curve)";
    assert_eq!(problem(certificate.clone() + &elliptic.serialize_pem(), None), not_rsa);
    let sec1 = pem::encode(&pem::Pem::new("EC PRIVATE KEY", vec![1, 2, 3]));
    assert_eq!(problem(certificate + &sec1, None), not_rsa);
    assert_eq!(
        problem(SHORT_KEY, None),
        "its private key is shorter than the 2048 bits that Entra ID asks for"
    );
    let old = "-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\nDEK-Info: AES-256-CBC,BDF5\n\nAAAA\n-----END RSA PRIVATE KEY-----\n";
    assert_eq!(
        problem(old, Some(PASSWORD)),
        "its private key is encrypted in the old way of OpenSSL, which is not read; convert it with \"openssl pkcs8 -topk8 -in OLD \
         -out NEW\""
    );
}

#[test]
fn what_is_no_certificate() {
    let neither = "it is neither PEM, nor PFX, nor the base64 text of one";
    let damaged = "it is not PFX, or its PFX is damaged";
    for (bytes, said) in [
        (b"".as_slice(), "it is empty"),
        (b" \n", "it is empty"),
        (b"/path/to/certificate.pfx", neither),
        (b"aGVsbG8=", neither),
        (&[0x30, 0x82, 0x01, 0x00, 0x02], damaged),
        (&MODERN[..MODERN.len() / 2], damaged),
        (b"-----BEGIN CERTIFICATE-----\nAAAA\n", "its PEM is damaged: no BEGIN line has its END line"),
        (b"-----BEGIN CERTIFICATE-----\n!!\n-----END CERTIFICATE-----\n", "its PEM is damaged"),
    ] {
        assert_eq!(problem(bytes, Some(PASSWORD)), said);
    }
    let text = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n".to_owned();
    assert_eq!(problem(text + &key().serialize_pem(), None), "one of its certificates cannot be read");
    let text = "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n".to_owned();
    assert_eq!(problem(text + &certificate_pem(), None), "its private key cannot be read");
}

#[test]
fn nothing_of_the_key_is_printed() {
    let certificate = read(certificate_pem() + &key().serialize_pem(), None).unwrap();
    assert_eq!(format!("{certificate:?}"), format!("Certificate({certificate})"));
}

/// Reads what is left of a file with one byte changed, and of its beginning.
fn damage(whole: &[u8], at: &prop::sample::Index, byte: u8, cut: &prop::sample::Index) {
    let mut bytes = whole.to_vec();
    let at = at.index(bytes.len());
    bytes[at] = byte;
    let _ = read(&bytes, Some("guess"));
    bytes.truncate(cut.index(bytes.len()));
    let _ = read(&bytes, Some("guess"));
}

proptest! {
    /// It has nothing before its inner parts that a change would fail at.
    #[test]
    fn a_damaged_plain_file_is_refused_or_read(at: prop::sample::Index, byte: u8, cut: prop::sample::Index) {
        damage(PLAIN, &at, byte, &cut);
    }
}

proptest! {
    // Turning a password into a key takes long by design.
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn a_damaged_encrypted_file_is_refused_or_read(at: prop::sample::Index, byte: u8, cut: prop::sample::Index) {
        damage(LEGACY, &at, byte, &cut);
        damage(ENCRYPTED_KEY, &at, byte, &cut);
    }
}
