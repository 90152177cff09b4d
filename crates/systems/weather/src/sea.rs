//! The sea: how deep it is and how it flows, on a plane that turns and repeats itself on all sides.

/// What a plane is like, in metres and seconds.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Plane {
    /// How many cells it has from west to east.
    pub width: usize,
    /// How many rows of cells it has from south to north.
    pub height: usize,
    /// How wide a cell is, in m.
    pub cell: f64,
    /// By how much it turns: the Coriolis parameter, in 1/s.
    pub turns: f64,
    /// How heavy the sea is: the acceleration of its surface's slope, in m/s².
    pub gravity: f64,
    /// How sticky it is, in m²/s.
    pub sticks: f64,
}

/// How deep the sea is (m), and how fast it flows to the east and to the north (m/s), cell by cell.
///
/// Depths stand in the middle of a cell, eastward speeds at its western edge, and northward ones at its
/// southern edge (Arakawa's C-grid), so that what flows out of one cell flows into its neighbour.
#[derive(Clone, Debug, PartialEq)]
pub struct Sea {
    width: usize,
    /// Row by row from the south: its depths, its eastward and its northward speeds. Each of these has the
    /// westernmost cell once more in the east, and the easternmost once more in the west.
    pub(crate) numbers: Vec<f64>,
}

/// A row of the sea; the cell of number 1 is the westernmost.
#[derive(Clone, Copy, Debug)]
pub struct Row<'a> {
    /// The depths.
    pub depth: &'a [f64],
    /// The speeds to the east.
    pub east: &'a [f64],
    /// The speeds to the north.
    pub north: &'a [f64],
}

/// How many numbers a row of so many cells has.
pub(crate) const fn row_length(width: usize) -> usize {
    3 * (width + 2)
}

impl Sea {
    /// A sea whose cells have what this says of their column and row: depth, speed to the east, speed to
    /// the north.
    #[must_use]
    pub fn new(plane: &Plane, cell: impl Fn(usize, usize) -> [f64; 3]) -> Sea {
        let width = plane.width;
        let mut numbers = vec![0.0; row_length(width) * plane.height];
        for (y, row) in numbers.chunks_exact_mut(row_length(width)).enumerate() {
            for x in 0..width {
                for (kind, number) in cell(x, y).into_iter().enumerate() {
                    row[kind * (width + 2) + x + 1] = number;
                }
            }
            close(row, width);
        }
        Sea { width, numbers }
    }

    /// How many rows there are.
    #[must_use]
    pub fn height(&self) -> usize {
        self.numbers.len() / row_length(self.width)
    }

    /// A row; those beyond the northernmost begin in the south again.
    #[must_use]
    pub fn row(&self, number: usize) -> Row<'_> {
        let (length, number) = (row_length(self.width), number % self.height());
        let row = &self.numbers[number * length..(number + 1) * length];
        let (depth, speeds) = row.split_at(self.width + 2);
        let (east, north) = speeds.split_at(self.width + 2);
        Row { depth, east, north }
    }

    /// All numbers of all cells, each once.
    pub fn cells(&self) -> impl Iterator<Item = f64> {
        let rows = (0..self.height()).map(|number| self.row(number));
        rows.flat_map(|row| {
            let inner = 1..=self.width;
            [row.depth, row.east, row.north].into_iter().flat_map(move |it| &it[inner.clone()])
        })
        .copied()
    }
}

/// Has a row repeat itself at its two ends.
pub(crate) fn close(row: &mut [f64], width: usize) {
    for numbers in row.chunks_exact_mut(width + 2) {
        numbers[0] = numbers[width];
        numbers[width + 1] = numbers[1];
    }
}
