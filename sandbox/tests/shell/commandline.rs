use std::process::{Command, Output};

use crate::server::Server;

fn run(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_sandbox")).args(arguments).output().expect("the program runs")
}

fn says(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

#[tokio::test]
async fn a_taken_port_gives_one_sentence_and_exit_code_1() {
    let server = Server::start(&[]).await;
    let output = run(&["--port", &server.port.to_string()]);
    assert_eq!(output.status.code(), Some(1));
    assert_eq!(
        says(&output),
        format!("sandbox: Port {} is taken; choose another with --port, or 0 for a free one.\n", server.port)
    );
}

#[test]
fn wrong_arguments_give_one_sentence_and_exit_code_2() {
    for arguments in
        [&["--colour"][..], &["--port", "many"], &["--tls", "only-one"], &["--deployment", "a b"], &["stray"]]
    {
        let output = run(arguments);
        assert_eq!(output.status.code(), Some(2), "{arguments:?}");
        let text = says(&output);
        assert!(text.lines().count() == 1 && text.ends_with("see --help.\n"), "{text}");
    }
}

#[test]
fn files_that_cannot_be_used_give_one_sentence_and_exit_code_1() {
    for arguments in [&["--tls", "/nonexistent/a", "/nonexistent/b"][..], &["--state", "/nonexistent/folder/state"]] {
        let output = run(&[&["--port", "0"], arguments].concat());
        assert_eq!((output.status.code(), says(&output).lines().count()), (Some(1), 1), "{arguments:?}");
    }
}

#[test]
fn help_names_every_flag() {
    let output = run(&["--help"]);
    assert_eq!(output.status.code(), Some(0));
    let text = String::from_utf8_lossy(&output.stdout);
    for flag in [
        "--port",
        "--demo",
        "--dist",
        "--tls",
        "--state",
        "--deployment",
        "--no-bot",
        "--no-limits",
        "--json",
        "--allow-domain",
        "--allow-host",
    ] {
        assert!(text.contains(flag), "{flag}");
    }
}
