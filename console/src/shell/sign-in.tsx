import { Alert, Anchor, Button, PasswordInput, Stack, Text, TextInput, Title } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { auth } from '../api/auth';
import { ApiError, get, post } from '../api/client';
import type { SignInOffer } from '../api/types';
import { useWords } from '../i18n/use-words';
import { enter } from './enter';
import { LanguageMenu } from './language-menu';

/** By name and password, at the organisation's own provider, or with a token. */
export function SignIn() {
  const { t } = useWords();
  const [byToken, setByToken] = useState(false);
  const { data: offer } = useQuery({
    queryKey: ['sign-in'],
    queryFn: () => get<SignInOffer>('sign-in'),
    staleTime: Number.POSITIVE_INFINITY,
  });
  return (
    <main style={{ minHeight: '100vh', display: 'grid', placeItems: 'center', padding: 16 }}>
      <div className="panel" style={{ width: 'min(380px, 100%)', padding: 28 }}>
        <Stack gap="md">
          <img src="./icon.svg" alt="" width={40} height={40} />
          <div>
            <Title order={1}>Reroute</Title>
            <Text className="dim">{t('signIn.lead')}</Text>
          </div>
          {offer?.setup === true && (
            <Alert color="sea">
              {t('signIn.setup')} <Anchor href="../setup/">{t('signIn.setupLink')}</Anchor>
            </Alert>
          )}
          {offer?.oidc && (
            <Button component="a" href={`..${offer.oidc.path}`} variant="default">
              {t('signIn.oidc', { title: offer.oidc.title })}
            </Button>
          )}
          <Form key={String(byToken)} byToken={byToken} />
          <Button variant="subtle" size="compact-sm" onClick={() => setByToken(!byToken)}>
            {byToken ? t('signIn.byPassword') : t('signIn.byToken')}
          </Button>
          <LanguageMenu />
        </Stack>
      </div>
    </main>
  );
}

function Form({ byToken }: { byToken: boolean }) {
  const { t } = useWords();
  const client = useQueryClient();
  const [name, setName] = useState('');
  const [secret, setSecret] = useState('');
  const [error, setError] = useState<string>();
  const [busy, setBusy] = useState(false);

  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    setBusy(true);
    setError(undefined);
    try {
      if (byToken) auth.keepToken(secret.trim());
      else await post('sign-in', { name: name.trim(), password: secret });
      const failure = await enter(client);
      if (failure !== undefined) throw failure;
    } catch (failure) {
      setBusy(false);
      setError(wordsOf(failure, byToken, t));
    }
  };

  return (
    <form onSubmit={submit}>
      <Stack gap="md">
        {!byToken && (
          <TextInput
            label={t('signIn.name')}
            value={name}
            onChange={(event) => setName(event.currentTarget.value)}
            autoComplete="username"
            required
          />
        )}
        <PasswordInput
          label={byToken ? t('signIn.token') : t('signIn.password')}
          description={byToken ? t('signIn.tokenHint') : undefined}
          value={secret}
          onChange={(event) => setSecret(event.currentTarget.value)}
          autoComplete="current-password"
          required
          visibilityToggleButtonProps={{ 'aria-label': t('signIn.show') }}
        />
        {error !== undefined && (
          <Alert color="red" role="alert">
            {error}
          </Alert>
        )}
        <Button type="submit" loading={busy} disabled={secret.trim() === ''}>
          {t('signIn.submit')}
        </Button>
      </Stack>
    </form>
  );
}

function wordsOf(failure: unknown, byToken: boolean, t: ReturnType<typeof useWords>['t']): string {
  if (!(failure instanceof ApiError)) return t('signIn.unreachable');
  if (failure.status === 401) return byToken ? t('signIn.refused') : t('signIn.wrong');
  return failure.message;
}
