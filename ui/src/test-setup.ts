// happy-dom has no layout: give every element a viewport, so that virtual lists draw a window.
Object.defineProperty(HTMLElement.prototype, "clientHeight", {
  configurable: true,
  get: () => 400,
});
Element.prototype.scrollIntoView ??= () => undefined;
