/** The world did not do it (timeout, quota, socket, disk): retried or shown, never a judgement on a peer's data. */
export class Failure extends Error {
  override readonly name = 'Failure';
  readonly code: string;

  constructor(code: string, cause?: unknown) {
    super(code, cause === undefined ? undefined : { cause });
    this.code = code;
  }
}
