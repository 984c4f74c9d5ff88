/** Theme, data and address around the screens; without a signed-in person there is the sign-in alone. */
import { MantineProvider } from '@mantine/core';
import { Notifications } from '@mantine/notifications';
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { useEffect } from 'react';
import { HashRouter } from 'react-router';
import { authState } from './api/auth';
import { ApiError } from './api/client';
import { useStore } from './api/store';
import { enter } from './shell/enter';
import { SignIn } from './shell/sign-in';
import { SignedIn } from './shell/signed-in';
import { theme } from './theme';

const client = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 10_000,
      // A refusal stays one; what may pass is tried again.
      retry: (count, error) => count < 2 && !(error instanceof ApiError && error.status < 500),
    },
  },
});

export function App() {
  const state = useStore(authState);
  useEffect(() => {
    if (state === 'asking') void enter(client);
  }, [state]);
  return (
    <MantineProvider theme={theme} defaultColorScheme="auto">
      <Notifications position="bottom-right" />
      <QueryClientProvider client={client}>
        {state === 'out' && <SignIn />}
        {state === 'in' && (
          <HashRouter>
            <SignedIn />
          </HashRouter>
        )}
      </QueryClientProvider>
    </MantineProvider>
  );
}
