import { join } from 'node:path';
import { Journal } from './demo/journal';
import { LocalCloud } from './demo/local-cloud';
import { replayArticle } from './demo/replay-article';
import { replayCounters } from './demo/replay-counters';
import { SynthesisedApp } from './demo/synthesised-app';
import { temporaryDirectory } from '../../test/fixtures/temporary-directory';

const ARTICLE = 'https://medium.com/@roy-pstr/a-simple-way-to-manage-sessions-with-aws-lambda-dynamodb-in-python-c7aae1aa7258';

/** Replays the article on this machine: the synthesised app, its table, its bundles. */
async function demo(): Promise<boolean> {
  const journal = new Journal();
  journal.say('"A Simple Way To Manage Sessions With AWS Lambda & DynamoDB In Python", replayed on the CDK app in examples/article.');
  journal.say(ARTICLE);
  journal.say('Its listings show what the table holds after each call. Each is printed beside the table found here: where both are the same,');
  journal.say('this package keeps sessions as the Python package does, and either can read what the other has written.\n');

  const app = await SynthesisedApp.synthesise(join(__dirname, 'app.ts'), 'Article', temporaryDirectory());
  journal.say(`✓ synthesised the app: a table and ${app.functionCount} functions, bundled as for a deployment`);

  const cloud = await LocalCloud.start(app);
  try {
    journal.say(`✓ made the table of the template in ${cloud.kind}`);
    if (cloud.whyDynalite !== undefined) {
      journal.say(`  dynalite is an emulator in JavaScript, used because ${cloud.whyDynalite}`);
    }
    journal.say(`✓ the functions run under AWS's own Lambda runtime client on Node ${process.versions.node}, with the environment of the template`);
    await replayArticle(cloud, journal);
    await replayCounters(cloud, journal);
  } finally {
    await cloud.stop();
  }
  return journal.summarise();
}

demo().then((asExpected) => {
  process.exitCode = asExpected ? 0 : 1;
}, (error: Error) => {
  console.error(error.stack);
  process.exitCode = 1;
});
