import { call } from "@/api/client.ts";
import { navigate } from "./routes.svelte.ts";

/** Where the wizard is to be opened, and with what in hand. An integration brings its connection. */
export interface SetupPlace {
  readonly step: number;
  readonly connectionId: number | null;
  readonly integrationId: number | null;
}

/** Opens the wizard at a step with a connection and an integration in hand. Rejects with an `ApiError`. */
export async function openSetup({ step, connectionId, integrationId }: SetupPlace): Promise<void> {
  await call("setup_place", {
    step,
    connection_id: connectionId,
    integration_id: integrationId,
  });
  navigate(`/setup/${String(step)}`);
}
