// The programs under test, as people start them: `lockstep serve` over a new data directory, and a practice site.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import http from "node:http";
import { tmpdir } from "node:os";
import path from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

const ROOT = fileURLToPath(new URL("../../..", import.meta.url));
const PROGRAMS = path.resolve(process.env.CARGO_TARGET_DIR ?? path.join(ROOT, "target"), "debug");

/** How long a program may take to end. */
const STOP_MS_MAX = 10_000;

/** Starts a program; resolves with its first line once it has said it. `stop` asks it to end and waits. */
async function start(name, args, env = {}) {
  const child = spawn(path.join(PROGRAMS, name), args, {
    env: { ...process.env, ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const said = [];
  createInterface(child.stderr).on("line", (line) => said.push(line));
  const ended = once(child, "exit");
  const first = await Promise.race([
    once(createInterface(child.stdout), "line").then(([line]) => line),
    ended.then(() => Promise.reject(new Error(`${name} ended: ${said.join("\n")}`))),
    once(child, "error").then(([error]) => Promise.reject(error)),
  ]);
  return {
    first,
    said,
    async stop() {
      if (child.exitCode === null && child.signalCode === null) child.kill("SIGTERM");
      const late = setTimeout(() => child.kill("SIGKILL"), STOP_MS_MAX);
      const [, signal] = await ended;
      clearTimeout(late);
      if (signal === "SIGKILL") throw new Error(`${name} did not end when it was asked to`);
    },
  };
}

/**
 * A practice site behind a door that can be closed: while it is closed to some requests, what waits for them stands
 * still, and a test can look at it for as long as it likes.
 */
export async function practiceSite({ face, issues = 160, seed = 3, projects = 0 }) {
  const args = ["--face", face, "--issues", String(issues), "--seed", String(seed)];
  const program = await start("practice-jira", [...args, "--projects", String(projects)]);
  const site = JSON.parse(program.first);
  let closed = () => false;
  let waiting = [];
  const door = http.createServer(async (request, answer) => {
    const body = Buffer.concat(await request.toArray());
    const pass = () => {
      const onward = http.request(
        new URL(request.url, site.url),
        { method: request.method, headers: request.headers },
        (given) => {
          answer.writeHead(given.statusCode, given.rawHeaders);
          given.pipe(answer);
        },
      );
      onward.on("error", () => answer.destroy());
      onward.end(body);
    };
    if (closed(request.url, body.toString())) waiting.push(pass);
    else pass();
  });
  door.listen(0, "127.0.0.1");
  await once(door, "listening");
  return {
    ...site,
    url: `http://127.0.0.1:${door.address().port}`,
    /** Lets requests for which `which(url, body)` is true wait from now on. */
    close(which) {
      closed = which;
    },
    async openAfter(deed) {
      await deed();
      closed = () => false;
      const passes = waiting;
      waiting = [];
      for (const pass of passes) pass();
    },
    async stop() {
      door.closeAllConnections();
      door.close();
      await program.stop();
    },
  };
}

/** `lockstep serve` over a data directory of its own; `again` ends it and starts it at the same port. */
export async function lockstep() {
  const data = await mkdtemp(path.join(tmpdir(), "lockstep-e2e-"));
  const env = { LOCKSTEP_SECRET_PASSPHRASE: "a passphrase for the test" };
  const serve = (...more) =>
    start(
      "lockstep",
      ["serve", "--no-sync", "--data-dir", data, "--secret-store", "file", ...more],
      env,
    );
  let program = await serve();
  const lockstep = {
    /** The address with its token. */
    address: program.first,
    get origin() {
      return new URL(this.address).origin;
    },
    said: () => program.said,
    async end() {
      await program.stop();
    },
    async again() {
      await program.stop();
      program = await serve("--port", new URL(this.address).port);
      this.address = program.first;
    },
    async stop() {
      await program.stop();
      await rm(data, { recursive: true, force: true });
    },
  };
  return lockstep;
}
