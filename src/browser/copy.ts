import { announce, onClick, wording } from './page.ts';

/** Buttons `data-copy="#id"` copy what that element holds. Where the browser forbids it, the text is selected instead. */
export function begin(): void {
  onClick('[data-copy]', (button) => void copy(button));
}

async function copy(button: HTMLElement): Promise<void> {
  const source = document.querySelector<HTMLElement>(wording(button, 'copy'));
  if (source === null) return;
  try {
    await navigator.clipboard.writeText(textOf(source));
    announce(wording(button, 'copied'));
  } catch {
    select(source);
  }
}

function textOf(element: HTMLElement): string {
  return isField(element) ? element.value : element.textContent.trim();
}

function select(element: HTMLElement): void {
  if (isField(element)) element.select();
  else getSelection()?.selectAllChildren(element);
}

function isField(element: HTMLElement): element is HTMLInputElement | HTMLTextAreaElement {
  return element instanceof HTMLInputElement || element instanceof HTMLTextAreaElement;
}
