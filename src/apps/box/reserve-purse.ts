import { refuse } from '../../base/refusal.ts';
import { ZERO } from '../../base/amount.ts';
export async function openReservePurse() {
  const no = () => Promise.resolve(refuse('not possible', 'no'));
  return { know: no, receive: no, held: () => Promise.resolve(ZERO), release: no, close: async () => undefined };
}
