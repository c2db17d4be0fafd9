/** What several scripts do to a page. All that they put into it is text. */

/** Announces something in the page's status region, to eyes and to screen readers. */
export function announce(text: string): void {
  const region = document.querySelector('[data-news]');
  if (region !== null) region.textContent = text;
}

/** A text that the page brings along for a script, such as `copied` from `data-copied`; empty where it has none. */
export function wording(element: HTMLElement, name: string): string {
  return element.dataset[name] ?? '';
}

/** A wording with its places filled: `{have} of {all}`. */
export function filled(wording: string, values: Readonly<Record<string, string | number>>): string {
  return wording.replace(/\{(\w+)\}/g, (place, name: string) => String(values[name] ?? place));
}

/** Calls back with every element matching `selector` that is clicked, now or after the page has changed. */
export function onClick(selector: string, act: (element: HTMLElement) => void): void {
  document.addEventListener('click', (event) => {
    const element = event.target instanceof Element ? event.target.closest<HTMLElement>(selector) : null;
    if (element !== null) act(element);
  });
}

/** The field that takes coins as text, and its form. */
export function coinsField(): HTMLTextAreaElement | undefined {
  return document.querySelector<HTMLTextAreaElement>('[data-fragment] textarea') ?? undefined;
}

/** Puts coins as text into the receive form and sends it: what comes is a page that asks before anything happens. */
export function handIn(text: string): void {
  const field = coinsField();
  if (field === undefined) return;
  field.value = text;
  field.form?.requestSubmit();
}
