// How the desk asks this service, and hears of what is new. The token stays in this tab.

import { FetchSource } from "pmtiles";

export class Service {
  private last = 0;
  private running = 0;

  constructor(private token = sessionStorage.getItem("token") ?? "") {}

  get isKnown(): boolean {
    return this.token !== "";
  }

  enter(token: string) {
    this.token = token;
    sessionStorage.setItem("token", token);
  }

  forget() {
    this.running += 1;
    sessionStorage.clear();
  }

  async ask(method: string, path: string, body?: unknown): Promise<any> {
    const answer = await fetch(path, {
      method,
      headers: { authorization: `Bearer ${this.token}`, "content-type": "application/json" },
      body: body === undefined ? undefined : JSON.stringify(body),
      cache: "no-store",
    });
    const said = await answer.json().catch(() => ({}));
    if (answer.ok) return said;
    const problems = (said.problems ?? []).map((problem: any) => `${problem.field}: found ${problem.found}, expected ${problem.expected}`);
    throw new Error([said.message ?? answer.statusText, ...problems].join("; "));
  }

  /** The map of whoever runs this service, of which parts can be asked for. */
  tiles(path: string): FetchSource {
    return new FetchSource(new URL(path, location.href).href, new Headers({ authorization: `Bearer ${this.token}` }));
  }

  /** Follows the stream from the last event on, for as long as nobody leaves; says when it is connected and since when not. */
  async follow(heard: (events: [number, any][]) => Promise<void>, connected: (since: Date | null) => void) {
    this.running += 1;
    const mine = this.running;
    let since: Date | null = null;
    while (mine === this.running) {
      try {
        const answer = await fetch("/api/v1/events", {
          headers: { authorization: `Bearer ${this.token}`, accept: "text/event-stream", "last-event-id": String(this.last) },
          cache: "no-store",
        });
        if (!answer.ok) throw new Error(((await answer.json().catch(() => ({}))) as any).message ?? answer.statusText);
        since = null;
        connected(null);
        await heard([]);
        await this.read(answer.body!.getReader(), mine, heard);
      } catch {
        // What went wrong is that it is not connected, and that is said.
      }
      if (mine !== this.running) return;
      since ??= new Date();
      connected(since);
      await new Promise((done) => setTimeout(done, 500));
    }
  }

  private async read(reader: ReadableStreamDefaultReader<Uint8Array>, mine: number, heard: (events: [number, any][]) => Promise<void>) {
    const decoder = new TextDecoder();
    let rest = "";
    while (mine === this.running) {
      const { value, done } = await reader.read();
      if (done) return;
      rest += decoder.decode(value, { stream: true });
      const blocks = rest.split("\n\n");
      rest = blocks.pop()!;
      const events: [number, any][] = [];
      for (const block of blocks) {
        const line = (name: string) => (block.split("\n").find((line) => line.startsWith(name)) ?? "").slice(name.length);
        const number = Number(line("id: "));
        if (!number) continue;
        this.last = number;
        events.push([number, JSON.parse(line("data: "))]);
      }
      if (events.length) {
        this.ask("POST", "/api/v1/heartbeat", { seen: this.last }).catch(() => {});
        await heard(events);
      }
    }
    await reader.cancel();
  }

  /** That somebody is there, without anything new. */
  beat() {
    this.ask("POST", "/api/v1/heartbeat", { seen: this.last }).catch(() => {});
  }
}
