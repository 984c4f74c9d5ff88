/** Asks the server who one is; that is what decides whether the console opens. */
import type { QueryClient } from '@tanstack/react-query';
import { auth } from '../api/auth';
import { get } from '../api/client';
import { meQuery } from '../api/queries';
import type { Me } from '../api/types';

/** @returns what went wrong, when the console stays closed */
export async function enter(client: QueryClient): Promise<unknown> {
  try {
    const me = await get<Me>('me');
    // Nothing that somebody else has seen is shown, but who it is is known already.
    client.clear();
    client.setQueryData(meQuery.queryKey, me);
    auth.entered(me);
    return undefined;
  } catch (error) {
    auth.left();
    return error;
  }
}
