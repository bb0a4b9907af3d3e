//! Which element of one set has become which of another, where some fit several.

/// For each of `left` things one of `right` that it fits, no two the same, and as many as can be.
pub(super) fn pairs(left: usize, right: usize, fits: impl Fn(usize, usize) -> bool) -> Vec<Option<usize>> {
    let mut owners = vec![None; right];
    for one in 0..left {
        claim(one, &mut vec![false; right], &mut owners, &fits);
    }
    let mut pairs = vec![None; left];
    for (at, owner) in owners.into_iter().enumerate() {
        if let Some(owner) = owner {
            pairs[owner] = Some(at);
        }
    }
    pairs
}

/// Finds one of the right for this one, if need be by sending owners on to another.
fn claim(
    one: usize,
    asked: &mut [bool],
    owners: &mut Vec<Option<usize>>,
    fits: &impl Fn(usize, usize) -> bool,
) -> bool {
    for at in 0..owners.len() {
        if asked[at] || !fits(one, at) {
            continue;
        }
        asked[at] = true;
        let free = match owners[at] {
            Some(owner) => claim(owner, asked, owners, fits),
            None => true,
        };
        if free {
            owners[at] = Some(one);
            return true;
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::pairs;

    #[test]
    fn who_fits_several_leaves_the_only_one_to_who_fits_it_alone() {
        assert_eq!(pairs(2, 2, |left, right| left == 0 || right == 0), [Some(1), Some(0)]);
        assert_eq!(pairs(2, 1, |_, _| true), [Some(0), None]);
        assert_eq!(pairs(1, 0, |_, _| true), [None]);
    }
}
