import { expect, test } from "vitest";
import { details, words } from "./errors.ts";

test("a_detail_of_the_engine_stands_in_the_sentence", () => {
  const said = words({ code: "permission_missing", detail: { permission: "Create issues" } });
  expect(said.cause).toContain("Create issues");
});

test("a_sentence_is_whole_without_its_detail", () => {
  for (const code of [
    "permission_missing",
    "name_taken",
    "connection_in_use",
    "jira_unavailable",
  ]) {
    const { title, cause } = words({ code, detail: {} });
    expect(`${title} ${cause}`).not.toMatch(/undefined|null|“”/);
  }
});

test("a_code_of_a_newer_engine_still_gets_words", () => {
  expect(words({ code: "from_the_future", detail: {} }).title).toBe(
    words({ code: "internal" }).title,
  );
  expect(words({ code: "constructor", detail: {} }).title).toBe(words({ code: "internal" }).title);
});

test("something_thrown_without_a_code_means_that_nobody_answered", () => {
  expect(words(new TypeError("failed")).title).toBe("Lockstep's engine does not answer");
});

test("copied_details_name_the_code", () => {
  expect(JSON.parse(details({ code: "not_jira", detail: { a: "b" } }))).toEqual({
    code: "not_jira",
    detail: { a: "b" },
  });
});
