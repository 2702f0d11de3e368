//! The command line, and what is wrong with it, in one sentence each.

use std::net::IpAddr;
use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};
use hyper::Uri;

/// More guests than a machine has ports for on one address.
const GUESTS_MAX: u32 = 60_000;
/// The deployment that the stand-in serves.
const DEFAULT_DEPLOYMENT: &str = "7d1c2f0e-5b1a-4c39-9a77-2f6b0e9c41d3";

/// Many guests at once, each with the widget's own core, over real sockets and HTTP.
///
/// For OAuth client credentials (--api conversations) set GUEST_MESSENGER_CLIENT_ID and GUEST_MESSENGER_CLIENT_SECRET.
#[derive(Debug, Parser)]
#[command(name = "load", args_conflicts_with_subcommands = true)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    pub(crate) command: Option<Command>,
    #[command(flatten)]
    pub(crate) load: Load,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// The same guests in virtual time, against the platform's published limits
    Simulate(Simulation),
}

#[derive(Debug, Clone, Args)]
pub(crate) struct Load {
    /// How many guests at once
    #[arg(long, value_name = "N", default_value_t = 50, value_parser = clap::value_parser!(u32).range(1..=i64::from(GUESTS_MAX)))]
    pub(crate) guests: u32,
    /// Messages of each guest
    #[arg(long, value_name = "N", default_value_t = 20, value_parser = clap::value_parser!(u32).range(1..=100_000))]
    pub(crate) messages: u32,
    /// From one message of a guest to the next; the core itself sends no more than two a second
    #[arg(long, value_name = "MS", default_value_t = 1_000, value_parser = clap::value_parser!(u64).range(1..=3_600_000))]
    pub(crate) interval_ms: u64,
    /// The guests arrive evenly over this time
    #[arg(long, value_name = "S", default_value_t = 5, value_parser = clap::value_parser!(u64).range(0..=86_400))]
    pub(crate) ramp_s: u64,
    /// Part of the messages before which a guest types, from 0 to 1
    #[arg(long, value_name = "SHARE", default_value_t = 0.3, value_parser = share)]
    pub(crate) typing_share: f64,
    /// Nobody begins another message after this time
    #[arg(long, value_name = "S", value_parser = clap::value_parser!(u64).range(1..=86_400))]
    pub(crate) duration_s: Option<u64>,
    /// How long the last messages have to be confirmed
    #[arg(long, value_name = "S", default_value_t = 60, value_parser = clap::value_parser!(u64).range(0..=3_600))]
    pub(crate) settle_s: u64,
    /// Which messaging API
    #[arg(long, value_enum, default_value_t = Api::Guest)]
    pub(crate) api: Api,
    /// Where the back end is; without it a stand-in is started for the run
    #[arg(long, value_name = "URL", value_parser = address)]
    pub(crate) url: Option<Address>,
    /// Load a back end that is not on this machine: it has to be yours
    #[arg(long)]
    pub(crate) allow_remote: bool,
    /// The messenger deployment's id
    #[arg(long, value_name = "ID", default_value = DEFAULT_DEPLOYMENT)]
    pub(crate) deployment: String,
    /// Write the audit record of each transmission and change of typing there, a line of JSON each; by the conversations API
    #[arg(long, value_name = "FILE")]
    pub(crate) audit: Option<PathBuf>,
    /// Same seed, same guests
    #[arg(long, value_name = "N", default_value_t = 1)]
    pub(crate) seed: u64,
    /// The report as one JSON object
    #[arg(long)]
    pub(crate) json: bool,
    /// The program of the stand-in; the one beside this program otherwise
    #[arg(long, value_name = "FILE", hide = true)]
    pub(crate) stand_in: Option<PathBuf>,
}

#[derive(Debug, Clone, Args)]
pub(crate) struct Simulation {
    /// How many guests
    #[arg(long, value_name = "N", default_value_t = 100_000, value_parser = clap::value_parser!(u32).range(1..=10_000_000))]
    pub(crate) guests: u32,
    /// Messages of each guest
    #[arg(long, value_name = "N", default_value_t = 5, value_parser = clap::value_parser!(u32).range(1..=1_000))]
    pub(crate) messages: u32,
    /// From one message of a guest to the next
    #[arg(long, value_name = "MS", default_value_t = 10_000, value_parser = clap::value_parser!(u64).range(1..=3_600_000))]
    pub(crate) interval_ms: u64,
    /// Part of the messages before which a guest types, from 0 to 1
    #[arg(long, value_name = "SHARE", default_value_t = 0.3, value_parser = share)]
    pub(crate) typing_share: f64,
    /// Which messaging API
    #[arg(long, value_enum, default_value_t = Api::Guest)]
    pub(crate) api: Api,
    /// All guests share the 100 calls a second of one client, as with a token of the page's server; by the conversations API
    #[arg(long)]
    pub(crate) shared_client: bool,
    /// How many arrive in a minute; by the guest API the platform takes 1,000 connections a minute
    #[arg(long, value_name = "N", default_value_t = 950, value_parser = clap::value_parser!(u32).range(1..=1_000_000))]
    pub(crate) arrivals_per_minute: u32,
    /// Same seed, same run
    #[arg(long, value_name = "N", default_value_t = 1)]
    pub(crate) seed: u64,
    /// The report as one JSON object
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Api {
    Guest,
    Conversations,
}

impl Api {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Api::Guest => "guest",
            Api::Conversations => "conversations",
        }
    }
}

/// Where a back end is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Address {
    /// As it was given.
    pub(crate) url: String,
    pub(crate) is_local: bool,
}

impl Load {
    /// What only all of it together shows.
    ///
    /// # Errors
    /// One sentence that says what to change.
    pub(crate) fn check(&self) -> Result<(), String> {
        if self.audit.is_some() && self.api == Api::Guest {
            return Err("The guest API has no audit records: --audit goes with --api conversations.".into());
        }
        match &self.url {
            Some(address) if !address.is_local && !self.allow_remote => Err(format!(
                "{} is not on this machine: add --allow-remote if that back end is yours and may be loaded.",
                address.url
            )),
            Some(_) | None => Ok(()),
        }
    }
}

impl Simulation {
    /// What only all of it together shows.
    ///
    /// # Errors
    /// One sentence that says what to change.
    pub(crate) fn check(&self) -> Result<(), String> {
        if self.shared_client && self.api == Api::Guest {
            return Err(
                "The guest API knows no clients to share: --shared-client goes with --api conversations.".into()
            );
        }
        Ok(())
    }
}

/// What is wrong with the command line, without clap's page of usage.
pub(crate) fn one_sentence(error: &clap::Error) -> String {
    let text = error.to_string();
    let paragraph: Vec<&str> = text.lines().take_while(|line| !line.is_empty()).map(str::trim).collect();
    let sentence = paragraph.join(" ");
    format!("{}; see --help.", sentence.trim_start_matches("error: ").trim_end_matches('.'))
}

fn share(text: &str) -> Result<f64, String> {
    text.parse()
        .ok()
        .filter(|share| (0.0..=1.0).contains(share))
        .ok_or_else(|| "a share is a number from 0 to 1".into())
}

fn address(text: &str) -> Result<Address, String> {
    let wrong = || "an address begins with http:// or https:// and names a host".to_owned();
    let uri: Uri = text.parse().map_err(|_| wrong())?;
    let is_http = uri.scheme_str().is_some_and(|scheme| matches!(scheme, "http" | "https"));
    let host = uri.host().filter(|host| is_http && !host.is_empty()).ok_or_else(wrong)?;
    let ip: Option<IpAddr> = host.trim_matches(['[', ']']).parse().ok();
    let is_local = host.eq_ignore_ascii_case("localhost") || ip.is_some_and(|ip| ip.is_loopback());
    Ok(Address { url: text.trim_end_matches('/').to_owned(), is_local })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn load(arguments: &[&str]) -> Result<Load, String> {
        let all = ["load"].iter().chain(arguments);
        let parsed = Arguments::try_parse_from(all).map_err(|error| one_sentence(&error))?;
        parsed.load.check()?;
        Ok(parsed.load)
    }

    #[test]
    fn wrong_input_is_told_in_one_sentence() {
        for (arguments, word) in [
            (["--guests", "0"], "--guests"),
            (["--guests", "many"], "--guests"),
            (["--messages", "-1"], "-1"),
            (["--interval-ms", "0"], "--interval-ms"),
            (["--typing-share", "1.5"], "from 0 to 1"),
            (["--api", "fax"], "fax"),
            (["--url", "example.com"], "http://"),
            (["--url", "ftp://127.0.0.1"], "http://"),
            (["--frequency", "3"], "--frequency"),
        ] {
            let sentence = load(&arguments).unwrap_err();
            assert!(sentence.contains(word), "{sentence}");
            assert!(!sentence.contains('\n') && sentence.ends_with('.'), "{sentence}");
        }
    }

    #[test]
    fn a_back_end_elsewhere_is_loaded_only_when_that_is_said() {
        let sentence = load(&["--url", "https://api.example.com"]).unwrap_err();
        assert!(sentence.contains("--allow-remote"), "{sentence}");
        assert!(load(&["--url", "https://api.example.com", "--allow-remote"]).is_ok());
        for local in ["http://127.0.0.1:8080", "http://localhost:1", "http://[::1]:8080/", "http://127.8.8.8"] {
            assert!(load(&["--url", local]).is_ok(), "{local}");
        }
        assert!(load(&["--url", "http://127.0.0.1.example.com"]).is_err());
    }
}
