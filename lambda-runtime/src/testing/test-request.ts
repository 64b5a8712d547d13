/**
 * What a client sends in a test.
 *
 * @example
 * ```ts
 * import type { TestRequest } from 'cdk-session-table/lambda-runtime/testing';
 *
 * const login: TestRequest = { method: 'POST', path: '/login', body: { name: 'Ada' } };
 * ```
 */
export interface TestRequest {
  /** @default 'GET', or 'POST' with a body */
  readonly method?: string;
  /** @default '/' */
  readonly path?: string;
  /** Query parameters by name. */
  readonly query?: Readonly<Record<string, string>>;
  /** Request headers by name; for example the `headers` of an earlier response, which hold the session id. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Cookies by name; for example the `cookies` of an earlier response. */
  readonly cookies?: Readonly<Record<string, string>>;
  /** The body: text, or anything else as JSON. */
  readonly body?: unknown;
}

/**
 * The event format of API Gateway: HTTP APIs and function URLs, or REST APIs.
 *
 * @example
 * ```ts
 * import { invoke } from 'cdk-session-table/lambda-runtime/testing';
 * import type { TestEventFormat, TestedHandler } from 'cdk-session-table/lambda-runtime/testing';
 *
 * declare const handler: TestedHandler;
 *
 * const formats: TestEventFormat[] = ['http-api-v2', 'rest-api-v1'];
 * for (const format of formats) {
 *   await invoke(handler, { path: '/visits', format });
 * }
 * ```
 */
export type TestEventFormat = 'http-api-v2' | 'rest-api-v1';

/** The event that API Gateway makes of a request. */
export function eventOf(request: TestRequest, format: TestEventFormat): Record<string, unknown> {
  const { body, path = '/', query = {}, cookies = {}, method = body === undefined ? 'GET' : 'POST' } = request;
  const headers = Object.fromEntries(Object.entries({ host: 'example.com', ...request.headers }).map(([name, value]) => [name.toLowerCase(), value]));
  const pairs = Object.entries(cookies).map(([name, value]) => `${name}=${value}`);
  const text = body === undefined || typeof body === 'string' ? body : JSON.stringify(body);
  if (text !== undefined && typeof body !== 'string') {
    headers['content-type'] ??= 'application/json';
  }

  return format === 'http-api-v2'
    ? httpApiV2Event(method, path, new URLSearchParams(query), headers, pairs, text)
    : restApiV1Event(method, path, query, pairs.length > 0 ? { ...headers, cookie: pairs.join('; ') } : headers, text);
}

type Headers = Readonly<Record<string, string>>;

function httpApiV2Event(
  method: string, path: string, query: URLSearchParams, headers: Headers, cookies: readonly string[], body: string | undefined,
): Record<string, unknown> {
  return {
    version: '2.0',
    routeKey: '$default',
    rawPath: path,
    rawQueryString: query.toString(),
    headers,
    ...(cookies.length > 0 && { cookies }),
    ...(query.size > 0 && { queryStringParameters: Object.fromEntries(query) }),
    requestContext: {
      accountId: '123456789012',
      apiId: 'test',
      domainName: 'example.com',
      domainPrefix: 'example',
      http: { method, path, protocol: 'HTTP/1.1', sourceIp: '192.0.2.1', userAgent: 'test' },
      requestId: 'test-request',
      routeKey: '$default',
      stage: '$default',
      time: new Date().toUTCString(),
      timeEpoch: Date.now(),
    },
    ...(body !== undefined && { body }),
    isBase64Encoded: false,
  };
}

function restApiV1Event(method: string, path: string, query: Headers, headers: Headers, body: string | undefined): Record<string, unknown> {
  const lists = (values: Headers) => Object.fromEntries(Object.entries(values).map(([name, value]) => [name, [value]]));
  const hasQuery = Object.keys(query).length > 0;
  return {
    resource: '/{proxy+}',
    path,
    httpMethod: method,
    headers,
    multiValueHeaders: lists(headers),
    queryStringParameters: hasQuery ? query : null,
    multiValueQueryStringParameters: hasQuery ? lists(query) : null,
    pathParameters: { proxy: path.slice(1) },
    stageVariables: null,
    requestContext: {
      accountId: '123456789012',
      apiId: 'test',
      domainName: 'example.com',
      httpMethod: method,
      identity: { sourceIp: '192.0.2.1', userAgent: 'test' },
      path,
      protocol: 'HTTP/1.1',
      requestId: 'test-request',
      requestTimeEpoch: Date.now(),
      resourcePath: '/{proxy+}',
      stage: 'test',
    },
    body: body ?? null,
    isBase64Encoded: false,
  };
}
