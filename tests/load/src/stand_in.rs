//! A stand-in platform of this run's own.

use std::env;
use std::path::{Path, PathBuf};
use std::process::Stdio;

use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::process::{Child, Command};

/// Ends with this value.
#[derive(Debug)]
pub(crate) struct StandIn {
    pub(crate) url: String,
    pub(crate) process: Option<u32>,
    _child: Child,
}

impl StandIn {
    /// On a free port, without a bot and without the limits that a single machine's guests would meet together.
    ///
    /// # Errors
    /// One sentence when it cannot be started.
    pub(crate) async fn start(program: Option<&Path>) -> Result<StandIn, String> {
        let program = program.map_or_else(beside_this_one, |path| Ok(path.to_owned()))?;
        let failed = |why: String| format!("The stand-in {} could not be started: {why}.", program.display());
        let mut child = Command::new(&program)
            .args(["--port", "0", "--no-bot", "--no-limits", "--json"])
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .map_err(|error| failed(error.to_string()))?;
        let output = child.stdout.take().ok_or_else(|| failed("it has no output".to_owned()))?;
        let line = BufReader::new(output).lines().next_line().await.ok().flatten().unwrap_or_default();
        let addresses: serde_json::Value = serde_json::from_str(&line).unwrap_or_default();
        let url = addresses.get("url").and_then(serde_json::Value::as_str);
        let url = url.ok_or_else(|| failed("it names no address".to_owned()))?.to_owned();
        Ok(StandIn { url, process: child.id(), _child: child })
    }
}

fn beside_this_one() -> Result<PathBuf, String> {
    let here = env::current_exe().map_err(|error| format!("This program does not know where it is: {error}."))?;
    Ok(here.with_file_name(format!("sandbox{}", env::consts::EXE_SUFFIX)))
}
