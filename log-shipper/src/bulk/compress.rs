//! gzip with one state and one buffer for all requests of a lane.

use bytes::Bytes;
use flate2::{Compress, Compression, FlushCompress, Status};

/// A gzip window of 32 KiB, as every reader of gzip has it.
const WINDOW_BITS: u8 = 15;

/// Compresses bodies, one after the other.
#[derive(Debug)]
pub struct Compressor {
    state: Compress,
    last: Bytes,
}

impl Default for Compressor {
    fn default() -> Self {
        // Level 1: the network is seldom so slow that a higher one pays for its time.
        Self { state: Compress::new_gzip(Compression::new(1), WINDOW_BITS), last: Bytes::new() }
    }
}

impl Compressor {
    /// The body as gzip. The buffer is that of the body before, once nobody holds that any more.
    pub fn gzip(&mut self, body: &[u8]) -> Bytes {
        let mut buffer: Vec<u8> = std::mem::take(&mut self.last).try_into_mut().map(Into::into).unwrap_or_default();
        buffer.clear();
        buffer.reserve(body.len() / 8 + 64);
        self.state.reset();
        loop {
            let rest = &body[usize::try_from(self.state.total_in()).unwrap_or(body.len())..];
            match self.state.compress_vec(rest, &mut buffer, FlushCompress::Finish) {
                Ok(Status::StreamEnd) => break,
                _ => buffer.reserve(buffer.capacity().max(64)),
            }
        }
        self.last = Bytes::from(buffer);
        self.last.clone()
    }
}

#[cfg(test)]
mod tests {
    use std::io::Read;

    use super::*;

    #[test]
    fn every_body_comes_out_as_it_was_though_the_state_is_shared() {
        let mut compressor = Compressor::default();
        let noise: Vec<u8> = (0..200_000_u32).map(|n| n.wrapping_mul(2_654_435_761).to_le_bytes()[3]).collect();
        for body in [b"".to_vec(), b"{}\n".repeat(100_000), noise, b"a".to_vec()] {
            let mut plain = Vec::new();
            flate2::read::GzDecoder::new(&*compressor.gzip(&body)).read_to_end(&mut plain).unwrap();
            assert!(plain == body, "{} bytes", body.len());
        }
    }
}
