import { beforeEach } from "vitest";

// happy-dom has no layout: give every element a viewport, so that virtual lists draw a window.
Object.defineProperty(HTMLElement.prototype, "clientHeight", {
  configurable: true,
  get: () => 400,
});
// What one test entered is not there for the next.
beforeEach(() => {
  sessionStorage.clear();
});
Element.prototype.scrollIntoView ??= () => undefined;
