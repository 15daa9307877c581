const PAUSE = 2000;

/**
 * Runs `ask` now and every two seconds while the page can be seen; never twice at once. What it throws goes to `fail`.
 * Returns `{ again, stop }`: `again` asks at once.
 */
export function poll(ask, fail) {
  let timer = 0;
  let busy = false;
  let repeat = false;
  let stopped = false;

  async function run() {
    clearTimeout(timer);
    if (stopped || document.hidden) return;
    if (busy) {
      repeat = true;
      return;
    }

    busy = true;
    do {
      repeat = false;
      try {
        await ask();
      } catch (error) {
        if (!stopped) fail(error);
      }
    } while (repeat && !stopped);
    busy = false;
    if (!stopped) timer = setTimeout(run, PAUSE);
  }

  document.addEventListener('visibilitychange', run);
  run();
  return {
    again: run,
    stop() {
      stopped = true;
      clearTimeout(timer);
      document.removeEventListener('visibilitychange', run);
    },
  };
}
