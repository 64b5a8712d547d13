// Run by Node's own test runner: node --test
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { DirectoryStore } from './directory-store';
import { testSessionStore } from 'cdk-session-table/lambda-runtime/stores';

let directory: string;
let stores = 0;

before(async () => { directory = await mkdtemp(join(tmpdir(), 'directory-store-')); });
after(() => rm(directory, { recursive: true }));

testSessionStore({ test, createStore: () => new DirectoryStore(join(directory, `${stores++}`)) });
