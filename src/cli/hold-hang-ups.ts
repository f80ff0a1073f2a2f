/**
 * A SIGHUP that comes before anybody deals with it would end the process, and a supervisor sends one whenever it likes. It
 * waits here, and is handed to the first who listens.
 */
export function holdHangUps(): void {
  let hasCome = false;
  const hold = (): void => {
    hasCome = true;
  };
  const handOver = (event: string | symbol): void => {
    if (event !== 'SIGHUP') return;
    process.off('newListener', handOver);
    // When the listener is there: it is told of before.
    queueMicrotask(() => {
      process.off('SIGHUP', hold);
      if (hasCome) process.emit('SIGHUP', 'SIGHUP');
    });
  };
  process.on('SIGHUP', hold);
  process.on('newListener', handOver);
}
