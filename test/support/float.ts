/** The float as the mint signs it now: a statement that is older than the question is asked for again. */
export async function floatOf(url: string): Promise<number> {
  const asked = Date.now();
  for (;;) {
    const answer = (await (await fetch(`${url}float`)).json()) as {
      readonly signed_statement: { readonly statement: { readonly float: number; readonly time: string } };
    };
    const { float, time } = answer.signed_statement.statement;
    if (Date.parse(`${time}Z`) >= asked) return float;
  }
}
