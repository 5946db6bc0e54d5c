import { ERROR_WORDS, type ErrorCode } from "./bindings.ts";
import { ApiError, type Code } from "./client.ts";

/** `notice`: nothing is wrong; `warning`: something waits for the user; `error`: what was asked for failed. */
export type Severity = "notice" | "warning" | "error";

/**
 * What the button under an error does. A screen maps each kind to what it can do there and leaves
 * the button out where it cannot; `go` leads to another screen.
 */
export type Remedy =
  | { readonly kind: "retry" | "credentials" | "mapping" | "refresh"; readonly label: string }
  | { readonly kind: "go"; readonly label: string; readonly to: string }
  | { readonly kind: "open"; readonly label: string; readonly url: string };

/** An error in words: what happened, why, what to do, and the button that does it. */
export interface Words {
  readonly title: string;
  readonly cause: string;
  readonly cure: string;
  readonly severity: Severity;
  readonly action?: Remedy;
}

type Detail = Readonly<Record<string, string>>;
type Entry = (typeof ERROR_WORDS)[ErrorCode];

const SEVERITIES: Record<Entry["severity"], Severity> = {
  input: "warning",
  waiting: "notice",
  broken: "error",
};

/** What the engine cannot say of itself: that it does not answer, or not to this page. */
const HOST_WORDS = {
  unreachable: {
    title: "Lockstep's engine does not answer",
    cause: "It has stopped, or the connection to it was lost.",
    cure: "Try again. If it stays like this, quit Lockstep and start it once more; nothing that was accepted is lost.",
    severity: "broken",
  },
  token_refused: {
    title: "This page belongs to an earlier start of Lockstep",
    cause: "Each start of “lockstep serve” gives out a new address, and answers only to that one.",
    cure: "Open the address that it printed last. Nothing that was saved is lost.",
    severity: "broken",
  },
} satisfies Record<string, Entry>;

const retry: Remedy = { kind: "retry", label: "Try again" };
const credentials: Remedy = { kind: "credentials", label: "Update credentials" };
const mapping: Remedy = { kind: "mapping", label: "Open the mapping" };
const refresh: Remedy = { kind: "refresh", label: "Ask Jira again" };

/** What can be pressed, by code; a code that is not here is mended where it is shown. */
const REMEDIES: Partial<Record<Code, Remedy>> = {
  unreachable: retry,
  token_refused: retry,
  host_unknown: retry,
  host_refused: retry,
  host_timeout: retry,
  proxy_failed: retry,
  jira_unavailable: retry,
  rate_limited: retry,
  jira_paused: retry,
  credentials_wrong: credentials,
  credentials_expired: credentials,
  basic_auth_disabled: credentials,
  anonymous: credentials,
  permission_missing: retry,
  jira_rejected: retry,
  project_gone: retry,
  no_projects: retry,
  type_gone: refresh,
  field_gone: mapping,
  mapping_missing: mapping,
  connection_stopped: credentials,
  issue_elsewhere: { kind: "go", label: "Add the project", to: "/setup/4" },
  run_active: retry,
  run_state: { kind: "refresh", label: "Show where it is" },
  already_open: retry,
  database_corrupt: retry,
  database_read_only: retry,
  disk_full: retry,
  disk_failed: retry,
  secret_store_unavailable: { kind: "go", label: "Open step 3", to: "/setup/3" },
  secret_store_locked: { kind: "go", label: "Open step 3", to: "/setup/3" },
  secret_missing: credentials,
  bad_request: retry,
  internal: retry,
};

/** Anything with a code in it (thrown, or the `problem` of a record) in words. */
export function words(problem: unknown): Words {
  const { code, detail: given } = ApiError.from(problem);
  const entry = entryOf(code);
  const detail = asDetail(given);
  const action = remedyOf(code, detail);
  return {
    title: fill(entry.title, detail),
    cause: fill(entry.cause, detail),
    cure: fill(entry.cure, detail),
    severity: SEVERITIES[entry.severity],
    ...(action ? { action } : {}),
  };
}

/** What "Copy details" puts on the clipboard. The engine puts no secrets into a detail. */
export function details(problem: unknown): string {
  const { code, detail } = ApiError.from(problem);
  return JSON.stringify({ code, detail }, null, 2);
}

function entryOf(code: Code): Entry {
  if (code === "unreachable" || code === "token_refused") return HOST_WORDS[code];
  // A code of a newer engine is not in our table.
  return Object.hasOwn(ERROR_WORDS, code) ? ERROR_WORDS[code] : ERROR_WORDS.internal;
}

function remedyOf(code: Code, { login_url: url, site }: Detail): Remedy | undefined {
  if (code === "connection_removed")
    return {
      kind: "go",
      label: "Connect",
      to: `/setup/3?${new URLSearchParams({ site: site ?? "" }).toString()}`,
    };
  if (code === "captcha_required")
    return url ? { kind: "open", label: "Open Jira's sign-in", url } : retry;
  return Object.hasOwn(REMEDIES, code) ? REMEDIES[code] : undefined;
}

/** Puts the details in; a gap that none fills does not show. The terminal fills them in the same way. */
function fill(text: string, detail: Detail): string {
  return text
    .replace(/ *\{(\w+)\}/g, (gap, name: string) => {
      const value = detail[name];
      return value ? gap.replace(`{${name}}`, () => value) : "";
    })
    .replace(" ()", "")
    .trim();
}

function asDetail(detail: unknown): Detail {
  if (typeof detail !== "object" || detail === null) return {};
  return Object.fromEntries(
    Object.entries(detail).filter((pair): pair is [string, string] => typeof pair[1] === "string"),
  );
}
