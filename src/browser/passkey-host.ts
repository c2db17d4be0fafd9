/** The host's side of a passkey: options and verification, as JSON. */
export type Ceremony = 'register' | 'signin' | 'second';

export function isCeremony(text: string): text is Ceremony {
  return text === 'register' || text === 'signin' || text === 'second';
}

export type Fields = Readonly<Record<string, string>>;

export type Told =
  | { readonly isOk: true; readonly answer: { readonly csrf?: string } }
  /** What to say to the person, in their language; empty where the host had no words. */
  | { readonly isOk: false; readonly text: string };

/** What goes along: the token against forged requests, and for a new passkey what stands in the form around the button. */
export function fieldsAround(place: HTMLElement): Fields {
  const token = document.querySelector<HTMLInputElement>('input[name=csrf]')?.value ?? '';
  const form = place.closest('form');
  const typed = form === null ? [] : [...new FormData(form)];
  return Object.fromEntries([
    ['csrf', token],
    ...typed.filter(([, value]) => typeof value === 'string'),
  ]) as Fields;
}

/** Asks the host. Rejects where it cannot be reached. */
export async function ask(ceremony: Ceremony, step: 'options' | 'verify', body: unknown): Promise<Told> {
  const response = await fetch(`/passkeys/${ceremony}/${step}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: 'application/json' },
    body: JSON.stringify(body),
  });
  const answer = (await response.json()) as { readonly text?: unknown; readonly csrf?: string };
  if (response.ok) return { isOk: true, answer };
  return { isOk: false, text: typeof answer.text === 'string' ? answer.text : '' };
}
