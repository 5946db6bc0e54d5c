import { FACES } from "./support/face.mjs";
import { importWithTheMouse } from "./support/mouse.mjs";

importWithTheMouse(FACES["data-center"]);
