// A small file of map tiles (PMTiles, version 3), as somebody's own map: a road, a lake and a village.

import { GeoJSONVT } from "@maplibre/geojson-vt";
import { fromGeojsonVt } from "@maplibre/vt-pbf";
import { zxyToTileId } from "pmtiles";

const MOST_ZOOM = 6;

/** Layers of GeoJSON as PMTiles. */
export function pmtiles(layers) {
  const indexes = Object.entries(layers).map(([name, data]) => [name, new GeoJSONVT(data, { maxZoom: MOST_ZOOM, indexMaxZoom: MOST_ZOOM, indexMaxPoints: 0 })]);
  const tiles = [];
  for (let z = 0; z <= MOST_ZOOM; z++) {
    for (let x = 0; x < 2 ** z; x++) {
      for (let y = 0; y < 2 ** z; y++) {
        const cut = Object.fromEntries(indexes.map(([name, index]) => [name, index.getTile(z, x, y)]).filter(([, tile]) => tile?.features.length));
        if (Object.keys(cut).length) tiles.push([zxyToTileId(z, x, y), Buffer.from(fromGeojsonVt(cut, { version: 2 }))]);
      }
    }
  }
  tiles.sort(([a], [b]) => a - b);
  const metadata = Buffer.from(JSON.stringify({ attribution: "<b>made up</b>", vector_layers: Object.keys(layers).map((id) => ({ id, fields: {} })) }));
  const root = directory(tiles);
  const data = Buffer.concat(tiles.map(([, tile]) => tile));
  const head = Buffer.alloc(127);
  head.write("PMTiles");
  head[7] = 3;
  const places = [127, root.length, 127 + root.length, metadata.length, 0, 0, 127 + root.length + metadata.length, data.length, tiles.length, tiles.length, tiles.length];
  places.forEach((value, index) => head.writeBigUInt64LE(BigInt(value), 8 + 8 * index));
  // In order of their ids; directories, metadata and tiles not packed; vector tiles.
  [1, 1, 1, 1, 0, MOST_ZOOM].forEach((value, index) => head.writeUInt8(value, 96 + index));
  [-180e7, -85e7, 180e7, 85e7].forEach((value, index) => head.writeInt32LE(value, 102 + 4 * index));
  return Buffer.concat([head, root, metadata, data]);
}

function directory(tiles) {
  const numbers = [tiles.length];
  tiles.forEach(([id], index) => numbers.push(id - (index ? tiles[index - 1][0] : 0)));
  tiles.forEach(() => numbers.push(1));
  tiles.forEach(([, tile]) => numbers.push(tile.length));
  // The first begins at the beginning; each other follows the one before it.
  tiles.forEach((_, index) => numbers.push(index ? 0 : 1));
  return Buffer.from(numbers.flatMap(varint));
}

function varint(number) {
  const bytes = [];
  for (; number > 127; number = Math.floor(number / 128)) bytes.push((number % 128) | 128);
  return [...bytes, number];
}
