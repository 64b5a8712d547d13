import type { TestEventFormat } from './test-request.js';

/**
 * What a client sees of a handler's result.
 *
 * @example
 * ```ts
 * import type { TestResponse } from 'cdk-session-table/lambda-runtime/testing';
 *
 * const isLoggedIn = ({ cookies }: TestResponse): boolean => '__Host-session' in cookies;
 * ```
 */
export interface TestResponse {
  /** 200 if the result has none. */
  readonly statusCode: number;
  /** By name in lower case; several values of one header are joined by a comma. Cookies are not among them. */
  readonly headers: Readonly<Record<string, string>>;
  /** What the client's cookies are now: those it sent, with those that the response set or deleted. */
  readonly cookies: Readonly<Record<string, string>>;
  /** The response's `Set-Cookie` lines, with all attributes. */
  readonly setCookies: readonly string[];
  /** The body as text; empty if there is none. */
  readonly body: string;
}

interface HttpResult {
  readonly statusCode?: number;
  readonly headers?: Readonly<Record<string, unknown>> | null;
  readonly multiValueHeaders?: Readonly<Record<string, readonly unknown[]>> | null;
  readonly cookies?: readonly string[] | null;
  readonly body?: unknown;
  readonly isBase64Encoded?: boolean;
}

/** Reads a handler's result as API Gateway does. */
export function responseOf(result: unknown, format: TestEventFormat, sentCookies: Readonly<Record<string, string>>): TestResponse {
  const { statusCode = 200, headers, multiValueHeaders, cookies, body, isBase64Encoded } = READERS[format](result);
  const fields = new Map<string, string[]>();
  const add = (name: string, values: readonly unknown[]) => {
    fields.set(name.toLowerCase(), [...fields.get(name.toLowerCase()) ?? [], ...values.map(String)]);
  };
  Object.entries(headers ?? {}).forEach(([name, value]) => add(name, [value]));
  Object.entries(multiValueHeaders ?? {}).forEach(([name, values]) => {
    fields.delete(name.toLowerCase()); // as API Gateway does: the list wins
    add(name, values);
  });

  const setCookies = [...cookies ?? [], ...fields.get('set-cookie') ?? []];
  fields.delete('set-cookie');
  return {
    statusCode,
    headers: Object.fromEntries([...fields].map(([name, values]) => [name, values.join(',')])),
    cookies: setCookies.reduce(withCookie, sentCookies),
    setCookies,
    body: isBase64Encoded ? Buffer.from(String(body), 'base64').toString() : textOf(body),
  };
}

function withCookie(cookies: Readonly<Record<string, string>>, line: string): Readonly<Record<string, string>> {
  const [pair, ...attributes] = line.split(';');
  const name = pair.slice(0, pair.indexOf('=')).trim();
  const { [name]: _, ...others } = cookies;
  const isDeleted = attributes.some((attribute) => /^\s*max-age\s*=\s*(0|-\d+)\s*$/i.test(attribute));
  return isDeleted ? others : { ...others, [name]: pair.slice(pair.indexOf('=') + 1).trim() };
}

function textOf(body: unknown): string {
  return typeof body === 'string' ? body : body === undefined || body === null ? '' : JSON.stringify(body);
}

/** The fields of a result that the gateway looks at. */
const READERS: Readonly<Record<TestEventFormat, (result: unknown) => HttpResult>> = {
  'http-api-v2': (result) => {
    const { statusCode, headers, cookies, body, isBase64Encoded } = fieldsOf(result);
    return (statusCode ?? undefined) === undefined
      ? { headers: { 'content-type': 'application/json' }, body: typeof result === 'string' ? result : JSON.stringify(result ?? null) }
      : { statusCode, headers, cookies, body, isBase64Encoded };
  },
  'rest-api-v1': (result) => {
    const { statusCode, headers, multiValueHeaders, body, isBase64Encoded } = fieldsOf(result);
    const isResponse = [statusCode, headers, multiValueHeaders, body].some((field) => field !== undefined);
    return isResponse ? { statusCode: statusCode ?? undefined, headers, multiValueHeaders, body, isBase64Encoded } : { body: result };
  },
};

function fieldsOf(result: unknown): HttpResult {
  return typeof result === 'object' && result !== null ? result : {};
}
