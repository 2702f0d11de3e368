//! The file of `--state`: one line a change, so that even an abrupt end loses nothing that a guest was told.

use std::{
    fs::{self, File, OpenOptions},
    io::{self, Write},
    path::{Path, PathBuf},
};

use guest_messenger_sandbox::Platform;

use super::Failure;

#[derive(Debug)]
pub(crate) struct Journal {
    file: File,
    path: PathBuf,
    failed: bool,
}

impl Journal {
    /// Restores the platform from the file, then rewrites the file as short as it can be.
    pub(crate) fn open(path: &Path, platform: &mut Platform) -> Result<Self, Failure> {
        match fs::read_to_string(path) {
            Ok(text) => platform.restore(text.lines()),
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            Err(error) => {
                return Err(Failure(format!("The state file {} cannot be read: {error}.", path.display())));
            }
        }
        Self::rewrite(path, platform)
            .map_err(|error| Failure(format!("The state file {} cannot be written: {error}.", path.display())))
    }

    /// Beside the old file first: an end in the middle leaves the old one whole.
    fn rewrite(path: &Path, platform: &Platform) -> io::Result<Self> {
        let mut name = path.as_os_str().to_owned();
        name.push(".new");
        let fresh = PathBuf::from(name);
        let mut text = platform.snapshot().join("\n");
        if !text.is_empty() {
            text.push('\n');
        }
        fs::write(&fresh, text)?;
        fs::rename(&fresh, path)?;
        let file = OpenOptions::new().append(true).open(path)?;
        Ok(Self { file, path: path.to_owned(), failed: false })
    }

    /// A full disk stops the journal, not the conversations; it is said once.
    pub(crate) fn append(&mut self, line: &str) {
        if self.failed {
            return;
        }
        if let Err(error) = self.file.write_all(format!("{line}\n").as_bytes()) {
            self.failed = true;
            let _ = writeln!(io::stderr(), "sandbox: {} cannot be written any more: {error}.", self.path.display());
        }
    }
}
