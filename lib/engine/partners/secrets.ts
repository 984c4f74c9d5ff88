/** Secrets by reference: `env:NAME` or `file:PATH`. Values live in memory only, files are read again when they change. */
import { readFileSync, statSync } from 'node:fs';
import { FatalError } from '../../model/errors';

const reference = /^(env:[A-Za-z_][A-Za-z0-9_]*|file:.+)$/;

export function isSecretReference(text: string): boolean {
  return reference.test(text);
}

export class SecretStore {
  private readonly files = new Map<string, { mtimeMs: number; value: string }>();

  constructor(private readonly environment: Readonly<Record<string, string | undefined>>) {}

  /** @throws FatalError SECRET_MISSING naming the reference, never a value */
  read(text: string): string {
    const value = text.startsWith('env:') ? this.environment[text.slice(4)] : this.file(text.slice(5));
    if (value === undefined || value === '') {
      throw new FatalError('SECRET_MISSING', `the secret ${text} is not set`, {
        hint: 'Set the variable or write the file, then try again.',
      });
    }
    return value;
  }

  /** Those references that can be read, current first. */
  readAll(references: readonly string[]): string[] {
    const values: string[] = [];
    for (const text of references) {
      try {
        values.push(this.read(text));
      } catch (error) {
        if (!(error instanceof FatalError)) throw error;
      }
    }
    return values;
  }

  private file(path: string): string | undefined {
    try {
      const { mtimeMs } = statSync(path);
      const known = this.files.get(path);
      if (known?.mtimeMs === mtimeMs) return known.value;
      const value = readFileSync(path, 'utf8').trim();
      this.files.set(path, { mtimeMs, value });
      return value;
    } catch {
      return undefined;
    }
  }
}
