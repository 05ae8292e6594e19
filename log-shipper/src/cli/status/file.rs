//! A file as the state folder knows it, beside what lies on the disk now.

use std::fs::{self, Metadata};
use std::io::{Read, Seek, SeekFrom};
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

use serde::{Serialize, Serializer};

use crate::checkpoint::{Identity, Known};
use crate::dead_letter::printable;
use crate::discover;

/// Of a container's id, as Docker shows it.
const SHORT_ID: usize = 12;

/// Such a file.
#[derive(Serialize)]
pub(super) struct File {
    /// The container's name, or a part of its id if that is not there any more; `file` or `stdin`.
    pub(super) source: String,
    /// The whole id, if it is a container's.
    #[serde(skip_serializing_if = "Option::is_none")]
    container: Option<String>,
    pub(super) path: PathBuf,
    pub(super) position: u64,
    /// None if only reading would tell.
    pub(super) size: Option<u64>,
    pub(super) behind: Option<u64>,
    pub(super) present: bool,
    compressed: bool,
    #[serde(serialize_with = "timestamp")]
    pub(super) last_seen: Option<u64>,
}

impl File {
    pub(super) fn new(known: Known) -> Self {
        let position = known.position();
        let Known { identity, size_seen, last_seen, .. } = known;
        let found = find(&identity);
        let size = match &found {
            Some((path, metadata)) if identity.compressed => inner_size(path, metadata, position),
            Some((_, metadata)) => Some(metadata.len()),
            None => Some(size_seen.max(position)),
        };
        let container = identity.source.strip_prefix("container/").map(str::to_owned);
        Self {
            source: source(&identity, container.as_deref()),
            container,
            present: found.is_some(),
            path: found.map_or_else(|| identity.path.to_path_buf(), |(path, _)| path),
            position,
            size,
            behind: size.map(|size| size.saturating_sub(position)),
            compressed: identity.compressed,
            last_seen: Some(last_seen).filter(|at| *at > 0),
        }
    }

    /// The path; of a container's file the name, without the id that the source stands for.
    pub(super) fn name(&self) -> String {
        let name = self.path.file_name().unwrap_or_default().to_string_lossy();
        let short = self.container.as_ref().and_then(|id| name.strip_prefix(id.as_str())?.strip_prefix('-'));
        let whole = || self.path.to_string_lossy().into_owned();
        let name = short.map_or_else(whole, str::to_owned);
        printable(&name).into_owned()
    }
}

fn source(identity: &Identity, container: Option<&str>) -> String {
    let Some(id) = container else {
        return identity.source.split('/').next().unwrap_or_default().to_owned();
    };
    let config = identity.path.parent().map(|folder| folder.join("config.v2.json"));
    let described = config.and_then(|config| discover::describe(id, &fs::read(config).ok()?));
    let name = described.map(|container| container.name).filter(|name| !name.is_empty());
    name.map_or_else(|| id.chars().take(SHORT_ID).collect(), |name| printable(&name).into_owned())
}

/// Where the file is now: a rotation while no shipper ran has given it another name in its folder.
fn find(identity: &Identity) -> Option<(PathBuf, Metadata)> {
    let same = |metadata: &Metadata| (metadata.dev(), metadata.ino()) == (identity.device, identity.inode);
    let looked_at = |path: PathBuf| {
        let metadata = fs::metadata(&path).ok().filter(|metadata| metadata.is_file() && same(metadata))?;
        Some((path, metadata))
    };
    looked_at(identity.path.to_path_buf()).or_else(|| {
        let folder = fs::read_dir(identity.path.parent()?).ok()?;
        folder.flatten().find_map(|entry| looked_at(entry.path()))
    })
}

/// What a compressed file says at its end of the size of its content, modulo 4 GiB and of its last part alone; so it is
/// believed only if it fits.
fn inner_size(path: &Path, metadata: &Metadata, position: u64) -> Option<u64> {
    let mut file = fs::File::open(path).ok()?;
    let mut last = [0; 4];
    file.seek(SeekFrom::Start(metadata.len().checked_sub(4)?)).ok()?;
    file.read_exact(&mut last).ok()?;
    Some(u64::from(u32::from_le_bytes(last))).filter(|size| *size >= position)
}

#[expect(clippy::ref_option, reason = "serde hands a reference to the field")]
fn timestamp<S: Serializer>(seconds: &Option<u64>, serializer: S) -> Result<S::Ok, S::Error> {
    let at = seconds.and_then(|seconds| jiff::Timestamp::from_second(i64::try_from(seconds).ok()?).ok());
    at.map(|at| at.to_string()).serialize(serializer)
}
