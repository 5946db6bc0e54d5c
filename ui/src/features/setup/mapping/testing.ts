/** A host for tests that answers by hand: each question waits until the test answers it. */
import type { Event } from "@/api/bindings.ts";
import type { CommandName } from "@/api/client.ts";
import { useHost } from "@/api/client.ts";

interface Question {
  readonly cmd: string;
  readonly payload: unknown;
  readonly answer: (value: unknown) => void;
  readonly refuse: (code: string) => void;
}

export class Asked {
  readonly questions: Question[] = [];
  /** Tells of an event, as the engine does. */
  send: (event: Event) => void = () => undefined;

  constructor() {
    useHost({
      reopen: () => Promise.resolve(),
      rpc: (cmd, payload) =>
        new Promise((resolve, reject) => {
          this.questions.push({
            cmd,
            payload,
            answer: resolve,
            refuse: (code) => {
              reject({ code, detail: {} });
            },
          });
        }),
      subscribe: (listener) => {
        this.send = listener;
        return () => undefined;
      },
      openExternal: () => Promise.resolve(),
    });
  }

  /** Every question so far for a command. */
  of(cmd: CommandName): Question[] {
    return this.questions.filter((question) => question.cmd === cmd);
  }

  /** The latest question for a command. */
  last(cmd: CommandName): Question {
    const question = this.of(cmd).at(-1);
    if (!question) throw new Error(`${cmd} was not asked`);
    return question;
  }
}

/** Lets what was answered arrive. */
export async function arrive(): Promise<void> {
  for (let i = 0; i < 8; i += 1) await Promise.resolve();
}
