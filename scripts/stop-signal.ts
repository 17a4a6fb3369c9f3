/**
 * Aborts when we are asked to stop: by Ctrl-C, by SIGTERM, or because whoever started us is gone. Asked again after
 * `impatience`, the process ends at once; a signal that comes twice in one moment (from the terminal and from a parent)
 * counts once.
 */
export function stopSignal(impatience = 2_000): AbortSignal {
  const controller = new AbortController();
  let firstAt: number | undefined;
  const stop = (): void => {
    if (firstAt === undefined) {
      firstAt = performance.now();
      controller.abort(new Error('stopped'));
    } else if (performance.now() - firstAt > impatience) {
      process.exit(1);
    }
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, stop);
  process.on('disconnect', stop); // scripts/bootstrap.mjs holds the other end
  process.channel?.unref();
  return controller.signal;
}
