import { type ChildProcess, fork } from 'node:child_process';
import { join } from 'node:path';

export interface ForkedChildOptions {
  /** @default this process's Node */
  readonly nodeBinary?: string;
  readonly execArgv?: readonly string[];
}

/** A script of bench/children that answers each message with one. */
export class ForkedChild {
  private readonly process: ChildProcess;

  constructor(
    script: string, args: readonly string[], env: Readonly<Record<string, string>>,
    { nodeBinary = process.execPath, execArgv = [] }: ForkedChildOptions = {},
  ) {
    this.process = fork(join(__dirname, 'children', script), args, { env, execPath: nodeBinary, execArgv: [...execArgv] });
  }

  /** Not to be called again before the answer is there. */
  ask<T>(message: object): Promise<T> {
    return new Promise((resolve, reject) => {
      const answered = (answer: unknown) => {
        this.process.off('exit', ended);
        resolve(answer as T);
      };
      const ended = () => {
        this.process.off('message', answered);
        reject(new Error(`${this.process.spawnargs.slice(1).join(' ').slice(0, 300)} ended without an answer`));
      };
      this.process.once('message', answered).once('exit', ended);
      this.process.send(message);
    });
  }

  stop(): void {
    this.process.kill();
  }
}
