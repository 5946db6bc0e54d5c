import { FACES } from "./support/face.mjs";
import { keepInStep } from "./support/instep.mjs";

keepInStep(FACES["data-center"]);
