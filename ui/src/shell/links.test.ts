import { cleanup, render, screen } from "@testing-library/svelte";
import userEvent from "@testing-library/user-event";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { useHost } from "@/api/client.ts";
import RichText from "@/design/RichText.svelte";
import { openLinksOutside } from "./links.ts";

const openExternal = vi.fn((_: string) => Promise.resolve());

beforeEach(() => {
  useHost({
    rpc: () => Promise.resolve(null),
    subscribe: () => () => undefined,
    openExternal,
    reopen: () => Promise.resolve(),
  });
  window.addEventListener("click", openLinksOutside);
});
afterEach(() => {
  window.removeEventListener("click", openLinksOutside);
  openExternal.mockClear();
  cleanup();
});

function text(href: string) {
  const content = [{ type: "link" as const, href, content: [plain("the page")] }];
  render(RichText, { blocks: [{ type: "paragraph", content }] });
}
const plain = (text: string) => ({
  type: "text" as const,
  text,
  bold: false,
  italic: false,
  underline: false,
  strike: false,
  code: false,
});

test("a_link_in_what_jira_wrote_opens_in_the_users_own_browser_and_not_here", async () => {
  text("https://example.com/page");
  const link = screen.getByRole("link", { name: "the page" });
  expect(link.getAttribute("rel")).toContain("noopener");
  let prevented = false;
  window.addEventListener("click", (event) => (prevented = event.defaultPrevented), { once: true });
  await userEvent.click(link);
  expect(openExternal).toHaveBeenCalledWith("https://example.com/page");
  expect(prevented).toBe(true);
});

test.each(["javascript:alert(1)", "file:///etc/passwd", "data:text/html,x"])(
  "%s is no link at all",
  (href) => {
    text(href);
    expect(screen.queryByRole("link")).toBeNull();
    expect(screen.getByText("the page")).toBeTruthy();
  },
);
