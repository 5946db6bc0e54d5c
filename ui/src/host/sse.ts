/**
 * Reads server-sent events from a streamed answer and hands over the data of each. `EventSource`
 * cannot send an Authorization header, which is why this is done by hand. Resolves when the
 * stream ends.
 */
export async function readServerSentEvents(
  body: ReadableStream<Uint8Array>,
  onData: (data: string) => void,
): Promise<void> {
  const reader = body.getReader();
  const decoder = new TextDecoder();
  let rest = "";
  let lines: string[] = [];

  function take(line: string) {
    if (line === "") {
      if (lines.length > 0) onData(lines.join("\n"));
      lines = [];
    } else if (line.startsWith("data:")) {
      lines.push(line.slice(line.startsWith("data: ") ? 6 : 5));
    }
    // Other fields (event, id, retry) and comments (":", used as keep-alive) carry nothing for us.
  }

  for (;;) {
    const { done, value } = await reader.read();
    if (done) return;
    rest += decoder.decode(value, { stream: true });
    // A lone \r at the very end may be the first half of \r\n: leave it for the next chunk.
    const parts = rest.split(/\r\n|\n|\r(?!$)/);
    rest = parts.pop() ?? "";
    parts.forEach(take);
  }
}
