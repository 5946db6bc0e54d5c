/** What TreeTable must know about a row, whatever else it holds. */
export interface TreeRow {
  readonly id: string | number;
  /** 0 at the top. */
  readonly depth: number;
  readonly has_children: boolean;
  readonly expanded: boolean;
}

/** A column of a TreeTable. The first one carries the indentation and the arrow. */
export interface TreeColumn {
  readonly id: string;
  readonly label: string;
  /** A grid track: "minmax(240px, 1fr)", "96px". */
  readonly width: string;
  readonly align?: "start" | "end";
  readonly sortable?: boolean;
}
