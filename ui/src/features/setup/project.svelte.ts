/** What is chosen in step 4, and why *Add project* cannot be pressed yet. */
import type { Board, Integration, Project } from "@/api/bindings.ts";
import { ApiError, call } from "@/api/client.ts";
import { freeName } from "./connect.svelte.ts";

/** A project that is being added. */
export interface KeptProject {
  readonly project: Project;
  readonly boardId: string | null;
  /** Absent while it is the one that is proposed. */
  readonly name: string | null;
}

export class ProjectForm {
  readonly connectionId: number;
  project = $state.raw<Project>();
  /** The project's boards; absent while they load. */
  boards = $state.raw<readonly Board[]>();
  boardId = $state<string | null>(null);
  name = $state("");
  /** Why the boards could not be read: it goes on without one. */
  boardsError = $state.raw<ApiError>();
  /** Names in use. */
  taken = $state.raw<readonly string[]>([]);

  #nameIsOurs = true;
  #turn = 0;

  constructor(connectionId: number) {
    this.connectionId = connectionId;
  }

  /** What outlives a reload. */
  get kept(): KeptProject | undefined {
    const { project, boardId, name } = this;
    return project && { project, boardId, name: this.#nameIsOurs ? null : name };
  }

  /** Takes up what a reload interrupted. Never rejects. */
  async restore({ project, boardId, name }: KeptProject): Promise<void> {
    if (name !== null) this.nameTyped(name);
    await this.pick(project);
    if (boardId === null || this.boards?.some((board) => board.id === boardId))
      this.boardId = boardId;
  }

  /** Whether some integration has this name already. */
  get nameTaken(): boolean {
    const name = this.name.trim().toLocaleLowerCase();
    return this.taken.some((other) => other.trim().toLocaleLowerCase() === name);
  }

  /** Why *Add project* cannot be pressed: the first thing that is missing, or nothing. */
  get blocked(): string | undefined {
    if (!this.project) return "Choose a project";
    if (this.boards === undefined && !this.boardsError) return "Reading the boards";
    if (this.name.trim() === "") return "Give the integration a name";
    if (this.nameTaken) return "Choose a name that is not taken";
    return undefined;
  }

  /** Takes a project: its boards are read, and a name that is free is proposed. */
  async pick(project: Project): Promise<void> {
    this.project = project;
    if (this.#nameIsOurs) this.name = freeName(project.name, this.taken);
    await this.readBoards();
  }

  /** Reads the boards of the project. Never rejects: look at `boardsError`. */
  async readBoards(): Promise<void> {
    const { project } = this;
    if (!project) return;
    const turn = ++this.#turn;
    this.boards = undefined;
    this.boardsError = undefined;
    this.boardId = null;
    try {
      const boards = await call("boards", {
        connection_id: this.connectionId,
        project_key: project.key,
      });
      if (turn !== this.#turn) return;
      this.boards = boards;
      this.boardId = (boards.find((b) => b.kind === "scrum") ?? boards[0])?.id ?? null;
    } catch (thrown) {
      if (turn === this.#turn) this.boardsError = ApiError.from(thrown);
    }
  }

  /** Lets go of the project, to choose another. */
  unpick(): void {
    this.#turn += 1;
    this.project = undefined;
    this.boards = undefined;
    this.boardsError = undefined;
    this.boardId = null;
  }

  /** Sets the name as it is being typed; from then on it is the admin's. */
  nameTyped(name: string): void {
    this.#nameIsOurs = false;
    this.name = name;
  }

  /** Makes the integration. Rejects with an `ApiError`. */
  async save(): Promise<Integration> {
    if (!this.project) throw new ApiError("bad_request", {});
    return await call("integration_create", {
      connection_id: this.connectionId,
      project_key: this.project.key,
      board_id: this.boardId,
      name: this.name.trim(),
    });
  }
}
