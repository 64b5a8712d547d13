import { parseJson } from './answer.js';
import { DynamoDBConfigurationError, DynamoDBCredentialsError, DynamoDBServiceError } from './client-errors.js';
import type { Clock } from './clock.js';
import type { Credentials } from './credentials-provider.js';
import { exchange } from './http-exchange.js';
import { httpModule } from './http-module.js';
import { withRetries } from './retry.js';

const CONTAINER_HOST = 'http://169.254.170.2';

/** Hosts that may be asked without TLS: the process's own machine, and the endpoints of ECS and EKS. */
const TRUSTED_HOST = /^(localhost|127(\.\d{1,3}){3}|::1|169\.254\.170\.23?|fd00:ec2::23)$/;

/** As in the SDK, new credentials are fetched when the old ones have this long to live. */
const REFRESH_BEFORE_EXPIRY_MS = 300_000;

/** While the old credentials still hold, a refresh that failed is tried again after this long. */
const PAUSE_AFTER_FAILURE_MS = 30_000;

const SILENCE_MS = 1000;

interface Held {
  readonly credentials: Credentials;
  readonly expiresAt: number;
  refreshAt: number;
}

interface Fetching {
  readonly credentials: Promise<Credentials>;
  readonly abort: AbortController;
  waiting: number;
}

/**
 * Credentials from the endpoint that a container, a pod or a sandbox restored by SnapStart has for them.
 *
 * @see https://docs.aws.amazon.com/sdkref/latest/guide/feature-container-credentials.html
 */
export class ContainerCredentials {
  private held?: Held;
  private fetching?: Fetching;

  constructor(private readonly clock: Clock) {}

  /** Those held, or new ones if these expire soon. One request serves all who wait for it, and ends when none of them does. */
  get(abortSignal?: AbortSignal): Credentials | Promise<Credentials> {
    if (this.held !== undefined && this.clock.now() < this.held.refreshAt) {
      return this.held.credentials;
    }
    return this.wait(abortSignal);
  }

  private async wait(abortSignal?: AbortSignal): Promise<Credentials> {
    const fetching = this.fetching ??= this.startFetching();
    fetching.waiting++;
    let leave!: () => void;
    const left = new Promise<never>((_, reject) => { leave = () => reject(abortSignal!.reason); });
    abortSignal?.addEventListener('abort', leave);
    try {
      return await Promise.race([fetching.credentials, left]);
    } finally {
      abortSignal?.removeEventListener('abort', leave);
      if (--fetching.waiting === 0) {
        this.stop(fetching);
      }
    }
  }

  private startFetching(): Fetching {
    const abort = new AbortController();
    return { credentials: this.refresh(abort.signal), abort, waiting: 0 };
  }

  private stop(fetching: Fetching): void {
    fetching.abort.abort();
    if (this.fetching === fetching) {
      this.fetching = undefined;
    }
  }

  private async refresh(signal: AbortSignal): Promise<Credentials> {
    try {
      this.held = await withRetries(() => fetchCredentials(signal), signal);
    } catch (cause) {
      if (this.held === undefined || this.clock.now() >= this.held.expiresAt || signal.aborted) {
        throw cause instanceof DynamoDBConfigurationError ? cause : new DynamoDBCredentialsError(cause);
      }
      this.held.refreshAt = this.clock.now() + PAUSE_AFTER_FAILURE_MS;
    }
    return this.held.credentials;
  }
}

async function fetchCredentials(abortSignal: AbortSignal): Promise<Held> {
  const { protocol, hostname, port, pathname, search } = endpointOfContainer();
  const authorization = await authorizationToken();
  const request = httpModule(protocol as 'http:' | 'https:').request({
    method: 'GET',
    agent: false,
    hostname: withoutBrackets(hostname),
    port,
    path: pathname + search,
    headers: { accept: 'application/json', ...(authorization !== undefined && { authorization }) },
  });
  const { statusCode, body } = await exchange(request, '', { silenceMs: SILENCE_MS, abortSignal });
  if (statusCode !== 200) {
    // The error of a service, so that its status decides whether it is retried.
    throw new DynamoDBServiceError('CredentialsEndpointError', `HTTP status ${statusCode}`, { httpStatusCode: statusCode }, {});
  }
  return readCredentials(body.toString());
}

function endpointOfContainer(): URL {
  const { AWS_CONTAINER_CREDENTIALS_RELATIVE_URI: relative, AWS_CONTAINER_CREDENTIALS_FULL_URI: full } = process.env;
  const [variable, value] = relative
    ? ['AWS_CONTAINER_CREDENTIALS_RELATIVE_URI', CONTAINER_HOST + relative]
    : ['AWS_CONTAINER_CREDENTIALS_FULL_URI', full!];
  const url = URL.canParse(value) ? new URL(value) : undefined;
  if (url?.protocol !== 'https:' && !(url?.protocol === 'http:' && TRUSTED_HOST.test(withoutBrackets(url.hostname)))) {
    throw new DynamoDBConfigurationError(`${variable} must be an https URL, or an http URL of the machine itself or of the endpoint of ECS or EKS`);
  }
  return url;
}

function withoutBrackets(hostname: string): string {
  return hostname.replace(/^\[|\]$/g, '');
}

/** The file is read each time, because what is in it changes. */
async function authorizationToken(): Promise<string | undefined> {
  const { AWS_CONTAINER_AUTHORIZATION_TOKEN: token, AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE: file } = process.env;
  if (file) {
    return (await process.getBuiltinModule('node:fs/promises').readFile(file, 'utf8')).trim();
  }
  return token || undefined;
}

/** The answer is not repeated in an error: it may hold a secret. */
function readCredentials(text: string): Held {
  const { AccessKeyId, SecretAccessKey, Token, Expiration } = (parseJson(text) ?? {}) as Record<string, unknown>;
  const expiresAt = Expiration === undefined ? Infinity : Date.parse(String(Expiration));
  if (typeof AccessKeyId !== 'string' || typeof SecretAccessKey !== 'string' || Number.isNaN(expiresAt)) {
    throw new DynamoDBServiceError('CredentialsEndpointError', 'the answer does not hold credentials', {}, {});
  }
  const sessionToken = typeof Token === 'string' ? Token : undefined;
  return {
    credentials: { accessKeyId: AccessKeyId, secretAccessKey: SecretAccessKey, sessionToken },
    expiresAt,
    refreshAt: expiresAt - REFRESH_BEFORE_EXPIRY_MS,
  };
}
