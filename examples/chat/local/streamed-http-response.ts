import type { ServerResponse } from 'node:http';

interface Head {
  readonly statusCode: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly cookies?: readonly string[];
}

/** Lambda's streamed HTTP responses begin with status and headers as JSON, which ends with so many zero bytes. */
const END_OF_HEAD = Buffer.alloc(8);

/** Sends a streamed response of a function to a browser, part by part. */
export class StreamedHttpResponse {
  private head: Buffer | undefined = Buffer.alloc(0);

  constructor(private readonly response: ServerResponse) {}

  add(part: Buffer): void {
    if (this.response.destroyed) return; // the browser has left
    if (this.head === undefined) {
      this.response.write(part);
      return;
    }
    this.head = Buffer.concat([this.head, part]);
    const end = this.head.indexOf(END_OF_HEAD);
    if (end !== -1) {
      const { statusCode, headers, cookies = [] }: Head = JSON.parse(this.head.toString('utf8', 0, end));
      this.response.writeHead(statusCode, { ...headers, ...(cookies.length > 0 && { 'set-cookie': [...cookies] }) });
      this.response.write(this.head.subarray(end + END_OF_HEAD.length));
      this.head = undefined;
    }
  }
}
