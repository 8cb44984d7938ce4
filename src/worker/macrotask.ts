/**
 * Settles in a later macrotask. Messages, a cancel among them, are delivered only between macrotasks; a message to ourselves
 * waits less than the 4 ms of nested timers.
 */
export function macrotask(): Promise<void> {
  return new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => {
      port1.close();
      resolve();
    };
    port2.postMessage(0);
  });
}
