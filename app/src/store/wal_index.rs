//! Tells, without asking SQLite, whether anything was committed to the database since a moment.
//!
//! In WAL mode all processes share the wal-index, the file beside the database that ends in `-shm`. It begins with a header
//! that every commit rewrites: a counter of transactions, the last valid frame and its checksum
//! (<https://www.sqlite.org/walformat.html>, section 2.1). As long as those 48 bytes stay the same, so does what a reader
//! would see. Reading them costs a system call instead of the way to a connection's thread and back.

use std::fs::File;
use std::os::unix::fs::FileExt;
use std::path::Path;
use std::sync::Arc;

/// The first copy of the header.
pub(super) type Header = [u8; 48];

/// Offset of the flag that says that the header is valid.
const IS_INIT: usize = 12;

/// The shared wal-index of an open database.
#[derive(Clone, Debug)]
pub(super) struct WalIndex(Arc<File>);

impl WalIndex {
    /// Finds the wal-index of the database at `path`, which must be open, so that the file stays. `None` for a database in
    /// memory, and wherever the file is not to be had: then every question goes to the database itself.
    pub(super) fn of(path: &Path) -> Option<Self> {
        let mut name = path.as_os_str().to_owned();
        name.push("-shm");
        let index = Self(Arc::new(File::open(name).ok()?));
        index.header().map(|_| index)
    }

    /// The header as it is now; `None` while there is none.
    pub(super) fn header(&self) -> Option<Header> {
        let mut header = [0; 48];
        self.0.read_exact_at(&mut header, 0).ok()?;
        (header[IS_INIT] == 1).then_some(header)
    }
}
