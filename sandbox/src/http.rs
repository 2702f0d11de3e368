//! HTTP for guests: routes, cross-origin answers, errors (guest API reference, sections 14 and 24).

use serde_json::json;

use crate::{
    auth::{not_json, read_object},
    conversations::Call,
    fault::{Fault, FaultRoute, Lost},
    output::{HttpAnswer, HttpRequest, Output, RequestId},
    platform::Platform,
    schedule::Task,
};

/// The beginning of every address at a host, such as `http://127.0.0.1:8080`.
pub(crate) fn base_of(host: &str, secure: bool) -> String {
    format!("{}://{host}", if secure { "https" } else { "http" })
}

/// The platform's error body (guest API reference, section 14).
pub(crate) fn error(status: u16, code: &str, message: &str) -> HttpAnswer {
    let body = json!({"message": message, "code": code, "status": status, "details": [], "errors": []});
    HttpAnswer::json(status, &body)
}

impl Platform {
    pub(crate) fn on_http(&mut self, request: RequestId, http: &HttpRequest) {
        let (answer, delay_ms) = self.answer_http(http);
        let due_ms = self.now_ms + delay_ms;
        match answer.map(|answer| self.with_cross_origin(http, answer)) {
            None if delay_ms == 0 => self.outputs.push_back(Output::Cut { request }),
            None => self.schedule.add(due_ms, Task::Cut { request }),
            Some(answer) if delay_ms == 0 => self.outputs.push_back(Output::Answer { request, answer }),
            Some(answer) => self.schedule.add(due_ms, Task::Answer { request, answer }),
        }
    }

    /// The answer, if there is to be one, and after how many milliseconds it goes out.
    fn answer_http(&mut self, http: &HttpRequest) -> (Option<HttpAnswer>, u64) {
        let host = http.header("host").unwrap_or_default();
        if !self.setup.access.allows_host(host) {
            return (Some(error(403, "host.not.allowed", "This server does not answer to that host name.")), 0);
        }
        if !is_public(http) && !self.setup.access.allows_origin(http.header("origin"), host) {
            return (Some(error(403, "origin.not.allowed", "This origin is not among the deployment's domains.")), 0);
        }
        if http.method == "OPTIONS" {
            return (Some(HttpAnswer::empty(204)), 0);
        }
        let request_id = http.header("x-genesys-request-id");
        if request_id.is_some_and(|id| self.cut_requests.contains(id)) {
            return (None, 0);
        }
        let call = Call::of(http);
        let fault = self.fault_on(call.as_ref(), http);
        let delay_ms = fault.as_ref().map_or(0, |fault| fault.delay_ms());
        let lost = fault.as_ref().and_then(|fault| fault.lost());
        if lost.is_some() {
            self.cut_requests.extend(request_id.map(str::to_owned));
        }
        if lost == Some(Lost::Request) {
            return (None, delay_ms);
        }
        let answer = match fault.and_then(|fault| fault.http_answer(|seconds| self.http_date_in(seconds))) {
            Some(answer) => answer,
            None => match &call {
                Some(call) => self.on_call(call, http),
                None => self.route_http(http),
            },
        };
        let answer = if call.is_some() { answer.header("date", self.http_date_in(0)) } else { answer };
        (lost.is_none().then_some(answer), delay_ms)
    }

    fn fault_on(&mut self, call: Option<&Call>, http: &HttpRequest) -> Option<Fault> {
        if self.faults.is_empty() {
            return None;
        }
        let conversation = call.and_then(|call| self.conversation_called(call, http));
        let id = conversation.and_then(|key| self.conversations.get(&key)).map(|conversation| conversation.id());
        self.take_http_fault(call.map_or_else(|| route_of(http), |call| Some(call.route()))?, id.as_deref())
    }

    fn route_http(&mut self, http: &HttpRequest) -> HttpAnswer {
        let segments: Vec<&str> = http.path.strip_prefix('/').unwrap_or(&http.path).split('/').collect();
        match (http.method.as_str(), segments.as_slice()) {
            ("GET", ["webdeployments", "v1", "deployments", id, "config.json"]) => self.on_config(id, http),
            ("GET", ["webdeployments", "v1", "deployments", id, "domains.json"]) => self.on_domains(id),
            ("GET", ["api", "v2", "webmessaging", "messages"]) => self.on_history(http),
            ("POST", ["api", "v2", "webdeployments", "token", "oauthcodegrantjwtexchange"]) => {
                self.on_token_exchange(http)
            }
            ("POST", ["api", "v2", "webdeployments", "token", "refresh"]) => self.on_token_refresh(http),
            ("DELETE", ["api", "v2", "webdeployments", "token", "revoke"]) => self.on_token_revoke(http),
            ("POST" | "PATCH" | "DELETE", ["api", "v2", "webmessaging", "deployments", id, "pushdevices", _]) => {
                self.on_push_device(id, http)
            }
            ("PUT", ["uploads", id]) => self.on_upload(id, http),
            ("GET", ["api", "v2", "downloads", id]) => self.on_download(id, http),
            _ => error(404, "not.found", "There is nothing at this path with this method."),
        }
    }

    /// Taken and forgotten: nothing here pushes to phones.
    fn on_push_device(&self, deployment: &str, http: &HttpRequest) -> HttpAnswer {
        if deployment != self.setup.deployment {
            return error(404, "invalid.path.parameter", "No such deployment.");
        }
        if http.method != "DELETE" && read_object(http).is_none() {
            return not_json();
        }
        HttpAnswer::empty(204)
    }

    fn with_cross_origin(&self, http: &HttpRequest, answer: HttpAnswer) -> HttpAnswer {
        let host = http.header("host").unwrap_or_default();
        let Some(origin) = http.header("origin") else {
            return if is_public(http) { answer.header("access-control-allow-origin", "*") } else { answer };
        };
        let answer = if is_public(http) {
            answer.header("access-control-allow-origin", "*")
        } else if self.setup.access.allows_origin(Some(origin), host) {
            answer.header("access-control-allow-origin", origin).header("vary", "Origin")
        } else {
            return answer;
        };
        let answer = answer.header("access-control-expose-headers", "retry-after, date, etag, x-ratelimit-remaining");
        if http.method != "OPTIONS" {
            return answer;
        }
        answer
            .header("access-control-allow-methods", "GET, POST, PUT, PATCH, DELETE")
            .header("access-control-allow-headers", ALLOWED_HEADERS)
            .header("access-control-max-age", "600")
    }
}

const ALLOWED_HEADERS: &str = "authorization, content-type, if-match, x-amz-tagging, x-genesys-request-id";

/// Config and domains are for everyone (guest API reference, section 15).
fn is_public(http: &HttpRequest) -> bool {
    http.path.starts_with("/webdeployments/v1/")
}

fn route_of(http: &HttpRequest) -> Option<FaultRoute> {
    if http.path == "/api/v2/webmessaging/messages" {
        Some(FaultRoute::History)
    } else if http.path.ends_with("/config.json") {
        Some(FaultRoute::Config)
    } else if http.path.starts_with("/uploads/") {
        Some(FaultRoute::Upload)
    } else {
        None
    }
}
