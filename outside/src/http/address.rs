//! Which addresses the world outside may have: public ones, and those that a setting allows.

use ipnet::{IpNet, Ipv4Net, Ipv6Net};
use std::fmt;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::str::FromStr;
use thiserror::Error;
use url::{Host, Url};

/// What of IPv4 is no public host: the special-purpose registry of IANA, and multicast.
const NOT_PUBLIC_V4: [Ipv4Net; 15] = [
    v4([0, 0, 0, 0], 8),
    v4([10, 0, 0, 0], 8),
    v4([100, 64, 0, 0], 10),
    v4([127, 0, 0, 0], 8),
    v4([169, 254, 0, 0], 16),
    v4([172, 16, 0, 0], 12),
    v4([192, 0, 0, 0], 24),
    v4([192, 0, 2, 0], 24),
    v4([192, 88, 99, 0], 24),
    v4([192, 168, 0, 0], 16),
    v4([198, 18, 0, 0], 15),
    v4([198, 51, 100, 0], 24),
    v4([203, 0, 113, 0], 24),
    v4([224, 0, 0, 0], 4),
    v4([240, 0, 0, 0], 4),
];

/// All that IANA gave to hosts of IPv6. Loopback, unique-local, link-local, multicast and mapped IPv4 are elsewhere.
const GLOBAL_V6: Ipv6Net = v6(0x2000, 0, 3);

/// What of that is no public host: protocol assignments with Teredo, documentation twice, and 6to4, which hides an
/// IPv4 address.
const NOT_PUBLIC_V6: [Ipv6Net; 4] =
    [v6(0x2001, 0, 23), v6(0x2001, 0x0db8, 32), v6(0x2002, 0, 16), v6(0x3fff, 0, 20)];

const fn v4([a, b, c, d]: [u8; 4], prefix: u8) -> Ipv4Net {
    Ipv4Net::new_assert(Ipv4Addr::new(a, b, c, d), prefix)
}

const fn v6(first: u16, second: u16, prefix: u8) -> Ipv6Net {
    Ipv6Net::new_assert(Ipv6Addr::new(first, second, 0, 0, 0, 0, 0, 0), prefix)
}

/// Whether an address can belong to a host of the public internet. Not so: private, loopback, link-local,
/// unique-local, shared (CGNAT), multicast, unspecified, documentation and reserved ones, and every IPv6 address
/// that stands for an IPv4 one. NAT64 (`64:ff9b::/96`) is judged by the address inside, because hosts without IPv4
/// reach the public internet through it.
pub fn is_public(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(v4) => !NOT_PUBLIC_V4.iter().any(|net| net.contains(&v4)),
        IpAddr::V6(v6) => match v6.segments() {
            [0x64, 0xff9b, 0, 0, 0, 0, high, low] => {
                let inside = Ipv4Addr::from_bits(u32::from(high) << 16 | u32::from(low));
                is_public(IpAddr::V4(inside))
            }
            _ => GLOBAL_V6.contains(&v6) && !NOT_PUBLIC_V6.iter().any(|net| net.contains(&v6)),
        },
    }
}

/// One exception that an administrator makes: a host by its name, or addresses.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Allowed {
    /// `idp.example.org`: this host, whatever address it has, also without TLS.
    Host(String),
    /// `10.1.0.0/16`, `fd00::/8` or one address: these, also without TLS when a URL has them literally.
    Net(IpNet),
}

/// A text is neither a host nor an address nor a network.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("{0:?} is neither the name of a host nor an address nor a network such as 10.1.0.0/16")]
pub struct AllowedMalformed(String);

/// As it is read.
impl fmt::Display for Allowed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Host(name) => f.write_str(name),
            Self::Net(net) => net.fmt(f),
        }
    }
}

impl FromStr for Allowed {
    type Err = AllowedMalformed;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let malformed = || AllowedMalformed(text.to_owned());
        if text.contains('/') {
            return text.parse().map(Self::Net).map_err(|_| malformed());
        }
        let bare = text.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')).unwrap_or(text);
        if let Ok(address) = bare.parse::<IpAddr>() {
            return Ok(Self::Net(address.into()));
        }
        match Host::parse(text) {
            Ok(Host::Domain(name)) => Ok(Self::Host(plain(&name))),
            _ => Err(malformed()),
        }
    }
}

/// A host's name as it is compared: without the dot that may end it.
fn plain(name: &str) -> String {
    name.trim_end_matches('.').to_ascii_lowercase()
}

/// Who may be asked: everybody public, and the exceptions.
#[derive(Debug, Clone, Default)]
pub(super) struct AllowList(pub(super) Vec<Allowed>);

impl AllowList {
    /// Whether a host is excepted by its name, whatever its address.
    pub(super) fn has_host(&self, name: &str) -> bool {
        let name = plain(name);
        self.0.iter().any(|allowed| matches!(allowed, Allowed::Host(host) if *host == name))
    }

    /// Whether an address is excepted.
    fn has_address(&self, address: IpAddr) -> bool {
        let address = address.to_canonical();
        self.0.iter().any(|allowed| matches!(allowed, Allowed::Net(net) if net.contains(&address)))
    }

    /// Whether a connection to an address may be made.
    pub(super) fn admits(&self, address: IpAddr) -> bool {
        is_public(address) || self.has_address(address)
    }

    /// Whether the host of a URL is excepted by name or literal address; such a host may be asked without TLS.
    pub(super) fn excepts(&self, url: &Url) -> bool {
        match url.host() {
            Some(Host::Domain(name)) => self.has_host(name),
            Some(Host::Ipv4(v4)) => self.has_address(IpAddr::V4(v4)),
            Some(Host::Ipv6(v6)) => self.has_address(IpAddr::V6(v6)),
            None => false,
        }
    }

    /// Whether a URL has a literal address that may not be connected to. Names are judged when they are resolved.
    pub(super) fn refuses_literal(&self, url: &Url) -> bool {
        match url.host() {
            Some(Host::Ipv4(v4)) => !self.admits(IpAddr::V4(v4)),
            Some(Host::Ipv6(v6)) => !self.admits(IpAddr::V6(v6)),
            Some(Host::Domain(_)) | None => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn address(text: &str) -> IpAddr {
        text.parse().expect("an address")
    }

    #[test]
    fn nets_that_are_not_public_end_where_they_should() {
        for (inside, past) in [
            ("0.255.255.255", "1.0.0.0"),
            ("10.255.255.255", "11.0.0.0"),
            ("100.64.0.0", "100.63.255.255"),
            ("100.127.255.255", "100.128.0.0"),
            ("127.0.0.0", "126.255.255.255"),
            ("127.255.255.255", "128.0.0.0"),
            ("169.254.169.254", "169.255.0.0"),
            ("172.16.0.0", "172.15.255.255"),
            ("172.31.255.255", "172.32.0.0"),
            ("192.0.0.255", "192.0.1.0"),
            ("192.0.2.255", "192.0.3.0"),
            ("192.88.99.1", "192.88.100.0"),
            ("192.168.255.255", "192.169.0.0"),
            ("198.19.255.255", "198.20.0.0"),
            ("198.51.100.1", "198.51.101.0"),
            ("203.0.113.1", "203.0.114.0"),
            ("224.0.0.0", "223.255.255.255"),
            ("2001:1ff::1", "2001:200::1"),
            ("2001:db8:ffff::1", "2001:db9::1"),
            ("2002:7f00:1::", "2003::1"),
            ("3fff:fff::1", "3fff:1000::1"),
        ] {
            assert!(!is_public(address(inside)), "{inside}");
            assert!(is_public(address(past)), "{past}");
        }
    }

    #[test]
    fn no_form_of_ipv6_hides_what_is_not_public() {
        for hidden in [
            "::",
            "::1",
            "::127.0.0.1",
            "::ffff:127.0.0.1",
            "::ffff:8.8.8.8",
            "64:ff9b::10.0.0.1",
            "64:ff9b:1::8.8.8.8",
            "100::1",
            "fc00::1",
            "fdff::1",
            "fe80::1",
            "fec0::1",
            "ff02::1",
            "255.255.255.255",
        ] {
            assert!(!is_public(address(hidden)), "{hidden}");
        }
        assert!(is_public(address("64:ff9b::8.8.8.8")));
        assert!(is_public(address("2a00:1450:4001:81b::200e")));
    }

    #[test]
    fn exceptions_are_hosts_addresses_or_networks() {
        assert_eq!("Idp.Example.org".parse(), Ok(Allowed::Host("idp.example.org".to_owned())));
        assert_eq!("10.1.0.0/16".parse(), Ok(Allowed::Net("10.1.0.0/16".parse().unwrap())));
        assert_eq!("[::1]".parse(), Ok(Allowed::Net("::1/128".parse().unwrap())));
        assert_eq!("127.0.0.1".parse(), Ok(Allowed::Net("127.0.0.1/32".parse().unwrap())));
        for wrong in ["", "10.1.0.0/33", "idp.example.org/x", "a b", "host:443"] {
            assert!(wrong.parse::<Allowed>().is_err(), "{wrong:?}");
        }
    }

    #[test]
    fn an_exception_covers_its_addresses_in_every_form_and_no_others() {
        let list = AllowList(vec!["10.1.0.0/16".parse().unwrap(), "idp.example.org".parse().unwrap()]);
        assert!(list.admits(address("10.1.255.255")) && list.admits(address("::ffff:10.1.0.1")));
        assert!(!list.admits(address("10.2.0.0")) && !list.admits(address("::ffff:10.2.0.0")));
        assert!(list.has_host("IDP.example.org.") && !list.has_host("x.idp.example.org"));
    }
}
