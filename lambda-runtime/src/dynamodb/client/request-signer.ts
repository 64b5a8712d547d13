import type { Hmac, KeyObject } from 'node:crypto';
import {
  ALGORITHM_IDENTIFIER, AMZ_DATE_HEADER, AUTH_HEADER, SignatureV4Base, TOKEN_HEADER, createScope, getCanonicalHeaders, getSigningKey,
} from '@smithy/signature-v4';
import type { Credentials } from './credentials-provider.js';
import type { Endpoint } from './endpoint.js';
import { crypto } from '../../platform/node-modules.js';

export type Headers = Record<string, string>;

/** Returns the headers to send: those given and those that sign them together with the body. Immediately, if the key of the day is there. */
export type RequestSigner = (request: SignableRequest, region: string, credentials: Credentials, now: number) => Headers | Promise<Headers>;

export interface SignableRequest {
  readonly endpoint: Endpoint;
  readonly headers: Headers;
  readonly body: string;
}

const SERVICE = 'dynamodb';

/** A signer that keeps the signing key while region, credentials and day are the same. `now`: milliseconds since the epoch. */
export function requestSigner(): RequestSigner {
  let signer: Signer | undefined;
  return (request, region, credentials, now) => {
    if (signer === undefined || !signer.isOf(region, credentials)) {
      signer = new Signer(region, credentials);
    }
    return signer.sign(request, now);
  };
}

/** A canonical request around what differs from one request to the next: its date, and the hash of its body at the end. */
interface Outline {
  readonly upToDate: string;
  readonly afterDate: string;
  readonly signedHeaders: string;
}

/** Stands for the date in an outline: no header can contain it. */
const DATE = '\0';

interface SignatureDate {
  readonly epochSeconds: number;
  readonly longDate: string;
  readonly shortDate: string;
}

/**
 * AWS's steps of Signature Version 4 for requests to DynamoDB. Its own `SignatureV4` takes the same steps for every service;
 * it would derive a key's name by an HMAC for each request, and bring along presigned URLs and event streams.
 *
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
 */
class Signer extends SignatureV4Base {
  private readonly outlines = new Map<string, Outline>();
  private date?: SignatureDate;
  private keyOfDay?: { readonly day: string; readonly key: KeyObject };

  constructor(private readonly region: string, private readonly credentials: Credentials) {
    super({ service: SERVICE, region, credentials, sha256: HmacSha256 });
  }

  isOf(region: string, { accessKeyId, secretAccessKey, sessionToken }: Credentials): boolean {
    const mine = this.credentials;
    return region === this.region
      && accessKeyId === mine.accessKeyId && secretAccessKey === mine.secretAccessKey && sessionToken === mine.sessionToken;
  }

  sign(request: SignableRequest, now: number): Headers | Promise<Headers> {
    const date = this.dateOfSignature(now);
    return this.keyOfDay?.day === date.shortDate
      ? this.signWith(this.keyOfDay.key, request, date)
      : this.deriveKey(date.shortDate).then((key) => this.signWith(key, request, date));
  }

  private signWith(key: KeyObject, { endpoint, headers, body }: SignableRequest, { longDate, shortDate }: SignatureDate): Headers {
    const { accessKeyId, sessionToken } = this.credentials;
    const signed: Headers = { ...headers, [AMZ_DATE_HEADER]: longDate };
    if (sessionToken !== undefined) {
      signed[TOKEN_HEADER] = sessionToken;
    }
    const { upToDate, afterDate, signedHeaders } = this.outlineOf(endpoint, headers, signed);
    const canonicalRequest = upToDate + longDate + afterDate + crypto().hash('sha256', body);
    const scope = createScope(shortDate, this.region, SERVICE);
    const stringToSign = [ALGORITHM_IDENTIFIER, longDate, scope, crypto().hash('sha256', canonicalRequest)].join('\n');
    const signature = crypto().createHmac('sha256', key).update(stringToSign).digest('hex');
    signed[AUTH_HEADER] = `${ALGORITHM_IDENTIFIER} Credential=${accessKeyId}/${scope}, SignedHeaders=${signedHeaders}, Signature=${signature}`;
    return signed;
  }

  /** What the canonical requests of an operation have in common, by the headers that set it apart. */
  private outlineOf({ protocol, hostname, path }: Endpoint, headers: Headers, signed: Headers): Outline {
    const key = [path, ...Object.values(headers)].join();
    let outline = this.outlines.get(key);
    if (outline === undefined) {
      const request = { method: 'POST', protocol, hostname, path, query: {}, headers: { ...signed, [AMZ_DATE_HEADER]: DATE } };
      const canonicalHeaders = getCanonicalHeaders(request);
      const [upToDate, afterDate] = this.createCanonicalRequest(request, canonicalHeaders, '').split(DATE);
      outline = { upToDate, afterDate, signedHeaders: this.getCanonicalHeaderList(canonicalHeaders) };
      this.outlines.set(key, outline);
    }
    return outline;
  }

  /** It is to the second, so it need not be formatted twice in one. */
  private dateOfSignature(now: number): SignatureDate {
    const epochSeconds = Math.floor(now / 1000);
    if (this.date?.epochSeconds !== epochSeconds) {
      this.date = { epochSeconds, ...this.formatDate(epochSeconds) };
    }
    return this.date;
  }

  /** As a KeyObject: on Node 24 an HMAC with a key in bytes takes eight times as long. */
  private async deriveKey(day: string): Promise<KeyObject> {
    const key = crypto().createSecretKey(await getSigningKey(HmacSha256, this.credentials, day, this.region, SERVICE));
    this.keyOfDay = { day, key };
    return key;
  }
}

type Data = string | ArrayBuffer | ArrayBufferView;

/** In the form that AWS's derivation of the key asks for. */
class HmacSha256 {
  private readonly hmac: Hmac;

  constructor(secret?: Data) {
    this.hmac = crypto().createHmac('sha256', secret as string | NodeJS.ArrayBufferView);
  }

  update(data: Data): void {
    this.hmac.update(data as string | NodeJS.ArrayBufferView);
  }

  async digest(): Promise<Uint8Array> {
    return this.hmac.digest();
  }
}
