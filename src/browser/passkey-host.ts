/** The host's side of a passkey: options and verification, as JSON. */
export type Ceremony = 'register' | 'signin' | 'second';

export type Fields = Readonly<Record<string, string>>;

export type Told =
  | { readonly ok: true; readonly answer: unknown }
  /** What to say to the person, in their language. */
  | { readonly ok: false; readonly text: string };

/** What stands in a form: the token against forged forms, and for a new passkey its name and the password. */
export function fieldsOf(form: HTMLFormElement): Fields {
  const texts = [...new FormData(form)].filter(
    (entry): entry is [string, string] => typeof entry[1] === 'string',
  );
  return Object.fromEntries(texts);
}

/** Asks the host. Rejects where it cannot be reached. */
export async function ask(ceremony: Ceremony, step: 'options' | 'verify', body: unknown): Promise<Told> {
  const response = await fetch(`/passkeys/${ceremony}/${step}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: 'application/json' },
    body: JSON.stringify(body),
  });
  const answer = (await response.json()) as { text?: unknown };
  if (response.ok) return { ok: true, answer };
  return { ok: false, text: typeof answer.text === 'string' ? answer.text : '' };
}
