//! Vectors from the programs that wrote the old hashes, and everything that is not a hash.

use proptest::prelude::*;
use rstest::rstest;

use super::*;

const PASSWORD: &str = "correct horse æøå $1:2";

/// argon2-cffi 25.1, with the parameters of today.
const CURRENT: &str =
    "$argon2id$v=19$m=19456,t=2,p=1$c2l4dGVlbiBieXRlIHNsdA$Fi/zaCHghZ3WZEgvF1UCrQnvDfmCQjAr4BUZAfI6eZQ";
/// Werkzeug 3.1.9, its default method.
const WERKZEUG_SCRYPT: &str = "scrypt:32768:8:1$dlyzNLUFSfpoziKe$d42be8f7c8f60dbac5e0bbeae32432a6371c72236486e5c66f3c2bedeffd57f1c5e72504279cebcde54aa3d197ab46eb9f7f6e3884d5c17966096cfe295de0c0";
/// Werkzeug 3.1.9, `method="scrypt:1024:4:3"`, a salt of five characters.
const SCRYPT_WITH_LANES: &str = "scrypt:1024:4:3$5mAds$4e61094ba2787458aa33aeb83322de7644723686c909e7e1d806f187a33f32e7a72e8813203c895cc74a8b26fd31bf59ac1b3bec3b66a261eba913cd6854f991";
/// `hashlib.scrypt` with a salt that is not ASCII, in Werkzeug's form.
const SCRYPT_WITH_WIDE_SALT: &str = "scrypt:64:1:2$sålt$fc79d225e90fa631b75cde3f53c70734b3f765ae90b8866d87d45ff6abe89f6833383b220c573e3c001f48dd13fea3781580cd5c76085e46a1a3ce36de2f3943";
/// Werkzeug 3.1.9, `method="pbkdf2:sha256:260000"`.
const WERKZEUG_PBKDF2: &str =
    "pbkdf2:sha256:260000$sLoYbSSX$a30102aff629deac6e8c59cd8c070e6a66d6e48726ea3a2bf778fd577a00c81d";
const PBKDF2_ONCE: &str = "pbkdf2:sha256:1$14vZrp1g$1d61823513dc900cf4da04cbfe99d984ef64d5cb42787ebb4c5f7ca48a95e7d3";
/// Django 5.2.19's `PBKDF2PasswordHasher` with 36,000 iterations.
const DJANGO: &str = "pbkdf2_sha256$36000$3U9RVrdIwZv0UA7NGwxQjB$YVkxwXCpATU3f1D7aNSJysF07wlNLTKEccPOB6BAvSc=";

#[test]
fn a_new_hash_is_argon2id_with_owasps_parameters_and_a_salt_of_its_own() {
    let hashes = [hash(PASSWORD.as_bytes()), hash(PASSWORD.as_bytes())];
    for hash in &hashes {
        assert!(hash.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{hash}");
        assert_eq!(hash.len(), 97);
        assert_eq!(verify(PASSWORD.as_bytes(), Some(hash)), Verdict::Good);
        assert_eq!(verify(b"correct horse", Some(hash)), Verdict::Wrong);
    }
    assert_ne!(hashes[0], hashes[1]);
}

#[rstest]
#[case::todays(CURRENT, Verdict::Good)]
#[case::scrypt(WERKZEUG_SCRYPT, Verdict::GoodButOld)]
#[case::scrypt_with_lanes(SCRYPT_WITH_LANES, Verdict::GoodButOld)]
#[case::scrypt_with_a_wide_salt(SCRYPT_WITH_WIDE_SALT, Verdict::GoodButOld)]
#[case::pbkdf2(WERKZEUG_PBKDF2, Verdict::GoodButOld)]
#[case::pbkdf2_once(PBKDF2_ONCE, Verdict::GoodButOld)]
#[case::django(DJANGO, Verdict::GoodButOld)]
#[case::weaker_argon2(
    "$argon2id$v=19$m=4096,t=1,p=1$c2l4dGVlbiBieXRlIHNsdA$bQF/GyLgOxIy5RGcwGT3PqDa0hGscK9F30uKlyrifhY",
    Verdict::GoodButOld
)]
#[case::argon2_as_rfc_9106_has_it(
    "$argon2id$v=19$m=65536,t=3,p=4$Xcw+QcURUDEp5JcUXms4vQ$VCBFDI2u6H4U/WGb5BYe/CRUUUaHt88kvdvkiifjTDI",
    Verdict::GoodButOld
)]
#[case::argon2i(
    "$argon2i$v=19$m=19456,t=2,p=1$c2l4dGVlbiBieXRlIHNsdA$wT2NqMi2zGoGxUbY2QpNPCihaotq+r/Jg3B9bxeslgo",
    Verdict::GoodButOld
)]
#[case::argon2d(
    "$argon2d$v=19$m=19456,t=2,p=1$c2l4dGVlbiBieXRlIHNsdA$n4GhqFbNYcBbtCByVOpjA/kw3XHgbYyKvcp4A1WhVrg",
    Verdict::GoodButOld
)]
#[case::argon2_1_0(
    "$argon2id$v=16$m=19456,t=2,p=1$c2l4dGVlbiBieXRlIHNsdA$lgYJvYael1uWV4HHsc5iS/3JTa3ZGBgGp+qh1umjInA",
    Verdict::GoodButOld
)]
#[case::argon2_with_a_short_output(
    "$argon2id$v=19$m=19456,t=2,p=1$c2l4dGVlbiBieXRlIHNsdA$1mCU1TpNPdA3lTczQfPf1A",
    Verdict::GoodButOld
)]
#[case::argon2_with_a_long_output(
    "$argon2id$v=19$m=19456,t=2,p=1$c2l4dGVlbiBieXRlIHNsdA$2sakuloPyQMRrlVbxq8OtvfpiEhvobNnyVzm4XPVNnXCI8iEEPfM2ErIGr4BB1leDSTIlbNafO0T6w3TiybayQ",
    Verdict::GoodButOld
)]
#[case::argon2_with_a_short_salt(
    "$argon2id$v=19$m=19456,t=2,p=1$ZWlnaHRieXQ$9R4cj0y49fORWXiOLj/w/2FSe0sIvrI2wA3zM8kO7S8",
    Verdict::GoodButOld
)]
fn a_hash_of_another_program_fits_its_password_and_no_other(#[case] stored: &str, #[case] verdict: Verdict) {
    assert_eq!(verify(PASSWORD.as_bytes(), Some(stored)), verdict);
    let longer = format!("{PASSWORD} ");
    for wrong in ["", "correct horse", &PASSWORD.to_uppercase(), &longer] {
        assert_eq!(verify(wrong.as_bytes(), Some(stored)), Verdict::Wrong, "{wrong:?}");
    }
}

#[test]
fn one_other_character_in_the_key_or_the_salt_is_another_hash() {
    for stored in [CURRENT, SCRYPT_WITH_LANES, PBKDF2_ONCE, DJANGO] {
        let key_at = stored.rfind('$').unwrap() + 1;
        let salt_at = stored[..key_at - 1].rfind('$').unwrap() + 1;
        for at in [salt_at, key_at] {
            let other = if stored[at..].starts_with('0') { "1" } else { "0" };
            let changed = format!("{}{other}{}", &stored[..at], &stored[at + 1..]);
            assert!(!matches!(Opponent::of(Some(&changed)), Opponent::Decoy(_)), "{changed} is well-formed");
            assert_eq!(verify(PASSWORD.as_bytes(), Some(&changed)), Verdict::Wrong, "{changed}");
        }
    }
}

#[test]
fn an_unknown_user_costs_what_a_wrong_password_costs() {
    let Opponent::Decoy(decoy) = Opponent::of(None) else { panic!("nobody has a hash") };
    assert!(decoy.is_current());
    assert_eq!(verify(PASSWORD.as_bytes(), None), Verdict::Wrong);
    assert_eq!(verify(b"", None), Verdict::Wrong);
}

#[rstest]
#[case::nothing("")]
#[case::clear_text(PASSWORD)]
#[case::dollars("$$$$$$")]
#[case::another_framework("$2b$12$R9h/cIPz0gi.URNNX3kh2OPST9/PgBkqquzi.Ss7KIUgO2t0jWMUW")]
#[case::djangos_unusable_password("!YVkxwXCpATU3f1D7aNSJysF07wlNLTKEccPOB6BA")]
#[case::a_line_feed_after_it(&format!("{PBKDF2_ONCE}\n"))]
#[case::a_space_before_it(&format!(" {PBKDF2_ONCE}"))]
#[case::capitals(&PBKDF2_ONCE.replace("sha256", "SHA256"))]
#[case::another_hash_function(&PBKDF2_ONCE.replace("sha256", "sha512"))]
#[case::bare_pbkdf2(&PBKDF2_ONCE.replace("sha256:1", "sha256"))]
#[case::no_iterations(&PBKDF2_ONCE.replace("sha256:1", "sha256:0"))]
#[case::negative_iterations(&PBKDF2_ONCE.replace("sha256:1", "sha256:-1"))]
#[case::iterations_in_words(&PBKDF2_ONCE.replace("sha256:1", "sha256:one"))]
#[case::too_many_iterations(&PBKDF2_ONCE.replace("sha256:1", "sha256:2000001"))]
#[case::iterations_beyond_32_bits(&PBKDF2_ONCE.replace("sha256:1", "sha256:4294967297"))]
#[case::a_fourth_part(&PBKDF2_ONCE.replace("sha256:1", "sha256:1:1"))]
#[case::no_salt(&PBKDF2_ONCE.replace("14vZrp1g", ""))]
#[case::no_salt_and_no_dollar(&PBKDF2_ONCE.replace("14vZrp1g$", ""))]
#[case::no_key("pbkdf2:sha256:1$14vZrp1g$")]
#[case::a_short_key(&PBKDF2_ONCE[..PBKDF2_ONCE.len() - 2])]
#[case::half_a_byte(&PBKDF2_ONCE[..PBKDF2_ONCE.len() - 1])]
#[case::a_long_key(&format!("{PBKDF2_ONCE}00"))]
#[case::a_key_that_is_not_hex(&PBKDF2_ONCE.replace("1d61", "+d61"))]
#[case::a_key_of_wide_characters(&PBKDF2_ONCE.replace("1d61", "ææ"))]
#[case::a_salt_beyond_all_bounds(&PBKDF2_ONCE.replace("14vZrp1g", &"a".repeat(MAX_STORED_BYTES)))]
#[case::scrypt_without_p(&SCRYPT_WITH_LANES.replace("1024:4:3", "1024:4"))]
#[case::scrypt_of_nothing(&SCRYPT_WITH_LANES.replace("1024:4:3", "0:4:3"))]
#[case::scrypt_of_one(&SCRYPT_WITH_LANES.replace("1024:4:3", "1:4:3"))]
#[case::scrypt_without_blocks(&SCRYPT_WITH_LANES.replace("1024:4:3", "1024:0:3"))]
#[case::scrypt_without_lanes(&SCRYPT_WITH_LANES.replace("1024:4:3", "1024:4:0"))]
#[case::scrypt_n_that_is_no_power_of_two(&SCRYPT_WITH_LANES.replace("1024:4:3", "1023:4:3"))]
#[case::scrypt_with_a_huge_n(&SCRYPT_WITH_LANES.replace("1024:4:3", "2147483648:1:1"))]
#[case::scrypt_with_a_huge_r(&SCRYPT_WITH_LANES.replace("1024:4:3", "2:1048576:1"))]
#[case::scrypt_with_a_huge_p(&SCRYPT_WITH_LANES.replace("1024:4:3", "2:1:1048576"))]
#[case::scrypt_whose_work_overflows(&SCRYPT_WITH_LANES.replace("1024:4:3", "65536:65536:65536"))]
#[case::scrypt_with_a_short_key(&SCRYPT_WITH_LANES[..SCRYPT_WITH_LANES.len() - 64])]
#[case::django_without_iterations(&DJANGO.replace("$36000", ""))]
#[case::django_with_too_many_iterations(&DJANGO.replace("36000", "2000001"))]
#[case::django_without_salt(&DJANGO.replace("3U9RVrdIwZv0UA7NGwxQjB", ""))]
#[case::django_with_hex("pbkdf2_sha256$1$14vZrp1g$1d61823513dc900cf4da04cbfe99d984ef64d5cb42787ebb4c5f7ca48a95e7d3")]
#[case::django_without_padding(DJANGO.trim_end_matches('='))]
#[case::djangos_name_for_argon2(&format!("argon2{CURRENT}"))]
#[case::argon2_without_a_version(&CURRENT.replace("$v=19", ""))]
#[case::argon2_of_the_future(&CURRENT.replace("v=19", "v=20"))]
#[case::argon2_of_another_kind(&CURRENT.replace("argon2id", "argon2x"))]
#[case::argon2_without_a_key("$argon2id$v=19$m=19456,t=2,p=1$c2l4dGVlbiBieXRlIHNsdA")]
#[case::argon2_without_salt("$argon2id$v=19$m=19456,t=2,p=1")]
#[case::argon2_with_a_cut_key(&CURRENT[..CURRENT.len() - 32])]
#[case::argon2_with_too_short_a_salt(&CURRENT.replace("c2l4dGVlbiBieXRlIHNsdA", "c2l4dGVl"))]
#[case::argon2_with_a_strange_parameter(&CURRENT.replace("p=1", "p=1,q=1"))]
#[case::argon2_without_memory(&CURRENT.replace("m=19456", "m=0"))]
#[case::argon2_without_passes(&CURRENT.replace("t=2", "t=0"))]
#[case::argon2_without_lanes(&CURRENT.replace("p=1", "p=0"))]
#[case::argon2_with_too_much_memory(&CURRENT.replace("m=19456,t=2", "m=65537,t=1"))]
#[case::argon2_with_all_memory(&CURRENT.replace("m=19456", "m=4294967295"))]
#[case::argon2_with_too_many_passes(&CURRENT.replace("m=19456,t=2", "m=65536,t=4"))]
#[case::argon2_with_endless_passes(&CURRENT.replace("m=19456,t=2", "m=8,t=4294967295"))]
#[case::argon2_with_too_many_lanes(&CURRENT.replace("p=1", "p=16777215"))]
fn what_is_no_hash_or_costs_too_much_is_wrong_and_costs_the_decoys_work(#[case] stored: &str) {
    assert!(matches!(Opponent::of(Some(stored)), Opponent::Decoy(decoy) if decoy.is_current()));
    assert_eq!(verify(PASSWORD.as_bytes(), Some(stored)), Verdict::Wrong);
}

#[rstest]
#[case::argon2(&CURRENT.replace("m=19456,t=2", "m=65536,t=3"))]
#[case::scrypt_n(&SCRYPT_WITH_LANES.replace("1024:4:3", "131072:8:1"))]
#[case::scrypt_p(&SCRYPT_WITH_LANES.replace("1024:4:3", "8192:8:16"))]
#[case::pbkdf2(&PBKDF2_ONCE.replace("sha256:1", "sha256:2000000"))]
#[case::django(&DJANGO.replace("36000", "2000000"))]
fn a_hash_at_the_limit_is_still_a_hash(#[case] stored: &str) {
    assert!(!matches!(Opponent::of(Some(stored)), Opponent::Decoy(_)));
}

/// A number that is cheap as a cost, or one that is far too much.
fn cost() -> impl Strategy<Value = String> {
    prop_oneof![
        (0..64_u64).prop_map(|n| (n + 1).next_power_of_two().to_string()),
        (1_u64 << 31..).prop_map(|n| n.to_string()),
        "[-+0-9a-z ]{0,4}"
    ]
}

fn almost_a_hash() -> impl Strategy<Value = String> {
    let key = prop_oneof!["[0-9a-f]{64}", "[0-9a-f]{128}", "[A-Za-z0-9+/]{43}=?", ".{0,9}"];
    (0..4, [cost(), cost(), cost()], "\\PC{0,12}|[A-Za-z0-9]{16,22}", key).prop_map(|(form, [a, b, c], salt, key)| {
        match form {
            0 => format!("scrypt:{a}:{b}:{c}${salt}${key}"),
            1 => format!("pbkdf2:sha256:{a}${salt}${key}"),
            2 => format!("pbkdf2_sha256${a}${salt}${key}"),
            _ => format!("$argon2id$v=19$m={a},t={b},p={c}${salt}${key}"),
        }
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn any_stored_text_gets_a_verdict(stored in prop_oneof![".*", almost_a_hash()], password in ".{1,20}") {
        prop_assert_eq!(verify(password.as_bytes(), Some(&stored)), Verdict::Wrong);
    }

    #[test]
    fn a_password_fits_its_own_hash_only(password in ".{1,40}", other in ".{1,40}") {
        let stored = hash(password.as_bytes());
        prop_assert_eq!(verify(password.as_bytes(), Some(&stored)), Verdict::Good);
        prop_assert_eq!(verify(other.as_bytes(), Some(&stored)) == Verdict::Good, password == other);
    }
}

proptest! {
    #[test]
    fn any_text_is_read_without_panic(stored in prop_oneof![".*", almost_a_hash()]) {
        let _ = Opponent::parse(&stored);
    }
}
