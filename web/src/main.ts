// A page with a scene in it is a report; one without is the desk of a party, which asks this service.

import "maplibre-gl/dist/maplibre-gl.css";
import "./page.css";
import { desk } from "./desk/desk";
import { report } from "./report";
import { TEXTS } from "./texts";

declare global {
  interface Window {
    /** In a report: where its map's worker is. */
    deconflictWorker?: string;
  }
}

document.documentElement.lang = TEXTS.language;
document.documentElement.dir = TEXTS.direction;

const scene = document.getElementById("scene");
if (scene) report(JSON.parse(scene.textContent!), window.deconflictWorker!);
else desk();
