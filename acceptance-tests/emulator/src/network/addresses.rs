//! IPv4 blocks of virtual networks and subnets, and which of their addresses are free.

use std::collections::BTreeSet;
use std::net::Ipv4Addr;

/// A block of addresses in CIDR notation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Block {
    first: u32,
    last: u32,
}

impl Block {
    /// Reads `10.0.0.0/24`; none when it is no block, or has bits set behind its prefix.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let (address, length) = text.split_once('/')?;
        let first = u32::from(address.parse::<Ipv4Addr>().ok()?);
        let length: u32 = length.parse().ok().filter(|l| *l <= 32)?;
        let hosts = u32::MAX.checked_shr(length).unwrap_or(0);
        (first & hosts == 0).then_some(Self { first, last: first | hosts })
    }

    /// Whether an address lies in it.
    pub(super) fn contains(self, address: Ipv4Addr) -> bool {
        (self.first..=self.last).contains(&u32::from(address))
    }

    /// Whether another block lies in it.
    pub(super) fn holds(self, other: Self) -> bool {
        self.first <= other.first && other.last <= self.last
    }

    /// Whether the two have an address in common.
    pub(super) fn overlaps(self, other: Self) -> bool {
        self.first <= other.last && other.first <= self.last
    }

    /// Whether Azure keeps an address of the block for itself: the first four and the last.
    pub(super) fn reserves(self, address: Ipv4Addr) -> bool {
        let address = u32::from(address);
        self.contains(Ipv4Addr::from(address))
            && (address < self.first.saturating_add(4) || address == self.last)
    }

    /// The lowest address that is neither reserved nor taken.
    pub(super) fn free(self, taken: &BTreeSet<Ipv4Addr>) -> Option<Ipv4Addr> {
        let first = self.first.checked_add(4)?;
        (first..self.last).map(Ipv4Addr::from).find(|address| !taken.contains(address))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blocks_keep_five_addresses_for_azure() {
        let block = Block::parse("10.0.0.0/29").unwrap();
        let mut taken = BTreeSet::new();
        for last in 4..=6 {
            let address = block.free(&taken).unwrap();
            assert_eq!(address, Ipv4Addr::new(10, 0, 0, last));
            taken.insert(address);
        }
        assert_eq!(block.free(&taken), None);
        assert!(block.reserves(Ipv4Addr::new(10, 0, 0, 3)) && block.reserves(Ipv4Addr::new(10, 0, 0, 7)));
        assert!(!block.reserves(Ipv4Addr::new(10, 0, 0, 4)) && !block.reserves(Ipv4Addr::new(10, 0, 0, 8)));
    }

    #[test]
    fn blocks_are_compared_and_read_strictly() {
        let block = |text| Block::parse(text).unwrap();
        assert!(block("10.0.0.0/16").holds(block("10.0.1.0/24")));
        assert!(block("10.0.1.0/24").overlaps(block("10.0.0.0/16")));
        assert!(!block("10.0.1.0/24").overlaps(block("10.0.2.0/24")));
        assert!(block("0.0.0.0/0").contains(Ipv4Addr::BROADCAST));
        for wrong in ["10.0.0.1/24", "10.0.0.0", "10.0.0.0/33", "x/8", "fd00::/48"] {
            assert_eq!(Block::parse(wrong), None, "{wrong}");
        }
    }
}
