// Prints "N passed, N failed, N skipped", summed over the JUnit reports in the folder that is the first argument.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const [folder] = process.argv.slice(2);
const reports = existsSync(folder) ? readdirSync(folder).filter((file) => file.endsWith('.xml')) : [];
const cases = reports.flatMap((file) => readFileSync(join(folder, file), 'utf8').split('<testcase').slice(1));

const failed = cases.filter((xml) => /<(failure|error)\b/.test(xml)).length;
const skipped = cases.filter((xml) => xml.includes('<skipped')).length;
console.log(`${cases.length - failed - skipped} passed, ${failed} failed, ${skipped} skipped`);
