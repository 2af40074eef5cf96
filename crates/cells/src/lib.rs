//! Areas as S2 cells of level 13, rounded outward: what the service keeps of an outline. It does not know why.
