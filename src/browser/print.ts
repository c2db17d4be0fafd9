import { onClick } from './page.ts';

/** Buttons `data-print` print the page. */
export function begin(): void {
  onClick('[data-print]', () => {
    print();
  });
}
