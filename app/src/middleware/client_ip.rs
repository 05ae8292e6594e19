//! The address of the client: of the connection, or what a trusted proxy says it is.

use std::net::{IpAddr, SocketAddr};

use axum::http::{HeaderMap, HeaderName};
use ipnet::IpNet;

const FORWARDED_FOR: HeaderName = HeaderName::from_static("x-forwarded-for");

/// Whether an address is that of a proxy of ours.
pub(super) fn is_trusted(proxies: &[IpNet], address: IpAddr) -> bool {
    proxies.iter().any(|network| network.contains(&address))
}

/// The last address in the list that is not a trusted proxy's own: everything before it is hearsay.
pub(super) fn forwarded_for(proxies: &[IpNet], peer: IpAddr, headers: &HeaderMap) -> IpAddr {
    let values: Vec<_> = headers.get_all(FORWARDED_FOR).iter().filter_map(|value| value.to_str().ok()).collect();
    let mut client = peer;
    for entry in values.iter().rev().flat_map(|value| value.rsplit(',')) {
        let Some(address) = address(entry.trim()) else { break };
        client = address.to_canonical();
        if !is_trusted(proxies, client) {
            break;
        }
    }
    client
}

/// An address as proxies write it: bare, in brackets, or with the client's port.
fn address(entry: &str) -> Option<IpAddr> {
    let bare = entry.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')).unwrap_or(entry);
    bare.parse().ok().or_else(|| entry.parse().ok().map(|address: SocketAddr| address.ip()))
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;

    use super::*;

    fn client(proxies: &str, peer: &str, forwarded: &[&str]) -> String {
        let proxies: Vec<IpNet> = vec![proxies.parse().unwrap()];
        let mut headers = HeaderMap::new();
        for value in forwarded {
            headers.append(FORWARDED_FOR, HeaderValue::from_str(value).unwrap());
        }
        forwarded_for(&proxies, peer.parse().unwrap(), &headers).to_string()
    }

    #[test]
    fn a_client_cannot_choose_its_address_by_sending_the_header_itself() {
        assert_eq!(client("10.0.0.0/8", "10.0.0.1", &["1.2.3.4, 5.6.7.8"]), "5.6.7.8");
        assert_eq!(client("10.0.0.0/8", "10.0.0.1", &["1.2.3.4", "5.6.7.8, 10.0.0.9"]), "5.6.7.8");
        assert_eq!(client("10.0.0.0/8", "10.0.0.1", &["nonsense"]), "10.0.0.1");
        assert_eq!(client("10.0.0.0/8", "10.0.0.1", &[]), "10.0.0.1");
    }
}
