import { Modal } from '@mantine/core';
import { useWords } from '../i18n/use-words';
import { places } from './places';

const listKeys = [
  ['j / k', 'help.move'],
  ['Enter', 'help.open'],
  ['x', 'help.select'],
  ['a', 'help.assign'],
  ['t', 'help.takeOver'],
  ['Esc', 'help.close'],
] as const;

export function Help({ opened, onClose }: { opened: boolean; onClose(): void }) {
  const { t } = useWords();
  return (
    <Modal
      opened={opened}
      onClose={onClose}
      title={t('help.title')}
      closeButtonProps={{ 'aria-label': t('common.close') }}
    >
      <table className="grid">
        <tbody>
          <KeyRow keys="/" words={t('help.search')} />
          <KeyRow keys="?" words={t('help.help')} />
          {listKeys.map(([keys, words]) => (
            <KeyRow key={keys} keys={keys} words={t(words)} />
          ))}
          {places.map(({ key, label }) => (
            <KeyRow key={key} keys={`g ${key}`} words={t('help.goTo', { screen: t(label) })} />
          ))}
        </tbody>
      </table>
    </Modal>
  );
}

function KeyRow({ keys, words }: { keys: string; words: string }) {
  return (
    <tr>
      <th scope="row">
        <kbd className="mono">{keys}</kbd>
      </th>
      <td>{words}</td>
    </tr>
  );
}
