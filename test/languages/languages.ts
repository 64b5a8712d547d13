import { partsInTypeScript } from './app-in-typescript';
import { checkJava } from './check-java';
import { checkPython } from './check-python';
import { Steps } from '../e2e/steps';

/** Generates the package for other languages, installs it there, and synthesises an app with it. */
async function languages(): Promise<void> {
  const steps = new Steps();
  const expected = partsInTypeScript();
  await checkPython(steps, expected);
  await checkJava(steps, expected);
  steps.summarise();
}

languages().catch((error: Error) => {
  console.error(error.stack, error.cause ?? '');
  process.exitCode = 1;
});
