/**
 * Tells when a response has been sent to its end, whether it is a stream or not.
 */

/** The same response; `done` is called once, when its body ends, fails or is given up, or `end` aborts, which ends it. */
export function trackBody(response: Response, done: () => void, end?: AbortSignal): Response {
  if (response.body === null) {
    done();
    return response;
  }
  const reader = response.body.getReader();
  let called = false;
  const finish = (): void => {
    if (called) return;
    called = true;
    done();
  };
  const body = new ReadableStream<Uint8Array>({
    start: (controller) => {
      const close = (): void => {
        if (called) return;
        finish();
        controller.close();
        reader.cancel().catch(() => {});
      };
      end?.addEventListener("abort", close, { once: true });
      if (end?.aborted === true) close();
    },
    pull: async (controller) => {
      try {
        const { done: ended, value } = await reader.read();
        if (called) return;
        if (!ended) return controller.enqueue(value);
        finish();
        controller.close();
      } catch (thrown) {
        if (called) return;
        finish();
        controller.error(thrown);
      }
    },
    cancel: (reason) => {
      finish();
      return reader.cancel(reason);
    },
  });
  return new Response(body, {
    status: response.status,
    statusText: response.statusText,
    headers: response.headers,
  });
}
