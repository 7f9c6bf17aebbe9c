/** Stands in a canvas's place, and keeps what is drawn on it: each stroke, fill and text with the style and place it had. */

type Command = readonly [name: string, ...numbers: number[]];

export interface Drawn {
  readonly how: 'stroke' | 'fill' | 'fillRect' | 'clearRect' | 'fillText';
  readonly path: readonly Command[];
  readonly text?: string;
  readonly colour: string;
  readonly alpha: number;
  readonly width: number;
  readonly dash: readonly number[];
  readonly font: string;
  /** Of the canvas: where the origin lay, and the rectangle outside of which nothing was drawn. */
  readonly origin: readonly [x: number, y: number];
  readonly clip: Command | undefined;
}

/** Pixels of each letter. */
const LETTER = 6;

class RecordingContext {
  readonly drawn: Drawn[] = [];
  fillStyle = '#000000';
  strokeStyle = '#000000';
  globalAlpha = 1;
  lineWidth = 1;
  lineJoin = 'miter';
  font = '';
  textAlign = '';
  textBaseline = '';
  #dash: readonly number[] = [];
  #path: Command[] = [];
  #clip: Command | undefined;
  #origin: [number, number] = [0, 0];
  readonly #kept: object[] = [];

  save(): void {
    const { fillStyle, strokeStyle, globalAlpha, lineWidth, lineJoin, font } = this;
    const inner = { dash: this.#dash, clip: this.#clip, origin: this.#origin };
    this.#kept.push({ own: { fillStyle, strokeStyle, globalAlpha, lineWidth, lineJoin, font }, inner });
  }
  restore(): void {
    const { own, inner } = this.#kept.pop() as {
      own: object;
      inner: { dash: readonly number[]; clip: Command | undefined; origin: [number, number] };
    };
    Object.assign(this, own);
    this.#dash = inner.dash;
    this.#clip = inner.clip;
    this.#origin = inner.origin;
  }
  setTransform(_a: number, _b: number, _c: number, _d: number, x: number, y: number): void {
    this.#origin = [x, y];
  }
  translate(x: number, y: number): void {
    this.#origin = [this.#origin[0] + x, this.#origin[1] + y];
  }
  setLineDash(dash: readonly number[]): void {
    this.#dash = [...dash];
  }
  beginPath(): void {
    this.#path = [];
  }
  closePath(): void {
    this.#path.push(['closePath']);
  }
  moveTo(x: number, y: number): void {
    this.#path.push(['moveTo', x, y]);
  }
  lineTo(x: number, y: number): void {
    this.#path.push(['lineTo', x, y]);
  }
  arc(x: number, y: number, radius: number): void {
    this.#path.push(['arc', x, y, radius]);
  }
  rect(x: number, y: number, width: number, height: number): void {
    this.#path.push(['rect', x, y, width, height]);
  }
  roundRect(x: number, y: number, width: number, height: number, radius: number): void {
    this.#path.push(['roundRect', x, y, width, height, radius]);
  }
  clip(): void {
    this.#clip = this.#path.find(([name]) => name === 'rect');
  }
  stroke(): void {
    this.#draw('stroke', this.strokeStyle, this.#path);
  }
  fill(): void {
    this.#draw('fill', this.fillStyle, this.#path);
  }
  fillRect(x: number, y: number, width: number, height: number): void {
    this.#draw('fillRect', this.fillStyle, [['rect', x, y, width, height]]);
  }
  clearRect(x: number, y: number, width: number, height: number): void {
    this.#draw('clearRect', '', [['rect', x, y, width, height]]);
  }
  fillText(text: string, x: number, y: number): void {
    this.#draw('fillText', this.fillStyle, [['text', x, y]], text);
  }
  measureText(text: string): { width: number } {
    return { width: LETTER * text.length };
  }

  #draw(how: Drawn['how'], colour: string, path: readonly Command[], text?: string): void {
    const { globalAlpha: alpha, lineWidth: width, font } = this;
    const place = { origin: this.#origin, clip: this.#clip };
    const style = { colour, alpha, width, dash: this.#dash, font };
    this.drawn.push({ how, path: [...path], ...style, ...place, ...(text === undefined ? {} : { text }) });
  }
}

/** A canvas, its context, and how to take what was drawn since the last time. */
export function recordingCanvas() {
  const recording = new RecordingContext();
  const element = {
    ...{ width: 0, height: 0, className: '', style: {} as Record<string, string> },
    setAttribute() {},
    getContext: () => recording,
  };
  return {
    element: element as unknown as HTMLCanvasElement,
    context: recording as unknown as CanvasRenderingContext2D,
    taken: (): Drawn[] => recording.drawn.splice(0),
  };
}
