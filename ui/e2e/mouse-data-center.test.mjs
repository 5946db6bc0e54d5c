import { FACES } from "./support/face.mjs";
import { importWithTheMouse } from "./support/mouse.mjs";

// The screens differ in words only; their dark colours were looked at on Cloud.
importWithTheMouse(FACES["data-center"], { themes: ["light"] });
