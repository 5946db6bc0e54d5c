/** Why something is not kept in step, in the made-up workspace: keys that end in 7 have something in the way. */
import type { WhyLine } from "@/api/bindings.ts";
import { fail, type Handlers } from "../mock.ts";
import { stateOf } from "./backlog.ts";

const line = (
  verdict: WhyLine["verdict"],
  title: string,
  text = "",
  cure: WhyLine["cure"] = null,
): WhyLine => ({ verdict, title, text, cure });

export const handlers: Handlers = {
  why: async ({ item_id, key }, context) => {
    await context.wait(300);
    const { items } = stateOf(context).backlog;
    const wanted = key?.trim().toUpperCase();
    const item = items.find((one) => one.id === item_id || one.key === wanted);
    if (!item) throw fail("not_found", { what: "integration with issues of that key" });
    const odd = (item.key ?? "").endsWith("7");
    return {
      item_id: item.id,
      title: item.title,
      key: item.key ?? "",
      lines: [
        line("fine", `Linked to ${item.key ?? ""}`),
        line("fine", "The connection Acme works"),
        line("fine", "Platform is kept in step"),
        line("fine", "Jira shows the issue to this account"),
        line("fine", "Its type Story is mapped"),
        line(
          "note",
          "It does not meet the filter",
          'What is linked stays in step all the same; what is not, does not come in. project = "PLAT" AND statusCategory != Done',
        ),
        odd
          ? line(
              "broken",
              "This account may not edit issues of the project",
              "What is edited here cannot be sent. Have the permission “Edit issues” given to it.",
            )
          : line("fine", "This account may edit issues of the project"),
        line("fine", "Jira lets requests through"),
        odd
          ? line(
              "broken",
              "Both sides changed 1 field",
              "Only that waits for somebody to decide; everything else goes on.",
              { type: "conflicts", item_id: item.id },
            )
          : line("fine", "Nothing is in conflict"),
      ],
    };
  },
};
