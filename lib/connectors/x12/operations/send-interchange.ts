import { sendInterchangeOperation } from '../../kit/edi/send-interchange';
import { checked, outgoingOf } from '../outgoing';

/** Media type of RFC 1767. */
export const sendInterchange = sendInterchangeOperation({
  description: 'Sends a 997 or any other X12 interchange that is ready; one that is malformed is not sent.',
  checked,
  outgoing: ({ content, fileName }, controlNumber, { settings }) =>
    outgoingOf(content, controlNumber, fileName, settings.charset),
});
