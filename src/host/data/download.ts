import { gunzipAtMost } from '../../core/data/gunzip';
import { joinedBytes } from '../../core/format/bytes';
import { messageOf } from '../../core/format/errors';
import type { Clock } from '../clock';

/** A file that is fetched compressed and checked by what it holds. */
export interface RemoteFile {
  readonly name: string;
  /** SHA-256 of the uncompressed content, hex. */
  readonly sha256: string;
  /** Size of the uncompressed content. */
  readonly bytes: number;
  /** About: a mirror may have compressed it anew. Used for progress where the mirror does not tell its size. */
  readonly compressedBytes: number;
}

/** The folder that downloads go to. */
export interface FileStore {
  /** undefined where there is no such file. */
  read(name: string): Promise<Uint8Array | undefined>;
  write(name: string, bytes: Uint8Array): Promise<void>;
  /** Replaces the target. */
  rename(from: string, to: string): Promise<void>;
  remove(name: string): Promise<void>;
}

export interface DownloadOptions {
  readonly signal: AbortSignal;
  onProgress(received: number, total: number): void;
  readonly after: Clock['after'];
}

/** No mirror gave the file; the message says what each answered. */
export class DownloadError extends Error {
  override readonly name = 'DownloadError';
}

/** A mirror that sends less than so much in so long is left, and the next one tried. */
export const SLOWEST = { bytes: 16_384, milliseconds: 30_000 } as const;

/** What has arrived is put down this often, so that a later try goes on from there. */
const CHECKPOINT_BYTES = 1 << 20;

/**
 * Fetches one file from the first mirror that has it, over https alone, and gives a mirror up that is silent, slow or without
 * end. What arrived before a cancel or a broken connection stays in `NAME.part` and is continued by a range request; the
 * file appears under its name only when its content has the right SHA-256. Throws {@link DownloadError}, or the signal's reason where cancelled.
 *
 * @returns the mirror that had it
 */
export async function downloadFile(
  file: RemoteFile,
  mirrors: readonly string[],
  store: FileStore,
  options: DownloadOptions,
): Promise<string> {
  const part = `${file.name}.part`;
  const answers: string[] = [];
  for (const mirror of mirrors) {
    try {
      const problem = addressProblem(mirror);
      if (problem !== undefined) throw new Error(problem);
      await fetchWhole(mirror + file.name, part, file, store, options);
      return mirror;
    } catch (error) {
      options.signal.throwIfAborted();
      if (!(error instanceof ConnectionLost)) await store.remove(part);
      answers.push(`${mirror}: ${messageOf(error)}`);
    }
  }
  throw new DownloadError(
    `${file.name} could not be downloaded. ${answers.join('; ')}. Check the connection, set gradientLens.mnistMirrors, or choose a folder that holds the files.`,
  );
}

/** Why nothing is fetched from an address; undefined for one over https, or on this machine. */
function addressProblem(address: string): string | undefined {
  if (!URL.canParse(address)) return 'it is no address; expected one that begins with https://';
  const { protocol, hostname } = new URL(address);
  const isHere = hostname === 'localhost' || hostname === '[::1]' || /^127(\.\d+){3}$/.test(hostname);
  if (protocol === 'https:' || (protocol === 'http:' && isHere)) return undefined;
  return `it is reached by ${protocol.slice(0, -1)}; expected https`;
}

/** Receives the file and puts it in its place. What an earlier try left may be another mirror's: then all of it comes anew. */
async function fetchWhole(
  url: string,
  part: string,
  file: RemoteFile,
  store: FileStore,
  options: DownloadOptions,
): Promise<void> {
  const { bytes, resumed } = await receive(url, part, file, store, options);
  const problem = await contentProblem(bytes, file);
  if (problem === undefined) {
    // Under a name that no other window has: whatever another one does with the part, what is renamed is whole.
    const whole = `${file.name}.${crypto.randomUUID()}.tmp`;
    try {
      await store.write(whole, bytes);
      await store.rename(whole, file.name);
    } catch (error) {
      await store.remove(whole);
      throw error;
    }
    await store.remove(part);
    return;
  }
  if (!resumed) throw new Error(problem);
  await store.remove(part);
  await fetchWhole(url, part, file, store, options);
}

/** Why these compressed bytes are not the file; undefined where they are. Unpacks no more than the file has. */
export async function contentProblem(
  packed: Uint8Array,
  file: Pick<RemoteFile, 'sha256' | 'bytes'>,
): Promise<string | undefined> {
  let content: Uint8Array;
  try {
    content = gunzipAtMost(packed, file.bytes);
  } catch (error) {
    if (error instanceof RangeError) return `${error.message}, all that it should have`;
    return `it is not gzipped, or cut short (${messageOf(error)})`;
  }
  const found = await sha256(content);
  return found === file.sha256 ? undefined : `its content has SHA-256 ${found}, expected ${file.sha256}`;
}

/** The connection broke on the way: what arrived is good. */
class ConnectionLost extends Error {}

/** What comes is no such file, and no end of it is waited for. */
class TooLarge extends Error {}

interface Received {
  readonly bytes: Uint8Array;
  /** An earlier try's part is the beginning. */
  readonly resumed: boolean;
}

async function receive(
  url: string,
  part: string,
  file: RemoteFile,
  store: FileStore,
  { signal, onProgress, after }: DownloadOptions,
): Promise<Received> {
  const most = 2 * file.compressedBytes + 65_536;
  let had = (await store.read(part)) ?? new Uint8Array();
  const stall = new AbortController();
  let lately = 0;
  let cancel = () => {};
  const watch = () => {
    cancel = after(SLOWEST.milliseconds, () => {
      const text = `it sent ${lately} bytes in ${SLOWEST.milliseconds / 1000} s`;
      if (lately < SLOWEST.bytes) stall.abort(new ConnectionLost(text));
      lately = 0;
      watch();
    });
  };
  const request = (headers: Record<string, string>) =>
    fetch(url, { headers, signal: AbortSignal.any([signal, stall.signal]) });
  watch();
  try {
    let response = await request(had.length > 0 ? { Range: `bytes=${had.length}-` } : {});
    // What is kept is as long as the file or longer: it came from elsewhere.
    if (response.status === 416) response = await request({});
    const elsewhere = response.url === '' ? undefined : addressProblem(response.url);
    if (elsewhere !== undefined) throw new Error(`it led to ${response.url}: ${elsewhere}`);
    if (!response.ok || !response.body) throw new Error(`it answered ${response.status}`);
    if (response.status !== 206) had = new Uint8Array();
    const chunks: Uint8Array[] = [had];
    let received = had.length;
    let kept = received;
    const length = Number(response.headers.get('content-length'));
    const announced = length > 0 && !response.headers.get('content-encoding') ? received + length : undefined;
    const reader = response.body.getReader();
    try {
      for (;;) {
        if (Math.max(received, announced ?? 0) > most)
          throw new TooLarge(
            `it sends ${announced ?? `more than ${most}`} bytes, expected about ${file.compressedBytes}`,
          );
        const { done, value } = await reader.read();
        if (done) break;
        chunks.push(value);
        received += value.length;
        lately += value.length;
        onProgress(received, announced ?? Math.max(received, file.compressedBytes));
        if (received - kept >= CHECKPOINT_BYTES) {
          await store.write(part, joinedBytes(chunks));
          kept = received;
        }
      }
    } catch (error) {
      reader.cancel().catch(() => {});
      if (error instanceof TooLarge) throw error;
      await store.write(part, joinedBytes(chunks));
      throw new ConnectionLost(messageOf(error));
    }
    if (announced !== undefined && received < announced) {
      await store.write(part, joinedBytes(chunks));
      throw new ConnectionLost(`it ended after ${received} of ${announced} bytes`);
    }
    return { bytes: joinedBytes(chunks), resumed: had.length > 0 };
  } finally {
    cancel();
  }
}

async function sha256(bytes: Uint8Array): Promise<string> {
  const digest = await crypto.subtle.digest('SHA-256', bytes as Uint8Array<ArrayBuffer>);
  return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, '0')).join('');
}
