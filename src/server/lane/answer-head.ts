import { STATUS_CODES } from 'node:http';

let dateAt = 0;
let date = '';

/** RFC 9110 5.6.7, made anew once a second. */
function dateNow(): string {
  const second = Math.floor(Date.now() / 1000);
  if (second !== dateAt) {
    dateAt = second;
    date = new Date(second * 1000).toUTCString();
  }
  return date;
}

/** What closes the connection behind an answer. */
export const lastLines = 'Connection: close\r\n';
/** What keeps it; a client that knows how long does not send into a connection that is being closed. */
export function keptLines(keepAliveTimeoutMs: number): string {
  return `Connection: keep-alive\r\nKeep-Alive: timeout=${Math.floor(keepAliveTimeoutMs / 1000)}\r\n`;
}

/** Status line and headers of a whole answer, up to and with the blank line. */
export function answerHead(status: number, headers: readonly string[], size: number, connectionLines: string): string {
  let head = status === 200 ? 'HTTP/1.1 200 OK\r\n' : `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? 'Unknown'}\r\n`;
  for (let at = 0; at < headers.length; at += 2) head += `${headers[at]}: ${headers[at + 1]}\r\n`;
  return `${head}Content-Length: ${size}\r\nDate: ${dateNow()}\r\n${connectionLines}\r\n`;
}
