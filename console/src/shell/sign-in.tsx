import { Alert, Button, PasswordInput, Stack, Text, Title } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import { auth } from '../api/auth';
import { ApiError, get } from '../api/client';
import type { Me } from '../api/types';
import { useWords } from '../i18n/use-words';
import { LanguageMenu } from './language-menu';

/** Asks for a token and tries it before the console opens. */
export function SignIn({ onSignedIn }: { onSignedIn(): void }) {
  const { t } = useWords();
  const [token, setToken] = useState('');
  const [error, setError] = useState<string>();
  const [busy, setBusy] = useState(false);

  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    setBusy(true);
    setError(undefined);
    auth.signIn(token.trim());
    try {
      await get<Me>('me');
      onSignedIn();
    } catch (failure) {
      auth.signOut();
      const refused = failure instanceof ApiError && failure.status === 401;
      setError(refused ? t('signIn.refused') : t('signIn.unreachable'));
      setBusy(false);
    }
  };

  return (
    <main style={{ minHeight: '100vh', display: 'grid', placeItems: 'center', padding: 16 }}>
      <form className="panel" style={{ width: 'min(380px, 100%)', padding: 28 }} onSubmit={submit}>
        <Stack gap="md">
          <img src="./icon.svg" alt="" width={40} height={40} />
          <div>
            <Title order={1}>Reroute</Title>
            <Text className="dim">{t('signIn.lead')}</Text>
          </div>
          <PasswordInput
            label={t('signIn.token')}
            description={t('signIn.tokenHint')}
            value={token}
            onChange={(event) => setToken(event.currentTarget.value)}
            autoComplete="current-password"
            autoFocus
            required
            visibilityToggleButtonProps={{ 'aria-label': t('signIn.show') }}
          />
          {error !== undefined && (
            <Alert color="red" role="alert">
              {error}
            </Alert>
          )}
          <Button type="submit" loading={busy} disabled={token.trim() === ''}>
            {t('signIn.submit')}
          </Button>
          <LanguageMenu />
        </Stack>
      </form>
    </main>
  );
}
