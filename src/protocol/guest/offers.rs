//! Pickers and forms, put into the words that their views know (www/src/lazy): the wire's names stay here.

use super::content;
use crate::protocol::json::Json;
use crate::session::content::{Answer, AnswerKind, Choice, Item, Offer};
use crate::session::ids::ServerId;
use crate::session::redact::Redacted;

/// Every key that a view reads, with its own name for it where that is another one. Anything else is left out.
const WORDS: &str = "actions autoCompleteType=fill availableTimes=times buttonLabel=button buttonText=button \
    cannedResponseId=name cards components dateDisplayFormat=order dateMaximum=latest dateMinimum=earliest datePicker=date dateTime=start \
    defaultAction=open description formPages=pages header id image imageUrl=image input introduction isMultipleLine=isLong \
    isRequired items keyboardType=keyboard listPicker=list location multipleSelection=isMultiple pageComponents=questions payload \
    placeholderText=placeholder receivedMessage=asked replyMessage=replied sections showSummary=hasSummary subtitle text \
    textback=payload title url value video wheelPicker=wheel";

/// Of times it is three months of mornings and afternoons; more is nobody's intention.
const OFFER_ITEMS_MAX: usize = 200;

pub(super) fn decode(kind: AnswerKind, offer: &Json) -> Item {
    let parts = [offer.get("receivedMessage"), Some(offer), offer.list("cards").first()];
    let title = parts.into_iter().flatten().find_map(|part| part.owned("title")).unwrap_or_default();
    Item::Offer(Offer { kind, title, data: translated(offer) })
}

/// As the views read it.
pub(super) fn translated(offer: &Json) -> Redacted {
    Redacted::new(translate(offer, WORDS).write())
}

/// A form as the guest has filled it in.
pub(super) fn filled_in(form: &Json) -> Answer {
    let mut choices = Vec::new();
    for question in form.list("response").iter().take(OFFER_ITEMS_MAX) {
        if let Some(response) = question.get("component").and_then(|component| component.get("buttonResponse")) {
            choices.push(Choice { question: question.owned("id").unwrap_or_default(), ..content::chosen(response) });
        }
    }
    Answer {
        kind: AnswerKind::Form,
        text: String::new(),
        choices,
        to: form.owned("originatingMessageId").map(ServerId),
        form: form.owned("cannedResponseId").unwrap_or_default(),
    }
}

/// With those keys only that stand among the words, by the names that stand behind them.
pub(super) fn translate(json: &Json, words: &'static str) -> Json {
    match json {
        Json::Map(pairs) => {
            let mut known = Vec::new();
            for (key, value) in pairs {
                if let Some(word) = word_for(key, words) {
                    known.push((word.to_owned(), translate(value, words)));
                }
            }
            Json::Map(known)
        }
        Json::List(items) => {
            let known = items.iter().filter(|item| is_known(item)).take(OFFER_ITEMS_MAX);
            Json::List(known.map(|item| translate(item, words)).collect())
        }
        Json::Null | Json::Bool(_) | Json::Number(_) | Json::Text(_) => json.clone(),
    }
}

/// The button of a card says what it does, and must be able to (section 9); whatever else stands in lists says nothing.
fn is_known(item: &Json) -> bool {
    match item.text("type") {
        Some("Link") => item.text("url").is_some(),
        Some(kind) => matches!(kind, "Postback" | "Button"),
        None => true,
    }
}

fn word_for(key: &str, words: &'static str) -> Option<&'static str> {
    for pair in words.split(' ') {
        let word =
            pair.strip_prefix(key).and_then(|rest| if rest.is_empty() { Some(pair) } else { rest.strip_prefix('=') });
        if word.is_some() {
            return word;
        }
    }
    None
}

#[cfg(all(test, not(target_arch = "wasm32")))]
mod tests {
    use super::*;
    use crate::protocol::guest::keys;
    use crate::protocol::json;

    fn decoded(offer: &str) -> Option<Offer> {
        let Item::Offer(offer) = decode(AnswerKind::List, &json::parse(offer)?) else { return None };
        Some(offer)
    }

    fn data(offer: &str) -> String {
        decoded(offer).map(|offer| offer.data.expose().to_owned()).unwrap_or_default()
    }

    fn title(offer: &str) -> String {
        decoded(offer).map(|offer| offer.title).unwrap_or_default()
    }

    #[test]
    fn an_offer_is_told_in_the_words_of_the_views_and_without_what_they_do_not_know() {
        let offer = r#"{"title":"T","imageUrl":"u","secret":1,"availableTimes":[{"dateTime":"d","x":{}}],"receivedMessage":null}"#;
        assert_eq!(data(offer), r#"{"title":"T","image":"u","times":[{"start":"d"}],"asked":null}"#);
    }

    #[test]
    fn an_offer_has_the_title_under_which_it_is_received() {
        assert_eq!(title(r#"{"title":"inner","receivedMessage":{"title":"outer"}}"#), "outer");
        assert_eq!(title(r#"{"cards":[{"title":"first"},{"title":"second"}]}"#), "first");
    }

    #[test]
    fn of_more_items_than_anybody_means_two_hundred_are_kept() {
        let items = vec![r#"{"id":"x"}"#; 500].join(",");
        assert_eq!(data(&format!(r#"{{"items":[{items}]}}"#)).matches("\"x\"").count(), OFFER_ITEMS_MAX);
    }

    #[test]
    fn every_key_of_an_offer_is_recorded() {
        for pair in WORDS.split(' ') {
            let key = pair.split('=').next().unwrap_or_default();
            assert!(keys::kind_of("", key).is_some(), "{key:?} is read and not recorded");
        }
    }
}
