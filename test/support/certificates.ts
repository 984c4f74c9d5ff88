/** Certificates for one test run, made by openssl on PATH; nothing of them is kept. */
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { tempDir } from './temp';

export interface Certificate {
  certificate: string;
  key: string;
}

export interface Authority extends Certificate {
  /** Signs a certificate for `name`, valid for 127.0.0.1 too. */
  issue(name: string): Certificate;
}

const openssl = (args: string[], dir: string) => execFileSync('openssl', args, { cwd: dir, stdio: 'pipe' });
const newKey = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];

export function makeAuthority(name: string): Authority {
  const dir = tempDir('certificates');
  const read = (file: string) => readFileSync(join(dir, file), 'utf8');
  openssl(
    ['req', '-x509', ...newKey, '-keyout', 'ca.key', '-out', 'ca.pem', '-days', '2', '-subj', `/CN=${name}`],
    dir,
  );
  return {
    certificate: read('ca.pem'),
    key: read('ca.key'),
    issue(subject) {
      openssl(['req', ...newKey, '-keyout', 'one.key', '-out', 'one.csr', '-subj', `/CN=${subject}`], dir);
      writeFileSync(join(dir, 'ext'), 'subjectAltName=IP:127.0.0.1,DNS:localhost\n');
      const sign = ['x509', '-req', '-in', 'one.csr', '-CA', 'ca.pem', '-CAkey', 'ca.key', '-CAcreateserial'];
      openssl([...sign, '-days', '2', '-extfile', 'ext', '-out', 'one.pem'], dir);
      return { certificate: read('one.pem'), key: read('one.key') };
    },
  };
}
