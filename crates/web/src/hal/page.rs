//! Page arithmetic.

use serde::Serialize;

/// The page a caller asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PageRequest {
    /// Zero-based page number.
    pub page: u64,
    /// Items on a page, at least 1.
    pub size: u64,
}

impl PageRequest {
    /// The number of items before this page.
    pub fn offset(self) -> u64 {
        self.page.saturating_mul(self.size)
    }

    /// `(page + 1) * size`, the figure that the services' depth rule limits to 10 000.
    pub fn depth(self) -> u64 {
        self.page.saturating_add(1).saturating_mul(self.size)
    }

    /// What the envelope tells about this page of a result of `total` items.
    pub fn of(self, total: u64) -> PageInfo {
        let total_pages = if self.size == 0 { 0 } else { total.div_ceil(self.size) };
        PageInfo { size: self.size, total_elements: total, total_pages, number: self.page }
    }
}

/// The `page` object, in its key order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct PageInfo {
    /// Items on a full page.
    pub size: u64,
    /// All hits; not capped by the depth rule.
    pub total_elements: u64,
    /// `total_elements / size`, rounded up.
    pub total_pages: u64,
    /// This page, zero-based; may lie past the end.
    pub number: u64,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn arithmetic_survives_the_extremes() {
        let huge = PageRequest { page: u64::MAX, size: 20 };
        assert_eq!((huge.offset(), huge.depth()), (u64::MAX, u64::MAX));
        assert_eq!(PageRequest { page: 0, size: 0 }.of(7).total_pages, 0);
        assert_eq!(PageRequest { page: 499, size: 20 }.depth(), 10_000);
        assert_eq!(PageRequest { page: 1, size: 2 }.of(9).total_pages, 5);
    }
}
