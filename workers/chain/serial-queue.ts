/** Jobs one after another; one that throws does not hold up the next. */
export class SerialQueue {
  private tail: Promise<unknown> = Promise.resolve();
  private readonly onError: (error: unknown) => void;

  constructor(onError: (error: unknown) => void) {
    this.onError = onError;
  }

  run<T>(job: () => Promise<T>): Promise<T | undefined> {
    const result = this.tail.then(job).catch((error) => {
      this.onError(error);
      return undefined;
    });
    this.tail = result;
    return result;
  }
}
