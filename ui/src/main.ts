import "./design/fonts.css";
import "./design/tokens.css";
import "./design/reset.css";
import "./design/control.css";
import { mount } from "svelte";
import App from "./App.svelte";
import { useHost } from "./api/client.ts";
import { applyTheme } from "./design/theme.svelte.ts";
import { chooseHost } from "./host/choose.ts";

applyTheme();
useHost(chooseHost());

const target = document.getElementById("app");
if (!target) throw new Error("index.html has no #app");
mount(App, { target });
