/**
 * Server-sent events over fetch (WHATWG HTML, section 9.2), since EventSource forgets the last event id when it is
 * made anew and can't tell "signed out" from "network gone".
 */

export interface StreamEvent {
  id: string;
  type: string;
  data: string;
}

export type StreamStatus = "connecting" | "live" | "waiting" | "refused";

export interface StreamOptions {
  url: string;
  onEvent: (event: StreamEvent) => void;
  onStatus: (status: StreamStatus) => void;
  /** Where to go on from, when an earlier stream got so far. */
  lastEventId?: string;
  fetch?: typeof fetch;
  /** Silence after which the line counts as dead; the server sends a comment every 15 s. */
  silenceMs?: number;
  /** Waits between attempts: doubled from `first` up to `most`. */
  waitMs?: { first: number; most: number };
}

export interface EventStream {
  close: () => void;
  lastEventId: () => string;
}

const DEFAULT_WAIT = { first: 1_000, most: 30_000 };
const DEFAULT_SILENCE = 45_000;
const REFUSALS = new Set([401, 403]);

export function openEventStream(options: StreamOptions): EventStream {
  const wait = options.waitMs ?? DEFAULT_WAIT;
  const stopped = new AbortController();
  let lastId = options.lastEventId ?? "";
  let pause = wait.first;

  const take = (event: StreamEvent) => {
    lastId = event.id;
    options.onEvent(event);
  };

  const tell = (status: StreamStatus) => {
    if (!stopped.signal.aborted) options.onStatus(status);
  };

  const run = async () => {
    for (;;) {
      tell("connecting");
      const end = await readOnce(options, stopped.signal, lastId, take, () => {
        pause = wait.first;
        tell("live");
      });
      tell(end === "refused" ? "refused" : "waiting");
      if (end !== "lost") return;
      await sleep(pause, stopped.signal);
      if (stopped.signal.aborted) return;
      pause = Math.min(pause * 2, wait.most);
    }
  };
  void run();
  return { close: () => stopped.abort(), lastEventId: () => lastId };
}

async function readOnce(
  options: StreamOptions,
  stop: AbortSignal,
  lastId: string,
  take: (event: StreamEvent) => void,
  opened: () => void,
): Promise<"refused" | "lost" | "closed"> {
  const line = new AbortController();
  const hangUp = () => line.abort();
  stop.addEventListener("abort", hangUp);
  let watchdog = setTimeout(hangUp, options.silenceMs ?? DEFAULT_SILENCE);
  try {
    const headers: Record<string, string> = { Accept: "text/event-stream" };
    if (lastId !== "") headers["Last-Event-ID"] = lastId;
    const answer = await (options.fetch ?? fetch)(options.url, { headers, signal: line.signal, cache: "no-store" });
    if (REFUSALS.has(answer.status)) return "refused";
    if (!answer.ok || answer.body === null) return "lost";
    opened();
    const parser = new StreamParser(lastId);
    const reader = answer.body.pipeThrough(new TextDecoderStream()).getReader();
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return "lost";
      clearTimeout(watchdog);
      watchdog = setTimeout(hangUp, options.silenceMs ?? DEFAULT_SILENCE);
      parser.feed(value).forEach(take);
    }
  } catch {
    return stop.aborted ? "closed" : "lost"; // close() was called; or the network went, or the watchdog hung up
  } finally {
    clearTimeout(watchdog);
    stop.removeEventListener("abort", hangUp);
  }
}

/** Turns chunks of an event stream, cut anywhere, into events. */
export class StreamParser {
  private rest = "";
  private id: string;
  private type = "";
  private data: string[] = [];

  constructor(lastId = "") {
    this.id = lastId;
  }

  feed(chunk: string): StreamEvent[] {
    const lines = (this.rest + chunk).split(/\r\n|\n|\r(?!$)/);
    this.rest = lines.pop() ?? "";
    return lines.flatMap((line) => this.line(line));
  }

  private line(line: string): StreamEvent[] {
    if (line === "") return this.dispatch();
    const colon = line.indexOf(":");
    const field = colon < 0 ? line : line.slice(0, colon);
    const value = colon < 0 ? "" : line.slice(colon + 1).replace(/^ /, "");
    if (field === "id" && !value.includes("\0")) this.id = value;
    if (field === "event") this.type = value;
    if (field === "data") this.data.push(value);
    return [];
  }

  private dispatch(): StreamEvent[] {
    const { id, type, data } = this;
    this.type = "";
    this.data = [];
    return data.length === 0 ? [] : [{ id, type: type || "message", data: data.join("\n") }];
  }
}

function sleep(milliseconds: number, stop: AbortSignal): Promise<void> {
  return new Promise((done) => {
    const timer = setTimeout(done, milliseconds);
    stop.addEventListener("abort", () => (clearTimeout(timer), done()), { once: true });
  });
}
