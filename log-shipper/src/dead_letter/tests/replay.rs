//! Letters that are sent again.

use super::*;

#[tokio::test]
async fn a_replay_sends_the_same_documents_and_removes_those_that_are_stored() {
    let state = tempfile::tempdir().unwrap();
    let letters = new(&state);
    append(&letters, 1..=5);
    let mut seen = Vec::new();
    let replayed = letters
        .replay(&Selection::All, async |group: &[Stored]| {
            seen.extend(group.iter().map(|letter| (letter.id.clone(), letter.document.clone())));
            group.iter().map(|letter| letter.number != at(1, 3)).collect()
        })
        .await
        .unwrap();
    assert_eq!(seen, (1..=5).map(|number| (id(number), document(number))).collect::<Vec<_>>());
    assert_eq!(replayed, Replayed { stored: 4, refused: 1, damaged: vec![] });
    assert_eq!(numbers(&letters), [at(1, 3)]);
    append(&letters, [6]);
    assert_eq!(numbers(&letters), [at(1, 3), at(1, 6)]);
}

#[tokio::test]
async fn letters_that_come_during_a_replay_stay() {
    let state = tempfile::tempdir().unwrap();
    let (letters, shipper) = (new(&state), new(&state));
    append(&shipper, 1..=3);
    let send = async |group: &[Stored]| {
        append(&shipper, [100 + group.len()]);
        vec![true; group.len()]
    };
    assert_eq!(letters.replay(&Selection::All, send).await.unwrap().stored, 3);
    assert_eq!(numbers(&letters), [at(1, 4)]);
}

#[tokio::test]
async fn a_replay_that_is_given_up_may_be_repeated() {
    let state = tempfile::tempdir().unwrap();
    let letters = new(&state);
    append(&letters, 1..=3);
    let replay = letters.replay(&Selection::All, async |_: &[Stored]| std::future::pending().await);
    tokio::select! {
        biased;
        _ = replay => unreachable!("the server never answers"),
        () = std::future::ready(()) => {}
    }
    let replayed = letters.replay(&Selection::All, async |group: &[Stored]| vec![true; group.len()]).await.unwrap();
    assert_eq!((replayed.stored, numbers(&letters)), (3, vec![]));
}
