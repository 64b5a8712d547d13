export interface Response {
  readonly statusCode: number;
  readonly headers: Readonly<Record<string, string>>;
  /** Sent piece by piece, as they come. */
  readonly body: AsyncIterable<string> | Iterable<string>;
}

/** Refuses a request; thrown from wherever the reason is found. */
export class Refusal extends Error {
  constructor(readonly statusCode: number, message: string) {
    super(message);
  }
}

/** What every response has: the page loads nothing from elsewhere and cannot be framed. */
const SECURITY_HEADERS = {
  'content-security-policy': "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src data:; base-uri 'none'; form-action 'self'; frame-ancestors 'none'",
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
};

export function respond(contentType: string, body: Response['body'], statusCode = 200): Response {
  return { statusCode, headers: { ...SECURITY_HEADERS, 'content-type': `${contentType}; charset=utf-8` }, body };
}

export function json(value: unknown, statusCode?: number): Response {
  return respond('application/json', [JSON.stringify(value)], statusCode);
}
