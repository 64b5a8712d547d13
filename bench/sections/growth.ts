import { startLocalDynamoDB } from '../../test/fixtures/local-dynamodb';
import { temporaryDirectory } from '../../test/fixtures/temporary-directory';
import type { SectionResult } from '../figures';
import { growthOfData } from '../growth-of-data';
import { growthOfProcess } from '../growth-of-process';
import { growthOfTable } from '../growth-of-table';

/** How our runtime fares with larger sessions, more of them, and more invocations of a process. */
export async function growth(): Promise<SectionResult> {
  const { endpoint, stop } = await startLocalDynamoDB();
  try {
    const directory = temporaryDirectory();
    const data = await growthOfData(endpoint, directory);
    const table = await growthOfTable(endpoint, directory);
    const process = await growthOfProcess(endpoint, directory);
    return {
      markdown: [data, table, process].map(({ markdown }) => markdown).join('\n\n'),
      figures: { data: data.figures, table: table.figures, process: process.figures },
    };
  } finally {
    await stop();
  }
}
