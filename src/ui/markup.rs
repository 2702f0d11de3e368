//! A message's text as tokens, in one pass: links, and the deployment's small markup (guest API reference, section 21).
//!
//! No token is read a second time as anything else, so that nothing can be smuggled from one reading into the next.

use super::links::{AddressReader, judge, shows_host};
use crate::built_in::CONFIGURATION;
use crate::text::{before, cut, cut_last, find, is_among};

/// In the order of the source. What is opened is closed, and nothing else is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Token<'a> {
    Text(&'a str),
    Link(Link),
    Open(Style),
    Close,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Style {
    Bold,
    Italic,
    Struck,
    Marked,
    Code,
    /// Lines of code.
    Block,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Link {
    pub label: String,
    /// Normalised, safe to set as `href`.
    pub href: String,
}

/// No markup; what guests may use; and what others may.
pub const PLAIN: &str = "";
pub const GUESTS: &str = "*_~`[\\";
pub const OTHERS: &str = "*_~`[\\=";

/// A message with more is not read by anybody; what follows stays text.
const LINKS_MAX: usize = 200;
const DEPTH_MAX: usize = 16;
/// What is marked is a few words; so a text of nothing but markers is read quickly.
const SPAN_MAX_BYTES: usize = 600;
/// No address that may be opened is longer; nobody looks further for the end of one.
const ADDRESS_MAX_BYTES: usize = 2048;

/// `marks` is one of the constants above. Bare http, https and e-mail addresses become links in any case.
pub fn tokens<'a>(text: &'a str, marks: &'static str, reader: &dyn AddressReader) -> Vec<Token<'a>> {
    let mut found = Found { tokens: Vec::new(), links: 0, marks, reader };
    found.read(text, 0);
    found.tokens
}

/// The part of a long text that is shown at first, cut between words; nothing of one that is not long.
pub fn beginning(text: &str) -> Option<&str> {
    const LONG_BYTES: usize = 1000;
    const LONG_LINES: usize = 20;
    const SHOWN_BYTES: usize = 700;
    const SHOWN_LINES: usize = 14;
    let breaks = || text.bytes().enumerate().filter(|(_, byte)| *byte == b'\n');
    let lines_end = |count: usize| breaks().nth(count).map(|(at, _)| at);
    if text.len() <= LONG_BYTES && lines_end(LONG_LINES - 1).is_none() {
        return None;
    }
    let most = lines_end(SHOWN_LINES - 1).unwrap_or(text.len()).min(SHOWN_BYTES);
    let head = head(text, most);
    // Not in a language that needs no spaces.
    let words_end = head.bytes().rposition(|byte| byte == b' ').filter(|end| *end > most / 2 && most == SHOWN_BYTES);
    head.get(..words_end.unwrap_or(head.len()))
}

/// Whether it is nothing but a few emoji.
pub fn is_emoji(text: &str) -> bool {
    const SHOWN_MAX: usize = 6;
    let mut count = 0;
    let mut is_joined = false;
    for letter in text.chars() {
        match letter {
            // Joins the one before to the one after.
            '\u{200d}' => is_joined = true,
            // How the one before looks.
            '\u{fe0f}' | '\u{1f3fb}'..='\u{1f3ff}' | '\u{e0020}'..='\u{e007f}' | ' ' => {}
            '\u{231a}'..='\u{23ff}' | '\u{2600}'..='\u{27bf}' | '\u{2b05}'..='\u{2b55}' | '\u{1f000}'..='\u{1faff}' => {
                count += usize::from(!is_joined);
                is_joined = false;
            }
            _ => return false,
        }
    }
    (1..=SHOWN_MAX).contains(&count)
}

struct Found<'a, 'r> {
    tokens: Vec<Token<'a>>,
    links: usize,
    marks: &'static str,
    reader: &'r dyn AddressReader,
}

/// What begins at one place of the text.
enum Piece<'a> {
    Text(&'a str),
    Link(Link),
    Styled(Style, &'a str),
}

impl<'a> Found<'a, '_> {
    fn read(&mut self, text: &'a str, depth: usize) {
        let (mut at, mut plain_from, mut before) = (0, 0, ' ');
        while let Some(rest) = text.get(at..)
            && let Some(letter) = rest.chars().next()
        {
            let found = if depth < DEPTH_MAX { self.piece(before, letter, rest) } else { None };
            let Some((length, piece)) = found else {
                at += letter.len_utf8();
                before = letter;
                continue;
            };
            self.push_text(text.get(plain_from..at));
            match piece {
                Piece::Text(text) => self.push_text(Some(text)),
                Piece::Link(link) => {
                    self.links += 1;
                    self.tokens.push(Token::Link(link));
                }
                Piece::Styled(style, inner) => {
                    self.tokens.push(Token::Open(style));
                    match style {
                        Style::Code | Style::Block => self.push_text(Some(inner)),
                        Style::Bold | Style::Italic | Style::Struck | Style::Marked => self.read(inner, depth + 1),
                    }
                    self.tokens.push(Token::Close);
                }
            }
            at += length;
            plain_from = at;
            before = rest.get(..length).and_then(|piece| piece.chars().next_back()).unwrap_or(' ');
        }
        self.push_text(text.get(plain_from..));
    }

    /// What begins here, and how much of the text it takes. `before` is the letter before it.
    fn piece(&self, before: char, letter: char, rest: &'a str) -> Option<(usize, Piece<'a>)> {
        if self.is_mark(rest.as_bytes()) {
            return match letter {
                '\\' => {
                    let escaped = rest.get(1..2).filter(|next| self.is_mark(next.as_bytes()))?;
                    Some((2, Piece::Text(escaped)))
                }
                '[' => self.named_link(rest),
                '`' => code(rest),
                _ => styled(before, letter, rest),
            };
        }
        if self.links == LINKS_MAX {
            return None;
        }
        let has_scheme = || ["https://", "http://"].iter().any(|scheme| starts_with_ignoring_case(rest, scheme));
        if matches!(letter, 'h' | 'H') && !before.is_ascii_alphanumeric() && has_scheme() {
            let found = trim_end(word(rest, ADDRESS_MAX_BYTES));
            let judged = judge(found, self.reader)?;
            let label = if shows_host(found, &judged.host) { found.to_owned() } else { judged.href.clone() };
            return Some((found.len(), Piece::Link(Link { label, href: judged.href })));
        }
        let may_begin = before.is_whitespace() || matches!(before, '(' | '<' | '"' | '\'' | '[');
        if may_begin && rest.bytes().next().is_some_and(is_of_user) {
            let found = trim_end(word(rest, SPAN_MAX_BYTES));
            let href = ["mailto:", found].concat();
            return is_email(found).then(|| (found.len(), Piece::Link(Link { label: found.to_owned(), href })));
        }
        None
    }

    fn is_mark(&self, rest: &[u8]) -> bool {
        CONFIGURATION && rest.first().is_some_and(|letter| is_among(*letter, self.marks.as_bytes()))
    }

    /// `[label](address)`. A label that names another place than the address is followed by the real one.
    fn named_link(&self, rest: &'a str) -> Option<(usize, Piece<'a>)> {
        let line = span(rest, 1)?;
        let label = line.get(..find(line.as_bytes(), b"](")?)?;
        let after = line.get(label.len() + 2..)?;
        let mut depth = 0;
        let end = after.find(|letter| {
            depth += match letter {
                '(' => 1,
                ')' => -1,
                _ => 0,
            };
            depth < 0
        })?;
        let judged = judge(after.get(..end)?, self.reader).filter(|_| !label.trim().is_empty())?;
        let length = 1 + label.len() + 2 + end + 1;
        let names_a_place = label.contains(['.', '@', ':', '/']) && !shows_host(label, &judged.host);
        let place = if judged.host.is_empty() { &judged.href } else { &judged.host };
        let label = if names_a_place { [label, " (", place, ")"].concat() } else { label.to_owned() };
        Some((length, Piece::Link(Link { label, href: judged.href })))
    }

    fn push_text(&mut self, text: Option<&'a str>) {
        if let Some(text) = text.filter(|text| !text.is_empty()) {
            self.tokens.push(Token::Text(text));
        }
    }
}

/// Between one mark and its like. Two of a kind side by side mean nothing and stay.
fn styled<'a>(before: char, mark: char, rest: &'a str) -> Option<(usize, Piece<'a>)> {
    let (style, width) = match mark {
        '*' => (Style::Bold, 1),
        '_' => (Style::Italic, 1),
        '~' => (Style::Struck, 1),
        _ => (Style::Marked, 2),
    };
    let run = |text: &str| text.bytes().take_while(|letter| char::from(*letter) == mark).count();
    let length = run(rest);
    if length != width {
        return Some((length, Piece::Text(rest.get(..length)?)));
    }
    let is_word = |letter: char| mark == '_' && is_of_word(letter);
    let line = span(rest, width)?;
    if is_word(before) || line.starts_with(char::is_whitespace) {
        return None;
    }
    let (mut at, mut last) = (0, ' ');
    while let Some(tail) = line.get(at..)
        && let Some(letter) = tail.chars().next()
    {
        let length = if letter == mark { run(tail) } else { 0 };
        let after = tail.get(length..).and_then(|after| after.chars().next()).unwrap_or(' ');
        if length == width && at > 0 && !last.is_whitespace() && last != '\\' && !is_word(after) {
            return Some((width + at + width, Piece::Styled(style, line.get(..at)?)));
        }
        at += length.max(letter.len_utf8());
        last = letter;
    }
    None
}

/// Nearly: the tables of Unicode would weigh more on the page than all of this.
fn is_of_word(letter: char) -> bool {
    letter.is_ascii_alphanumeric()
        || letter == '_'
        || (letter >= '\u{c0}' && !matches!(letter, '\u{2000}'..='\u{206f}' | '\u{3000}'..='\u{303f}'))
}

/// Between one accent and the next in a line, or between three and three over several.
fn code<'a>(rest: &'a str) -> Option<(usize, Piece<'a>)> {
    if let Some(block) = rest.strip_prefix("```") {
        let end = find(block.as_bytes(), b"```")?;
        let inner = block.get(..end)?;
        let lines = inner.strip_prefix('\n').unwrap_or(inner);
        let lines = lines.strip_suffix('\n').unwrap_or(lines);
        // It stands on lines of its own: the break behind it is made by that.
        let after = rest.get(end + 6..).map_or(0, |after| usize::from(after.starts_with('\n')));
        return (!lines.is_empty()).then_some((end + 6 + after, Piece::Styled(Style::Block, lines)));
    }
    let (inner, _) = cut(span(rest, 1)?, b'`')?;
    (!inner.is_empty()).then_some((inner.len() + 2, Piece::Styled(Style::Code, inner)))
}

/// The rest of the line from there, as far as one looks.
fn span(rest: &str, from: usize) -> Option<&str> {
    let rest = rest.get(from..)?;
    Some(before(head(rest, SPAN_MAX_BYTES), b"\n"))
}

/// At most so much of it, in whole letters.
pub fn head(text: &str, most: usize) -> &str {
    (0..=most.min(text.len())).rev().find_map(|end| text.get(..end)).unwrap_or_default()
}

/// What stands before the next space or what an address never holds; nothing where that is further away.
fn word(rest: &str, most: usize) -> &str {
    let is_end = |letter: char| letter.is_whitespace() || matches!(letter, '<' | '>' | '"');
    let found = head(rest, most + 4).split(is_end).next().unwrap_or_default();
    if found.len() > most { "" } else { found }
}

fn starts_with_ignoring_case(text: &str, start: &str) -> bool {
    text.get(..start.len()).is_some_and(|head| head.eq_ignore_ascii_case(start))
}

/// Without the punctuation of the sentence around it. A closing bracket stays when it was opened inside.
fn trim_end(text: &str) -> &str {
    let mut kept = text;
    while let Some(last) = kept.chars().next_back() {
        let is_punctuation = match last {
            '.' | ',' | ';' | ':' | '!' | '?' | '\'' | '…' => true,
            ')' => count(kept, b')') > count(kept, b'('),
            ']' => count(kept, b']') > count(kept, b'['),
            _ => false,
        };
        if !is_punctuation {
            break;
        }
        kept = kept.strip_suffix(last).unwrap_or_default();
    }
    kept
}

fn count(text: &str, sign: u8) -> usize {
    text.bytes().filter(|byte| *byte == sign).count()
}

/// Of what stands before the `@`.
fn is_of_user(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || is_among(byte, b"._%+-")
}

fn is_email(text: &str) -> bool {
    let Some((user, host)) = cut(text, b'@') else { return false };
    let is_label =
        |label: &[u8]| !label.is_empty() && label.iter().all(|byte| byte.is_ascii_alphanumeric() || *byte == b'-');
    let Some((_, top)) = cut_last(host, b'.') else { return false };
    text.len() <= 254
        && !user.is_empty()
        && !user.starts_with('.')
        && user.bytes().all(is_of_user)
        && host.as_bytes().split(|byte| *byte == b'.').all(is_label)
        && top.len() >= 2
        && top.bytes().all(|byte| byte.is_ascii_alphabetic())
}

#[cfg(test)]
mod tests {
    use super::super::links::simple::Simple;
    use super::*;

    fn show_as(text: &str, marks: &'static str) -> Vec<String> {
        let shown = |token: &Token| match token {
            Token::Text(text) => (*text).to_owned(),
            Token::Link(link) if link.label == link.href => format!("<{}>", link.href),
            Token::Link(link) => format!("<{} -> {}>", link.label, link.href),
            Token::Open(style) => format!("{style:?}("),
            Token::Close => ")".to_owned(),
        };
        tokens(text, marks, &Simple).iter().map(shown).collect()
    }

    fn links(text: &str) -> usize {
        tokens(text, OTHERS, &Simple).iter().filter(|token| matches!(token, Token::Link(_))).count()
    }

    fn show(text: &str) -> Vec<String> {
        show_as(text, PLAIN)
    }

    /// With all marks, in one line.
    fn marked(text: &str) -> String {
        show_as(text, OTHERS).concat()
    }

    #[test]
    fn text_without_links_is_one_token() {
        assert_eq!(show("just\n  text "), ["just\n  text "]);
        assert_eq!(show(""), [""; 0]);
    }

    #[test]
    fn a_bare_address_becomes_a_link_and_the_text_around_it_stays() {
        assert_eq!(show("see https://a.example/x, ok"), ["see ", "<https://a.example/x>", ", ok"]);
        assert_eq!(show("HTTP://a.example"), ["<HTTP://a.example>"]);
    }

    #[test]
    fn the_punctuation_of_the_sentence_is_no_part_of_the_address() {
        assert_eq!(show("(https://a.example/b)."), ["(", "<https://a.example/b>", ")."]);
        assert_eq!(show("https://a.example/b_(c)"), ["<https://a.example/b_(c)>"]);
        assert_eq!(show("\"https://a.example\"!"), ["\"", "<https://a.example>", "\"!"]);
    }

    #[test]
    fn an_address_may_follow_a_letter_of_a_script_without_spaces() {
        assert_eq!(show("見てhttps://a.example"), ["見て", "<https://a.example>"]);
    }

    #[test]
    fn every_letter_of_the_text_is_kept() {
        let text = "é https://a.example/ü?x=1… ok@a.example; <https://b.example> h http:/ 👋";
        let kept: String = tokens(text, PLAIN, &Simple)
            .iter()
            .map(|token| match token {
                Token::Text(text) => (*text).to_owned(),
                Token::Link(link) => link.label.clone(),
                Token::Open(_) | Token::Close => String::new(),
            })
            .collect();
        assert_eq!(kept, text);
    }

    #[test]
    fn an_email_address_becomes_a_mailto_link() {
        assert_eq!(
            show("write <ana@shop.example>."),
            ["write <", "<ana@shop.example -> mailto:ana@shop.example>", ">."]
        );
        for text in ["a@b", "@a.example", "a@.example", "a@b.1", "a b@", "a@b..example"] {
            assert_eq!(links(text), 0, "{text}");
        }
    }

    #[test]
    fn an_address_is_found_before_what_it_never_holds_however_far_that_goes_on() {
        let far = "x".repeat(5_000);
        assert_eq!(links(&format!("<https://a.example>{far}")), 1);
        assert_eq!(links(&format!("<ana@a.example>{far}")), 1);
        assert_eq!(links(&format!("https://a.example/{far}")), 0);
        assert_eq!(links(&format!("https://a.example/{} b", "x".repeat(2_030))), 1);
        assert_eq!(links(&format!("ana@a.example{far}")), 0);
    }

    #[test]
    fn other_schemes_stay_text() {
        for text in
            ["javascript:alert(1)", "data:text/html,x", "ftp://a.example", "xhttps://a.example", "https:a.example"]
        {
            assert_eq!(links(text), 0, "{text}");
        }
    }

    #[test]
    fn an_address_with_user_information_stays_text() {
        assert_eq!(links("https://bank.example@evil.example/"), 0);
        assert_eq!(links("https://bank.example:pass@evil.example/"), 0);
        assert_eq!(links("https://a.example/@user"), 1);
    }

    #[test]
    fn an_address_with_deceptive_letters_stays_text() {
        for letter in ['\u{202e}', '\u{200b}', '\u{2066}', '\u{feff}', '\\', '\u{7}', '\u{e0041}'] {
            assert_eq!(links(&format!("https://a.example/{letter}x")), 0, "{letter:?}");
        }
    }

    #[test]
    fn an_address_without_a_host_or_with_a_broken_one_stays_text() {
        assert_eq!(links("https:///evil.example"), 0);
        assert_eq!(links("https://xn--example-.org/"), 0);
        assert_eq!(links("https://xn--pple-43d.com/"), 1);
    }

    #[test]
    fn a_disguised_ip_address_stays_text() {
        assert_eq!(links("http://0x7f.1/"), 0);
        assert_eq!(links("http://2130706433/"), 0);
        assert_eq!(links("http://127.0.0.1:8080/x"), 1);
    }

    #[test]
    fn a_host_that_looks_like_another_is_shown_as_what_it_is() {
        assert_eq!(show("https://аpple.com"), ["<https://xn--pple-43d.com>"]);
    }

    #[test]
    fn an_overlong_address_stays_text() {
        assert_eq!(links(&format!("https://a.example/{}", "x".repeat(2048))), 0);
    }

    #[test]
    fn links_beyond_the_two_hundredth_stay_text() {
        assert_eq!(links(&"https://a.example ".repeat(300)), LINKS_MAX);
    }

    #[test]
    fn marks_make_bold_italic_struck_marked_and_code() {
        assert_eq!(marked("*b* _i_ ~s~ ==m== `c`"), "Bold(b) Italic(i) Struck(s) Marked(m) Code(c)");
        assert_eq!(marked("```\nlet a = *1*;\n```."), "Block(let a = *1*;).");
        assert_eq!(marked("a\n```b\n\nc```\nd"), "a\nBlock(b\n\nc)d");
        assert_eq!(marked("*a _b ~c~_*"), "Bold(a Italic(b Struck(c)))");
    }

    #[test]
    fn where_no_marks_are_wanted_they_stay_and_guests_highlight_nothing() {
        assert_eq!(
            show("*b* _i_ ~s~ ==m== `c` [a](https://a.example) \\*"),
            ["*b* _i_ ~s~ ==m== `c` [a](", "<https://a.example>", ") \\*"]
        );
        assert_eq!(show_as("==m== *b*", GUESTS).concat(), "==m== Bold(b)");
    }

    #[test]
    fn marks_that_stand_alone_are_doubled_or_are_in_words_stay() {
        for text in [
            "2 * 3 * 4",
            "**x**",
            "~~x~~",
            "snake_case_name",
            "_a",
            "a*",
            "* a*",
            "*a *",
            "`",
            "``",
            "``````",
            "=a=",
            "===a===",
            "*a\nb*",
            "__init__",
        ] {
            assert_eq!(marked(text), text);
        }
        assert_eq!(marked("a*b*c"), "aBold(b)c");
    }

    #[test]
    fn a_backslash_takes_a_mark_for_a_letter_and_is_one_itself_elsewhere() {
        assert_eq!(marked(r"\*not bold\* c:\dir\x \\"), r"*not bold* c:\dir\x \");
        assert_eq!(marked(r"*a\*b*"), "Bold(a*b)");
        assert_eq!(marked(r"a\](https://a.example)"), r"a\](<https://a.example>)");
    }

    #[test]
    fn a_named_link_shows_its_name_and_where_it_leads_when_the_name_says_otherwise() {
        assert_eq!(marked("[our shop](https://a.example/x_(y))!"), "<our shop -> https://a.example/x_(y)>!");
        assert_eq!(marked("[https://a.example](https://a.example/x)"), "<https://a.example -> https://a.example/x>");
        assert_eq!(
            marked("[https://bank.example](https://evil.example)"),
            "<https://bank.example (evil.example) -> https://evil.example>"
        );
        assert_eq!(
            marked("[bank.example](https://evil.example)"),
            "<bank.example (evil.example) -> https://evil.example>"
        );
        for text in
            ["[x](javascript:alert(1))", "[x]( https://a.example )", "[ ](ftp://a.example)", "[x](https://u@a.example)"]
        {
            assert!(!marked(text).contains("->"), "{text}");
        }
    }

    #[test]
    fn a_link_is_read_before_the_marks_in_it() {
        assert_eq!(marked("https://a.example/_a_b_*c*"), "<https://a.example/_a_b_*c*>");
        assert_eq!(marked("*see https://a.example*"), "Bold(see <https://a.example>)");
    }

    #[test]
    fn marks_are_nested_sixteen_deep_at_most_and_any_number_is_read_quickly() {
        let depth = |tokens: &[Token]| {
            let mut depth: (i32, i32) = (0, 0);
            for token in tokens {
                depth.0 += match token {
                    Token::Open(_) => 1,
                    Token::Close => -1,
                    Token::Text(_) | Token::Link(_) => 0,
                };
                depth.1 = depth.1.max(depth.0);
            }
            assert_eq!(depth.0, 0);
            depth.1
        };
        let nested = ["*_", "~", "==", "*a "].concat();
        for text in [
            "*a ".repeat(33_000),
            "_~".repeat(50_000),
            "[".repeat(100_000),
            "`".repeat(100_001),
            nested.repeat(20_000),
            "```".repeat(9_999),
            "![".repeat(20_000),
            "[a](b".repeat(4_000),
            "http://".repeat(2_000),
            "\"a".repeat(5_000),
        ] {
            assert!(depth(&tokens(&text, OTHERS, &Simple)) <= DEPTH_MAX as i32);
        }
    }

    #[test]
    fn a_long_text_shows_its_beginning_up_to_a_word_or_a_line() {
        assert_eq!(beginning(&"x".repeat(1000)), None);
        let words = "word ".repeat(300);
        let head = beginning(&words).unwrap_or_default();
        assert!(head.len() <= 700 && head.len() > 650 && head.ends_with("word"), "{head}");
        assert_eq!(beginning(&"é".repeat(1000)).map(str::len), Some(700));
        assert_eq!(beginning(&"漢".repeat(1000)).map(str::len), Some(699));
        let lines: String = (1..=30).map(|line| format!("line {line}\n")).collect();
        assert!(beginning(&lines).is_some_and(|head| head.ends_with("line 14")));
        assert_eq!(beginning(&"a\n".repeat(19)), None);
    }

    #[test]
    fn a_few_emoji_are_nothing_but_emoji() {
        for text in ["👍", "👋🏽", "👨‍👩‍👧‍👦", "❤️ 🎉", "🏴\u{e0067}\u{e0062}\u{e0065}\u{e006e}\u{e0067}\u{e007f}", "🇩🇪🇫🇷"]
        {
            assert!(is_emoji(text), "{text}");
        }
        for text in ["", " ", "ok 👍", "1", "©", "🎉🎉🎉🎉🎉🎉🎉", "\u{200d}", "👍\n👍"] {
            assert!(!is_emoji(text), "{text}");
        }
    }
}
