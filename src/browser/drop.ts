import { coinsField, handIn } from './page.ts';

/** A file or text that is dragged onto the receive page, or pasted beside its fields, is looked at right away. */
export function begin(): void {
  const form = document.querySelector<HTMLElement>('[data-drop]');
  if (form === null) return;
  const over = (isOver: boolean) => form.classList.toggle('over', isOver);
  addEventListener('dragover', (event) => {
    event.preventDefault();
    over(true);
  });
  addEventListener('dragleave', () => over(false));
  addEventListener('drop', (event) => {
    event.preventDefault();
    over(false);
    void take(event.dataTransfer);
  });
  addEventListener('paste', (event) => {
    if (isField(event.target) && (event.clipboardData?.files.length ?? 0) === 0) return;
    event.preventDefault();
    void take(event.clipboardData);
  });
}

async function take(data: DataTransfer | null): Promise<void> {
  const file = data?.files[0];
  const text = file === undefined ? data?.getData('text/plain') : await readable(file);
  if (text !== undefined && text.trim() !== '') handIn(text);
}

/** A file's text, as far as coins can go: what is larger is no stack, and the browser need not read it. */
function readable(file: File): Promise<string> {
  const most = coinsField()?.maxLength ?? -1;
  return (most < 0 ? file : file.slice(0, most)).text();
}

function isField(target: EventTarget | null): boolean {
  return target instanceof HTMLInputElement || target instanceof HTMLTextAreaElement;
}
