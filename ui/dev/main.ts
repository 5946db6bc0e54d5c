/**
 * The real interface over canned answers, for looking at screens without an engine:
 * `npm run dev`, then http://127.0.0.1:5173/dev/?scene=empty#/setup. Not part of the build.
 */
import "@/design/fonts.css";
import "@/design/tokens.css";
import "@/design/reset.css";
import "@/design/control.css";
import { mount } from "svelte";
import App from "@/App.svelte";
import { useHost } from "@/api/client.ts";
import { applyTheme } from "@/design/theme.svelte.ts";
import { mockHost } from "./mock.ts";

applyTheme();
useHost(mockHost(new URLSearchParams(location.search)));

const target = document.getElementById("app");
if (!target) throw new Error("index.html has no #app");
mount(App, { target });
