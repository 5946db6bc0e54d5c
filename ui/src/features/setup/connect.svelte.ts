/** What is typed in step 3, what is known of it, and why *Connect* cannot be pressed yet. */
import type {
  AuthKind,
  Connection,
  ConnectionForm,
  ConnectionReport,
  Site,
  SiteKind,
} from "@/api/bindings.ts";
import { ApiError, call, type Code } from "@/api/client.ts";
import type { PemFile } from "@/design/pem.ts";

/** The controls that an error can be about. */
export type FieldName = "url" | "auth" | "login" | "secret" | "name" | "ca" | "client" | "proxy";

/** A connection that is being made, as far as it may be kept. */
export interface KeptConnection {
  readonly url: string;
  readonly auth: AuthKind;
  readonly login: string;
  readonly proxy: string;
  /** Absent while it is the one that is proposed. */
  readonly name: string | null;
}

const AT_FAULT: Partial<Record<Code, FieldName>> = {
  url_invalid: "url",
  host_unknown: "url",
  host_refused: "url",
  host_timeout: "url",
  redirect_elsewhere: "url",
  not_jira: "url",
  jira_too_old: "url",
  proxy_failed: "proxy",
  tls_untrusted: "ca",
  certificate_invalid: "ca",
  credentials_wrong: "secret",
  credentials_expired: "secret",
  captcha_required: "secret",
  anonymous: "secret",
  basic_auth_disabled: "auth",
  name_taken: "name",
  name_invalid: "name",
};

/** The control that an error is about, if it is about one. */
export function fieldAtFault(code: Code): FieldName | undefined {
  return AT_FAULT[code];
}

/** What was done to an address that was typed, in words; nothing when it stayed as it was. */
export function describeCleaning(typed: string, cleaned: string): string | undefined {
  if (typed === cleaned) return undefined;
  const said: string[] = [];
  const bare = typed.trim();
  if (/\s/.test(typed)) said.push("blanks removed");
  if (cleaned.startsWith("https://") && !/^[a-z]+:\/\//i.test(bare)) said.push("https:// added");
  const rest = bare.replace(/^[a-z]+:\/\//i, "");
  const kept = cleaned.replace(/^[a-z]+:\/\//i, "");
  if (rest.toLowerCase().startsWith(kept.toLowerCase()) && rest.length > kept.length) {
    const tail = rest.slice(kept.length);
    if (tail !== "/") said.push(`“${shorten(tail)}” cut off`);
  }
  return said.length > 0 ? `Cleaned up: ${said.join(", ")}` : undefined;
}

/** A name that nobody has: the wish itself, or with the first number that is free. */
export function freeName(wish: string, taken: readonly string[]): string {
  const used = new Set(taken.map((name) => name.trim().toLocaleLowerCase()));
  if (!used.has(wish.toLocaleLowerCase())) return wish;
  let number = 2;
  while (used.has(`${wish} ${String(number)}`.toLocaleLowerCase())) number += 1;
  return `${wish} ${String(number)}`;
}

export class ConnectForm {
  url = $state("");
  auth = $state<AuthKind>("cloud_token");
  login = $state("");
  secret = $state("");
  name = $state("");
  proxy = $state("");
  ca = $state.raw<PemFile>();
  client = $state.raw<PemFile>();
  /** What the admin says it is, where the site did not tell. */
  kindChosen = $state<SiteKind>();

  /** What the site answered to the address as it stands now. */
  site = $state.raw<Site>();
  /** Whether an answer is awaited. */
  detecting = $state(false);
  /** What was done to the address. */
  cleaning = $state<string>();
  /** The last test. */
  report = $state.raw<ConnectionReport>();
  /** Why connecting failed; gone with the next edit of the field that it is about. */
  problem = $state.raw<ApiError>();
  /** What is going on. */
  phase = $state<"idle" | "testing" | "saving">("idle");
  /** Names in use. */
  taken = $state.raw<readonly string[]>([]);

  #nameIsOurs = true;
  #asked = "";
  #turn = 0;

  /** What outlives a reload: everything but the secret and the certificates. */
  get kept(): KeptConnection | undefined {
    const { url, auth, login, proxy, name } = this;
    if (url.trim() === "") return undefined;
    return { url, auth, login, proxy, name: this.#nameIsOurs ? null : name };
  }

  /** Takes up what a reload interrupted, and looks at the address again. Never rejects. */
  async restore({ url, auth, login, proxy, name }: KeptConnection): Promise<void> {
    Object.assign(this, { url, auth, login, proxy });
    if (name !== null) this.nameTyped(name);
    await this.detect({ settle: true });
  }

  /** Kind of Jira, as the site told it or as the admin chose it. */
  get kind(): SiteKind | undefined {
    return this.site?.kind ?? this.kindChosen;
  }

  /** Whether the site answered without telling its kind, so that it must be chosen. */
  get kindUnknown(): boolean {
    return this.site !== undefined && this.site.kind === null;
  }

  /** The control that the problem is about. */
  get atFault(): FieldName | undefined {
    return this.problem && fieldAtFault(this.problem.code);
  }

  /** Whether somebody has this name already. */
  get nameTaken(): boolean {
    const name = this.name.trim().toLocaleLowerCase();
    return this.taken.some((other) => other.trim().toLocaleLowerCase() === name);
  }

  /** Why *Connect* cannot be pressed: the first thing that is missing, or nothing. */
  get blocked(): string | undefined {
    if (this.url.trim() === "") return "Enter the address of your Jira";
    if (this.detecting) return "Looking at the address";
    if (this.site?.problem) return "The address does not lead to a Jira yet";
    if (!this.kind) return this.kindUnknown ? "Choose the kind of Jira" : "Enter the address first";
    if (this.auth !== "pat" && this.login.trim() === "")
      return this.auth === "cloud_token" ? "Enter your e-mail address" : "Enter the user name";
    if (this.auth === "cloud_token" && !/^\S+@\S+$/.test(this.login.trim()))
      return "The e-mail address is not complete";
    if (this.secret.trim() === "")
      return this.auth === "password" ? "Enter the password" : "Paste the token";
    if (this.name.trim() === "") return "Give the connection a name";
    if (this.nameTaken) return "Choose a name that is not taken";
    return undefined;
  }

  /** Sets the address as it is being typed; what was known of the old one is no longer true. */
  type(url: string): void {
    this.url = url;
    if (url === this.#asked) return;
    this.#turn += 1;
    this.detecting = false;
    this.site = undefined;
    this.cleaning = undefined;
    this.report = undefined;
    this.edited("url");
  }

  /** A control was edited: what was said about it no longer holds. */
  edited(field: FieldName): void {
    if (this.atFault === field || (field === "login" && this.atFault === "secret"))
      this.problem = undefined;
  }

  /** Sets the name as it is being typed; from then on it is the admin's. */
  nameTyped(name: string): void {
    this.#nameIsOurs = false;
    this.name = name;
    this.edited("name");
  }

  /** Whether `detect` would ask the site anything new. */
  get worthAsking(): boolean {
    return /[^\s/:]+\.[^\s]+|localhost|127\.0\.0\.1|\[/.test(this.url) && this.url !== this.#asked;
  }

  /** Asks the site what it is. `settle` puts the cleaned address in the field (not while typing). */
  async detect({ settle }: { settle: boolean }): Promise<void> {
    const typed = this.url;
    if (typed.trim() === "") return;
    const turn = ++this.#turn;
    this.detecting = true;
    try {
      const site = await call("site_detect", {
        url: typed,
        ca_pem: this.ca?.text ?? null,
        proxy: this.proxy.trim() || null,
      });
      if (turn !== this.#turn) return;
      this.site = site;
      this.#asked = typed;
      if (site.problem) this.problem = ApiError.from(site.problem);
      else if (this.atFault === "url" || this.atFault === "ca" || this.atFault === "proxy")
        this.problem = undefined;
      if (!site.problem) this.#fit(site);
    } catch (thrown) {
      if (turn === this.#turn) this.problem = ApiError.from(thrown);
    } finally {
      if (turn === this.#turn) this.detecting = false;
    }
    if (settle) this.settle();
  }

  /** Puts the cleaned address in the field and says what was done to it. */
  settle(): void {
    if (!this.site || this.site.problem || this.url !== this.#asked) return;
    this.cleaning = describeCleaning(this.url, this.site.url) ?? this.cleaning;
    this.url = this.site.url;
    this.#asked = this.site.url;
  }

  /** Tests the connection, and makes it if everything needed is there. */
  async connect(): Promise<Connection | undefined> {
    if (this.blocked !== undefined || this.phase !== "idle") return undefined;
    this.problem = undefined;
    this.report = undefined;
    const form = this.#form();
    try {
      this.phase = "testing";
      this.report = await call("connection_test", form);
      if (!this.report.ok) {
        const failed = this.report.checks.find((c) => c.state === "failed" && c.problem);
        if (failed?.problem) this.problem = ApiError.from(failed.problem);
        return undefined;
      }
      this.phase = "saving";
      return await call("connection_create", form);
    } catch (thrown) {
      this.problem = ApiError.from(thrown);
      return undefined;
    } finally {
      this.phase = "idle";
    }
  }

  /** Says what kind of Jira it is, where the site does not tell. */
  chooseKind(kind: SiteKind): void {
    this.kindChosen = kind;
    this.#fitAuth(kind);
  }

  #fit(site: Site): void {
    if (site.kind) this.#fitAuth(site.kind);
    if (this.#nameIsOurs) this.name = freeName(nameOf(site), this.taken);
  }

  #fitAuth(kind: SiteKind): void {
    if (kind === "cloud") this.auth = "cloud_token";
    else if (this.auth === "cloud_token") this.auth = "pat";
  }

  #form(): ConnectionForm {
    return {
      name: this.name.trim(),
      url: this.site?.url ?? this.url.trim(),
      auth: this.auth,
      login: this.auth === "pat" ? "" : this.login.trim(),
      // A password may begin or end with a blank; a pasted token never does.
      secret: this.auth === "password" ? this.secret : this.secret.trim(),
      ca_pem: this.ca?.text ?? null,
      proxy: this.proxy.trim() || null,
      client_identity_pem: this.client?.text ?? null,
    };
  }
}

/** What a connection to a site is called unless the admin says otherwise. */
function nameOf(site: Site): string {
  const title = site.title?.trim() ?? "";
  if (title !== "" && title.toLowerCase() !== "jira") return title;
  return site.url
    .replace(/^[a-z]+:\/\//i, "")
    .replace(/\.atlassian\.net$/i, "")
    .replace(/\/$/, "");
}

function shorten(text: string): string {
  return text.length > 32 ? `${text.slice(0, 31)}…` : text;
}
