import { announce } from './page.ts';
import { tuneIn } from './news.ts';

/** When something happens in the wallet, what the page shows of it is shown anew, and a letter is announced. */
export function begin(): void {
  let isLoading = false;
  let isStale = false;
  const refresh = async () => {
    isStale = true;
    if (isLoading) return;
    isLoading = true;
    while (isStale) {
      isStale = false;
      await renew();
    }
    isLoading = false;
  };
  tuneIn((news) => {
    if (news !== '') announce(news);
    void refresh();
  });
}

/** Fetches the page again and replaces its live regions; where that fails, they stay until the next news. */
async function renew(): Promise<void> {
  const fresh = await fetched(location.pathname + location.search);
  if (fresh === undefined) return;
  document.title = fresh.title;
  for (const region of document.querySelectorAll<HTMLElement>('[data-live][id]')) {
    const next = fresh.getElementById(region.id);
    if (next === null || isInUse(region) || next.isEqualNode(region)) continue;
    const focused = focusWithin(region);
    region.replaceWith(document.adoptNode(next));
    if (focused !== undefined) focusLike(next, focused);
  }
}

async function fetched(address: string): Promise<Document | undefined> {
  try {
    const response = await fetch(address, { headers: { accept: 'text/html' }, cache: 'no-store' });
    if (!response.ok || response.redirected) return undefined;
    return new DOMParser().parseFromString(await response.text(), 'text/html');
  } catch {
    // The network is away; what comes next on the stream renews the page.
    return undefined;
  }
}

/** Whether somebody types in it, or has: their words are not taken away. */
function isInUse(region: HTMLElement): boolean {
  const fields = region.querySelectorAll<HTMLInputElement | HTMLTextAreaElement>(
    'input:not([type=hidden]), textarea',
  );
  if ([...fields].some((field) => field === document.activeElement || field.value !== field.defaultValue))
    return true;
  return region.querySelector('select:focus, details[open], dialog[open]') !== null;
}

/** What the keyboard stands on, as it can be found again: by its address or its words. */
function focusWithin(region: HTMLElement): string | undefined {
  const { activeElement } = document;
  return activeElement !== null && region.contains(activeElement) ? markOf(activeElement) : undefined;
}

function focusLike(region: HTMLElement, mark: string): void {
  const like = [...region.querySelectorAll<HTMLElement>('a, button, summary')].find(
    (each) => markOf(each) === mark,
  );
  like?.focus({ preventScroll: true });
}

function markOf(element: Element): string {
  return `${element.tagName} ${element.getAttribute('href') ?? element.textContent}`;
}
