import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * The name, version and licence text of each package among bundled files. A package without a licence text is an
 * error: it could not be published.
 *
 * @param bundledFiles paths relative to the working directory, as esbuild's metafile lists them
 */
export function thirdPartyLicenses(bundledFiles: string[]): string {
  const folders = new Set(bundledFiles.flatMap(packageFolder));
  return [...folders].sort().map(licenseOf).join(`\n${'-'.repeat(80)}\n\n`);
}

/** The folder of the package that a file belongs to; none for one of our files. */
function packageFolder(file: string): string[] {
  return /^.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(file) ?? [];
}

function licenseOf(folder: string): string {
  const { name, version, license } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  const texts = readdirSync(folder).filter((file) => /^(licen[cs]e|notice)/i.test(file)).sort();
  if (texts.length === 0) throw new Error(`${name}@${version} is bundled but has no licence text in ${folder}; do not bundle it`);
  return [`${name} ${version} (${license})\n`, ...texts.map((file) => readFileSync(join(folder, file), 'utf8'))].join('\n');
}
