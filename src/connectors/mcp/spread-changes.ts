/**
 * Passes on that something changed, not each time that it was said: once a little later for all that came
 * meanwhile, and ever later while it does not stop.
 */

const firstMs = 200;
const maxMs = 30_000;

export class ChangeSpreader implements Disposable {
  readonly #listeners = new Set<() => void>();
  #timer: NodeJS.Timeout | undefined;
  #pause = firstMs;
  #toldAt = 0;

  note(): void {
    if (this.#timer !== undefined) return;
    const quiet = Date.now() - this.#toldAt;
    this.#pause = quiet > 4 * this.#pause ? firstMs : Math.min(maxMs, this.#pause * 2);
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      this.#toldAt = Date.now();
      for (const listener of this.#listeners) listener();
    }, this.#pause);
    this.#timer.unref();
  }

  add(listener: () => void): Disposable {
    this.#listeners.add(listener);
    return { [Symbol.dispose]: () => void this.#listeners.delete(listener) };
  }

  [Symbol.dispose](): void {
    clearTimeout(this.#timer);
    this.#listeners.clear();
  }
}
