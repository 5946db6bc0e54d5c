import { expect, test } from "vitest";
import { ERROR_WORDS } from "./bindings.ts";
import { details, words } from "./errors.ts";

test("a_detail_of_the_engine_stands_in_the_sentence", () => {
  const said = words({ code: "permission_missing", detail: { permission: "Create issues" } });
  expect(said.cause).toContain("Create issues");
});

test("no_gap_shows_where_a_detail_is_missing", () => {
  for (const code of Object.keys(ERROR_WORDS)) {
    const { title, cause, cure } = words({ code, detail: {} });
    expect(`${title} ${cause} ${cure}`).not.toMatch(/undefined|null|“”|[{}]|\(\)| {2}/);
  }
});

test("a_detail_is_taken_as_it_is", () => {
  const said = words({ code: "name_taken", detail: { name: "$& {count}" } });
  expect(said.cause).toContain("$& {count} is in use");
});

test("a_captcha_is_solved_where_jira_says", () => {
  const { action } = words({
    code: "captcha_required",
    detail: { login_url: "https://jira.example.com/login.jsp" },
  });
  expect(action).toMatchObject({ kind: "open", url: "https://jira.example.com/login.jsp" });
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
