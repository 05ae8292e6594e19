//! Containers and files: which there are, and which are wanted.
