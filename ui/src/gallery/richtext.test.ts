import { expectTypeOf, test } from "vitest";
import type { Block as EngineBlock } from "@/api/bindings.ts";
import type { Block } from "@/design/richtext.ts";

test("rich_text_of_the_engine_can_be_drawn", () => {
  // Checked by the compiler: a new kind of block must be drawn before this compiles again.
  expectTypeOf<EngineBlock>().toExtend<Block>();
});
