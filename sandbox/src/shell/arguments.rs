//! The command line.

use std::path::PathBuf;

use clap::Parser;
use guest_messenger_sandbox::DEFAULT_DEPLOYMENT;

/// A stand-in for the messaging platform, with an agent desk, on loopback only.
#[derive(Debug, Parser)]
#[command(name = "sandbox", version)]
pub(crate) struct Arguments {
    /// Port to listen on; 0 takes a free one
    #[arg(long, value_name = "N", default_value_t = 8080)]
    pub(crate) port: u16,
    /// Folder of the demo pages, served at / and /demo/
    #[arg(long, value_name = "DIR")]
    pub(crate) demo: Option<PathBuf>,
    /// Folder of the built widget, served at /dist/
    #[arg(long, value_name = "DIR")]
    pub(crate) dist: Option<PathBuf>,
    /// Serve https and wss with this certificate chain and key (PEM files)
    #[arg(long, num_args = 2, value_names = ["CERT", "KEY"])]
    pub(crate) tls: Option<Vec<PathBuf>>,
    /// Keep conversations in this file, across restarts
    #[arg(long, value_name = "FILE")]
    pub(crate) state: Option<PathBuf>,
    /// Deployment id to serve
    #[arg(long, value_name = "ID", default_value = DEFAULT_DEPLOYMENT, value_parser = deployment_id)]
    pub(crate) deployment: String,
    /// The scripted bot says nothing
    #[arg(long)]
    pub(crate) no_bot: bool,
    /// No rate and size limits
    #[arg(long)]
    pub(crate) no_limits: bool,
    /// Print one JSON line on start
    #[arg(long)]
    pub(crate) json: bool,
    /// Let pages of this domain and its subdomains use the deployment (may be repeated)
    #[arg(long, value_name = "DOMAIN")]
    pub(crate) allow_domain: Vec<String>,
    /// Answer to this host name too (may be repeated)
    #[arg(long, value_name = "HOST")]
    pub(crate) allow_host: Vec<String>,
}

/// What is wrong with the command line, without clap's page of usage.
pub(crate) fn one_sentence(error: &clap::Error) -> String {
    let text = error.to_string();
    let paragraph: Vec<&str> = text.lines().take_while(|line| !line.is_empty()).map(str::trim).collect();
    let sentence = paragraph.join(" ");
    format!("{}; see --help.", sentence.trim_start_matches("error: ").trim_end_matches('.'))
}

fn deployment_id(text: &str) -> Result<String, String> {
    let fits = (1..=128).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
    if fits { Ok(text.to_owned()) } else { Err("a deployment id is 1 to 128 letters, digits and dashes".into()) }
}
