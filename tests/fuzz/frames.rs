//! Mutated frames, as many as wished: `frames 10000000 [seed]`. Needs no fuzzer; says how many there were and how fast.

#[allow(dead_code, reason = "the whole of a script is the fuzzer's")]
mod script;

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::process::ExitCode;
use std::time::Instant;

use fastrand::Rng;
use guest_messenger::protocol::json::{self, Json};
use script::Stage;

/// Frames that one conversation hears before the next begins.
const FRAMES_PER_CONVERSATION: u64 = 16;

#[expect(clippy::disallowed_methods, reason = "how long the program really took")]
fn main() -> ExitCode {
    let mut arguments = std::env::args();
    // The program's own name.
    arguments.next();
    let mut arguments = arguments.map(|argument| argument.parse::<u64>());
    let (count, seed) = match (arguments.next().unwrap_or(Ok(10_000_000)), arguments.next().unwrap_or(Ok(1))) {
        (Ok(count), Ok(seed)) => (count, seed),
        _ => {
            eprintln!("frames [COUNT] [SEED]: two whole numbers.");
            return ExitCode::FAILURE;
        }
    };
    let mut mutator = Mutator::new(seed);
    let began = Instant::now();
    let (mut readable, mut done) = (0, 0);
    while done < count {
        let frames: Vec<String> = (0..FRAMES_PER_CONVERSATION).map(|_| mutator.frame()).collect();
        done += FRAMES_PER_CONVERSATION;
        readable += frames.iter().filter(|frame| json::parse(frame).is_some()).count();
        if catch_unwind(AssertUnwindSafe(|| hear(&frames))).is_err() {
            println!("{}", frames.join("\n"));
            println!("The frames above end in a panic; kept in tests/fuzz/found they are tried by every `npm test`.");
            return ExitCode::FAILURE;
        }
    }
    let seconds = began.elapsed().as_secs_f64();
    println!(
        "{done} mutated frames, {readable} of them JSON, 0 panics; seed {seed}, {seconds:.0} s, {:.0} frames a second",
        done as f64 / seconds
    );
    ExitCode::SUCCESS
}

/// A conversation with a message under way hears these frames.
fn hear(frames: &[String]) {
    let mut stage = Stage::live(1);
    stage.play_line("> under way");
    for frame in frames {
        stage.frame(frame);
    }
    stage.assert_order();
    stage.play_line("* 30000");
    stage.assert_goes_on();
}

struct Mutator {
    random: Rng,
    frames: Vec<Json>,
    texts: Vec<String>,
    words: Vec<String>,
}

impl Mutator {
    fn new(seed: u64) -> Mutator {
        let tests = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
        let read = |path: &str| std::fs::read_to_string(tests.join(path)).expect(path);
        let rows = |path: &str| -> Vec<Json> { read(path).lines().filter_map(json::parse).collect() };
        let own = rows("vectors/guest-frames.jsonl").into_iter().filter(|row| row.text("dir") == Some("in"));
        let mut frames: Vec<Json> = own.filter_map(|row| row.get("frame").cloned()).collect();
        let mut texts: Vec<String> = frames.iter().map(Json::write).collect();
        for row in rows("vectors/hostile-inputs.jsonl").iter().filter(|row| row.text("cat") == Some("frame")) {
            if let Some(text) = row.text("input") {
                texts.push(text.to_owned());
                frames.extend(json::parse(text));
            }
        }
        let words = read("fuzz/words.dict");
        let words = words.lines().filter_map(|line| line.trim().strip_prefix('"')?.strip_suffix('"'));
        // Beginnings of other lines of a script are no words of a frame.
        let words = words.filter(|word| !word.starts_with("\\x"));
        let words = words.map(|word| word.replace("\\\"", "\"").replace("\\\\", "\\")).collect();
        Mutator { random: Rng::with_seed(seed), frames, texts, words }
    }

    /// A frame changed in one to four places, as text or as a tree.
    fn frame(&mut self) -> String {
        let changes = self.random.u32(1..=4);
        if self.random.bool() {
            let mut tree = self.random_frame();
            for _ in 0..changes {
                self.change_tree(&mut tree);
            }
            return tree.write();
        }
        let at = self.random.usize(..self.texts.len());
        let mut bytes = self.texts[at].clone().into_bytes();
        for _ in 0..changes {
            self.change_bytes(&mut bytes);
        }
        String::from_utf8_lossy(&bytes).into_owned()
    }

    fn change_bytes(&mut self, bytes: &mut Vec<u8>) {
        let (from, to) = self.range(bytes.len());
        match self.random.u32(..6) {
            0 => {
                if let Some(byte) = bytes.get_mut(from) {
                    *byte = self.random.u8(..);
                }
            }
            1 => drop(bytes.drain(from..to)),
            2 => {
                let copy = bytes[from..to].to_vec();
                bytes.splice(to..to, copy);
            }
            3 => {
                let word = self.word().into_bytes();
                bytes.splice(from..to.min(from + word.len()), word);
            }
            4 => bytes.truncate(from),
            _ => {
                let other = self.random.usize(..self.texts.len());
                let other = self.texts[other].as_bytes();
                let (other_from, other_to) = range(&mut self.random, other.len());
                bytes.splice(from..to, other[other_from..other_to].iter().copied());
            }
        }
    }

    /// Changes one place, anywhere in the tree.
    fn change_tree(&mut self, tree: &mut Json) {
        match tree {
            Json::Map(pairs) if !pairs.is_empty() && self.random.u32(..8) > 0 => {
                let at = self.random.usize(..pairs.len());
                match self.random.u32(..8) {
                    0 => drop(pairs.remove(at)),
                    1 => pairs[at].0 = self.word(),
                    2 => pairs.push((self.word(), self.value())),
                    _ => self.change_tree(&mut pairs[at].1),
                }
            }
            Json::List(items) if !items.is_empty() && self.random.u32(..8) > 0 => {
                let at = self.random.usize(..items.len());
                match self.random.u32(..4) {
                    0 => drop(items.remove(at)),
                    1 => items.push(items[at].clone()),
                    _ => self.change_tree(&mut items[at]),
                }
            }
            _ => *tree = self.value(),
        }
    }

    fn value(&mut self) -> Json {
        match self.random.u32(..8) {
            0 => Json::Null,
            1 => Json::Bool(self.random.bool()),
            2 => Json::Number(self.random.i64(..) as f64),
            3 => Json::Number(self.random.i32(-2..5_000).into()),
            4 => Json::List(vec![self.random_frame()]),
            5 => self.random_frame(),
            _ => Json::Text(self.word()),
        }
    }

    fn random_frame(&mut self) -> Json {
        self.frames[self.random.usize(..self.frames.len())].clone()
    }

    fn word(&mut self) -> String {
        self.words[self.random.usize(..self.words.len())].clone()
    }

    fn range(&mut self, length: usize) -> (usize, usize) {
        range(&mut self.random, length)
    }
}

/// A part of something of this length, short more often than long.
fn range(random: &mut Rng, length: usize) -> (usize, usize) {
    let from = random.usize(..=length);
    let most = if random.bool() { 8 } else { length };
    (from, (from + random.usize(..=most)).min(length))
}
