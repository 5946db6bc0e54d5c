import { createSubscriber } from "svelte/reactivity";

const TICK_MS = 15_000;

const follow = createSubscriber((update) => {
  const timer = setInterval(update, TICK_MS);
  return () => {
    clearInterval(timer);
  };
});

/** The current moment in milliseconds; read in markup, it moves on by itself every few seconds. */
export function now(): number {
  follow();
  return Date.now();
}
