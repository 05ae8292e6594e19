//! The program itself, on folders like Docker's, while all goes wrong that can: nothing is lost, nothing comes twice, and
//! every text is what was printed.

mod answers;
mod crashes;
mod crowds;
mod dice;
mod disks;
mod docker;
mod identity;
mod ledger;
mod lines;
mod outage;
mod plain;
mod restarts;
mod rotation;
mod secrets;
mod shipper;
mod vanished;
