//! Images that the platform's tests put in the place of public ones are those that the platform uses.

use std::collections::BTreeSet;

use e2e::platform::{ABSENT, STAND_INS, WHOLE};

use crate::images;
use crate::platform::both;

/// What other stand-ins are made of, and what no file of ours names.
const COMMON: &str = "stand-in:base";

#[test]
fn stand_ins_are_those_of_the_files() {
    let had: BTreeSet<String> =
        STAND_INS.iter().chain(&WHOLE).map(|(_, image)| (*image).to_owned()).filter(|image| image != COMMON).collect();
    for platform in both() {
        let services = platform.services().filter(|service| !service.is_ours() && !ABSENT.contains(&service.name));
        let wanted: BTreeSet<String> = services.map(|service| service.image()).chain(images::parts()).collect();
        assert_eq!(had, wanted, "images of tests/src/platform/images.rs, and those of {}", platform.file);
    }
}
