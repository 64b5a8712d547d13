import { createHash, createHmac } from 'node:crypto';
import type { Hash, Hmac } from 'node:crypto';
import { SignatureV4 } from '@smithy/signature-v4';
import type { Endpoint } from './endpoint.js';
import { credentialsFromEnvironment, regionFromEnvironment } from './environment.js';

export type Headers = Record<string, string>;

/** Returns the headers to send: those given and those that sign them together with the body. */
export type RequestSigner = (endpoint: Endpoint, headers: Headers, body: string) => Promise<Headers>;

/** A signer that takes region and credentials from the environment, anew for each request. */
export function requestSigner(): RequestSigner {
  const signer = new SignatureV4({
    service: 'dynamodb',
    region: async () => regionFromEnvironment(),
    credentials: async () => credentialsFromEnvironment(),
    sha256: Sha256,
    applyChecksum: false,
  });
  return async ({ protocol, hostname, path }, headers, body) => {
    const signed = await signer.sign({ method: 'POST', protocol, hostname, path, query: {}, headers, body });
    return signed.headers;
  };
}

/** SHA-256, or its HMAC where there is a secret, in the form that the signer asks for. */
class Sha256 {
  private readonly hash: Hash | Hmac;

  constructor(secret?: string | ArrayBuffer | ArrayBufferView) {
    this.hash = secret === undefined ? createHash('sha256') : createHmac('sha256', secret as string | NodeJS.ArrayBufferView);
  }

  update(data: string | ArrayBuffer | ArrayBufferView): void {
    this.hash.update(data as string | NodeJS.ArrayBufferView);
  }

  async digest(): Promise<Uint8Array> {
    return this.hash.digest();
  }
}
