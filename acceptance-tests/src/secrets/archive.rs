//! The parts of a zip archive, which is what a saved plan is.

use std::io::Read as _;

use flate2::read::DeflateDecoder;

const END: &[u8] = b"PK\x05\x06";
const ENTRY: &[u8] = b"PK\x01\x02";
const LOCAL: &[u8] = b"PK\x03\x04";

/// The parts of an archive with their names; nothing where the bytes are none.
pub(super) fn parts(bytes: &[u8]) -> Vec<(String, Vec<u8>)> {
    if !bytes.starts_with(LOCAL) {
        return Vec::new();
    }
    let parts = read(bytes);
    assert!(
        parts.as_ref().is_some_and(|parts| !parts.is_empty()),
        "an archive cannot be searched for secrets"
    );
    parts.unwrap_or_default()
}

fn read(bytes: &[u8]) -> Option<Vec<(String, Vec<u8>)>> {
    let end = bytes.windows(END.len()).rposition(|four| four == END)?;
    let (entries, mut at) = (short(bytes, end + 10)?, long(bytes, end + 16)?);
    let mut parts = Vec::new();
    for _ in 0..entries {
        if bytes.get(at..at + 4)? != ENTRY {
            return None;
        }
        let (method, size, place) = (short(bytes, at + 10)?, long(bytes, at + 20)?, long(bytes, at + 42)?);
        let (name, extra, comment) = (short(bytes, at + 28)?, short(bytes, at + 30)?, short(bytes, at + 32)?);
        let title = String::from_utf8_lossy(bytes.get(at + 46..at + 46 + name)?).into_owned();
        let data = place + 30 + short(bytes, place + 26)? + short(bytes, place + 28)?;
        let packed = bytes.get(data..data + size)?;
        let mut part = Vec::new();
        match method {
            0 => part.extend(packed),
            8 => drop(DeflateDecoder::new(packed).read_to_end(&mut part).ok()?),
            _ => return None,
        }
        parts.push((title, part));
        at += 46 + name + extra + comment;
    }
    Some(parts)
}

fn short(bytes: &[u8], at: usize) -> Option<usize> {
    Some(usize::from(u16::from_le_bytes(bytes.get(at..at + 2)?.try_into().ok()?)))
}

fn long(bytes: &[u8], at: usize) -> Option<usize> {
    usize::try_from(u32::from_le_bytes(bytes.get(at..at + 4)?.try_into().ok()?)).ok()
}
