import { expect, test } from "vitest";
import type { Board, Project } from "@/api/bindings.ts";
import { useHost } from "@/api/client.ts";
import { ProjectForm } from "./project.svelte.ts";

const PLATFORM: Project = {
  id: "1",
  key: "PLAT",
  name: "Platform",
  team_managed: false,
  integrations: 0,
};
const KANBAN: Board = { id: "3", name: "Support", kind: "kanban" };
const SCRUM: Board = { id: "4", name: "Delivery", kind: "scrum" };

function form(boards: Board[] | Error, taken: string[] = []) {
  const calls: [string, unknown][] = [];
  useHost({
    reopen: () => Promise.resolve(),
    rpc(cmd, payload) {
      calls.push([cmd, payload]);
      if (cmd !== "boards") return Promise.resolve({ id: 5 });
      return boards instanceof Error ? Promise.reject(boards) : Promise.resolve(boards);
    },
    subscribe: () => () => undefined,
    openExternal: () => Promise.resolve(),
  });
  const form = new ProjectForm(1);
  form.taken = taken;
  return { form, calls };
}

test("adding waits for a project and for its boards", async () => {
  const { form: f } = form([KANBAN]);
  expect(f.blocked).toBe("Choose a project");
  const picking = f.pick(PLATFORM);
  expect(f.blocked).toBe("Reading the boards");
  await picking;
  expect(f.blocked).toBeUndefined();
});

test("a board with sprints is proposed before one without", async () => {
  const { form: f } = form([KANBAN, SCRUM]);
  await f.pick(PLATFORM);
  expect(f.boardId).toBe("4");
});

test("a project without a board goes on without", async () => {
  const { form: f, calls } = form([]);
  await f.pick(PLATFORM);
  await f.save();
  expect(calls.at(-1)).toEqual([
    "integration_create",
    { connection_id: 1, project_key: "PLAT", board_id: null, name: "Platform" },
  ]);
});

test("boards that cannot be read do not stop the set-up", async () => {
  const { form: f } = form(new Error("no"));
  await f.pick(PLATFORM);
  expect(f.boardsError).toBeDefined();
  expect(f.blocked).toBeUndefined();
});

test("the name is proposed, free, and left alone once it was typed", async () => {
  const { form: f } = form([], ["Platform"]);
  await f.pick(PLATFORM);
  expect(f.name).toBe("Platform 2");
  f.nameTyped("platform");
  expect(f.blocked).toBe("Choose a name that is not taken");
  await f.pick({ ...PLATFORM, key: "MOB", name: "Mobile" });
  expect(f.name).toBe("platform");
});

test("boards of a project that was let go are dropped", async () => {
  const { form: f } = form([SCRUM]);
  const picking = f.pick(PLATFORM);
  f.unpick();
  await picking;
  expect(f.boards).toBeUndefined();
  expect(f.boardId).toBeNull();
});
