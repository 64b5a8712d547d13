// Exits with 0 unless what is installed beside this file is what the lock file asks for.
const { readFileSync } = require('node:fs');
const { join } = require('node:path');

function packagesOf(file) {
  try {
    const { '': root, ...packages } = JSON.parse(readFileSync(join(__dirname, file), 'utf8')).packages;
    return packages;
  } catch (error) {
    if (error.code === 'ENOENT') return {};
    throw error;
  }
}

const wanted = packagesOf('package-lock.json');
const installed = packagesOf('node_modules/.package-lock.json');
const isCurrent = Object.entries(wanted).every(([path, { version, optional }]) => optional || installed[path]?.version === version);
process.exit(isCurrent ? 1 : 0);
