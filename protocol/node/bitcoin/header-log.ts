import { type FileHandle, open } from 'node:fs/promises';
import { BITCOIN_HEADER_BYTES } from '#protocol/bitcoin/header-codec';
import { concatBytes } from '#protocol/codec/bytes';
import { Failure } from '#protocol/failure';

/**
 * A file of 80-byte headers that only grows. What a kill left of a header at its end is cut off on opening.
 *
 * @source SPEC NW14
 */
export class HeaderLog {
  private readonly file: FileHandle;
  private length: number;
  private writing: Promise<void> = Promise.resolve();

  private constructor(file: FileHandle, length: number) {
    this.file = file;
    this.length = length;
  }

  /** Throws `Failure` `header-log`. */
  static async open(path: string): Promise<{ readonly log: HeaderLog; readonly headers: readonly Uint8Array[] }> {
    try {
      const file = await open(path, 'a+').then(async (made) => {
        await made.close();
        return open(path, 'r+');
      });
      const bytes = new Uint8Array(await file.readFile());
      const count = Math.floor(bytes.length / BITCOIN_HEADER_BYTES);
      const log = new HeaderLog(file, count * BITCOIN_HEADER_BYTES);
      if (bytes.length !== log.length) await file.truncate(log.length);
      const headers = Array.from({ length: count }, (_, i) => bytes.subarray(i * BITCOIN_HEADER_BYTES, (i + 1) * BITCOIN_HEADER_BYTES));
      return { log, headers };
    } catch (cause) {
      throw new Failure('header-log', cause);
    }
  }

  /** Keeps the first `count` headers only: what follows could not be read again. */
  async cut(count: number): Promise<void> {
    this.length = count * BITCOIN_HEADER_BYTES;
    await this.file.truncate(this.length);
  }

  /** Appends in the order of the calls, one write each. */
  append(headers: readonly Uint8Array[]): Promise<void> {
    const bytes = concatBytes(...headers);
    const at = this.length;
    this.length += bytes.length;
    const written = this.writing.then(async () => {
      await this.file.write(bytes, 0, bytes.length, at);
    });
    this.writing = written.catch(() => undefined);
    return written.catch((cause: unknown) => {
      throw new Failure('header-log', cause);
    });
  }

  async close(): Promise<void> {
    await this.writing;
    await this.file.close();
  }
}
