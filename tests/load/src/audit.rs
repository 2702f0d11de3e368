//! What the cores record of transmissions and typing, one line of JSON each, in a file.

use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use guest_messenger::protocol::conversations::audit_line;
use guest_messenger::session::audit::Audit;

/// Clones write to the same file.
#[derive(Debug, Clone)]
pub(crate) struct AuditFile {
    path: PathBuf,
    book: Arc<Mutex<Book>>,
}

#[derive(Debug)]
struct Book {
    file: BufWriter<File>,
    lines: u64,
    /// After the first failure nothing more is written.
    failure: Option<io::Error>,
}

impl AuditFile {
    /// # Errors
    /// One sentence when there can be no such file.
    pub(crate) fn create(path: &Path) -> Result<AuditFile, String> {
        let file = File::create(path).map_err(|error| cannot_write(path, &error))?;
        let book = Book { file: BufWriter::new(file), lines: 0, failure: None };
        Ok(AuditFile { path: path.to_owned(), book: Arc::new(Mutex::new(book)) })
    }

    pub(crate) fn write(&self, audit: &Audit) {
        let mut book = self.book.lock().unwrap_or_else(PoisonError::into_inner);
        if book.failure.is_none() {
            book.lines += 1;
            book.failure = writeln!(book.file, "{}", audit_line(audit)).err();
        }
    }

    /// How many records there are.
    ///
    /// # Errors
    /// One sentence when not all of them could be written.
    pub(crate) fn finish(&self) -> Result<u64, String> {
        let mut book = self.book.lock().unwrap_or_else(PoisonError::into_inner);
        let failure = book.failure.take().or_else(|| book.file.flush().err());
        failure.map_or(Ok(book.lines), |error| Err(cannot_write(&self.path, &error)))
    }
}

fn cannot_write(path: &Path, error: &io::Error) -> String {
    format!("The audit records cannot be written to {}: {error}.", path.display())
}
