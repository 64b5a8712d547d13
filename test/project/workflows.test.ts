import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const WORKFLOWS = join(__dirname, '..', '..', '.github', 'workflows');
const workflows = readdirSync(WORKFLOWS).map((file) => [file, readFileSync(join(WORKFLOWS, file), 'utf8')] as const);

/** The jobs of a workflow with their text. */
function jobs(workflow: string): [string, string][] {
  const [, body] = workflow.split(/^jobs:\n/m);
  return body.split(/^ {2}(?=[\w-]+:\n)/m).slice(1).map((text) => [text.slice(0, text.indexOf(':')), text]);
}

describe.each(workflows)('.github/workflows/%s', (_file, workflow) => {
  test('pins every action by its commit', () => {
    const actions = Array.from(workflow.matchAll(/uses: (\S+)/g), ([, action]) => action);

    expect(actions).not.toEqual([]);
    expect(actions.filter((action) => !/@[0-9a-f]{40}$/.test(action))).toEqual([]);
  });

  test('gives each job its own permissions, and only the GitHub release may write to the repository', () => {
    expect(jobs(workflow).filter(([, text]) => !text.includes('    permissions:\n')).map(([name]) => name)).toEqual([]);
    expect(jobs(workflow).filter(([name, text]) => /contents: write/.test(text) && name !== 'release_github').map(([name]) => name)).toEqual([]);
  });

  test('installs what the lock file says, and a pinned publib', () => {
    expect(workflow).toMatch(/npm ci/);
    expect(workflow).not.toMatch(/npm (install|i)\b|publib@latest/);
  });
});

test('the tests run on the oldest supported Node.js and on those of Lambda', () => {
  const test = readFileSync(join(WORKFLOWS, 'test.yml'), 'utf8');

  expect(Array.from(test.matchAll(/^ {10}- "?([\d.]+)"?$/gm), ([, version]) => version)).toEqual(['20.16.0', '22', '24']);
});
