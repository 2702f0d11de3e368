//! What guests answer to rich content, held to the reference (guest API reference, sections 4.4 and 9).

use serde_json::Value;

/// What is wrong with an answer, in a sentence.
pub(super) fn fault(item: &Value) -> Option<&'static str> {
    match (item.get("buttonResponse"), item.get("form")) {
        (Some(response), None) => fault_of_response(response),
        (None, Some(form)) => fault_of_form(form),
        _ => Some("an answer needs the member that its content type names"),
    }
}

fn fault_of_response(response: &Value) -> Option<&'static str> {
    const KINDS: [&str; 5] = ["Button", "DatePicker", "Form", "ListPicker", "QuickReply"];
    let [Some(kind), Some(_), Some(payload)] = ["type", "text", "payload"].map(|name| text(response, name)) else {
        return Some("a button response needs type, text and payload");
    };
    match kind {
        "DatePicker" if payload.parse::<jiff::Timestamp>().is_err() => Some("the payload of a date is a time"),
        kind if KINDS.contains(&kind) => None,
        _ => Some("unknown type of button response"),
    }
}

fn fault_of_form(form: &Value) -> Option<&'static str> {
    let has_names = ["originatingMessageId", "cannedResponseId"].iter().all(|name| text(form, name).is_some());
    let Some(answers) = form.get("response").and_then(Value::as_array).filter(|_| has_names) else {
        return Some("a form needs originatingMessageId, cannedResponseId and response");
    };
    let is_answer = |answer: &Value| {
        let response = answer.pointer("/component/buttonResponse");
        text(answer, "id").is_some()
            && answer.pointer("/component/contentType") == Some(&Value::from("ButtonResponse"))
            && response
                .is_some_and(|response| text(response, "type") == Some("Form") && fault_of_response(response).is_none())
    };
    (!answers.iter().all(is_answer)).then_some("each answer of a form needs an id and a button response of type Form")
}

fn text<'a>(value: &'a Value, name: &str) -> Option<&'a str> {
    value.get(name)?.as_str()
}
