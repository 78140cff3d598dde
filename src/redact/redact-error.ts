/**
 * Takes secrets out of an error: message, stack, hint, data, and whatever lies beneath it. The error itself is changed,
 * so that its class, its code and its identity stay what they are for whoever asks.
 */

export interface ErrorRedaction {
  readonly text: (text: string) => string;
  readonly value: <T>(value: T) => T;
}

const maxCauses = 8;

export function redactError<T>(thrown: T, redaction: ErrorRedaction): T {
  let error: unknown = thrown;
  for (let depth = 0; error instanceof Error && depth < maxCauses; depth += 1) {
    // The stack begins with the message, and is made from it when it is first asked for.
    for (const key of ["stack", "message", ...Object.getOwnPropertyNames(error)]) {
      if (key !== "cause") redactField(error, key, redaction);
    }
    const { cause } = error;
    if (cause instanceof Error && !isChangeable(cause, redaction)) {
      Reflect.set(error, "cause", new Error(redaction.text(cause.message)));
    } else if (!(cause instanceof Error)) redactField(error, "cause", redaction);
    error = error.cause;
  }
  return error === thrown && !(thrown instanceof Error) ? redaction.value(thrown) : thrown;
}

function redactField(error: Error, key: string, { text, value }: ErrorRedaction): void {
  const before: unknown = Reflect.get(error, key);
  const after = typeof before === "string" ? text(before) : value(before);
  if (after !== before) Reflect.set(error, key, after);
}

/** The message of some (`DOMException`) cannot be set. */
function isChangeable(error: Error, { text }: ErrorRedaction): boolean {
  const shown = text(error.message);
  if (shown === error.message) return true;
  return Reflect.set(error, "message", shown) && error.message === shown;
}
