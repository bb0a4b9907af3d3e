//! The provider's functions: facts that configurations would otherwise copy from a guide.

mod private_dns_zone_names;

pub(crate) use private_dns_zone_names::PrivateDnsZoneNames;
