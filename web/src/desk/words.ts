// Events and changes in words, for people.

export const when = (text: string | null | undefined) => (text ?? "").replace("T", " ").replace(/\.\d+Z$/, "Z").replace(/(:\d\d):00Z$/, "$1Z");

export function windowText(window: [string | null, string] | null | undefined): string {
  if (!window) return "";
  return window[0] ? `${when(window[0])} to ${when(window[1])}` : `until ${when(window[1])}`;
}

export function changeText(change: any): string {
  const { claim, ...rest } = change;
  const parts = Object.entries(rest).map(([name, value]) => `${name} ${typeof value === "string" ? value : JSON.stringify(value)}`);
  return `${claim}: ${parts.join(", ")}`;
}

export function eventText(event: any): string {
  const level = event.level ? `${event.level.toUpperCase()} ` : "";
  const text = event.what?.text ?? event.what ?? event.text ?? (event.facts ?? []).join("; ");
  const of = event.finding ?? event.offer ?? event.claim ?? event.party ?? "";
  const words = [event.event, event.change ?? event.template ?? event.state ?? "", of, level, typeof text === "string" ? text : ""];
  return words.join(" ").replace(/\s+/g, " ");
}
