//! Who may talk to a server on loopback: `Host` against DNS rebinding, `Origin` against other sites' pages.

/// The hosts and origins that are let in.
#[derive(Debug, Clone, Default)]
pub struct Access {
    /// Further host names under which the server may be reached.
    pub hosts: Vec<String>,
    /// Further domains, each with its subdomains, whose pages may use the deployment.
    pub domains: Vec<String>,
}

impl Access {
    /// Whether a `Host` header names this server: a loopback name, a reserved test name, or one that was allowed.
    #[must_use]
    pub fn allows_host(&self, host: &str) -> bool {
        let name = host_name(host);
        is_loopback(&name)
            || name.ends_with(".test")
            || self.hosts.iter().any(|allowed| allowed.eq_ignore_ascii_case(&name))
    }

    /// Whether a page of this origin may talk to the server that it reached as `host`.
    ///
    /// No origin and a bare host name come from clients that are not browsers (guest API reference, section 2.1).
    #[must_use]
    pub fn allows_origin(&self, origin: Option<&str>, host: &str) -> bool {
        let Some(origin) = origin else { return true };
        let Some((_, authority)) = origin.split_once("://") else {
            // What a sandboxed frame sends; every browser can be made to send it.
            return origin != "null" && !origin.is_empty();
        };
        let name = host_name(authority);
        authority.eq_ignore_ascii_case(host) || is_loopback(&name) || self.allows_domain(&name)
    }

    fn allows_domain(&self, name: &str) -> bool {
        self.domains
            .iter()
            .map(|domain| domain.to_ascii_lowercase())
            .any(|domain| name == domain || name.strip_suffix(&domain).is_some_and(|rest| rest.ends_with('.')))
    }
}

/// The name in `name:port`, in lower case, an IPv6 address with its brackets.
fn host_name(authority: &str) -> String {
    let end = match authority.find(']') {
        Some(bracket) => bracket + 1,
        None => authority.rfind(':').unwrap_or(authority.len()),
    };
    authority.get(..end).unwrap_or_default().to_ascii_lowercase()
}

fn is_loopback(name: &str) -> bool {
    name == "localhost"
        || name.ends_with(".localhost")
        || name == "[::1]"
        || name.parse::<std::net::Ipv4Addr>().is_ok_and(|address| address.is_loopback())
}
