import { TITLE_LIMITS } from '../title/documents/limits.ts';
import type { TitleMessenger } from '../title/wallet/ports.ts';
import { post } from './http-client.ts';
import { askUdp } from './udp-client.ts';

/** Carries requests to title servers wherever they are: by UDP where a port is named, by HTTP otherwise. */
export const titleMessenger: TitleMessenger = {
  exchange: (url, udpPort, request) =>
    udpPort === undefined
      ? post(url, request, TITLE_LIMITS.messageBytes, 'application/octet-stream')
      : askUdp(new URL(url).hostname, udpPort, request),
};
