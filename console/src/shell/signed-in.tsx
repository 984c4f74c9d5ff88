/** The frame around every screen: navigation, search, live state, and the keys that work everywhere. */
import { AppShell } from '@mantine/core';
import { useDisclosure, useHotkeys } from '@mantine/hooks';
import { useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import { keepLive } from '../api/live';
import { useWords } from '../i18n/use-words';
import { Finder, openFinder } from './finder';
import { Header } from './header';
import { Help } from './help';
import { Navigation } from './navigation';
import { Screens } from './screens';
import { useGoKeys } from './use-go-keys';

export function SignedIn() {
  const { t } = useWords();
  const client = useQueryClient();
  const [menuOpen, menu] = useDisclosure(false);
  const [helpOpen, help] = useDisclosure(false);
  useEffect(() => keepLive(client), [client]);
  useHotkeys([
    ['/', () => openFinder()],
    ['shift+?', () => help.open()],
    ['?', () => help.open()],
  ]);
  useGoKeys();
  return (
    <AppShell
      header={{ height: 56 }}
      navbar={{ width: { base: 220, md: 76, lg: 220 }, breakpoint: 'sm', collapsed: { mobile: !menuOpen } }}
      padding={{ base: 'sm', md: 'md' }}
    >
      <button type="button" className="skip" onClick={skipToMain}>
        {t('shell.skip')}
      </button>
      <AppShell.Header>
        <Header menuOpen={menuOpen} onMenu={menu.toggle} onHelp={help.open} />
      </AppShell.Header>
      <AppShell.Navbar aria-label={t('shell.navigation')}>
        <Navigation onChosen={menu.close} />
      </AppShell.Navbar>
      <AppShell.Main id="main" tabIndex={-1}>
        <Screens />
      </AppShell.Main>
      <Finder />
      <Help opened={helpOpen} onClose={help.close} />
    </AppShell>
  );
}

/** A link would change the address, which belongs to the screens. */
function skipToMain(): void {
  document.getElementById('main')?.focus();
}
