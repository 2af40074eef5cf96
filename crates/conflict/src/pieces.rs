//! A movement cut in halves again and again, made as it is asked for. Knows one movement only.

use std::cell::OnceCell;

use deconflict_spacetime::{Area, Time, TimeSpan};

use crate::{Movement, bounds::Disc};

/// Number of a piece within its [`Pieces`]; the whole movement is piece 0.
pub(crate) type PieceId = usize;

/// A piece of the line and what is known of it.
pub(crate) struct Piece {
    /// Metres along the line where it starts.
    pub from_m: f64,
    /// Metres along the line where it ends.
    pub to_m: f64,
    /// When any of it may be occupied; `None` if never before the movement's end.
    pub span: Option<TimeSpan>,
    /// From when until when all of it is occupied at once; the start is after the end if it never is.
    pub core: (Time, Time),
    /// A disc that holds its ground.
    pub disc: Disc,
    ground: OnceCell<Area>,
    halves: OnceCell<(PieceId, PieceId)>,
}

impl Piece {
    fn new(movement: &Movement, from_m: f64, to_m: f64) -> Self {
        let half_m = (to_m - from_m) / 2.0;
        Self {
            from_m,
            to_m,
            span: movement.occupied(from_m, to_m),
            core: (movement.reached(to_m), movement.left(from_m)),
            disc: Disc::new(movement.line().point_at(from_m + half_m), half_m + movement.width_m() / 2.0),
            ground: OnceCell::new(),
            halves: OnceCell::new(),
        }
    }

    pub fn length_m(&self) -> f64 {
        self.to_m - self.from_m
    }
}

/// All pieces of one movement that have been asked for.
pub(crate) struct Pieces<'a> {
    pub movement: &'a Movement,
    pieces: Vec<Piece>,
}

impl<'a> Pieces<'a> {
    /// The whole of what the head travels, as piece 0.
    pub fn new(movement: &'a Movement) -> Self {
        let (from_m, to_m) = movement.travelled_m();
        Self { movement, pieces: vec![Piece::new(movement, from_m, to_m)] }
    }

    pub fn get(&self, id: PieceId) -> &Piece {
        &self.pieces[id]
    }

    /// The ground of a piece, with round ends.
    pub fn ground(&self, id: PieceId) -> &Area {
        let piece = &self.pieces[id];
        piece.ground.get_or_init(|| self.movement.ground(piece.from_m, piece.to_m))
    }

    /// The two halves of a piece.
    pub fn halves(&mut self, id: PieceId) -> (PieceId, PieceId) {
        if let Some(&halves) = self.pieces[id].halves.get() {
            return halves;
        }
        let (from_m, to_m) = (self.pieces[id].from_m, self.pieces[id].to_m);
        let middle_m = from_m + (to_m - from_m) / 2.0;
        let first = self.pieces.len();
        self.pieces.push(Piece::new(self.movement, from_m, middle_m));
        self.pieces.push(Piece::new(self.movement, middle_m, to_m));
        *self.pieces[id].halves.get_or_init(|| (first, first + 1))
    }
}
