"""All conflicting pairs of a set of W with Shapely's STRtree: shapely_join.py SET.bin RUNS prints JSON.

The tree is two-dimensional; candidates are held against operation, time and altitude before their polygons are compared.
Timed is what the other engines do: from arrays in memory to the list of pairs. The polygons are made beforehand.
"""

import json
import sys
import time

import numpy as np
import shapely

CHUNK = 20_000  # queries at a time, so that the candidates fit in memory


def pairs_of(polygons, operation, start, end, lower, upper):
    tree = shapely.STRtree(polygons)
    found = []
    for first in range(0, len(polygons), CHUNK):
        i, j = tree.query(polygons[first : first + CHUNK])
        i = i + first
        keep = (i < j) & (operation[i] != operation[j])
        keep &= (start[i] <= end[j]) & (start[j] <= end[i]) & (lower[i] <= upper[j]) & (lower[j] <= upper[i])
        i, j = i[keep], j[keep]
        touch = shapely.intersects(polygons[i], polygons[j])
        found.append(np.stack([i[touch], j[touch]], axis=1))
    return np.concatenate(found)


def main():
    words = np.fromfile(sys.argv[1], "<i4").reshape(-1, 18)
    operation, _, start, end, lower, upper = words[:, :6].T.copy()
    rings = words[:, 6:].reshape(-1, 6, 2).astype(np.float64)
    polygons = shapely.polygons(np.concatenate([rings, rings[:, :1]], axis=1))
    seconds = []
    for _ in range(1 + int(sys.argv[2])):
        begin = time.perf_counter()
        pairs = pairs_of(polygons, operation, start, end, lower, upper)
        seconds.append(time.perf_counter() - begin)
    with open("/proc/self/status") as status:
        peak = next((int(line.split()[1]) * 1024 for line in status if line.startswith("VmHWM")), None)
    pairs = pairs[np.lexsort((pairs[:, 1], pairs[:, 0]))]
    answer = {"seconds": seconds[1:], "pairs": pairs.tolist(), "parsed_bytes": words.nbytes, "peak_bytes": peak}
    json.dump(answer, sys.stdout)


main()
