// A map that somebody brings along: a file of tiles (PMTiles), drawn between the land that the page has and the picture. It is read in parts, from a
// file or from this service; nothing else is asked. Layers are known by the names that Protomaps and OpenMapTiles give them; others are thin lines.

import { type LayerSpecification, type SourceSpecification, addProtocol } from "maplibre-gl";
import { PMTiles, Protocol, type Source, TileType } from "pmtiles";
import { css } from "./colours";

export interface Tiles {
  source: SourceSpecification;
  /** Names of the layers of vector tiles; none where the tiles are pictures. */
  layers: string[];
}

const protocol = new Protocol();
let isAdded = false;

/** Opens an archive of tiles. Says what is wrong with it. */
export async function tilesOf(from: Source): Promise<Tiles> {
  if (!isAdded) addProtocol("pmtiles", protocol.tile);
  isAdded = true;
  const archive = new PMTiles(from);
  const header = await archive.getHeader();
  const metadata = (await archive.getMetadata()) as { vector_layers?: { id: string }[]; attribution?: string };
  protocol.add(archive);
  const isVector = header.tileType === TileType.Mvt;
  if (!isVector && ![TileType.Png, TileType.Jpeg, TileType.Webp, TileType.Avif].includes(header.tileType)) throw new Error("tiles of an unknown type");
  // What an archive says of itself stays text.
  const attribution = (metadata.attribution ?? "").replace(/<[^>]*>/g, "");
  const common = { url: `pmtiles://${from.getKey()}`, attribution };
  return {
    source: isVector ? { type: "vector", ...common } : { type: "raster", tileSize: 256, ...common },
    layers: isVector ? (metadata.vector_layers ?? []).map((layer) => layer.id) : [],
  };
}

const AREAS: Record<string, string> = { earth: "--ground", water: "--sea", ocean: "--sea", landcover: "--green", landuse: "--green", park: "--green", buildings: "--built", building: "--built" };
const LINES: Record<string, [string, number]> = {
  water: ["--water", 1],
  waterway: ["--water", 1],
  roads: ["--road", 1.2],
  transportation: ["--road", 1.2],
  boundaries: ["--border", 1],
  boundary: ["--border", 1],
};
const NAMES = ["places", "place"];

/** The layers of the style: areas lowest, then lines, then names. */
export function tileLayers(tiles: Tiles): LayerSpecification[] {
  if (!tiles.layers.length) return [{ id: "tiles", type: "raster", source: "tiles" }];
  const shape = (type: string) => ["==", ["geometry-type"], type] as any;
  const common = (layer: string, kind: string) => ({ id: `tiles-${layer}-${kind}`, source: "tiles", "source-layer": layer });
  const known = (layer: string) => layer in AREAS || layer in LINES || NAMES.includes(layer);
  const areas = Object.keys(AREAS).filter((layer) => tiles.layers.includes(layer));
  const lines = tiles.layers.filter((layer) => layer in LINES || !known(layer));
  const names = tiles.layers.filter((layer) => NAMES.includes(layer));
  return [
    ...areas.map((layer) => ({ ...common(layer, "area"), type: "fill" as const, filter: shape("Polygon"), paint: { "fill-color": css(AREAS[layer]), "fill-antialias": false } })),
    ...lines.map((layer) => {
      const [colour, width] = LINES[layer] ?? ["--dim", 0.5];
      return { ...common(layer, "line"), type: "line" as const, filter: shape("LineString"), paint: { "line-color": css(colour), "line-width": width } };
    }),
    ...names.map((layer) => ({
      ...common(layer, "name"),
      type: "symbol" as const,
      layout: { "text-field": ["coalesce", ["get", "name:en"], ["get", "name"]] as any, "text-size": 11, "text-font": ["sans-serif"] },
      paint: { "text-color": css("--dim"), "text-halo-color": css("--ground"), "text-halo-width": 1.4 },
    })),
  ];
}
