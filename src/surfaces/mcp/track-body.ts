/**
 * Tells when a response has been sent to its end, whether it is a stream or not.
 */

/** The same response; `done` is called once, when its body ends, fails or is given up. */
export function trackBody(response: Response, done: () => void): Response {
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
    pull: async (controller) => {
      try {
        const { done: ended, value } = await reader.read();
        if (!ended) return controller.enqueue(value);
        finish();
        controller.close();
      } catch (thrown) {
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
