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
type Text = string | ((detail: Detail) => string);

interface Entry {
  readonly title: Text;
  readonly cause: Text;
  readonly cure: string;
  readonly severity: Severity;
  readonly action?: Remedy | ((detail: Detail) => Remedy | undefined);
}

const retry: Remedy = { kind: "retry", label: "Try again" };
const credentials: Remedy = { kind: "credentials", label: "Update credentials" };
const mapping: Remedy = { kind: "mapping", label: "Open the mapping" };
const refresh: Remedy = { kind: "refresh", label: "Read Jira's settings again" };

/** `before the value after`, or `otherwise` where the engine sent none. */
function having(key: string, say: (value: string) => string, otherwise: string): Text {
  return (detail) => {
    const value = detail[key];
    return value === undefined || value === "" ? otherwise : say(value);
  };
}

/** The one table. Exhaustive by type: a new code of the engine does not compile until it has words. */
const TABLE: Record<Code, Entry> = {
  unreachable: {
    title: "Lockstep's engine does not answer",
    cause: "It has stopped, or the connection to it was lost.",
    cure: "Try again. If it stays like this, quit Lockstep and start it once more; nothing that was accepted is lost.",
    severity: "error",
    action: retry,
  },

  url_invalid: {
    title: "This is not an address",
    cause: "It has no host name, or holds characters that an address cannot have.",
    cure: "Copy it from the browser while Jira is open, for example https://example.atlassian.net.",
    severity: "warning",
  },
  host_unknown: {
    title: "There is no such host",
    cause: "The name in the address is not known to this machine's network.",
    cure: "Check the spelling. For an on-premise Jira, connect to the company network or VPN first.",
    severity: "error",
    action: retry,
  },
  host_refused: {
    title: "The host refuses the connection",
    cause: "The machine is there, but nothing listens at that port, or a firewall rejects it.",
    cure: "Check the port in the address, and ask for this machine's address to be let through the firewall.",
    severity: "error",
    action: retry,
  },
  host_timeout: {
    title: "The host does not answer in time",
    cause: "A firewall swallows the connection, or the site is overloaded.",
    cure: "Try again. If it stays like this, ask for this machine's address to be let through the firewall.",
    severity: "error",
    action: retry,
  },
  proxy_failed: {
    title: "The proxy does not let us through",
    cause: "The proxy of this connection does not answer, or wants a sign-in of its own.",
    cure: "Check the proxy in the connection's settings, or leave it empty where none is needed.",
    severity: "error",
    action: retry,
  },
  tls_untrusted: {
    title: "The site's certificate is not trusted",
    cause: having(
      "reason",
      (reason) => `The certificate was refused: ${reason}.`,
      "It was issued by an authority that this machine does not know.",
    ),
    cure: "For a company authority, add its certificate file to the connection. Otherwise check that the address is right.",
    severity: "error",
  },
  certificate_invalid: {
    title: "The certificate file cannot be read",
    cause: "It is not in PEM form, or the key does not belong to the certificate.",
    cure: "Choose a file that begins with -----BEGIN CERTIFICATE-----; a client certificate needs its key in the same file.",
    severity: "warning",
  },
  redirect_elsewhere: {
    title: "The site sends us to another address",
    cause: having(
      "to",
      (to) => `It answers with a redirect to ${to}, where credentials for this site must not go.`,
      "It answers with a redirect, and credentials for this site must not go elsewhere.",
    ),
    cure: "If the new address is the right one, enter it as the site's address.",
    severity: "warning",
  },
  not_jira: {
    title: "This site is not Jira",
    cause:
      "The address answers, but not as Jira does. A sign-in page or another product may stand in front of it.",
    cure: "Use the address under which Jira opens in the browser, with its path if it has one, such as /jira.",
    severity: "error",
  },
  jira_unavailable: {
    title: "Jira is not available at the moment",
    cause: having(
      "status",
      (status) => `Jira answers with ${status}: maintenance, a restart or a fault on its side.`,
      "Maintenance, a restart or a fault on its side.",
    ),
    cure: "Nothing is lost; Lockstep goes on by itself when Jira is back.",
    severity: "warning",
    action: retry,
  },

  credentials_wrong: {
    title: "Jira does not accept these credentials",
    cause:
      "The e-mail address or user name does not belong to the token or password, or a character is missing.",
    cure: "Paste the token again. On Jira Cloud it is an API token, not the password.",
    severity: "error",
    action: credentials,
  },
  credentials_expired: {
    title: "The token has expired",
    cause: "It reached its end date, or somebody revoked it.",
    cure: "Make a new token in Jira and enter it here; everything else stays as it is.",
    severity: "error",
    action: credentials,
  },
  captcha_required: {
    title: "Jira asks for a CAPTCHA first",
    cause: "After several failed sign-ins Jira refuses programs until somebody signs in by hand.",
    cure: "Sign in to Jira in the browser with this account, solve the CAPTCHA, then try again.",
    severity: "error",
    action: ({ login_url }) =>
      login_url ? { kind: "open", label: "Open Jira's sign-in", url: login_url } : retry,
  },
  basic_auth_disabled: {
    title: "Passwords are switched off on this Jira",
    cause: "An administrator allows programs to sign in with personal access tokens only.",
    cure: "Create a personal access token in your Jira profile and choose that way of signing in.",
    severity: "error",
    action: credentials,
  },
  anonymous: {
    title: "Jira treats us as nobody",
    cause:
      "It answered without looking at the credentials, so that only public things can be seen.",
    cure: "Enter the credentials again; a proxy or single sign-on in front of Jira may be removing them.",
    severity: "error",
    action: credentials,
  },
  permission_missing: {
    title: "The account may not do this in Jira",
    cause: having(
      "permission",
      (permission) => `It lacks the permission “${permission}”.`,
      "It lacks a permission in this project.",
    ),
    cure: "Ask a Jira administrator to grant it to the integration user, then try again.",
    severity: "error",
    action: retry,
  },
  rate_limited: {
    title: "Jira asks for fewer requests",
    cause: having(
      "retry_after_s",
      (seconds) => `It wants a pause of ${seconds} seconds. Lockstep waits and goes on by itself.`,
      "Lockstep waits and goes on by itself.",
    ),
    cure: "Nothing needs to be done. A large import simply takes longer.",
    severity: "notice",
  },
  jira_too_old: {
    title: "This Jira is too old",
    cause: having(
      "endpoint",
      (endpoint) => `It does not have ${endpoint}, which Lockstep needs.`,
      "It lacks something that Lockstep needs.",
    ),
    cure: "Ask the Jira administrator for an update of Jira.",
    severity: "error",
  },
  jira_rejected: {
    title: "Jira refused the request",
    cause: having("messages", (said) => `Jira says: ${said}`, "Jira gave no reason."),
    cure: "Change what Jira names and try again. A field may be required, or missing from the screen.",
    severity: "error",
    action: retry,
  },
  project_gone: {
    title: "The project can no longer be seen",
    cause: "It was deleted or archived, or the account lost the permission to browse it.",
    cure: "Open the project in Jira with the integration user. Items here stay as they are.",
    severity: "error",
    action: retry,
  },
  no_projects: {
    title: "This account can see no project",
    cause: "It has no permission to browse any project of the site.",
    cure: "Ask a Jira administrator to add the integration user to the project.",
    severity: "warning",
    action: retry,
  },
  jql_invalid: {
    title: "Jira does not understand the filter",
    cause: having("messages", (said) => `Jira says: ${said}`, "Jira gave no reason."),
    cure: "Correct the JQL; try it in Jira's own issue search if in doubt.",
    severity: "warning",
  },
  type_gone: {
    title: having(
      "name",
      (name) => `The issue type “${name}” is gone from Jira`,
      "An issue type is gone from Jira",
    ),
    cause: "It was deleted, or taken out of the project's scheme, after it had been mapped.",
    cure: "Read the types again and choose another one in the hierarchy mapping.",
    severity: "error",
    action: refresh,
  },
  field_gone: {
    title: having(
      "name",
      (name) => `The field “${name}” is gone from Jira`,
      "A field is gone from Jira",
    ),
    cause: "It was deleted, or hidden from the account, after it had been mapped.",
    cure: "Choose another field in the field mapping, or remove the pair.",
    severity: "error",
    action: mapping,
  },

  mapping_refused: {
    title: "This mapping cannot work",
    cause: having("messages", (said) => said, "Some rows contradict each other."),
    cure: "Each row that stands in the way says why; change it and save again.",
    severity: "warning",
  },
  mapping_missing: {
    title: "The mapping has not been saved yet",
    cause: "Without it Lockstep cannot tell what an issue becomes here.",
    cure: "Save the hierarchy and the field mapping first.",
    severity: "warning",
    action: mapping,
  },
  name_taken: {
    title: having("name", (name) => `“${name}” exists already`, "This name exists already"),
    cause: "Names are how people tell them apart, so each is used once.",
    cure: "Choose another name.",
    severity: "warning",
  },
  name_invalid: {
    title: "This name cannot be used",
    cause: "It is empty or too long.",
    cure: "Choose a name of 1 to 100 characters.",
    severity: "warning",
  },
  connection_in_use: {
    title: "The connection is still in use",
    cause: ({ count }) =>
      count === undefined
        ? "Integrations still use it."
        : count === "1"
          ? "1 integration still uses it."
          : `${count} integrations still use it.`,
    cure: "Remove the integrations first. Items on both sides stay.",
    severity: "warning",
    action: { kind: "go", label: "Open integrations", to: "/integrations" },
  },
  connection_stopped: {
    title: "The connection is stopped",
    cause: "Jira refused its credentials, and trying on could lock the account.",
    cure: "Update the credentials; what waited is then written.",
    severity: "error",
    action: credentials,
  },
  not_found: {
    title: having("what", (what) => `This ${what} is no longer here`, "This is no longer here"),
    cause: "It was removed, or belongs to something that was removed.",
    cure: "Go back to the list and open it from there.",
    severity: "warning",
  },
  run_active: {
    title: "Another run is under way",
    cause: "One run at a time writes to the workspace.",
    cure: "Wait until it is done, or pause or cancel it.",
    severity: "warning",
    action: retry,
  },
  run_state: {
    title: "The run has moved on",
    cause: having(
      "state",
      (state) => `It is ${state} now, where this cannot be done.`,
      "This cannot be done in its present state.",
    ),
    cure: "Look at where it is now and choose again.",
    severity: "warning",
    action: { ...refresh, label: "Show where it is" },
  },

  already_open: {
    title: "Another Lockstep is in charge of this data",
    cause:
      "A second program has the same data directory open; this one may read but not change it.",
    cure: "Use the other window, or close it and try again.",
    severity: "warning",
    action: retry,
  },
  database_newer: {
    title: "The data was written by a newer Lockstep",
    cause: ({ found, known }) =>
      found && known
        ? `Its format is ${found}; this version knows formats up to ${known}.`
        : "This version does not know its format.",
    cure: "Install the newest Lockstep. Nothing was changed.",
    severity: "error",
  },
  database_corrupt: {
    title: "The data file is damaged",
    cause: "A disk fault or another program changed it.",
    cure: "Restore the newest copy beside it. Items in Jira are untouched.",
    severity: "error",
  },
  database_read_only: {
    title: "The data directory cannot be written",
    cause: "Its permissions, or those of the disk, forbid it.",
    cure: "Give your user the right to write there, then try again.",
    severity: "error",
    action: retry,
  },
  disk_full: {
    title: "The disk is full",
    cause: "There is no room to store the change, so it was not accepted.",
    cure: "Free some space, then try again. Nothing that was accepted is lost.",
    severity: "error",
    action: retry,
  },
  secret_store_unavailable: {
    title: "There is no keyring on this computer",
    cause: "No program that keeps secrets for the user is running.",
    cure: "Start one, such as GNOME Keyring or KWallet, or keep secrets in an encrypted file: step 3 of the set-up offers it.",
    severity: "error",
    action: { kind: "go", label: "Open step 3", to: "/setup/3" },
  },
  secret_store_locked: {
    title: "The keyring is locked",
    cause: "It asks for its password before it gives out secrets.",
    cure: "Unlock it, then try again.",
    severity: "warning",
    action: retry,
  },
  passphrase_wrong: {
    title: "The passphrase is wrong",
    cause: "The file of secrets does not open with it.",
    cure: "Try again; capital letters count. Without it the credentials must be entered anew.",
    severity: "warning",
  },
  secret_missing: {
    title: "The credentials are not in the keyring",
    cause: "They were removed, or this data directory comes from another machine.",
    cure: "Enter the token or password again; everything else stays as it is.",
    severity: "error",
    action: credentials,
  },

  bad_request: {
    title: "This could not be understood",
    cause: having(
      "messages",
      (said) => said,
      "Something that was sent is not of the form that is asked for.",
    ),
    cure: "Correct what you entered and try again. If nothing looks wrong, copy the details and report them.",
    severity: "error",
    action: retry,
  },
  internal: {
    title: "Something in Lockstep went wrong",
    cause: "This is a fault of the program, not of your data or settings.",
    cure: "Try again. If it happens a second time, copy the details and report them.",
    severity: "error",
    action: retry,
  },
};

/** Anything with a code in it (thrown, or the `problem` of a record) in words. */
export function words(problem: unknown): Words {
  const { code, detail: given } = ApiError.from(problem);
  // A code of a newer engine is not in our table.
  const entry = Object.hasOwn(TABLE, code) ? TABLE[code] : TABLE.internal;
  const detail = asDetail(given);
  const say = (text: Text) => (typeof text === "string" ? text : text(detail));
  const action = typeof entry.action === "function" ? entry.action(detail) : entry.action;
  return {
    title: say(entry.title),
    cause: say(entry.cause),
    cure: entry.cure,
    severity: entry.severity,
    ...(action ? { action } : {}),
  };
}

/** What "Copy details" puts on the clipboard. The engine puts no secrets into a detail. */
export function details(problem: unknown): string {
  const { code, detail } = ApiError.from(problem);
  return JSON.stringify({ code, detail }, null, 2);
}

function asDetail(detail: unknown): Detail {
  if (typeof detail !== "object" || detail === null) return {};
  return Object.fromEntries(
    Object.entries(detail).filter((pair): pair is [string, string] => typeof pair[1] === "string"),
  );
}
