import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { run } from './run';
import type { Steps } from './steps';
import { codeBlocks } from '../docs/code-blocks';
import { temporaryDirectory } from '../fixtures/temporary-directory';

/** The snippets of docs/without-cdk.md, checked by tools that moto brings, or that requirements.txt asks for. */
export async function checkTemplates(steps: Steps, python: string): Promise<void> {
  const folder = temporaryDirectory();
  const write = (language: string, name: string) => {
    const [{ code }] = codeBlocks().filter((block) => block.file === 'docs/without-cdk.md' && block.language === language);
    writeFileSync(join(folder, name), code);
    return join(folder, name);
  };

  await steps.take('cfn-lint, which transforms by SAM\'s own translator, on the template of docs/without-cdk.md', async () => {
    await run(python, ['-c', 'from cfnlint.runner import main; main()', '--regions', 'us-east-1', '--', write('yaml', 'template.yaml')]);
    return 'no warning and no error';
  });
  await steps.take('python-hcl2 on the Terraform snippet of docs/without-cdk.md', async () => {
    const program = 'import hcl2, json, sys; print(json.dumps(hcl2.load(open(sys.argv[1]))))';
    const { resource } = JSON.parse(await run(python, ['-c', program, write('hcl', 'sessions.tf')]));
    return `${resource.length} resources`;
  });
  steps.skip('terraform plan', 'Terraform is no package of npm or pip');
}
