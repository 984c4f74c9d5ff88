/** What every started server offers, and the retry that a free port needs. */
import { freePort } from './ports';
import type { Running } from './process';

export interface Server {
  readonly url: string;
  readonly port: number;
  readonly process: Running;
  /** Ends the server and waits until it is gone. */
  stop(): Promise<void>;
}

/** Starts something on a free port, and again on another one when that port was taken in between; three times at most. */
export async function withFreePort<T>(start: (port: number) => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await start(await freePort());
    } catch (error) {
      const taken = error instanceof Error && /address already in use|EADDRINUSE/i.test(error.message);
      if (!taken || attempt === 3) throw error;
    }
  }
}
