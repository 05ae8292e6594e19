//! Every metric of the program in one table, and the instruments.
