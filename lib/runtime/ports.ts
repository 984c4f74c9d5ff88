/** What the gateway asks for, answered by the engine. */
import { v7 as uuidv7 } from 'uuid';
import type { Engine } from '../engine/engine';
import type { CasesPort, PartnersPort } from '../gateway/deps';
import type { Ledger } from '../ledger/port';

export function partnersPort(engine: Engine, ledger: Ledger): PartnersPort {
  return {
    list: () => engine.partnerList(),
    get: (id) => engine.partner(id),
    inspect: (id, delivery) => engine.inspect(id, delivery),
    async act(id, action, by, reason, mode) {
      const before = engine.partner(id);
      if (!before) return undefined;
      const at = Date.now();
      const control = before.control ?? { partner: id, held: false, draining: false, by, reason, at };
      const { mode: modeBefore, ...rest } = control;
      const held =
        action === 'hold' || action === 'drain' ? true : action === 'resume' ? false : control.held;
      const nextMode = action === 'mode' ? mode : modeBefore;
      const next = {
        ...rest,
        held,
        draining: action === 'drain',
        by,
        reason,
        at,
        ...(nextMode === undefined ? {} : { mode: nextMode }),
      };
      await engine.partners.setControl(next);
      await ledger.appendAudit(0, [
        {
          id: uuidv7(),
          at,
          actor: by,
          action: `partner.${action}`,
          subject: `partner:${id}`,
          reason,
          before: control,
          after: next,
          outcome: 'done',
        },
      ]);
      if (action === 'resume') {
        for (let partition = 0; partition < ledger.partitions; partition += 1) {
          await ledger.hastenRuns(partition, { errorCode: 'PARTNER_HELD', now: at });
        }
        engine.resume();
      }
      return engine.partner(id);
    },
  };
}

export function casesPort(engine: Engine): CasesPort {
  return { act: (id, action, caller) => engine.cases.act(id, action, caller) };
}
