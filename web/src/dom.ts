// Small helpers for elements. Whatever comes from a plan or a party is put on the page as text.

export const $ = <T extends HTMLElement = HTMLElement>(id: string) => document.getElementById(id) as T;

export function made<K extends keyof HTMLElementTagNameMap>(name: K, text?: string, className?: string): HTMLElementTagNameMap[K] {
  const element = document.createElement(name);
  if (text !== undefined) element.textContent = text;
  if (className) element.className = className;
  return element;
}

export function add<K extends keyof HTMLElementTagNameMap>(parent: Element, name: K, text?: string, className?: string): HTMLElementTagNameMap[K] {
  const element = made(name, text, className);
  parent.append(element);
  return element;
}

export function button(text: string, press: () => unknown): HTMLButtonElement {
  const element = made("button", text);
  element.type = "button";
  element.addEventListener("click", async (event) => {
    event.stopPropagation();
    element.disabled = true;
    try {
      await press();
    } finally {
      element.disabled = false;
    }
  });
  return element;
}

/** Fits a canvas to its place on the page; where to draw. */
export function fitted(canvas: HTMLCanvasElement): CanvasRenderingContext2D {
  const ratio = devicePixelRatio || 1;
  const [width, height] = [canvas.clientWidth, canvas.clientHeight];
  if (canvas.width !== Math.round(width * ratio) || canvas.height !== Math.round(height * ratio)) {
    canvas.width = Math.round(width * ratio);
    canvas.height = Math.round(height * ratio);
  }
  const g = canvas.getContext("2d")!;
  g.setTransform(ratio, 0, 0, ratio, 0, 0);
  g.clearRect(0, 0, width, height);
  return g;
}
