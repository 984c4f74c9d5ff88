import { Tabs } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { meQuery } from '../../api/queries';
import { useWords } from '../../i18n/use-words';
import { Screen } from '../../parts/screen';
import { Sessions } from './sessions';
import { Tokens } from './tokens';
import { Users } from './users';

/** People, their sessions, and tokens of programs. Everybody sees their own sessions. */
export function Admin() {
  const { t } = useWords();
  const { data: me } = useQuery(meQuery);
  const admin = me?.roles.includes('admin') === true;
  return (
    <Screen title={t('nav.admin')}>
      <Tabs defaultValue={admin ? 'users' : 'sessions'} keepMounted={false}>
        <Tabs.List mb="md">
          {admin && <Tabs.Tab value="users">{t('admin.users')}</Tabs.Tab>}
          {admin && <Tabs.Tab value="tokens">{t('admin.tokens')}</Tabs.Tab>}
          <Tabs.Tab value="sessions">{t('admin.sessions')}</Tabs.Tab>
        </Tabs.List>
        {admin && (
          <Tabs.Panel value="users">
            <Users />
          </Tabs.Panel>
        )}
        {admin && (
          <Tabs.Panel value="tokens">
            <Tokens />
          </Tabs.Panel>
        )}
        <Tabs.Panel value="sessions">
          <Sessions />
        </Tabs.Panel>
      </Tabs>
    </Screen>
  );
}
