"""Makes egm96.bin from WW15MGH.DAC, the 15' grid of EGM96 geoid heights that NGA publishes (public domain).

    python3 egm96.py WW15MGH.DAC egm96.bin        (needs numpy and scipy)

1. The interpolating bicubic spline through the published values: 721 rows from 90 N to 90 S, 1440 columns from 0 E, big-endian
   16 bit, centimetres. Rows go on over the poles: one meridian continues in the opposite one.
2. That spline at every 7.5'.
3. The bicubic spline with a knot every 24' that fits those values best (least squares).
4. Its coefficients, rounded to centimetres: 451 rows of 900, little-endian 16 bit.

The source's sha256 is 9dcaf4efd6857aaa2e1e2e2c574d3f5264eacf47024cdcd5291c40ddad5e5acc, that of what is made
c9cb9e78683b4ec52d7b3e077276cc1856d31e0a4fef90fda003cb41073bb1af. Prints the sha256 of both files, and the largest difference between the two splines at the points of step 2.
"""

import hashlib
import sys

import numpy as np
from scipy.sparse import csr_matrix
from scipy.sparse.linalg import spsolve


def weights(t):
    """Of the four coefficients around the place t (0 to 1) between the second and the third."""
    return np.stack([(1 - t) ** 3, 3 * t**3 - 6 * t**2 + 4, -3 * t**3 + 3 * t**2 + 3 * t + 1, t**3], axis=1) / 6


def spline(points, knots):
    """The matrix that takes `knots` coefficients of a periodic spline to its values at `points` even places."""
    place = np.arange(points) * knots / points
    first = np.floor(place + 1e-9).astype(int)
    columns = (first[:, None] + np.arange(-1, 3)) % knots
    rows = np.repeat(np.arange(points), 4)
    return csr_matrix((weights(place - first).ravel(), (rows, columns.ravel())), shape=(points, knots))


def both(matrix, values):
    """`matrix` along both axes."""
    return matrix @ (matrix @ values.T).T


def solved(matrix, values):
    return spsolve(matrix.tocsc(), values)


def fitted(matrix, values):
    """The coefficients, along both axes, whose spline comes nearest to `values`."""
    square = matrix.T @ matrix
    once = solved(square, matrix.T @ values)
    return solved(square, matrix.T @ once.T).T


def main(source, target):
    data = open(source, "rb").read()
    print("source", hashlib.sha256(data).hexdigest())
    published = np.frombuffer(data, dtype=">i2").reshape(721, 1440).astype(float)
    # Whole meridians: down the one side, up the other.
    whole = np.vstack([published, np.roll(published, 720, axis=1)[::-1][1:-1]])
    through = spline(1440, 1440)
    fine = both(spline(2880, 1440), solved(through, solved(through, whole).T).T)
    coarse = spline(2880, 900)
    coefficients = np.round(fitted(coarse, fine)).astype(int)
    made = coefficients[:451].astype("<i2").tobytes()
    open(target, "wb").write(made)
    print("target", hashlib.sha256(made).hexdigest(), len(made), "bytes")
    print("largest difference", np.abs(both(coarse, coefficients) - fine).max(), "cm")


main(*sys.argv[1:])
