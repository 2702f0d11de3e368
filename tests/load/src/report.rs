//! What came of it, for people and for programs.

use std::fmt::Write;

use serde_json::{Value, json};

use crate::arguments::{Load, Simulation};
use crate::simulate::Outcome;
use crate::tally::Tally;

#[derive(Debug)]
pub(crate) struct Report {
    load: Load,
    seconds: f64,
    sent: u64,
    echoed: u64,
    lost: u64,
    duplicated: u64,
    failed: u64,
    typed: u64,
    connected_most: u32,
    reconnects: u64,
    errors: Vec<(String, u64)>,
    latency_ms: [f64; 4],
    /// Of this process, for each guest.
    guest_bytes: Option<u64>,
    /// Of the stand-in, if it is this run's own, for each guest.
    stand_in_bytes: Option<u64>,
    /// Where they are written.
    audit_records: Option<u64>,
}

/// What the processes had in use before the first guest and at the end.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Memory {
    pub(crate) own_before: Option<u64>,
    pub(crate) own_after: Option<u64>,
    pub(crate) stand_in_before: Option<u64>,
    pub(crate) stand_in_after: Option<u64>,
}

impl Report {
    pub(crate) fn new(load: &Load, tally: &Tally, seconds: f64, memory: Memory, audit_records: Option<u64>) -> Report {
        let each = |before: Option<u64>, after: Option<u64>| {
            Some(after?.saturating_sub(before?) / u64::from(tally.connected_most.max(1)))
        };
        Report {
            load: load.clone(),
            seconds,
            sent: tally.sent,
            echoed: tally.echoed,
            lost: tally.lost(),
            duplicated: tally.duplicated,
            failed: tally.failed,
            typed: tally.typed,
            connected_most: tally.connected_most,
            reconnects: tally.reconnects,
            errors: tally.errors.iter().map(|(kind, count)| (kind.clone(), *count)).collect(),
            latency_ms: [tally.latency_ms(0.5), tally.latency_ms(0.95), tally.latency_ms(0.99), tally.latency_ms(1.0)],
            guest_bytes: each(memory.own_before, memory.own_after),
            stand_in_bytes: each(memory.stand_in_before, memory.stand_in_after),
            audit_records,
        }
    }

    /// Nothing was lost, nothing came twice, and somebody was there at all.
    pub(crate) fn is_good(&self) -> bool {
        self.lost == 0 && self.duplicated == 0 && self.sent > 0
    }

    pub(crate) fn to_json(&self) -> Value {
        let [p50, p95, p99, most] = self.latency_ms;
        json!({
            "guests": self.load.guests,
            "connectedAtOnce": self.connected_most,
            "seconds": self.seconds,
            "sent": self.sent,
            "echoed": self.echoed,
            "lost": self.lost,
            "duplicated": self.duplicated,
            "failed": self.failed,
            "typed": self.typed,
            "reconnects": self.reconnects,
            "errors": self.errors.iter().cloned().collect::<std::collections::BTreeMap<String, u64>>(),
            "latencyMs": { "p50": p50, "p95": p95, "p99": p99, "max": most },
            "auditRecords": self.audit_records,
            "memoryBytesPerGuest": { "guests": self.guest_bytes, "standIn": self.stand_in_bytes },
            "ok": self.is_good(),
        })
    }

    pub(crate) fn to_text(&self) -> String {
        let mut text = String::new();
        let mut row = |name: &str, value: String| {
            // Writing to a text never fails.
            let _ = writeln!(text, "{name:<22}{value}");
        };
        row("guests", format!("{}, {} connected at once", self.load.guests, self.connected_most));
        row("time", format!("{:.1} s", self.seconds));
        row("messages sent", format!("{} ({:.0} a second)", self.sent, self.sent as f64 / self.seconds.max(0.001)));
        row("echoed", self.echoed.to_string());
        row("lost", self.lost.to_string());
        row("duplicated", self.duplicated.to_string());
        row("typing signals", format!("{} times somebody began to type", self.typed));
        let [p50, p95, p99, most] = self.latency_ms;
        row("latency", format!("p50 {p50:.1} ms, p95 {p95:.1} ms, p99 {p99:.1} ms, longest {most:.1} ms"));
        row("reconnects", self.reconnects.to_string());
        for (kind, count) in &self.errors {
            row("error", format!("{kind}: {count}"));
        }
        if let Some(records) = self.audit_records {
            row("audit records", records.to_string());
        }
        if let Some(bytes) = self.guest_bytes {
            row("memory per guest", format!("{} KB here", bytes / 1024));
        }
        if let Some(bytes) = self.stand_in_bytes {
            row("", format!("{} KB in the stand-in", bytes / 1024));
        }
        row("", if self.is_good() { "nothing was lost" } else { "NOT GOOD" }.to_owned());
        text
    }
}

impl Outcome {
    pub(crate) fn to_json(&self, plan: &Simulation) -> Value {
        let [half, nearly_all, most] = self.connect_ms;
        json!({
            "api": plan.api.name(),
            "guests": plan.guests,
            "arrivalsPerMinute": plan.arrivals_per_minute,
            "virtualSeconds": self.virtual_ms as f64 / 1_000.0,
            "connectedAtOnce": self.tally.connected_most,
            "notConnectedAtOnce": self.waiting_most,
            "connectMs": { "p50": half, "p99": nearly_all, "max": most },
            "connectionsRefused": self.connections_refused,
            "reconnects": self.tally.reconnects,
            "typed": self.tally.typed,
            "sent": self.tally.sent,
            "echoed": self.tally.echoed,
            "lost": self.tally.lost(),
            "duplicated": self.tally.duplicated,
            "failed": self.tally.failed,
            "calls": self.calls.map(|(calls, _)| calls),
            "callsInBusiestSecond": self.calls.map(|(_, most)| most),
            "tooFast": self.too_fast,
            "latencyMs": { "p50": self.tally.latency_ms(0.5), "p99": self.tally.latency_ms(0.99), "max": self.tally.latency_ms(1.0) },
            "ok": self.is_good(),
        })
    }

    pub(crate) fn to_text(&self, plan: &Simulation) -> String {
        let [half, nearly_all, most] = self.connect_ms;
        let minutes = self.virtual_ms / 60_000;
        let tally = &self.tally;
        let mut rows = vec![
            format!("guests                {}, {} arriving a minute", plan.guests, plan.arrivals_per_minute),
            format!("virtual time          {} h {} min", minutes / 60, minutes % 60),
            format!(
                "at once               {} connected, {} not yet or no longer",
                tally.connected_most, self.waiting_most
            ),
            format!("until connected       half {half} ms, 99 in 100 {nearly_all} ms, all {most} ms"),
        ];
        rows.push(match self.calls {
            Some((calls, most)) => format!("calls                 {calls}, {most} in the busiest second"),
            None => format!("connections refused   {} beyond a thousand a minute", self.connections_refused),
        });
        rows.extend([
            format!("typing signals        {} times somebody began to type", tally.typed),
            format!("messages sent         {}", tally.sent),
            format!("echoed                {}", tally.echoed),
            format!("lost                  {}", tally.lost()),
            format!("duplicated            {}", tally.duplicated),
            format!("sent again by hand    {}", tally.failed),
            format!("beyond limits         {} answers of 429", self.too_fast),
            format!(
                "latency               p50 {:.0} ms, p99 {:.0} ms, longest {:.0} ms",
                tally.latency_ms(0.5),
                tally.latency_ms(0.99),
                tally.latency_ms(1.0)
            ),
            if self.is_good() { "nothing was lost".to_owned() } else { "NOT GOOD".to_owned() },
            String::new(),
        ]);
        rows.join("\n")
    }
}
