import type { OutgoingHttpHeaders, ServerResponse } from 'node:http';
import { SessionError } from '../errors.js';
import type { Invocation } from '../invocation/invocation.js';
import { readAnswer } from '../invocation/read-answer.js';
import { refuseUnseenFailure } from '../invocation/watched-work.js';
import { writeId, writeIdAhead } from '../invocation/write-id.js';
import { expectedSave, saveSession } from '../lifecycle/save.js';

/** A response in the format of an HTTP API's, to which the id is added. */
interface Head {
  readonly statusCode: number;
  readonly headers: OutgoingHttpHeaders;
  readonly cookies?: readonly string[];
}

type HeldMethods = Pick<ServerResponse, 'writeHead' | 'write' | 'end' | 'flushHeaders'>;

/**
 * Makes the response of a Node.js server send the session id with its headers, and end only when the session has been saved: in
 * a response that is ended immediately the save comes before the headers, in a streamed one before the end.
 */
export class HeldResponse {
  /** Resolves when the response has ended, rejects if the session could not be saved, or the headers not be made. */
  readonly ended: Promise<void>;

  private readonly original: HeldMethods;
  private succeed!: () => void;
  private fail!: (reason: unknown) => void;

  constructor(private readonly response: ServerResponse, private readonly invocation: Invocation) {
    this.original = { writeHead: response.writeHead, write: response.write, end: response.end, flushHeaders: response.flushHeaders };
    this.ended = new Promise((resolve, reject) => {
      this.succeed = resolve;
      this.fail = reject;
    });
    Object.assign(response, {
      writeHead: this.writeHead.bind(this),
      write: this.write.bind(this),
      end: this.end.bind(this),
      flushHeaders: this.flushHeaders.bind(this),
    });
  }

  /** Lets the response go: whoever reports a failure writes to it as if there were no session. */
  release(): void {
    Object.assign(this.response, this.original);
  }

  /** Remembers the head until it is known what is added to it. */
  private writeHead(statusCode: number, ...rest: [statusMessage?: unknown, headers?: unknown] | [headers?: unknown]): ServerResponse {
    const headers = rest.at(-1);
    this.response.statusCode = statusCode;
    if (typeof rest[0] === 'string') {
      this.response.statusMessage = rest[0];
    }
    if (typeof headers === 'object' && headers !== null) {
      entriesOf(headers).forEach(([name, value]) => this.response.setHeader(name, value));
    }
    return this.response;
  }

  private flushHeaders(): void {
    this.sendHeadAhead(() => this.original.flushHeaders.call(this.response));
  }

  private write(...args: unknown[]): boolean {
    if (this.invocation.isSealed) {
      this.stop(new SessionError('the response has been ended: nothing more can be written to it'));
      return false;
    }
    let isWritable = false;
    this.sendHeadAhead(() => { isWritable = this.original.write.apply(this.response, args as Parameters<ServerResponse['write']>); });
    return isWritable;
  }

  private end(...args: unknown[]): ServerResponse {
    if (!this.invocation.isSealed) {
      this.saveAndEnd(args).then(this.succeed, (error: unknown) => this.stop(error));
    }
    return this.response;
  }

  private async saveAndEnd(args: unknown[]): Promise<void> {
    const { invocation, response } = this;
    invocation.isSealed = true;
    invocation.refuseWithoutSession();
    await refuseUnseenFailure(invocation);
    const head = this.head();
    const answer = readAnswer(invocation, head);
    await saveSession(invocation.session, invocation.access);
    if (!invocation.headIsSent) {
      this.applyHead(head, await writeId(invocation, answer, head) as Head);
    }
    this.release();
    response.end(...args as Parameters<ServerResponse['end']>);
  }

  /** Sends the id with a head that goes out before the session is saved. Never throws: a pipe would let the process end. */
  private sendHeadAhead(send: () => void): void {
    const { invocation } = this;
    try {
      if (!invocation.headIsSent) {
        invocation.refuseWithoutSession();
        const head = this.head();
        const answer = readAnswer(invocation, head);
        const expected = expectedSave(invocation.session, invocation.access);
        this.applyHead(head, writeIdAhead(invocation, expected, answer, head) as Head);
        invocation.session.headLacksId = answer !== undefined && !expected.isStored;
        invocation.headIsSent = true;
        this.response.writeHead = this.original.writeHead; // what Node.js itself sends the head by
      }
      send();
    } catch (error) {
      this.stop(error);
    }
  }

  private stop(reason: unknown): void {
    this.release();
    this.fail(reason);
  }

  private head(): Head {
    return { statusCode: this.response.statusCode, headers: this.response.getHeaders() };
  }

  /** If there are cookies, the handler's own are among them. */
  private applyHead(own: Head, { headers, cookies = [] }: Head): void {
    for (const [name, value] of Object.entries(headers)) {
      if (value !== undefined && value !== own.headers[name]) {
        this.response.setHeader(name, value);
      }
    }
    if (cookies.length > 0) {
      this.response.setHeader('set-cookie', cookies);
    }
  }
}

/** Takes the forms of Node.js' headers: an object, a list of pairs, a flat list of names and values. */
function entriesOf(headers: object): [string, string | number | readonly string[]][] {
  if (!Array.isArray(headers)) {
    return Object.entries(headers).filter(([, value]) => value !== undefined);
  }
  const pairs: unknown[][] = Array.isArray(headers[0]) ? headers : headers.flatMap((_, i) => (i % 2 === 0 ? [headers.slice(i, i + 2)] : []));
  const byName = new Map<string, string[]>();
  for (const [name, value] of pairs as [string, string][]) {
    byName.set(name, [...byName.get(name) ?? [], value]);
  }
  return Array.from(byName, ([name, values]) => [name, values.length === 1 ? values[0] : values]);
}
