import './copied.css';

/** Milliseconds that it is said. */
const SAID_FOR = 2500;

let box: HTMLElement | undefined;
let timer: ReturnType<typeof setTimeout> | undefined;

/** Says at the page's lower edge, and to screen readers, what was copied. */
function say(what: string): void {
  if (box === undefined) {
    box = document.createElement('div');
    box.className = 'copied';
    box.setAttribute('role', 'status');
    box.dataset.testid = 'copied';
    document.body.append(box);
  }
  box.textContent = `Copied: ${what}`;
  box.classList.add('shown');
  clearTimeout(timer);
  timer = setTimeout(() => {
    box?.classList.remove('shown');
    if (box !== undefined) box.textContent = '';
  }, SAID_FOR);
}

/** Copies, and says so once it is done; what went wrong the page says itself. */
export async function copy(
  actions: { copyText(text: string): Promise<boolean> },
  text: string,
  what: string,
): Promise<void> {
  if (await actions.copyText(text)) say(what);
}
