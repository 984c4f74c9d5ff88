/** Regions and partners that somebody is limited to; nothing limits nothing. */
import { TextInput } from '@mantine/core';
import type { User } from '../../api/types';
import { useWords } from '../../i18n/use-words';

/** As typed: names with commas between. */
export interface Limits {
  regions: string;
  partners: string;
}

export const noLimits: Limits = { regions: '', partners: '' };

export const limitsOf = (scope: User['scope']): Limits => ({
  regions: scope?.regions?.join(', ') ?? '',
  partners: scope?.partners?.join(', ') ?? '',
});

export function scopeOf({ regions, partners }: Limits): User['scope'] {
  const [region, partner] = [namesOf(regions.toUpperCase()), namesOf(partners)];
  if (region.length === 0 && partner.length === 0) return undefined;
  return {
    ...(region.length > 0 && { regions: region }),
    ...(partner.length > 0 && { partners: partner }),
  };
}

const namesOf = (text: string): string[] => text.split(/[\s,;]+/).filter((name) => name !== '');

export function LimitFields({ value, onChange }: { value: Limits; onChange(value: Limits): void }) {
  const { t } = useWords();
  return (
    <>
      <TextInput
        label={t('users.regions')}
        description={t('users.limitHint')}
        placeholder="DE, US-CA"
        value={value.regions}
        onChange={(event) => onChange({ ...value, regions: event.currentTarget.value })}
      />
      <TextInput
        label={t('users.partners')}
        description={t('users.limitHint')}
        value={value.partners}
        onChange={(event) => onChange({ ...value, partners: event.currentTarget.value })}
      />
    </>
  );
}
