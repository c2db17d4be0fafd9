/** What several scripts do to a page. All that they put into it is text. */

/** Milliseconds that an announcement stands: it says nothing that the page does not show by itself. */
const STANDS = 8_000;

let standing: number | undefined;

/** Announces something in the page's status region, to eyes and to screen readers. */
export function announce(text: string): void {
  const region = document.querySelector('[data-news]');
  if (region === null) return;
  region.textContent = text;
  clearTimeout(standing);
  standing = setTimeout(() => {
    region.textContent = '';
  }, STANDS);
}

/** A text that the page brings along for a script, such as `copied` from `data-copied`; empty where it has none. */
export function wording(element: HTMLElement, name: string): string {
  return element.dataset[name] ?? '';
}

/** A wording with its places filled: `{done} of {all}`. */
export function filled(text: string, values: Readonly<Record<string, string | number>>): string {
  return text.replace(/\{(\w+)\}/g, (place, name: string) => String(values[name] ?? place));
}

/** Calls back with every element matching `selector` that is clicked, now or after the page has changed. */
export function onClick(selector: string, act: (element: HTMLElement) => void): void {
  document.addEventListener('click', (event) => {
    const element = event.target instanceof Element ? event.target.closest<HTMLElement>(selector) : null;
    if (element !== null) act(element);
  });
}

/** The element that has the attribute `data-<name>`, and the form that the attribute names: `data-drop="#receive"`. */
export function placeWithForm(
  name: string,
): readonly [place: HTMLElement, form: HTMLFormElement] | undefined {
  const place = document.querySelector<HTMLElement>(`[data-${name}]`);
  const form = place === null ? null : document.querySelector<HTMLFormElement>(wording(place, name));
  return place === null || form === null ? undefined : [place, form];
}

/**
 * Puts coins as text into a form, and sends it where that only looks at them. A form that moves money has a field `once`:
 * its button is for a person to press.
 */
export function handIn(form: HTMLFormElement, text: string): void {
  const field = form.querySelector<HTMLTextAreaElement>('textarea[name=text]');
  if (field === null) return;
  field.value = text;
  if (form.elements.namedItem('once') === null) form.requestSubmit();
}
