import { ActionIcon, Burger, Group, Menu, Text, UnstyledButton, useMantineColorScheme } from '@mantine/core';
import { IconKeyboard, IconLogout, IconMoon, IconSearch, IconSun, IconUser } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { auth } from '../api/auth';
import { post } from '../api/client';
import { leaveEditor } from '../api/editor';
import { streamState } from '../api/live';
import { meQuery } from '../api/queries';
import { useStore } from '../api/store';
import { useWords } from '../i18n/use-words';
import { openFinder } from './finder';
import classes from './header.module.css';
import { LanguageMenu } from './language-menu';

interface HeaderProps {
  menuOpen: boolean;
  onMenu(): void;
  onHelp(): void;
}

export function Header({ menuOpen, onMenu, onHelp }: HeaderProps) {
  const { t } = useWords();
  return (
    <Group h="100%" px="md" gap="sm" wrap="nowrap">
      <Burger
        opened={menuOpen}
        onClick={onMenu}
        hiddenFrom="sm"
        size="sm"
        aria-label={t('shell.navigation')}
      />
      <img src="./icon.svg" alt="" width={26} height={26} />
      <Text fw={700} visibleFrom="sm">
        Reroute
      </Text>
      <UnstyledButton className={classes.search} onClick={() => openFinder()}>
        <IconSearch size={16} aria-hidden />
        <span className={classes.hint}>{t('shell.search')}</span>
        <kbd className={classes.key}>/</kbd>
      </UnstyledButton>
      <LiveState />
      <ActionIcon
        variant="subtle"
        color="gray"
        size="lg"
        onClick={onHelp}
        aria-label={t('help.title')}
        visibleFrom="sm"
      >
        <IconKeyboard size={20} />
      </ActionIcon>
      <SchemeToggle />
      <PersonMenu />
    </Group>
  );
}

function LiveState() {
  const { t } = useWords();
  const state = useStore(streamState);
  return (
    <span className={classes.live} data-state={state} role="status" title={t(`shell.stream.${state}`)}>
      <span className={classes.dot} aria-hidden />
      <span className={classes.liveText}>{t(`shell.stream.${state}`)}</span>
    </span>
  );
}

function SchemeToggle() {
  const { t } = useWords();
  const { toggleColorScheme } = useMantineColorScheme();
  return (
    <ActionIcon
      variant="subtle"
      color="gray"
      size="lg"
      onClick={toggleColorScheme}
      aria-label={t('shell.scheme')}
    >
      <IconSun size={20} className={classes.light} />
      <IconMoon size={20} className={classes.dark} />
    </ActionIcon>
  );
}

function PersonMenu() {
  const { t, say } = useWords();
  const { data: me } = useQuery(meQuery);
  return (
    <Menu position="bottom-end" width={260}>
      <Menu.Target>
        <ActionIcon variant="subtle" color="gray" size="lg" aria-label={t('shell.account')}>
          <IconUser size={20} />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>{me ? `${me.actor} · ${say('role', me.role)}` : t('shell.loading')}</Menu.Label>
        <div style={{ padding: '4px 12px 8px' }}>
          <LanguageMenu />
        </div>
        <Menu.Divider />
        <Menu.Item leftSection={<IconLogout size={16} />} onClick={() => void signOut()}>
          {t('shell.signOut')}
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}

/** The session ends on the server, too; when that cannot be reached, this browser forgets it all the same. */
async function signOut(): Promise<void> {
  await post('sign-out', {}).catch(() => undefined);
  leaveEditor();
  auth.left();
}
