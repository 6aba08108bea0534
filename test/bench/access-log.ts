// How many bytes a scan adds to the logs: a line of API Gateway's access log, and nothing of the function's own.

/** CloudWatch counts this much for each event beside its text. */
const EVENT_BYTES = 26;

/** `format` is that of the API's stage. */
export function toScanLogBytes(format: string): number {
  const line = format
    .replace('$context.requestId', 'JKJaXmPLvHcESHA=')
    .replace('$context.routeKey', 'POST /v1/validate')
    .replace('$context.status', '200')
    .replace('$context.responseLatency', '12');
  return Buffer.byteLength(line) + EVENT_BYTES;
}
