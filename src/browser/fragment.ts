import { keyIn } from './link.ts';
import { handIn, placeWithForm } from './page.ts';

/**
 * A link's key stands in the address's fragment, which a browser sends to nobody. On the receive page it is taken out of
 * the address – and so out of the history – and handed in with the form, whose body is in no log.
 */
export function begin(): void {
  takeKey();
  addEventListener('hashchange', takeKey);
}

function takeKey(): void {
  const [, form] = placeWithForm('fragment') ?? [];
  const link = location.href;
  if (form === undefined || keyIn(link) === undefined) return;
  history.replaceState(history.state, '', location.pathname + location.search);
  handIn(form, link);
}
