//! What the official mobile client needs of a frame, or it drops it (guest API reference, section 24).

use serde_json::Value;

/// Says what is wrong with a frame that the platform sent.
pub(crate) fn check_frame(frame: &Value) -> Result<(), String> {
    need_text(frame, "type")?;
    need_integer(frame, "code")?;
    let body = frame.get("body").filter(|body| !body.is_null()).ok_or("body is missing")?;
    match need_text(frame, "class")? {
        "string" => body.as_str().map(|_| ()).ok_or_else(|| "a string body is not a string".into()),
        "SessionResponse" => check_session(body),
        "StructuredMessage" => check_message(body),
        "PresignedUrlResponse" => {
            need_texts(body, &["attachmentId", "url"])?;
            body.get("headers").filter(|headers| headers.is_object()).map(|_| ()).ok_or_else(|| "headers".into())
        }
        "UploadSuccessEvent" => need_texts(body, &["attachmentId", "downloadUrl", "timestamp"]),
        "UploadFailureEvent" => {
            need_texts(body, &["attachmentId", "errorMessage", "timestamp"])?;
            need_integer(body, "errorCode")
        }
        "GenerateUrlError" => {
            need_texts(body, &["attachmentId", "errorMessage"])?;
            need_integer(body, "errorCode")
        }
        "TooManyRequestsErrorMessage" => {
            need_integer(body, "retryAfter")?;
            need_integer(body, "errorCode")?;
            need_texts(body, &["errorMessage"])
        }
        "JwtResponse" => {
            need_texts(body, &["jwt"])?;
            need_integer(body, "exp")
        }
        "AttachmentDeletedResponse" => need_texts(body, &["attachmentId"]),
        "ConnectionClosedEvent" => need_texts(body, &["reason", "reasonCode"]),
        "LogoutEvent" | "SessionClearedEvent" | "SessionExpiredEvent" => {
            body.as_object().map(|_| ()).ok_or_else(|| "the body is not an object".into())
        }
        "GetConfigurationResponse" | "ResumeTokenResponse" => no_nulls(body),
        class => Err(format!("class {class} is not in the reference")),
    }
    .and_then(|()| no_nulls(frame))
    .map_err(|problem: String| format!("{problem} in {frame}"))
}

/// Says what is wrong with a history page.
pub(crate) fn check_history(page: &Value) -> Result<(), String> {
    for name in ["pageSize", "pageNumber", "total", "pageCount"] {
        need_integer(page, name)?;
    }
    let entities = page.get("entities").and_then(Value::as_array).ok_or("entities")?;
    entities.iter().try_for_each(check_message)
}

fn check_session(body: &Value) -> Result<(), String> {
    for name in ["connected", "newSession", "readOnly", "clearedExistingSession"] {
        body.get(name).and_then(Value::as_bool).ok_or(name)?;
    }
    for name in ["maxCustomDataBytes", "durationSeconds", "expirationDate"] {
        need_integer(body, name)?;
    }
    body.get("blockedExtensions").and_then(Value::as_array).ok_or("blockedExtensions")?;
    if let Some(size) = body.pointer("/allowedMedia/inbound/maxFileSizeKB") {
        size.as_u64().ok_or("maxFileSizeKB")?;
    }
    Ok(())
}

fn check_message(body: &Value) -> Result<(), String> {
    need_texts(body, &["id"])?;
    one_of(body, "type", &["Text", "Event", "Structured"])?;
    one_of(body, "direction", &["Inbound", "Outbound"])?;
    no_nulls(body)?;
    if let Some(Value::Object(metadata)) = body.get("metadata")
        && !metadata.values().all(Value::is_string)
    {
        return Err("metadata has a value that is not a string".into());
    }
    let items = |name: &str| body.get(name).and_then(Value::as_array).into_iter().flatten();
    items("content").try_for_each(check_content)?;
    items("events").try_for_each(check_event)?;
    if body.get("type") == Some(&Value::from("Event")) && items("events").next().is_none() {
        return Err("an event without events".into());
    }
    Ok(())
}

fn check_content(item: &Value) -> Result<(), String> {
    match need_text(item, "contentType")? {
        "Attachment" => need_texts(&item["attachment"], &["id", "url", "filename", "mediaType"]),
        "QuickReply" => need_texts(&item["quickReply"], &["text", "payload"]),
        "ButtonResponse" => need_texts(&item["buttonResponse"], &["type", "text", "payload"]),
        "Card" => check_card(&item["card"]),
        "Carousel" => item["carousel"]["cards"].as_array().ok_or("cards")?.iter().try_for_each(check_card),
        "DatePicker" => {
            need_texts(&item["datePicker"], &["title"])?;
            item["datePicker"]["availableTimes"].as_array().into_iter().flatten().try_for_each(|slot| {
                need_texts(slot, &["dateTime"])?;
                need_integer(slot, "duration")
            })
        }
        "GenericTemplate" => need_texts(&item["generic"], &["title"]),
        "ListPicker" | "Form" => Ok(()),
        kind => Err(format!("content {kind} is not in the reference")),
    }
}

fn check_card(card: &Value) -> Result<(), String> {
    need_texts(card, &["title", "description"])?;
    let actions = card["actions"].as_array().ok_or("actions")?;
    actions.iter().chain(card.get("defaultAction")).try_for_each(|action| need_texts(action, &["type", "text"]))
}

fn check_event(event: &Value) -> Result<(), String> {
    match need_text(event, "eventType")? {
        "Typing" => need_texts(&event["typing"], &["type"]),
        "Presence" => one_of(&event["presence"], "type", &["Disconnect", "Join", "Clear", "SignIn"]),
        kind => Err(format!("event {kind} is not in the reference")),
    }
}

fn one_of(value: &Value, name: &str, allowed: &[&str]) -> Result<(), String> {
    let text = need_text(value, name)?;
    if allowed.contains(&text) { Ok(()) } else { Err(format!("{name} is {text}")) }
}

fn need_texts(value: &Value, names: &[&str]) -> Result<(), String> {
    names.iter().try_for_each(|name| need_text(value, name).map(|_| ()))
}

fn need_text<'a>(value: &'a Value, name: &str) -> Result<&'a str, String> {
    value.get(name).and_then(Value::as_str).ok_or_else(|| format!("{name} is not a string"))
}

/// Written as an integer: `2048.0` would not do.
fn need_integer(value: &Value, name: &str) -> Result<(), String> {
    let number = value.get(name).filter(|number| number.is_i64() || number.is_u64());
    number.map(|_| ()).ok_or_else(|| format!("{name} is not an integer"))
}

fn no_nulls(value: &Value) -> Result<(), String> {
    match value {
        Value::Null => Err("there is a null".into()),
        Value::Array(items) => items.iter().try_for_each(no_nulls),
        Value::Object(members) => members.values().try_for_each(no_nulls),
        Value::Bool(_) | Value::Number(_) | Value::String(_) => Ok(()),
    }
}
