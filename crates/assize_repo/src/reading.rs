//! Opening files of which nothing is known but the name: a pipe is not waited for, a device is
//! not read, and no file is read beyond a limit.

use std::fs::{File, Metadata, OpenOptions};
use std::io::{Error, ErrorKind, Read as _};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::Path;

/// Whether a symbolic link in the place of the file is followed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Links {
    Followed,
    Refused,
}

/// Opens an ordinary file.
pub(crate) fn open(path: &Path, links: Links) -> Result<(File, Metadata), Error> {
    let refused = if links == Links::Refused { libc::O_NOFOLLOW } else { 0 };
    let file = OpenOptions::new().read(true).custom_flags(libc::O_NONBLOCK | refused).open(path)?;
    let metadata = file.metadata()?;
    if metadata.is_file() {
        return Ok((file, metadata));
    }
    Err(Error::new(ErrorKind::InvalidInput, "neither a file nor a link to one"))
}

/// The bytes of an ordinary file, following links.
///
/// # Errors
/// It cannot be opened or read, is no ordinary file, or has more than `most` bytes.
pub fn read_up_to(path: &Path, most: u64) -> Result<Vec<u8>, Error> {
    let (file, metadata) = open(path, Links::Followed)?;
    let mut bytes = Vec::new();
    if metadata.len() <= most {
        // One read for all, and one that finds the end.
        bytes.reserve(usize::try_from(metadata.len()).unwrap_or(0).saturating_add(1));
        file.take(most.saturating_add(1)).read_to_end(&mut bytes)?;
    }
    if metadata.len() > most || bytes.len() as u64 > most {
        let words = format!("it has more than {most} bytes");
        return Err(Error::new(ErrorKind::FileTooLarge, words));
    }
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use std::io::ErrorKind;

    use super::read_up_to;

    #[test]
    fn holds_at_the_limit() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a");
        std::fs::write(&path, "12345").unwrap();
        assert_eq!(read_up_to(&path, 5).unwrap(), b"12345");
        assert_eq!(read_up_to(&path, 4).unwrap_err().kind(), ErrorKind::FileTooLarge);
        assert_eq!(read_up_to(folder.path(), 4).unwrap_err().kind(), ErrorKind::InvalidInput);
    }
}
