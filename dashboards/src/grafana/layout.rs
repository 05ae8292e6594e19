//! Where each panel stands: from left to right in 24 columns, and a row's next line under the highest panel of the last.

use super::source::{Panel, Row};

/// Columns of Grafana's grid.
pub const COLUMNS: u32 = 24;

/// A place in the grid, in columns and rows of 30 pixels.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    /// Columns from the left.
    pub x: u32,
    /// Rows from the top.
    pub y: u32,
    /// Columns.
    pub width: u32,
    /// Rows.
    pub height: u32,
}

/// The places of a row's panels from `top` on, and the first free line below them.
pub fn flow(row: &Row, top: u32) -> (Vec<Place>, u32) {
    let (mut x, mut y, mut bottom) = (0, top, top);
    let mut places = Vec::with_capacity(row.panels.len());
    for panel in &row.panels {
        let (width, height) = size(panel);
        if x + width > COLUMNS {
            (x, y) = (0, bottom);
        }
        places.push(Place { x, y, width, height });
        x += width;
        bottom = bottom.max(y + height);
    }
    (places, bottom)
}

fn size(panel: &Panel) -> (u32, u32) {
    let (width, height) = panel.kind.size();
    (panel.width.unwrap_or(width).min(COLUMNS), panel.height.unwrap_or(height))
}
