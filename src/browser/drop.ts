import { handIn, placeWithForm } from './page.ts';

/** Characters of the largest stack as a file, which the host would take. */
const MOST = 1_048_576;

/** A file or text that is dragged onto the page, or pasted beside its fields, goes into the form as text. */
export function begin(): void {
  const found = placeWithForm('drop');
  if (found === undefined) return;
  const [place, form] = found;
  const over = (isOver: boolean) => place.classList.toggle('over', isOver);
  addEventListener('dragover', (event) => {
    event.preventDefault();
    over(true);
  });
  addEventListener('dragleave', () => over(false));
  addEventListener('drop', (event) => {
    event.preventDefault();
    over(false);
    void take(form, event.dataTransfer);
  });
  addEventListener('paste', (event) => {
    if (isField(event.target) && (event.clipboardData?.files.length ?? 0) === 0) return;
    event.preventDefault();
    void take(form, event.clipboardData);
  });
}

async function take(form: HTMLFormElement, data: DataTransfer | null): Promise<void> {
  const file = data?.files[0];
  const text = file === undefined ? data?.getData('text/plain') : await file.slice(0, MOST).text();
  if (text !== undefined && text.trim() !== '') handIn(form, text);
}

function isField(target: EventTarget | null): boolean {
  return target instanceof HTMLInputElement || target instanceof HTMLTextAreaElement;
}
