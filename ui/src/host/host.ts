/**
 * The whole outside world as one interface. The window reaches it through Tauri, a browser through
 * `lockstep serve`; nothing else in the front end knows which of the two it runs in.
 */
export interface Host {
  /** Runs one command of the command table. Rejects with a `HostError`. */
  rpc(cmd: string, payload: unknown): Promise<unknown>;
  /** Calls `listener` for every event until the returned function is called. */
  subscribe(listener: (event: unknown) => void): () => void;
  /** Opens an address in the user's own browser. */
  openExternal(url: string): Promise<void>;
  /**
   * Saves something as a file: `what` is `activity`, `args` what a page of it is asked for with. Gives where the file
   * lies, or nothing where the browser has it. Rejects with a `HostError`. Absent where there is nowhere to save.
   */
  save?(what: "activity", args: unknown): Promise<string | undefined>;
  /** Tells whether the engine answers, where that can change; a window and its engine stand and fall together. */
  readonly link?: HostLink;
  /** Opens the data directory again after it could not be opened. Rejects with a `HostError`. */
  reopen(): Promise<void>;
}

/**
 * Whether the engine answers: not asked yet, yes, no (it is tried again by itself), or only with a token that
 * this page does not have.
 */
export type LinkState = "opening" | "up" | "lost" | "refused";

/** The line to an engine that runs on its own. */
export interface HostLink {
  /** Calls `listener` at every change until the returned function is called. */
  follow(listener: (state: LinkState) => void): () => void;
  /** Tries at once rather than after the pause. */
  tryNow(): void;
}

/** A refusal in wire form: a code of the closed list, and whatever detail belongs to it. */
export interface HostError {
  readonly code: string;
  readonly detail: unknown;
}

/** The code used when the engine could not be reached at all (never sent by the engine itself). */
export const UNREACHABLE = "unreachable" as const;

/** The code used when the engine answers, but not to this page: its token is of an earlier start. */
export const TOKEN_REFUSED = "token_refused" as const;

/** Recognises the wire form without trusting it. */
export function isHostError(value: unknown): value is HostError {
  return (
    typeof value === "object" &&
    value !== null &&
    "code" in value &&
    typeof (value as { code: unknown }).code === "string"
  );
}

/** Anything that was thrown, in wire form. Errors that carry no code mean the host was not reached. */
export function asHostError(thrown: unknown): HostError {
  if (isHostError(thrown)) return { code: thrown.code, detail: thrown.detail ?? null };
  const message = thrown instanceof Error ? thrown.message : String(thrown);
  return { code: UNREACHABLE, detail: { message } };
}

/** Only addresses that a browser may be handed. */
export function isOpenable(url: string): boolean {
  try {
    return ["https:", "http:", "mailto:"].includes(new URL(url).protocol);
  } catch {
    return false;
  }
}
