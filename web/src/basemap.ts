// What lies under the picture: land, borders, the great rivers, the plan's places. Everything is in the page; nothing is fetched.

import type { StyleSpecification } from "maplibre-gl";
import { feature, mesh } from "topojson-client";
import atlas from "world-atlas/countries-50m.json";
import rivers from "../data/rivers.json";
import { css } from "./colours";
import { flatSources, layersAboveNames, layersBelowNames } from "./flat";
import type { Scene } from "./scene";
import { type Tiles, tileLayers } from "./tiles";

const topology = atlas as any;

export const ATTRIBUTION = "Natural Earth (public domain)";

/** The places of a scene, as the map takes them. */
export function places(scene: Scene): any {
  const features = scene.places.map((place) => ({
    type: "Feature",
    properties: { name: place.name },
    geometry: { type: "Point", coordinates: place.at },
  }));
  return { type: "FeatureCollection", features };
}

/** The style of the map in the colours of the page. */
export function style(scene: Scene, tiles: Tiles | null = null): StyleSpecification {
  const data = (value: unknown) => ({ type: "geojson" as const, data: value as any });
  return {
    version: 8,
    sources: {
      land: { ...data(feature(topology, topology.objects.land)), attribution: ATTRIBUTION },
      borders: data(mesh(topology, topology.objects.countries, (a: unknown, b: unknown) => a !== b)),
      rivers: data(rivers),
      places: data(places(scene)),
      ...(tiles ? { tiles: tiles.source } : {}),
      ...flatSources(),
    },
    layers: [
      { id: "sea", type: "background", paint: { "background-color": css("--sea") } },
      { id: "land", type: "fill", source: "land", paint: { "fill-color": css("--ground"), "fill-antialias": false } },
      ...(tiles ? tileLayers(tiles) : []),
      { id: "rivers", type: "line", source: "rivers", paint: { "line-color": css("--water"), "line-width": ["interpolate", ["linear"], ["zoom"], 4, 0.7, 10, 3] } },
      { id: "borders", type: "line", source: "borders", paint: { "line-color": css("--border"), "line-width": 1.2, "line-dasharray": [4, 2, 1, 2] } },
      ...layersBelowNames(),
      { id: "dots", type: "circle", source: "places", paint: { "circle-radius": 2.5, "circle-color": css("--dim") } },
      {
        id: "places",
        type: "symbol",
        source: "places",
        layout: { "text-field": ["get", "name"], "text-size": 12, "text-anchor": "left", "text-offset": [0.6, 0], "text-font": ["sans-serif"] },
        paint: { "text-color": css("--ink"), "text-halo-color": css("--ground"), "text-halo-width": 1.6 },
      },
      ...layersAboveNames(),
    ],
  };
}
