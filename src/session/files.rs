//! Files that guests send: what may be sent, and what is wrong with one that may not.

use super::ids::FileId;

/// Names have fewer characters than this (guest API reference, section 10).
const NAME_MAX_CHARACTERS: usize = 1024;
/// A limit in kilobytes is held to the smaller reading of the two (guest API reference, section 27).
const KILOBYTE: u64 = 1000;

/// A file that the visitor chose. Its bytes stay in the browser.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct File {
    /// Whoever has the bytes gives it this number.
    pub id: FileId,
    pub name: String,
    /// As the browser has it from the name.
    pub mime: String,
    pub size_bytes: u64,
}

/// What the platform takes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FileRules {
    /// With wildcards, such as `image/*`. None at all: no files.
    pub types: Vec<String>,
    /// In kilobytes.
    pub size_max_kb: u64,
    /// With the dot. They go before the types.
    pub blocked_extensions: Vec<String>,
}

/// Why a file is not sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum FileFlaw {
    Empty,
    TooLarge,
    /// Its type, or what its name ends in.
    Type,
    /// The bytes are not what the name says.
    Content,
    Name,
    NameTooLong,
    NoExtension,
    /// The platform takes no files.
    Unavailable,
    /// The platform says no more than that.
    Refused,
    /// The bytes did not get through, or nothing was heard of them again.
    Interrupted,
}

impl FileFlaw {
    pub const ALL: [FileFlaw; 10] = [
        FileFlaw::Empty,
        FileFlaw::TooLarge,
        FileFlaw::Type,
        FileFlaw::Content,
        FileFlaw::Name,
        FileFlaw::NameTooLong,
        FileFlaw::NoExtension,
        FileFlaw::Unavailable,
        FileFlaw::Refused,
        FileFlaw::Interrupted,
    ];

    pub fn by_name(name: &str) -> Option<FileFlaw> {
        FileFlaw::ALL.into_iter().find(|flaw| flaw.name() == name)
    }

    /// The word for attributes and locales.
    pub fn name(self) -> &'static str {
        match self {
            FileFlaw::Empty => "empty",
            FileFlaw::TooLarge => "size",
            FileFlaw::Type => "type",
            FileFlaw::Content => "content",
            FileFlaw::Name => "name",
            FileFlaw::NameTooLong => "long",
            FileFlaw::NoExtension => "extension",
            FileFlaw::Unavailable => "unavailable",
            FileFlaw::Refused => "refused",
            FileFlaw::Interrupted => "interrupted",
        }
    }

    /// Whether the same file may do another time.
    pub fn is_retryable(self) -> bool {
        matches!(self, FileFlaw::Refused | FileFlaw::Interrupted)
    }
}

impl FileRules {
    pub fn allow_any(&self) -> bool {
        !self.types.is_empty() && self.size_max_kb > 0
    }
}

/// Whether the platform takes a file like this (guest API reference, section 10). Rules that are not known are left to it.
pub(super) fn check(file: &File, rules: Option<&FileRules>) -> Result<(), FileFlaw> {
    let extension = check_name(&file.name)?;
    if file.size_bytes == 0 {
        return Err(FileFlaw::Empty);
    }
    let Some(rules) = rules else { return Ok(()) };
    let is_blocked = |blocked: &String| {
        let blocked = blocked.as_bytes();
        blocked.strip_prefix(b".").unwrap_or(blocked).eq_ignore_ascii_case(extension)
    };
    let is_broken = file.mime.bytes().any(|byte| byte < b' ');
    if is_broken
        || rules.blocked_extensions.iter().any(is_blocked)
        || !rules.types.iter().any(|kind| fits(&file.mime, kind))
    {
        return Err(FileFlaw::Type);
    }
    if file.size_bytes > rules.size_max_kb.saturating_mul(KILOBYTE) {
        return Err(FileFlaw::TooLarge);
    }
    Ok(())
}

/// Answers what the name ends in, without the dot. By bytes: the standard library's searches weigh more.
fn check_name(name: &str) -> Result<&[u8], FileFlaw> {
    let is_continuation = |byte: &&u8| **byte & 0xc0 == 0x80;
    let bytes = name.as_bytes();
    if bytes.len() - bytes.iter().filter(is_continuation).count() >= NAME_MAX_CHARACTERS {
        return Err(FileFlaw::NameTooLong);
    }
    if name.chars().any(is_treacherous) || has_escape(bytes) {
        return Err(FileFlaw::Name);
    }
    // Some systems drop dots and spaces at the end: what is before them counts.
    let end = bytes.iter().rposition(|byte| !matches!(byte, b'.' | b' ')).map_or(0, |last| last + 1);
    let bytes = bytes.get(..end).unwrap_or_default();
    let dot = bytes.iter().rposition(|byte| *byte == b'.').ok_or(FileFlaw::NoExtension)?;
    Ok(bytes.get(dot + 1..).unwrap_or_default())
}

/// What ends names early, leads elsewhere, or shows them other than they are.
fn is_treacherous(letter: char) -> bool {
    matches!(letter,
        '\0'..='\x1f' | '\x7f'..='\u{9f}' | '/' | '\\' | ':'
        | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// `%00` and the like: somebody may take it for the letter that it stands for.
fn has_escape(name: &[u8]) -> bool {
    name.windows(3)
        .any(|three| matches!(three, [b'%', high, low] if high.is_ascii_hexdigit() && low.is_ascii_hexdigit()))
}

fn fits(mime: &str, pattern: &str) -> bool {
    let (mime, pattern) = (mime.as_bytes(), pattern.as_bytes());
    match pattern.strip_suffix(b"*") {
        Some(b"*/") => true,
        Some(start) => mime.get(..start.len()).is_some_and(|found| found.eq_ignore_ascii_case(start)),
        None => mime.eq_ignore_ascii_case(pattern),
    }
}
