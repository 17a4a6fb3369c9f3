/** A live event as the server sends it; `data` is what docs/openapi.json says of each name. */
export type LiveEvent = { readonly event: string; readonly data: unknown };

/** Reads text/event-stream. Lines that only keep the connection open are left out. */
export async function* eventsOf(
  body: ReadableStream<Uint8Array>,
  signal: AbortSignal,
): AsyncGenerator<LiveEvent> {
  const reader = body.pipeThrough(new TextDecoderStream() as TransformStream<Uint8Array, string>).getReader();
  let text = '';
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      const blocks = (text + value).split('\n\n');
      text = blocks.pop() ?? '';
      for (const block of blocks) {
        const event = eventIn(block);
        if (event !== undefined) yield event;
      }
    }
  } catch (error) {
    if (!signal.aborted) throw error;
  } finally {
    await reader.cancel().catch(() => undefined);
  }
}

function eventIn(block: string): LiveEvent | undefined {
  const field = (name: string): string[] =>
    block
      .split('\n')
      .filter((line) => line.startsWith(`${name}: `))
      .map((line) => line.slice(name.length + 2));
  const [event] = field('event');
  return event === undefined ? undefined : { event, data: JSON.parse(field('data').join('\n') || 'null') };
}
