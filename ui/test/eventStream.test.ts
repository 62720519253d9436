import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";

import { openEventStream, StreamParser, type StreamEvent, type StreamStatus } from "../src/api/eventStream";

describe("the parser", () => {
  test("reads events cut anywhere", () => {
    const text = ': hello\n\nid: 7\nevent: incident\ndata: {"a":1}\ndata: more\n\r\nid:8\r\ndata:x\r\n\r\n';
    for (let size = 1; size < text.length; size += 1) {
      const parser = new StreamParser();
      const found: StreamEvent[] = [];
      for (let at = 0; at < text.length; at += size) found.push(...parser.feed(text.slice(at, at + size)));
      expect(found).toEqual([
        { id: "7", type: "incident", data: '{"a":1}\nmore' },
        { id: "8", type: "message", data: "x" },
      ]);
    }
  });

  test("keeps the last id for events without one, and gives no event without data", () => {
    const parser = new StreamParser("3");
    expect(parser.feed("data: a\n\nid: 4\n\ndata: b\n\n")).toEqual([
      { id: "3", type: "message", data: "a" },
      { id: "4", type: "message", data: "b" },
    ]);
  });
});

/** A line to the server that the test holds in hand. */
class Line {
  readonly lastEventId: string | null;
  private control!: ReadableStreamDefaultController<Uint8Array>;
  readonly answer: Response;

  constructor(init: RequestInit | undefined) {
    this.lastEventId = new Headers(init?.headers).get("Last-Event-ID");
    const body = new ReadableStream<Uint8Array>({ start: (control) => void (this.control = control) });
    init?.signal?.addEventListener("abort", () => this.drop());
    this.answer = new Response(body, { status: 200 });
  }

  say(text: string) {
    this.control.enqueue(new TextEncoder().encode(text));
  }

  drop() {
    this.control.error(new Error("gone"));
  }

  end() {
    this.control.close();
  }
}

describe("the stream", () => {
  let lines: Line[];
  let statuses: StreamStatus[];
  let events: StreamEvent[];
  const settle = () => vi.advanceTimersByTimeAsync(0);

  const open = (respond: (line: Line) => Response = (line) => line.answer) =>
    openEventStream({
      url: "http://console/api/v1/events",
      onEvent: (event) => events.push(event),
      onStatus: (status) => statuses.push(status),
      fetch: (_, init) => {
        const line = new Line(init);
        lines.push(line);
        return Promise.resolve(respond(line));
      },
      silenceMs: 45_000,
      waitMs: { first: 1_000, most: 4_000 },
    });

  beforeEach(() => {
    vi.useFakeTimers();
    lines = [];
    statuses = [];
    events = [];
  });
  afterEach(() => void vi.useRealTimers());

  test("goes on after the last event it saw", async () => {
    const stream = open();
    await settle();
    expect(lines[0]?.lastEventId).toBeNull();
    lines[0]?.say("id: 41\ndata: a\n\nid: 42\ndata: b\n\nid: 43\ndata: cut off");
    await settle();
    lines[0]?.end();
    await settle();
    expect(statuses).toEqual(["connecting", "live", "waiting"]);
    await vi.advanceTimersByTimeAsync(1_000);
    expect(lines[1]?.lastEventId).toBe("42");
    expect(events.map(({ id }) => id)).toEqual(["41", "42"]);
    stream.close();
  });

  test("waits longer each time, up to a bound, and starts anew once it was live", async () => {
    let down = true;
    const stream = open((line) => (down ? new Response(null, { status: 503 }) : line.answer));
    for (const [wait, attempts] of [
      [0, 1],
      [999, 1],
      [1, 2],
      [2_000, 3],
      [4_000, 4],
      [3_999, 4],
      [1, 5],
    ] as const) {
      await vi.advanceTimersByTimeAsync(wait);
      expect(lines).toHaveLength(attempts);
    }
    down = false;
    await vi.advanceTimersByTimeAsync(4_000);
    expect(statuses.at(-1)).toBe("live");
    lines.at(-1)?.drop();
    await vi.advanceTimersByTimeAsync(1_000);
    expect(lines).toHaveLength(7);
    stream.close();
  });

  test("hangs up on a line that has gone silent; a comment is a sign of life", async () => {
    const stream = open();
    await settle();
    await vi.advanceTimersByTimeAsync(44_000);
    lines[0]?.say(": still here\n\n");
    await vi.advanceTimersByTimeAsync(44_000);
    expect(statuses).toEqual(["connecting", "live"]);
    await vi.advanceTimersByTimeAsync(2_000);
    expect(statuses).toEqual(["connecting", "live", "waiting", "connecting", "live"]);
    stream.close();
  });

  test.each([401, 403])("does not ask again after %i", async (status) => {
    open(() => new Response(null, { status }));
    await vi.advanceTimersByTimeAsync(60_000);
    expect(lines).toHaveLength(1);
    expect(statuses).toEqual(["connecting", "refused"]);
  });

  test("says nothing more once it is closed", async () => {
    const stream = open();
    await settle();
    stream.close();
    await vi.advanceTimersByTimeAsync(60_000);
    expect(lines).toHaveLength(1);
    expect(statuses).toEqual(["connecting", "live"]);
  });
});
