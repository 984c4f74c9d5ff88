/** A node's link into the flow editor; plain words for whom the editor does not let in. */
import { notifications } from '@mantine/notifications';
import { useQuery } from '@tanstack/react-query';
import type { MouseEvent, ReactNode } from 'react';
import { editorNode, enterEditor } from '../api/editor';
import { meQuery } from '../api/queries';

interface EditorLinkProps {
  nodeId: string;
  className?: string;
  /** What it says where its content is drawn. */
  label?: string;
  /** Inside of a drawing. */
  drawn?: boolean;
  children: ReactNode;
}

export function EditorLink({ nodeId, className, label, drawn = false, children }: EditorLinkProps) {
  const { data: me } = useQuery(meQuery);
  // Flows belong to the whole house: nobody who is limited to a part of it gets into the editor.
  const mayOpen = me?.roles.includes('analyst') === true && me.scope === null;
  if (mayOpen)
    return (
      <a
        href={editorNode(nodeId)}
        className={className}
        aria-label={label}
        onClick={(event) => void open(event, nodeId)}
      >
        {children}
      </a>
    );
  if (!drawn) return <span>{children}</span>;
  return (
    <g>
      <title>{label}</title>
      {children}
    </g>
  );
}

async function open(event: MouseEvent, nodeId: string): Promise<void> {
  if (event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  try {
    await enterEditor();
    window.location.assign(new URL(editorNode(nodeId), document.baseURI));
  } catch (error) {
    notifications.show({ color: 'red', message: error instanceof Error ? error.message : String(error) });
  }
}
