// Takes pictures of a window one after the other and makes one moving picture of them.
import type { Locator, Page } from 'playwright-core';
import { animatedPng, type Frame } from './apng';

/** The strip below the window says where on the path we are. */
const STRIP = 44;

interface Shot {
  readonly png: string;
  readonly step: string;
  readonly text: string;
  milliseconds: number;
  readonly pointer: { x: number; y: number } | undefined;
}

export class Film {
  #shots: Shot[] = [];
  #now = { step: '', text: '' };

  constructor(
    private readonly page: Page,
    /** The path, in order. */
    private readonly steps: readonly string[],
  ) {}

  /** What is taken from now on shows this step, in these words. */
  step(step: string, text: string): void {
    this.#now = { step, text };
  }

  /** @param at where the pointer is drawn */
  async take(milliseconds: number, at?: Locator): Promise<void> {
    const box = await at?.boundingBox();
    const pointer = box ? { x: box.x + box.width / 2, y: box.y + box.height / 2 } : undefined;
    const png = await this.page.screenshot();
    this.#shots.push({ png: png.toString('base64'), ...this.#now, milliseconds, pointer });
  }

  /** Takes pictures until something is so, and keeps some of them, evenly spread. */
  async takeUntil(isOver: () => Promise<boolean>, { keep, milliseconds }: { keep: number; milliseconds: number }) {
    const first = this.#shots.length;
    while (!(await isOver())) await this.take(milliseconds);
    const all = this.#shots.splice(first);
    const stride = Math.max(1, all.length / keep);
    for (let i = 0; i < all.length; i += stride) this.#shots.push(all[Math.floor(i)]!);
  }

  /** Composes the pictures in a page of its own, and lets Chromium read what came of it. */
  async develop(): Promise<Uint8Array> {
    const { width, height: windowHeight } = this.page.viewportSize()!;
    const height = windowHeight + STRIP;
    const room = await this.page.context().browser()!.newPage();
    await room.goto(new URL('/healthz', this.page.url()).href);
    const frames: Frame[] = [];
    for (const { milliseconds, ...shot } of this.#shots) {
      const pixels = await room.evaluate(compose, { ...shot, steps: this.steps, width, height, windowHeight });
      frames.push({ pixels: new Uint32Array(Uint8Array.from(Buffer.from(pixels, 'base64')).buffer), milliseconds });
    }
    const film = animatedPng(width, height, frames);
    await room.evaluate(decode, Buffer.from(film).toString('base64'));
    await room.close();
    return film;
  }
}

/** Draws a frame, in the page; RGBA as base64. */
async function compose({
  png,
  step,
  text,
  pointer,
  steps,
  width,
  height,
  windowHeight,
}: Omit<Shot, 'milliseconds'> & { steps: readonly string[]; width: number; height: number; windowHeight: number }) {
  const context = new OffscreenCanvas(width, height).getContext('2d', { willReadFrequently: true })!;
  const bytes = await (await fetch(`data:image/png;base64,${png}`)).blob();
  context.drawImage(await createImageBitmap(bytes), 0, 0);

  context.fillStyle = '#0e639c';
  context.fillRect(0, windowHeight, width, height - windowHeight);
  context.textBaseline = 'middle';
  const middle = windowHeight + (height - windowHeight) / 2 + 1;
  let x = 24;
  for (const each of steps) {
    context.font = `${each === step ? 'bold ' : ''}20px system-ui, sans-serif`;
    context.fillStyle = each === step ? '#ffffff' : '#a9cde8';
    context.fillText(each, x, middle);
    x += context.measureText(each).width + 22;
  }
  context.font = '20px system-ui, sans-serif';
  context.fillStyle = '#ffffff';
  context.textAlign = 'right';
  context.fillText(text, width - 24, middle);
  context.textAlign = 'left';

  if (pointer) {
    const arrow = new Path2D('M0 0 L0 22 L5 17 L9 25 L13 23 L9 15 L16 15 Z');
    context.save();
    context.translate(pointer.x, pointer.y);
    context.fillStyle = '#ffffff';
    context.strokeStyle = '#000000';
    context.lineWidth = 1.5;
    context.fill(arrow);
    context.stroke(arrow);
    context.restore();
  }

  let binary = '';
  for (const byte of context.getImageData(0, 0, width, height).data) binary += String.fromCharCode(byte);
  return btoa(binary);
}

/** Throws, in the page, where one of its frames cannot be read. */
async function decode(film: string): Promise<void> {
  const data = await (await fetch(`data:image/png;base64,${film}`)).arrayBuffer();
  const decoder = new ImageDecoder({ data, type: 'image/png' });
  await decoder.tracks.ready;
  await decoder.completed;
  const { frameCount } = decoder.tracks.selectedTrack!;
  if (frameCount < 2) throw new Error(`Chromium reads ${frameCount} frames; expected several.`);
  for (let frameIndex = 0; frameIndex < frameCount; frameIndex++) (await decoder.decode({ frameIndex })).image.close();
}
