import { ActionIcon, Button, Checkbox, Menu, Modal, Stack, TextInput } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { notifications } from '@mantine/notifications';
import { IconBookmark, IconTrash } from '@tabler/icons-react';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useNavigate } from 'react-router';
import { post } from '../../api/client';
import { meQuery, viewsQuery } from '../../api/queries';
import type { SavedView } from '../../api/types';
import { useWords } from '../../i18n/use-words';
import type { View } from './view';

export function SavedViews({ view }: { view: View }) {
  const { t } = useWords();
  const navigate = useNavigate();
  const { data } = useQuery(viewsQuery);
  const { data: me } = useQuery(meQuery);
  const remove = useRemove();
  const [saving, dialog] = useDisclosure(false);
  return (
    <>
      <Menu position="bottom-end" width={280}>
        <Menu.Target>
          <Button variant="default" size="xs" leftSection={<IconBookmark size={16} />}>
            {t('views.title')}
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          {(data?.items ?? []).map((item) => (
            <Menu.Item
              key={item.id}
              onClick={() => void navigate(`/${item.location}`)}
              rightSection={
                item.owner === me?.actor && (
                  <ActionIcon
                    component="div"
                    variant="subtle"
                    color="gray"
                    size="sm"
                    aria-label={t('views.remove', { name: item.name })}
                    onClick={(event) => {
                      event.stopPropagation();
                      remove.mutate(item);
                    }}
                  >
                    <IconTrash size={14} />
                  </ActionIcon>
                )
              }
            >
              {item.name}
              {item.shared && <span className="dim"> · {t('views.shared')}</span>}
            </Menu.Item>
          ))}
          {(data?.items.length ?? 0) > 0 && <Menu.Divider />}
          <Menu.Item onClick={dialog.open}>{t('views.save')}</Menu.Item>
        </Menu.Dropdown>
      </Menu>
      <SaveDialog view={view} opened={saving} onClose={dialog.close} />
    </>
  );
}

function useRemove() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ id }: SavedView) => post(`views/${encodeURIComponent(id)}/remove`, {}),
    onSettled: () => client.invalidateQueries({ queryKey: ['views'] }),
  });
}

function SaveDialog({ view, opened, onClose }: { view: View; opened: boolean; onClose(): void }) {
  const { t } = useWords();
  const client = useQueryClient();
  const [name, setName] = useState('');
  const [shared, setShared] = useState(false);
  const save = useMutation({
    mutationFn: () => {
      const query = view.params.toString();
      return post('views', {
        name: name.trim(),
        shared,
        location: query === '' ? 'cases' : `cases?${query}`,
      });
    },
    onSuccess: async () => {
      await client.invalidateQueries({ queryKey: ['views'] });
      notifications.show({ message: t('views.saved', { name }), color: 'teal' });
      setName('');
      onClose();
    },
    onError: (error) => notifications.show({ message: error.message, color: 'red' }),
  });
  return (
    <Modal
      opened={opened}
      onClose={onClose}
      title={t('views.save')}
      closeButtonProps={{ 'aria-label': t('common.close') }}
    >
      <form
        onSubmit={(event) => {
          event.preventDefault();
          save.mutate();
        }}
      >
        <Stack>
          <TextInput
            label={t('views.name')}
            value={name}
            onChange={(event) => setName(event.currentTarget.value)}
            required
            maxLength={100}
            data-autofocus
          />
          <Checkbox
            label={t('views.share')}
            checked={shared}
            onChange={(event) => setShared(event.currentTarget.checked)}
          />
          <Button type="submit" loading={save.isPending} disabled={name.trim() === ''}>
            {t('common.save')}
          </Button>
        </Stack>
      </form>
    </Modal>
  );
}
