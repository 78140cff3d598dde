/**
 * Counts the milliseconds in which the snippet could go on, pausing while it waits for tools, and calls back
 * when they are used up. Pausing costs no system timer: the one that runs looks again when it fires.
 */
export interface WallClock {
  readonly pause: () => void;
  readonly resume: () => void;
  readonly stop: () => void;
}

export function createWallClock(limitMs: number, onUsedUp: () => void): WallClock {
  let used = 0;
  let runningSince: number | undefined = performance.now();
  let timer = setTimeout(look, limitMs);

  function elapsed(): number {
    return used + (runningSince === undefined ? 0 : performance.now() - runningSince);
  }

  function look(): void {
    const left = limitMs - elapsed();
    if (left <= 0 && runningSince !== undefined) onUsedUp();
    else timer = setTimeout(look, Math.max(left, 1));
  }

  return {
    pause() {
      used = elapsed();
      runningSince = undefined;
    },
    resume() {
      runningSince ??= performance.now();
    },
    stop() {
      clearTimeout(timer);
    },
  };
}
