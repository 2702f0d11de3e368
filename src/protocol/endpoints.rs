//! Where the platform is.

/// Base addresses, without trailing slashes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Endpoints {
    pub socket: String,
    pub api: String,
    pub config: String,
}

impl Endpoints {
    /// The hosts of a region (guest API reference, section 2.1).
    pub fn of_domain(domain: &str) -> Endpoints {
        let host = |scheme: &str, name: &str| [scheme, "://", name, ".", domain].concat();
        Endpoints { socket: host("wss", "webmessaging"), api: host("https", "api"), config: host("https", "api-cdn") }
    }

    /// Everything on one host, as a stand-in or a proxy serves it. `None` unless the address is http, https, ws or wss.
    pub fn of_host(url: &str) -> Option<Endpoints> {
        let kinds = [("http", "http", "ws"), ("https", "https", "wss"), ("ws", "http", "ws"), ("wss", "https", "wss")];
        let (mut http, mut socket, mut rest) = ("", "", "");
        for (scheme, of_http, of_socket) in kinds {
            if let Some(behind) = url.strip_prefix(scheme).and_then(|behind| behind.strip_prefix("://")) {
                (http, socket, rest) = (of_http, of_socket, behind);
            }
        }
        while let Some(shorter) = rest.strip_suffix("/") {
            rest = shorter;
        }
        if rest.is_empty() {
            return None;
        }
        let on_host = |scheme: &str| [scheme, "://", rest].concat();
        let (http, socket) = (on_host(http), on_host(socket));
        Some(Endpoints { socket, api: http.clone(), config: http })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_region_stands_for_its_three_hosts() {
        let endpoints = Endpoints::of_domain("mypurecloud.ie");
        assert_eq!(endpoints.socket, "wss://webmessaging.mypurecloud.ie");
        assert_eq!(endpoints.api, "https://api.mypurecloud.ie");
        assert_eq!(endpoints.config, "https://api-cdn.mypurecloud.ie");
    }

    #[test]
    fn one_address_serves_everything_on_a_stand_in() {
        for url in ["http://127.0.0.1:8080", "ws://127.0.0.1:8080/"] {
            let endpoints = Endpoints::of_host(url).unwrap();
            assert_eq!(endpoints.socket, "ws://127.0.0.1:8080");
            assert_eq!(endpoints.api, "http://127.0.0.1:8080");
        }
        assert_eq!(Endpoints::of_host("https://h/x/").unwrap().socket, "wss://h/x");
        for junk in ["", "127.0.0.1", "ftp://h", "http://", "javascript://h"] {
            assert_eq!(Endpoints::of_host(junk), None, "{junk}");
        }
    }
}
