//! A whole run: guests arrive, write, stay until the last one is done, and leave.

use guest_messenger::engine::{self, ConversationsSettings, Endpoints, Settings};
use indicatif::ProgressBar;
use tokio::sync::watch;
use tokio::task::JoinSet;
use tokio::time::{Duration, Instant, sleep, sleep_until};

use crate::arguments::{Api, Load};
use crate::audit::AuditFile;
use crate::guest::{Guest, Script};
use crate::http::Http;
use crate::memory::resident_bytes;
use crate::oauth::Credentials;
use crate::progress;
use crate::report::{Memory, Report};
use crate::stand_in::StandIn;
use crate::tally::Shared;

const LOOK_EVERY: Duration = Duration::from_millis(200);
/// From one message to the next the core lets pass at least this.
const CORE_INTERVAL_MS: u64 = 510;
/// Beyond what the script takes: guests that were never connected do not give up by themselves.
const SPARE_S: u64 = 60;

/// # Errors
/// One sentence when there is nothing to run against, or no room for the audit records.
pub(crate) async fn run(
    load: &Load,
    credentials: Option<Credentials>,
    audit: Option<AuditFile>,
) -> Result<Report, String> {
    let stand_in = match &load.url {
        Some(_) => None,
        None => Some(StandIn::start(load.stand_in.as_deref()).await?),
    };
    let url = load.url.as_ref().map_or_else(|| stand_in.as_ref().map(|it| it.url.clone()), |it| Some(it.url.clone()));
    let endpoints = url.as_deref().and_then(Endpoints::of_host).ok_or("That address names no host.")?;
    let process = stand_in.as_ref().and_then(|stand_in| stand_in.process);
    let mut memory = Memory {
        own_before: resident_bytes(None),
        stand_in_before: process.and_then(|process| resident_bytes(Some(process))),
        ..Memory::default()
    };
    let started = Instant::now();
    let script = Script {
        settings: Settings {
            deployment_id: load.deployment.clone(),
            endpoints,
            api: api(load.api, credentials.is_some()),
            ..Settings::default()
        },
        credentials,
        audit: audit.clone(),
        messages: load.messages,
        interval_ms: load.interval_ms,
        typing_share: load.typing_share,
        settle_s: load.settle_s,
        until: load.duration_s.map(|seconds| started + Duration::from_secs(seconds)),
    };
    let tally = Shared::new()?;
    let (done, all_done) = watch::channel(false);
    let mut guests = JoinSet::new();
    let messages = u64::from(load.guests) * u64::from(load.messages);
    let bar = progress::bar(messages, "{bar:30} {pos}/{len} messages, {msg}", load.json);
    let showing = tokio::spawn(show(bar.clone(), tally.clone(), started));
    let http = Http::new();
    for number in 0..load.guests {
        let after_us = load.ramp_s * 1_000_000 * u64::from(number) / u64::from(load.guests);
        let guest = Guest::new(number, load.seed, script.clone(), http.clone(), tally.clone());
        let all_done = all_done.clone();
        guests.spawn(async move {
            sleep_until(started + Duration::from_micros(after_us)).await;
            guest.live(all_done).await;
        });
    }
    let writing_s = u64::from(load.messages) * load.interval_ms.max(CORE_INTERVAL_MS) / 1_000;
    let longest_s =
        load.ramp_s + load.duration_s.map_or(writing_s, |most_s| most_s.min(writing_s)) + load.settle_s + SPARE_S;
    while tally.lock().done < load.guests && started.elapsed() < Duration::from_secs(longest_s) {
        sleep(LOOK_EVERY).await;
    }
    let seconds = started.elapsed().as_secs_f64();
    memory.own_after = resident_bytes(None);
    memory.stand_in_after = process.and_then(|process| resident_bytes(Some(process)));
    // Without receivers there is nobody left to tell.
    let _ = done.send(true);
    while guests.join_next().await.is_some() {}
    showing.abort();
    bar.finish_and_clear();
    let audit_records = audit.map(|audit| audit.finish()).transpose()?;
    let report = Report::new(load, &tally.lock(), seconds, memory, audit_records);
    Ok(report)
}

async fn show(bar: ProgressBar, tally: Shared, started: Instant) {
    loop {
        {
            let tally = tally.lock();
            bar.set_position(tally.echoed);
            let rate = tally.echoed as f64 / started.elapsed().as_secs_f64().max(0.001);
            bar.set_message(format!("{} connected, {rate:.0} messages a second", tally.connected));
        }
        sleep(LOOK_EVERY).await;
    }
}

fn api(api: Api, has_token_provider: bool) -> engine::Api {
    match api {
        Api::Guest => engine::Api::Guest,
        Api::Conversations => {
            engine::Api::Conversations(Box::new(ConversationsSettings { has_token_provider, ..Default::default() }))
        }
    }
}
