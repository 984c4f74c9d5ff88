/** What one may do with the case now. The usual moves are buttons, the rare ones stand in a menu; each says what it leads to. */
import { Button, Menu } from '@mantine/core';
import { IconChevronDown } from '@tabler/icons-react';
import { useState } from 'react';
import type { CaseActionName, CaseDetail } from '../../api/types';
import { useWords } from '../../i18n/use-words';
import { ActionDialog } from './action-dialog';

const prominent: readonly CaseActionName[] = [
  'decide',
  'takeOver',
  'handBack',
  'resolve',
  'verify',
  'close',
  'reopen',
];

export function Actions({ detail }: { detail: CaseDetail }) {
  const { t } = useWords();
  const [asking, setAsking] = useState<CaseActionName>();
  const { allowedActions } = detail;
  // Deciding on effects alone is done beside each effect.
  const decidable = detail.case.state === 'DECISION_PENDING' || detail.case.manualFrom === 'DECISION_PENDING';
  const offered = allowedActions.filter((action) => action !== 'decide' || decidable);
  const buttons = offered.filter((action) => prominent.includes(action)).slice(0, 3);
  const rest = offered.filter((action) => !buttons.includes(action));
  return (
    <>
      {buttons.map((action, index) => (
        <Button
          key={action}
          size="sm"
          variant={index === 0 ? 'filled' : 'default'}
          onClick={() => setAsking(action)}
        >
          {t(`action.${action}`)}
        </Button>
      ))}
      {rest.length > 0 && (
        <Menu position="bottom-end" width={320}>
          <Menu.Target>
            <Button size="sm" variant="default" rightSection={<IconChevronDown size={16} />}>
              {t('case.more')}
            </Button>
          </Menu.Target>
          <Menu.Dropdown>
            {rest.map((action) => (
              <Menu.Item key={action} onClick={() => setAsking(action)}>
                {t(`action.${action}`)}
                <div className="dim" style={{ fontSize: '0.76rem' }}>
                  {t(`action.${action}.consequence`)}
                </div>
              </Menu.Item>
            ))}
          </Menu.Dropdown>
        </Menu>
      )}
      {asking !== undefined && (
        <ActionDialog action={asking} detail={detail} onClose={() => setAsking(undefined)} />
      )}
    </>
  );
}
