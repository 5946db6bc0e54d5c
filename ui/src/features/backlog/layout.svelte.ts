import { SvelteSet } from "svelte/reactivity";
import { readLayout, writeLayout } from "./memory.ts";

export const PANEL_PX_MIN = 320;
export const PANEL_PX_MAX = 760;
const PANEL_PX = 420;
/** Below this the list would be too narrow to read beside the panel, which then lies over it. */
const LIST_PX_MIN = 380;
export const AREAS_PX = 216;

/** How the screen is laid out; what the user chose is kept for the next start. */
export class LayoutState {
  /** The width of the whole screen. */
  width = $state(1000);
  panelWidth = $state(PANEL_PX);
  areasShown = $state(true);
  readonly hidden = new SvelteSet<string>();
  readonly closedAreas = new SvelteSet<number>();

  constructor() {
    const kept = readLayout();
    this.panelWidth = clamp(kept.panelWidth ?? PANEL_PX);
    this.areasShown = kept.areasShown ?? true;
    for (const id of kept.hidden ?? []) this.hidden.add(id);
    for (const id of kept.closedAreas ?? []) this.closedAreas.add(id);
  }

  keep(): void {
    writeLayout({
      hidden: [...this.hidden],
      panelWidth: this.panelWidth,
      areasShown: this.areasShown,
      closedAreas: [...this.closedAreas],
    });
  }

  resize(width: number): void {
    this.panelWidth = clamp(width);
  }

  /** The panel as wide as it was drawn, or as the list leaves room for. */
  get panelShown(): number {
    const room = Math.max(this.width - LIST_PX_MIN, PANEL_PX_MIN);
    return Math.min(this.panelWidth, room);
  }

  /** Whether the areas have room; `panel` tells whether the panel is open. */
  areasFit(panel: boolean): boolean {
    const rest = this.width - AREAS_PX - (panel ? this.panelShown : 0);
    return rest >= LIST_PX_MIN;
  }

  /** Whether the panel lies over the list rather than beside it. */
  get panelFloats(): boolean {
    return this.width - this.panelShown < LIST_PX_MIN;
  }
}

function clamp(width: number): number {
  return Math.round(Math.min(Math.max(width, PANEL_PX_MIN), PANEL_PX_MAX));
}
