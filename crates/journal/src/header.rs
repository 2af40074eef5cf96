//! The 128 bytes at the beginning of every file of a journal. `docs/journal-format.md` is the layout.
//!
//! It does not read what follows: records in a segment, something sealed by its hash in every other file.

use crate::error::{Damage, StoreError};
use crate::record::{array_at, put, u32_at, u64_at};
use crate::storage::File;
use crate::values::{Hash, JournalId, Place, Position};

/// Bytes of a file's header.
pub(crate) const FILE_HEADER_BYTES: usize = 128;

/// The version of the format that this program writes, and the only one that it reads.
pub const FORMAT_VERSION: u32 = 1;

/// What a segment names as the segment before it when there never was one.
pub(crate) const NO_SEGMENT: u64 = u64::MAX;

/// No log comes near this position; so counting on from a position that was read never overflows.
const POSITION_MAX: u64 = 1 << 62;

/// What a file holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Segment,
    Snapshot,
    Removals,
}

impl Kind {
    pub fn magic(self) -> [u8; 8] {
        *match self {
            Self::Segment => b"DCFLJSEG",
            Self::Snapshot => b"DCFLJSNP",
            Self::Removals => b"DCFLJRMV",
        }
    }
}

/// A file's header.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct FileHeader {
    pub kind: Kind,
    pub id: JournalId,
    /// Segment: of its first record. Snapshot: of the first record that it does not contain. Removals: 0.
    pub position: Position,
    /// Segment: the position of the segment before it, or `NO_SEGMENT`. Other files: how many bytes follow.
    pub extent: u64,
    /// The epoch of the record before `position`; if there is none, 0.
    pub epoch: u64,
    /// The hash of the record before `position`; if there is none, the journal's genesis.
    pub previous: Hash,
    /// The SHA-256 of what follows; in a segment, zeros.
    pub content: Hash,
}

impl FileHeader {
    /// The place in the log that the file begins at, or tells of.
    pub fn place(&self) -> Place {
        Place { position: self.position, previous: self.previous, epoch: self.epoch }
    }

    pub fn encode(&self) -> [u8; FILE_HEADER_BYTES] {
        let mut bytes = [0; FILE_HEADER_BYTES];
        put(&mut bytes, 0, &self.kind.magic());
        put(&mut bytes, 8, &FORMAT_VERSION.to_le_bytes());
        put(&mut bytes, 16, &self.id.0);
        put(&mut bytes, 32, &self.position.get().to_le_bytes());
        put(&mut bytes, 40, &self.extent.to_le_bytes());
        put(&mut bytes, 48, &self.epoch.to_le_bytes());
        put(&mut bytes, 64, &self.previous.0);
        put(&mut bytes, 96, &self.content.0);
        let checksum = crc32c::crc32c(&bytes);
        put(&mut bytes, 12, &checksum.to_le_bytes());
        bytes
    }

    /// Reads the header of the open file `name`.
    ///
    /// # Errors
    /// If it cannot be read, is damaged, or belongs to another version.
    pub fn read(kind: Kind, name: &str, file: &dyn File) -> Result<Self, StoreError> {
        let len = file.len().map_err(StoreError::io("measure", name))?;
        if len < FILE_HEADER_BYTES as u64 {
            let expected = format!("at least the {FILE_HEADER_BYTES} bytes of a header");
            return Err(damage(name, 0, format!("{len} bytes in the whole file"), expected).into());
        }
        let mut bytes = [0; FILE_HEADER_BYTES];
        file.read_at(&mut bytes, 0).map_err(StoreError::io("read", name))?;
        Self::decode(kind, name, &bytes)
    }

    pub fn decode(kind: Kind, name: &str, bytes: &[u8; FILE_HEADER_BYTES]) -> Result<Self, StoreError> {
        let mut unsigned = *bytes;
        put(&mut unsigned, 12, &[0; 4]);
        let (stored, computed) = (u32_at(bytes, 12), crc32c::crc32c(&unsigned));
        if stored != computed {
            let found = format!("a file header with checksum {stored:08x}");
            return Err(damage(name, 0, found, format!("{computed:08x}, the checksum of its bytes")).into());
        }
        if bytes[..8] != kind.magic() {
            let found = format!("a file that begins with \"{}\"", bytes[..8].escape_ascii());
            return Err(damage(name, 0, found, format!("\"{}\"", kind.magic().escape_ascii())).into());
        }
        let version = u32_at(bytes, 8);
        if version != FORMAT_VERSION {
            return Err(StoreError::Unsupported { file: name.to_owned(), found: version, expected: FORMAT_VERSION });
        }
        let header = Self {
            kind,
            id: JournalId(array_at(bytes, 16)),
            position: Position::new(u64_at(bytes, 32)),
            extent: u64_at(bytes, 40),
            epoch: u64_at(bytes, 48),
            previous: Hash(array_at(bytes, 64)),
            content: Hash(array_at(bytes, 96)),
        };
        if header.position.get() > POSITION_MAX {
            let found = format!("position {}", header.position);
            return Err(damage(name, 32, found, format!("at most {POSITION_MAX}")).into());
        }
        if header.encode() != *bytes {
            return Err(damage(name, 56, "reserved bytes in use".to_owned(), "zeros".to_owned()).into());
        }
        Ok(header)
    }
}

fn damage(name: &str, offset: u64, found: String, expected: String) -> Damage {
    Damage { file: name.to_owned(), offset, position: None, found, expected }
}
