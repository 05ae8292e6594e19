//! Documents that may have been stored before an index rolled over: the server would store them again.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::Shared;
use super::counts::add;
use super::indices::Indices;
use super::setback::Setback;
use crate::batch::Batch;

/// Those of `items` that an older index has. What the present write index has, the server finds by itself (409); if it is
/// not known which one that is, it is looked at as well.
pub(super) async fn stored_before(
    shared: &Shared,
    batch: &Batch,
    doubts: &BTreeMap<u32, Arc<str>>,
    items: &[u32],
) -> Result<BTreeSet<u32>, Setback> {
    let mut by_target: BTreeMap<&str, Vec<(u32, &str)>> = BTreeMap::new();
    for (item, since) in items.iter().filter_map(|item| doubts.get(item).map(|since| (*item, &**since))) {
        by_target.entry(batch.target_of(item)).or_default().push((item, since));
    }
    let mut stored = BTreeSet::new();
    for (target, doubtful) in by_target {
        let indices = shared.write_indices.resolve(&shared.hosts, target).await?.unwrap_or(Indices::NONE);
        for (index, items) in questions(&indices, &doubtful) {
            let ids: BTreeMap<&str, u32> = items.iter().map(|&item| (batch.id(item), item)).collect();
            let asked: Vec<&str> = ids.keys().copied().collect();
            add(&shared.counts.looked_up, asked.len());
            let found = shared.write_indices.find(&shared.hosts, index, &asked).await?;
            stored.extend(found.iter().filter_map(|id| ids.get(id.as_str())));
        }
    }
    Ok(stored)
}

/// Which items to look up where: from the write index at the time when each was first sent, up to the one before the
/// present. An index that is gone, or was not there yet, comes before all others. All items in all indices of an alias.
fn questions<'a>(indices: &'a Indices, doubtful: &[(u32, &str)]) -> Vec<(&'a str, Vec<u32>)> {
    let indices = match indices {
        Indices::Ordered(indices) => indices,
        Indices::Alias(indices) => {
            let all: Vec<_> = doubtful.iter().map(|(item, _)| *item).collect();
            return indices.iter().map(|index| (index.as_str(), all.clone())).collect();
        }
    };
    let place = |since: &str| indices.iter().position(|index| *index == since).unwrap_or(0);
    let older = &indices[..indices.len().saturating_sub(1)];
    let questions = older.iter().enumerate().map(|(at, index)| {
        let items = doubtful.iter().filter(|(_, since)| place(since) <= at).map(|(item, _)| *item).collect();
        (index.as_str(), items)
    });
    questions.filter(|(_, items): &(_, Vec<_>)| !items.is_empty()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_item_is_looked_up_from_its_own_index_on_but_not_in_the_present_one() {
        let indices = Indices::Ordered([".ds-1", ".ds-2", ".ds-3"].map(str::to_owned).to_vec());
        let doubtful = [(0, ".ds-1"), (1, ".ds-2"), (2, ".ds-3"), (3, "")];
        assert_eq!(questions(&indices, &doubtful), [(".ds-1", vec![0, 3]), (".ds-2", vec![0, 1, 3])]);
        assert_eq!(questions(&indices, &[(2, ".ds-3")]), []);
        assert_eq!(questions(&Indices::NONE, &doubtful), []);
    }

    #[test]
    fn each_item_is_looked_up_in_all_indices_of_an_alias() {
        let indices = Indices::Alias(["logs-2", "partial-logs-1"].map(str::to_owned).to_vec());
        let found = questions(&indices, &[(0, ""), (1, "partial-logs-1")]);
        assert_eq!(found, [("logs-2", vec![0, 1]), ("partial-logs-1", vec![0, 1])]);
    }
}
