//! Frames on their way between the network and the platform, through whatever faults are armed.

use serde_json::{Map, Value, json};

use crate::{
    fault::{FaultDirection, Treatment},
    output::{ConnectionId, Output},
    platform::Platform,
    schedule::Task,
};

impl Platform {
    /// Answers a request with its class and body.
    pub(crate) fn reply(&mut self, connection: ConnectionId, tracing_id: Option<&Value>, class: &str, body: Value) {
        self.send_envelope(connection, "response", class, 200, body, tracing_id);
    }

    /// Answers a request with an error sentence (guest API reference, section 17).
    pub(crate) fn refuse(&mut self, connection: ConnectionId, tracing_id: Option<&Value>, code: u16, sentence: &str) {
        self.send_envelope(connection, "response", "string", code, json!(sentence), tracing_id);
    }

    /// The answer to a request that came too fast. Every source's fields are in it (guest API reference, section 27).
    pub(crate) fn refuse_as_too_fast(
        &mut self,
        connection: ConnectionId,
        tracing_id: Option<&Value>,
        retry_after_s: u64,
    ) {
        let sentence = "Message rate too high for this session";
        let body = json!({
            "retryAfter": retry_after_s,
            "errorCode": 4029,
            "errorMessage": sentence,
            "name": "TooManyRequestsErrorMessage",
            "message": sentence,
        });
        self.send_envelope(connection, "response", "TooManyRequestsErrorMessage", 429, body, tracing_id);
    }

    /// Tells a connection something that it did not ask for.
    pub(crate) fn push_event(&mut self, connection: ConnectionId, kind: &str, class: &str, body: &Value) {
        self.send_envelope(connection, kind, class, 200, body.clone(), None);
    }

    pub(crate) fn send_envelope(
        &mut self,
        connection: ConnectionId,
        kind: &str,
        class: &str,
        code: u16,
        body: Value,
        tracing_id: Option<&Value>,
    ) {
        let mut frame = Map::new();
        frame.insert("type".into(), json!(kind));
        frame.insert("class".into(), json!(class));
        frame.insert("code".into(), json!(code));
        frame.insert("body".into(), body);
        if let Some(tracing_id) = tracing_id {
            frame.insert("tracingId".into(), tracing_id.clone());
        }
        self.transmit(connection, Value::Object(frame).to_string());
    }

    /// Puts a frame on its way to the guest.
    pub(crate) fn transmit(&mut self, connection: ConnectionId, text: String) {
        let Some(entry) = self.connections.get(&connection) else {
            return;
        };
        if !entry.held_to_guest.is_empty() {
            self.emit(connection, text);
            self.release_to_guest(connection);
            return;
        }
        match self.take_treatment(connection, FaultDirection::ToGuest) {
            Treatment::Pass => self.emit(connection, text),
            Treatment::Lose => {}
            Treatment::Delay { ms } => self.schedule.add(self.now_ms + ms, Task::ToGuest { connection, text }),
            Treatment::Repeat { copies } => (0..=copies).for_each(|_| self.emit(connection, text.clone())),
            Treatment::Hold { ms } => {
                if let Some(entry) = self.connections.get_mut(&connection) {
                    entry.held_to_guest.push_back(text);
                }
                self.schedule.add(self.now_ms + ms, Task::ReleaseToGuest { connection });
            }
        }
    }

    pub(crate) fn emit(&mut self, connection: ConnectionId, text: String) {
        if self.connections.contains_key(&connection) {
            self.outputs.push_back(Output::Send { connection, text });
        }
    }

    pub(crate) fn release_to_guest(&mut self, connection: ConnectionId) {
        let held = self.connections.get_mut(&connection).map(|entry| std::mem::take(&mut entry.held_to_guest));
        held.into_iter().flatten().for_each(|text| self.emit(connection, text));
    }

    /// A frame comes in from the network.
    pub(crate) fn receive(&mut self, connection: ConnectionId, text: &str) {
        let Some(entry) = self.connections.get(&connection) else {
            return;
        };
        if !entry.held_to_platform.is_empty() {
            self.accept(connection, text);
            self.release_to_platform(connection);
            return;
        }
        match self.take_treatment(connection, FaultDirection::ToPlatform) {
            Treatment::Pass => self.accept(connection, text),
            Treatment::Lose => {}
            Treatment::Delay { ms } => {
                let task = Task::ToPlatform { connection, text: text.to_owned() };
                self.schedule.add(self.now_ms + ms, task);
            }
            Treatment::Repeat { copies } => (0..=copies).for_each(|_| self.accept(connection, text)),
            Treatment::Hold { ms } => {
                if let Some(entry) = self.connections.get_mut(&connection) {
                    entry.held_to_platform.push_back(text.to_owned());
                }
                self.schedule.add(self.now_ms + ms, Task::ReleaseToPlatform { connection });
            }
        }
    }

    pub(crate) fn release_to_platform(&mut self, connection: ConnectionId) {
        let held = self.connections.get_mut(&connection).map(|entry| std::mem::take(&mut entry.held_to_platform));
        held.into_iter().flatten().for_each(|text| self.accept(connection, &text));
    }
}
