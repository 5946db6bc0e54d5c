/**
 * The door between features and the shell: all that a feature may use of it.
 */
export type { Feature, FeatureId, ScreenProps } from "./feature.ts";
export { navigate, place, writePlace } from "./routes.svelte.ts";
export { registerActions, registerFinder, type Action, type Finder } from "./actions.svelte.ts";
export {
  setCount,
  showRunning,
  status,
  type ConnectionStatus,
  type Count,
  type RunningWork,
} from "./status.svelte.ts";
export { openSetup } from "./setup.ts";
export { default as CheckList } from "./CheckList.svelte";
export { default as SecretStore } from "./SecretStore.svelte";
