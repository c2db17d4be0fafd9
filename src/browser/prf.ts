/**
 * The secret that a passkey gives for this host (WebAuthn's extension *prf*): in JSON it is base64url, in the browser bytes,
 * and in what goes to be verified it does not stand at all.
 */

/** What of a shown passkey matters here. */
export interface Shown {
  readonly clientExtensionResults: object;
}

interface PrfInput {
  readonly extensions?: { readonly prf?: { readonly eval?: { readonly first?: unknown } } };
}

/** Options as the browser wants them: the input of the extension as bytes. */
export function withInput<Options extends object>(options: Options): Options {
  const { extensions } = options as PrfInput;
  const first = extensions?.prf?.eval?.first;
  if (typeof first !== 'string') return options;
  return { ...options, extensions: { ...extensions, prf: { eval: { first: fromBase64url(first) } } } };
}

/** The secret as base64url; undefined where the passkey gives none. */
export function secretOf(shown: Shown): string | undefined {
  const first = prfOf(shown)?.results?.first;
  return first === undefined ? undefined : toBase64url(new Uint8Array(first));
}

/** A passkey that was made, with the secret that it gave when it was shown. */
export function gaveSecret<Made extends Shown>(made: Made, shown: Shown): Made {
  const prf = { ...prfOf(made), ...prfOf(shown) };
  return { ...made, clientExtensionResults: { ...made.clientExtensionResults, prf } };
}

/** What goes to be verified. */
export function withoutSecret<Answer extends Shown>(answer: Answer): Answer {
  const { prf: _, ...others } = answer.clientExtensionResults as Record<string, unknown>;
  return { ...answer, clientExtensionResults: others };
}

interface PrfOutput {
  readonly enabled?: boolean;
  readonly results?: { readonly first?: ArrayBuffer };
}

function prfOf(shown: Shown): PrfOutput | undefined {
  return (shown.clientExtensionResults as { prf?: PrfOutput }).prf;
}

export function fromBase64url(text: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(atob(text.replaceAll('-', '+').replaceAll('_', '/')), (each) => each.charCodeAt(0));
}

export function toBase64url(bytes: Uint8Array): string {
  return btoa(String.fromCharCode(...bytes))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replaceAll('=', '');
}
