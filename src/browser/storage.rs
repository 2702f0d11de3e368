//! The record in the browser's storage. Where that is blocked or full, it lives in memory, as long as the page.

use super::json;
use crate::session::error::ChatError;
use crate::session::ids::GuestToken;
use crate::session::record::Record;
use crate::session::time::WallTime;
use crate::stored::record;
use std::cell::RefCell;

/// `sessionStorage`, or `localStorage` where the visitor is to be remembered.
pub struct Storage {
    key: String,
    area: Option<web_sys::Storage>,
    remembered: RefCell<Option<Record>>,
}

impl Storage {
    pub fn open(deployment_id: &str, remember: bool) -> Storage {
        let area = if remember { local_area() } else { session_area() };
        Storage::of(deployment_id, area)
    }

    /// The same over any storage area; `None` is memory only.
    pub fn of(deployment_id: &str, area: Option<web_sys::Storage>) -> Storage {
        let key = ["guest-messenger:", deployment_id].concat();
        Storage { key, area, remembered: RefCell::new(None) }
    }

    /// What is stored, unless it is malformed or expired.
    pub fn load(&self, now: WallTime) -> Option<Record> {
        let text = self.area.as_ref()?.get_item(&self.key).ok()??;
        let json = json::parse(&text, record::TEXT_MAX_BYTES);
        let record = json.and_then(|json| record::read(&json, now));
        self.remembered.replace(record.clone());
        record
    }

    /// # Errors
    /// When it could be kept in memory only.
    pub fn save(&self, record: &Record) -> Result<(), ChatError> {
        self.remembered.replace(Some(record.clone()));
        let text = record::write(record);
        let is_stored = self.area.as_ref().is_some_and(|area| area.set_item(&self.key, &text).is_ok());
        if is_stored { Ok(()) } else { Err(ChatError::STORAGE_UNAVAILABLE) }
    }

    /// Another tab has a conversation, or is about to begin one. Of two that begin at once the lower token is taken.
    /// Answers it when it is, instead of none when that `is_wanted`; other tabs are told of it, and nothing stored.
    pub fn promise(&self, record: Record, is_wanted: bool) -> Option<GuestToken> {
        let mut own = self.remembered.borrow_mut();
        let is_taken = own.as_ref().map_or(is_wanted, |own| !own.is_live && record.token < own.token);
        is_taken.then(|| own.insert(record).token.clone())
    }

    /// Takes the record out of both areas: `remember` may have been another one on an earlier visit.
    pub fn forget(&self) {
        self.remembered.replace(None);
        for area in [self.area.clone(), local_area(), session_area()].into_iter().flatten() {
            let _ = area.remove_item(&self.key);
        }
    }

    /// The newest record saved or loaded.
    pub fn record(&self) -> Option<Record> {
        self.remembered.borrow().clone()
    }
}

/// Reading the property throws where the page is sandboxed or storage is blocked.
fn local_area() -> Option<web_sys::Storage> {
    web_sys::window()?.local_storage().ok()?
}

fn session_area() -> Option<web_sys::Storage> {
    web_sys::window()?.session_storage().ok()?
}
