import { invoke } from "@tauri-apps/api/core";
import { listen } from "@tauri-apps/api/event";
import { asHostError, isOpenable, type Host } from "./host.ts";

/** The one event channel of the shell; the payload says what happened. */
const EVENT = "lockstep://event";

/** The host inside the desktop window. */
export function tauriHost(): Host {
  return {
    async rpc(cmd, payload) {
      try {
        return await invoke("rpc", { cmd, payload });
      } catch (thrown) {
        throw asHostError(thrown);
      }
    },

    subscribe(listener) {
      const listening = listen(EVENT, (event) => {
        listener(event.payload);
      });
      listening.catch((thrown: unknown) => {
        console.error("events are not available", thrown);
      });
      return () => {
        listening.then(
          (stop) => {
            stop();
          },
          // Already reported above: there is nothing to stop.
          () => undefined,
        );
      };
    },

    async openExternal(url) {
      if (!isOpenable(url)) throw asHostError(new Error("not a web address"));
      await this.rpc("open_external", { url });
    },

    async save(what, args) {
      const { path } = (await this.rpc(`save_${what}`, args)) as { path: string };
      return path;
    },

    async reopen() {
      await this.rpc("retry_open", {});
    },
  };
}
