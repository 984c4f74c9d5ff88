import { Autocomplete, Stack, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { meQuery } from '../../api/queries';
import type { CaseActionName, CaseDetail } from '../../api/types';
import { useWords } from '../../i18n/use-words';
import { ReasonDialog } from '../../parts/reason-dialog';
import { useCaseAction } from './use-case-action';

interface ActionDialogProps {
  action: CaseActionName;
  detail: CaseDetail;
  onClose(): void;
}

/** What a case may be decided to, where its policy has not said more; any other word is taken, too. */
const outcomes = ['SPLIT', 'REALLOCATE', 'BACKORDER', 'MANUAL'];
const dayMs = 24 * 3_600_000;
const dangerous = new Set<CaseActionName>(['suppress', 'cancel']);

export function ActionDialog({ action, detail, onClose }: ActionDialogProps) {
  const { t } = useWords();
  const { data: me } = useQuery(meQuery);
  const act = useCaseAction(detail.case);
  const [fields, setFields] = useState<Record<string, string>>({
    assignee: detail.case.assignee ?? me?.actor ?? '',
    outcome: '',
    system: detail.case.partner,
    description: '',
    reference: '',
    days: '7',
  });
  const set = (name: string) => (value: string) => setFields((before) => ({ ...before, [name]: value }));
  return (
    <ReasonDialog
      title={t(`action.${action}`)}
      consequence={t(`action.${action}.consequence`)}
      submit={t(`action.${action}`)}
      danger={dangerous.has(action)}
      busy={act.isPending}
      error={act.error?.message}
      ready={isReady(action, fields)}
      onClose={onClose}
      onSubmit={(reason) => act.mutate({ action, reason, ...moreOf(action, fields) }, { onSuccess: onClose })}
    >
      <Fields action={action} fields={fields} set={set} />
    </ReasonDialog>
  );
}

interface FieldsProps {
  action: CaseActionName;
  fields: Record<string, string>;
  set(name: string): (value: string) => void;
}

function Fields({ action, fields, set }: FieldsProps) {
  const { t } = useWords();
  const text = (name: string, label: string, required = true) => (
    <TextInput
      label={label}
      value={fields[name] ?? ''}
      onChange={(event) => set(name)(event.currentTarget.value)}
      required={required}
      maxLength={500}
    />
  );
  if (action === 'assign') return text('assignee', t('action.assign.who'), false);
  if (action === 'decide')
    return (
      <Autocomplete
        label={t('action.decide.outcome')}
        data={outcomes}
        value={fields.outcome ?? ''}
        onChange={set('outcome')}
        required
      />
    );
  if (action === 'suppress')
    return (
      <TextInput
        type="number"
        min={1}
        max={365}
        label={t('action.suppress.days')}
        value={fields.days ?? ''}
        onChange={(event) => set('days')(event.currentTarget.value)}
        required
      />
    );
  if (action !== 'resolve' && action !== 'verify') return null;
  return (
    <Stack gap="xs">
      {text('system', t('action.evidence.system'))}
      {text('description', t('action.evidence.description'))}
      {text('reference', t('action.evidence.reference'), false)}
    </Stack>
  );
}

function isReady(action: CaseActionName, fields: Record<string, string>): boolean {
  const filled = (name: string): boolean => (fields[name] ?? '').trim() !== '';
  if (action === 'decide') return filled('outcome');
  if (action === 'suppress') return Number(fields.days) >= 1;
  if (action === 'resolve' || action === 'verify') return filled('system') && filled('description');
  return true;
}

function moreOf(action: CaseActionName, fields: Record<string, string>): Record<string, unknown> {
  const { assignee = '', outcome = '', system = '', description = '', reference = '', days = '' } = fields;
  if (action === 'assign') return { assignee: assignee.trim() || null };
  if (action === 'decide') return { outcome: outcome.trim() };
  if (action === 'suppress') return { until: new Date(Date.now() + Number(days) * dayMs).toISOString() };
  if (action !== 'resolve' && action !== 'verify') return {};
  const item = { system: system.trim(), description: description.trim() };
  return { evidence: [reference.trim() === '' ? item : { ...item, reference: reference.trim() }] };
}
