/** The log: JSON lines, in which no secret and nobody's name, address or number stands. */
import pino, { type DestinationStream, type Logger } from 'pino';
import { maskForLog, maskText } from '../model/personal';

export function createLog(level: string, destination?: DestinationStream): Logger {
  const options = {
    level,
    formatters: { log: (detail: Record<string, unknown>) => maskForLog(detail) as Record<string, unknown> },
    serializers: {
      err: (error: Error) => {
        const shown = pino.stdSerializers.err(error);
        return {
          ...(maskForLog({ ...shown }) as object),
          message: maskText(shown.message),
          stack: maskText(shown.stack ?? ''),
        };
      },
    },
    hooks: {
      logMethod(this: Logger, args: Parameters<pino.LogFn>, method: pino.LogFn) {
        const [detail, text, ...rest] = args as [unknown, unknown, ...unknown[]];
        const plain = (value: unknown) => (typeof value === 'string' ? maskText(value) : value);
        Reflect.apply(method, this, [plain(detail), plain(text), ...rest]);
      },
    },
  };
  return destination ? pino(options, destination) : pino(options);
}
