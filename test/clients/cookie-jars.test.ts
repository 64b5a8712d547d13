import { execFile, execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { MemoryStore, cookieTransport, getSessionData, session, setSessionData } from '../../lambda-runtime/src/index.js';
import { startFunctionServer } from '../fixtures/function-server';
import type { FunctionServer } from '../fixtures/function-server';

const JAVA = `
import java.net.*; import java.net.http.*; import java.security.cert.X509Certificate; import javax.net.ssl.*;
public class Jar {
  public static void main(String[] args) throws Exception {
    SSLContext tls = SSLContext.getInstance("TLS");
    tls.init(null, new TrustManager[] { new X509ExtendedTrustManager() {
      public void checkClientTrusted(X509Certificate[] c, String a, Socket s) {} public void checkServerTrusted(X509Certificate[] c, String a, Socket s) {}
      public void checkClientTrusted(X509Certificate[] c, String a, SSLEngine e) {} public void checkServerTrusted(X509Certificate[] c, String a, SSLEngine e) {}
      public void checkClientTrusted(X509Certificate[] c, String a) {} public void checkServerTrusted(X509Certificate[] c, String a) {}
      public X509Certificate[] getAcceptedIssuers() { return new X509Certificate[0]; }
    } }, null);
    HttpClient client = HttpClient.newBuilder().sslContext(tls).cookieHandler(new CookieManager()).build();
    for (int i = 0; i < 3; i++) System.out.println(client.send(HttpRequest.newBuilder(URI.create(args[0])).build(), HttpResponse.BodyHandlers.ofString()).body());
  }
}`;

const PYTHON = `
import http.cookiejar, ssl, sys, urllib.request
tls = ssl._create_unverified_context()
client = urllib.request.build_opener(urllib.request.HTTPSHandler(context=tls), urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar()))
for _ in range(3): print(client.open(sys.argv[1]).read().decode())`;

const GO = `
package main

import (
	"crypto/tls"
	"fmt"
	"io"
	"net/http"
	"net/http/cookiejar"
	"os"
)

func main() {
	jar, err := cookiejar.New(nil)
	check(err)
	client := &http.Client{Jar: jar, Transport: &http.Transport{TLSClientConfig: &tls.Config{InsecureSkipVerify: true}}}
	for i := 0; i < 3; i++ {
		response, err := client.Get(os.Args[1])
		check(err)
		body, err := io.ReadAll(response.Body)
		check(err)
		check(response.Body.Close())
		fmt.Println(string(body))
	}
}

func check(err error) {
	if err != nil {
		panic(err)
	}
}`;

/** The command that visits a URL three times, and what runs without a visit where the client is there. */
const CLIENTS: [name: string, probe: string[], visit: (directory: string, url: string) => string[]][] = [
  ['Java\'s HttpClient', ['java', '-version'], (directory, url) => ['java', written(directory, 'Jar.java', JAVA), url]],
  ['Python\'s http.cookiejar', ['python3', '--version'], (directory, url) => ['python3', written(directory, 'jar.py', PYTHON), url]],
  ['Go\'s net/http/cookiejar', ['go', 'version'], (directory, url) => ['go', 'run', written(directory, 'main.go', GO), url]],
  ['curl', ['curl', '--version'], (directory, url) => ['curl', '-sk', '-w', '\\n', '-b', join(directory, 'jar'), '-c', join(directory, 'jar'), url, url, url]],
];

function written(directory: string, name: string, code: string): string {
  writeFileSync(join(directory, name), code);
  return join(directory, name);
}

function isThere([command, ...args]: string[]): boolean {
  try {
    execFileSync(command, args, { stdio: 'ignore' });
    return true;
  } catch {
    return false; // tested by its absence only: the test is skipped and says so
  }
}

const hasOpenssl = isThere(['openssl', 'version']);
let folder: string;
let server: FunctionServer;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'cookie-jars-'));
  if (!hasOpenssl) return;
  const [key, cert] = [join(folder, 'key.pem'), join(folder, 'cert.pem')];
  execFileSync('openssl', [
    'req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '2', '-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost',
    '-keyout', key, '-out', cert,
  ], { stdio: 'ignore' });
  const counter = (options: { maxAge?: number }) => session(async () => {
    setSessionData((getSessionData<number>() ?? 0) + 1);
    return { statusCode: 200, body: String(getSessionData()) };
  }, { store: new MemoryStore(), update: true, ttl: 900, transport: cookieTransport(options) });
  server = await startFunctionServer({ '/': counter({}), '/max-age': counter({ maxAge: 900 }) }, { key: readFileSync(key), cert: readFileSync(cert) });
});
afterAll(async () => {
  await server?.stop();
  rmSync(folder, { recursive: true });
});

describe.each(CLIENTS)('the cookies of %s', (name, probe, visit) => {
  const testClient = hasOpenssl && isThere(probe) ? test : test.skip;

  testClient.each(['/', '/max-age'])(`keep the session${testClient === test ? '' : ` (skipped: no ${hasOpenssl ? name : 'openssl'})`}: %s`, async (path) => {
    const [command, ...args] = visit(mkdtempSync(join(folder, 'client-')), `https://localhost:${server.port}${path}`);
    const { stdout } = await promisify(execFile)(command, args, { env: { ...process.env, GOFLAGS: '-mod=mod', GOTOOLCHAIN: 'local', GOCACHE: join(folder, 'go-cache') } });

    expect(stdout.trim().split('\n')).toEqual(['1', '2', '3']);
  }, 600_000); // Go compiles its standard library first
});
