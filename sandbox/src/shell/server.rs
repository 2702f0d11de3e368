//! Puts it together: platform, routes, listener, and an orderly end.

use std::{
    io::{self, ErrorKind, Write},
    net::{Ipv4Addr, SocketAddr, TcpListener},
    sync::Arc,
    time::Duration,
};

use axum::{
    Router,
    middleware::from_fn_with_state,
    routing::{any, get},
};
use axum_server::Handle;
use guest_messenger_sandbox::{Access, Platform, Settings, Setup};
use tokio::runtime::Runtime;

use super::{
    Failure,
    access::guard,
    arguments::Arguments,
    control::{self, Control},
    files, guests,
    hub::{Hub, now_ms},
    journal::Journal,
    tls,
};

/// How long open requests have once the program is asked to end.
const GRACE: Duration = Duration::from_secs(1);

/// Serves until Ctrl-C.
pub(crate) fn run(arguments: &Arguments) -> Result<(), Failure> {
    // First of all, so that a second server with the same state file leaves it alone.
    let listener = listen(arguments.port)?;
    let tls = match arguments.tls.as_deref() {
        Some([certificate, key]) => Some(tls::configure(certificate, key)?),
        _ => None,
    };
    let access = Access { hosts: arguments.allow_host.clone(), domains: arguments.allow_domain.clone() };
    let setup = Setup {
        secure: tls.is_some(),
        access: access.clone(),
        settings: Settings { bot: !arguments.no_bot, limits: !arguments.no_limits, ..Settings::default() },
        journal: arguments.state.is_some(),
        ..Setup::new(&*arguments.deployment, u64::from_le_bytes(random()?))
    };
    let mut platform = Platform::new(setup, now_ms());
    let journal = arguments.state.as_ref().map(|path| Journal::open(path, &mut platform)).transpose()?;
    let hub = Hub::new(platform, journal);
    let secret: Arc<str> = format!("{:032x}", u128::from_le_bytes(random()?)).into();
    let service = routes(arguments, &hub, access, &secret).into_make_service();
    let start = Start::new(&listener, tls.is_some(), &secret);

    let runtime = Runtime::new().map_err(|error| Failure(format!("No threads can be started: {error}.")))?;
    let served = runtime.block_on(async {
        let handle = Handle::new();
        tokio::spawn(end_on_interrupt(Arc::clone(&hub), handle.clone()));
        tokio::spawn(async move { hub.keep_time().await });
        // The port is bound already: who reads this may connect.
        start.announce(arguments.json)?;
        match tls {
            Some(config) => axum_server::from_tcp_rustls(listener, config)?.handle(handle).serve(service).await,
            None => axum_server::from_tcp(listener)?.handle(handle).serve(service).await,
        }
    });
    served.map_err(|error: io::Error| Failure(format!("The server ended: {error}.")))
}

/// Where everything is.
struct Start {
    url: String,
    control: String,
}

impl Start {
    fn new(listener: &TcpListener, secure: bool, secret: &str) -> Self {
        let port = listener.local_addr().map_or(0, |address| address.port());
        let url = format!("{}://127.0.0.1:{port}", if secure { "https" } else { "http" });
        Self { control: format!("{url}/control/{secret}"), url }
    }

    fn announce(&self, json: bool) -> io::Result<()> {
        let Self { url, control } = self;
        let desk = format!("{control}/desk");
        let mut out = io::stdout().lock();
        if json {
            writeln!(out, "{}", serde_json::json!({"url": url, "desk": desk, "control": control}))?;
        } else {
            writeln!(out, "Shop page    {url}/\nAgent desk   {desk}\nControl API  {control}\n\nCtrl-C ends it.")?;
        }
        out.flush()
    }
}

fn routes(arguments: &Arguments, hub: &Arc<Hub>, access: Access, secret: &Arc<str>) -> Router {
    let guests = Router::new()
        .route("/v1", get(guests::guest))
        .route("/api/v2/conversations/messaging/events", get(guests::events))
        .route("/api/{*path}", any(guests::http))
        .route("/webdeployments/{*path}", any(guests::http))
        .route("/uploads/{*path}", any(guests::http))
        .route("/oauth/token", any(guests::http))
        .route("/sandbox/token", any(guests::http))
        .with_state(Arc::clone(hub));
    let desk = Router::new()
        .route("/control/{secret}/{*path}", any(control::serve))
        .with_state(Control { hub: Arc::clone(hub), secret: Arc::clone(secret) });
    guests
        .merge(desk)
        .merge(files::routes(arguments))
        .fallback(files::nothing)
        .layer(from_fn_with_state(Arc::new(access), guard))
}

/// Loopback only: whoever is on the same network must not reach it.
fn listen(port: u16) -> Result<TcpListener, Failure> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port)).map_err(|error| {
        Failure(if error.kind() == ErrorKind::AddrInUse {
            format!("Port {port} is taken; choose another with --port, or 0 for a free one.")
        } else {
            format!("Port {port} cannot be opened: {error}.")
        })
    })?;
    listener.set_nonblocking(true).map_err(|error| Failure(format!("Port {port} cannot be used: {error}.")))?;
    Ok(listener)
}

async fn end_on_interrupt(hub: Arc<Hub>, handle: Handle<SocketAddr>) {
    if tokio::signal::ctrl_c().await.is_ok() {
        hub.shut_down();
        // The server does not wait for upgraded connections: the close frames would be lost with the process.
        let _ = tokio::time::timeout(GRACE, hub.emptied()).await;
        handle.graceful_shutdown(Some(GRACE));
    }
}

fn random<const N: usize>() -> Result<[u8; N], Failure> {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).map_err(|error| Failure(format!("The system gives no random numbers: {error}.")))?;
    Ok(bytes)
}
