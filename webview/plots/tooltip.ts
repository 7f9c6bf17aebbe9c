import './tooltip.css';

/** Vega's tooltip in the editor's look. Vega's own would bring a style sheet that the page's policy refuses. */

let box: HTMLElement | undefined;

function hide(): void {
  if (box !== undefined) box.hidden = true;
}

/** Shows label and value pairs beside a point of the page. */
function show(pairs: object, { clientX, clientY }: Pick<MouseEvent, 'clientX' | 'clientY'>): void {
  if (box === undefined) {
    box = document.createElement('div');
    box.className = 'plot-tooltip';
    // The plot's own label says it to those who cannot point.
    box.setAttribute('aria-hidden', 'true');
    document.body.append(box);
  }
  const list = document.createElement('dl');
  for (const [label, text] of Object.entries(pairs)) {
    const term = document.createElement('dt');
    term.textContent = label;
    const detail = document.createElement('dd');
    detail.textContent = String(text);
    list.append(term, detail);
  }
  box.replaceChildren(list);
  box.hidden = false;
  const { width, height } = box.getBoundingClientRect();
  const right = clientX + 14 + width <= innerWidth - 4;
  const left = right ? clientX + 14 : Math.max(4, clientX - 14 - width);
  const top = Math.min(clientY + 14, innerHeight - height - 4);
  box.style.transform = `translate(${Math.round(left)}px, ${Math.round(Math.max(4, top))}px)`;
}

/** Called by Vega with an object of label and value pairs, or with null where the pointer left. */
function follow(_handler: unknown, event: MouseEvent, _item: unknown, value: unknown): void {
  if (value === null || typeof value !== 'object') hide();
  else show(value, event);
}

export const tooltip = { show, hide, follow };
