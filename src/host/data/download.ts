import { gunzipSync } from 'fflate';

/** A file that is fetched compressed and checked by what it holds. */
export interface RemoteFile {
  readonly name: string;
  /** SHA-256 of the uncompressed content, hex. */
  readonly sha256: string;
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
}

/** No mirror gave the file; the message says what each answered. */
export class DownloadError extends Error {
  override readonly name = 'DownloadError';
}

/** What has arrived is put down this often, so that a later try goes on from there. */
const CHECKPOINT_BYTES = 1 << 20;

/**
 * Fetches one file from the first mirror that has it. What arrived before a cancel or a broken connection stays in
 * `NAME.part` and is continued by a range request; the file appears under its name only when its content has the
 * right SHA-256. Throws {@link DownloadError}, or the signal's reason where cancelled.
 */
export async function downloadFile(
  file: RemoteFile,
  mirrors: readonly string[],
  store: FileStore,
  options: DownloadOptions,
): Promise<void> {
  const part = `${file.name}.part`;
  const answers: string[] = [];
  for (const mirror of mirrors) {
    try {
      const bytes = await receive(mirror + file.name, part, file, store, options);
      const found = await sha256(gunzipSync(bytes));
      if (found !== file.sha256) throw new Error(`the content has SHA-256 ${found}, expected ${file.sha256}`);
      await store.write(part, bytes);
      await store.rename(part, file.name);
      return;
    } catch (error) {
      options.signal.throwIfAborted();
      if (!(error instanceof ConnectionLost)) await store.remove(part);
      answers.push(`${mirror}: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
  throw new DownloadError(
    `${file.name} could not be downloaded. ${answers.join('; ')}. Check the connection, set gradientLens.mnistMirrors, or choose a folder that holds the files.`,
  );
}

/** The connection broke on the way: what arrived is good. */
class ConnectionLost extends Error {}

async function receive(
  url: string,
  part: string,
  file: RemoteFile,
  store: FileStore,
  { signal, onProgress }: DownloadOptions,
): Promise<Uint8Array> {
  let had = (await store.read(part)) ?? new Uint8Array();
  let response = await fetch(url, {
    signal,
    ...(had.length > 0 ? { headers: { Range: `bytes=${had.length}-` } } : {}),
  });
  // What is kept is as long as the file or longer: it came from elsewhere.
  if (response.status === 416) response = await fetch(url, { signal });
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
      const { done, value } = await reader.read();
      if (done) break;
      chunks.push(value);
      received += value.length;
      onProgress(received, announced ?? Math.max(received, file.compressedBytes));
      if (received - kept >= CHECKPOINT_BYTES) {
        await store.write(part, join(chunks, received));
        kept = received;
      }
    }
  } catch (error) {
    await store.write(part, join(chunks, received));
    throw new ConnectionLost(error instanceof Error ? error.message : String(error));
  }
  if (announced !== undefined && received < announced) {
    await store.write(part, join(chunks, received));
    throw new ConnectionLost(`it ended after ${received} of ${announced} bytes`);
  }
  return join(chunks, received);
}

function join(chunks: readonly Uint8Array[], length: number): Uint8Array {
  const whole = new Uint8Array(length);
  let at = 0;
  for (const chunk of chunks) {
    whole.set(chunk, at);
    at += chunk.length;
  }
  return whole;
}

async function sha256(bytes: Uint8Array): Promise<string> {
  const digest = await crypto.subtle.digest('SHA-256', bytes as Uint8Array<ArrayBuffer>);
  return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, '0')).join('');
}
