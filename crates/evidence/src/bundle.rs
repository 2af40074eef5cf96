//! A bundle: everything about one notice in one JSON text. Reading says whether it is one; what it proves is for [`crate::verify()`].

use serde::Serialize;
use serde_json::Value;

use crate::hash::Hash;
use crate::key::PublicKey;
use crate::problem::Problem;
use crate::reader::Reader;
use crate::signed::Signed;
use crate::strict;

/// What `format` says.
pub const FORMAT: &str = "deconflict-evidence-1";

/// An exported bundle.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Bundle {
    format: &'static str,
    /// The notice that it is about: the number of its entry.
    pub notice: u64,
    /// The recipient whose stream the entries are.
    pub stream: String,
    /// The stream from its first entry on, without gaps.
    pub entries: Vec<Entry>,
    /// What was signed.
    pub signed: Vec<SignedBy>,
    /// The keys of those who signed.
    pub keys: Vec<PartyKey>,
}

/// One entry of a stream.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Entry {
    /// Its number, from 1.
    pub seq: u64,
    /// The hash of the entry before; zeros before the first.
    pub previous: Hash,
    /// Its hash: [`crate::link`].
    pub hash: Hash,
    /// The JSON text as it was logged and sent.
    pub body: String,
}

/// Something signed, with the name of who is said to have signed it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct SignedBy {
    /// Whose signature it is.
    pub by: String,
    /// What was signed.
    #[serde(flatten)]
    pub signed: Signed,
}

/// Whose key is which, as whoever wrote the bundle says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct PartyKey {
    /// Whose key it is.
    pub party: String,
    /// The key.
    pub key: PublicKey,
}

impl Bundle {
    /// A bundle of these parts; nothing is checked.
    pub fn new(notice: u64, stream: String, entries: Vec<Entry>, signed: Vec<SignedBy>, keys: Vec<PartyKey>) -> Self {
        Self { format: FORMAT, notice, stream, entries, signed, keys }
    }

    /// Reads a bundle. Strict: members that are not of the format, names that come twice, and any layout but the two of
    /// [`Bundle::to_text`] and [`Bundle::to_line`] are problems, so that no byte can change unseen.
    ///
    /// # Errors
    /// Every problem, with its path.
    pub fn read(bytes: &[u8]) -> Result<Self, Vec<Problem>> {
        let mut reader = Reader::default();
        let bundle = match strict::parse(bytes) {
            Ok(value) => read(&mut reader, &value),
            Err(why) => {
                reader.problem("", format!("no JSON: {why}"), "one JSON object, as `deconflict evidence` writes it");
                None
            }
        };
        let bundle = reader.finish(bundle)?;
        let (text, line) = (bundle.to_text(), bundle.to_line());
        if bytes != text.as_bytes() && bytes != line.as_bytes() {
            let at = bytes.iter().zip(text.as_bytes()).take_while(|(one, other)| one == other).count();
            let mut reader = Reader::default();
            reader.problem(
                "",
                format!("another layout from byte {at} on"),
                "the layout in which it was exported, byte by byte: export it again, or take the file that was not rewritten",
            );
            return reader.finish(None);
        }
        Ok(bundle)
    }

    /// The bundle as a file: one member a line, two spaces deeper for each level, a line feed at the end.
    pub fn to_text(&self) -> String {
        serde_json::to_string_pretty(self).expect("texts and numbers can be written") + "\n"
    }

    /// The bundle on one line, without spaces and without a line feed.
    pub fn to_line(&self) -> String {
        serde_json::to_string(self).expect("texts and numbers can be written")
    }
}

fn read(reader: &mut Reader, value: &Value) -> Option<Bundle> {
    let members = reader.members("", value, &["format", "notice", "stream", "entries", "signed", "keys"])?;
    let format = reader.read(&members, "format", "\"deconflict-evidence-1\"", |value| (value == FORMAT).then_some(()));
    let (notice, stream) = (reader.number(&members, "notice"), reader.name(&members, "stream"));
    let entries = reader.list(&members, "entries", entry);
    let signed = reader.list(&members, "signed", signed_by);
    let keys = reader.list(&members, "keys", party_key);
    format.and(Some(Bundle::new(notice?, stream?, entries?, signed?, keys?)))
}

fn entry(reader: &mut Reader, path: &str, value: &Value) -> Option<Entry> {
    let members = reader.members(path, value, &["seq", "previous", "hash", "body"])?;
    let (seq, previous) = (reader.number(&members, "seq"), reader.hash(&members, "previous"));
    let (hash, body) = (reader.hash(&members, "hash"), reader.text(&members, "body", "a JSON text, as a text"));
    Some(Entry { seq: seq?, previous: previous?, hash: hash?, body: body? })
}

fn signed_by(reader: &mut Reader, path: &str, value: &Value) -> Option<SignedBy> {
    let members = reader.members(path, value, &["by", "content", "key", "signature"])?;
    let (by, content) = (reader.name(&members, "by"), reader.text(&members, "content", "a JSON text, as a text"));
    let key = reader.text(&members, "key", "a key in base64url");
    let signature = reader.text(&members, "signature", "a signature in base64url");
    Some(SignedBy { by: by?, signed: Signed { content: content?, key: key?, signature: signature? } })
}

fn party_key(reader: &mut Reader, path: &str, value: &Value) -> Option<PartyKey> {
    let members = reader.members(path, value, &["party", "key"])?;
    let party = reader.name(&members, "party");
    let key = reader.text(&members, "key", "a key in base64url")?;
    match PublicKey::from_base64url(&key) {
        Ok(key) => Some(PartyKey { party: party?, key }),
        Err(why) => {
            reader.problem(format!("{path}.key"), crate::problem::shown(&key), why.to_string());
            None
        }
    }
}
