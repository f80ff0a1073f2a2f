import { later } from './later.ts';
import { row, silentRow } from './row.ts';

export const mobileRows = [
  row(
    'CreatePlatformApplication',
    later(async () => (await import('../handlers/create-platform-application.ts')).createPlatformApplication),
  ),
  silentRow(
    'DeletePlatformApplication',
    later(async () => (await import('../handlers/delete-platform-application.ts')).deletePlatformApplication),
  ),
  row(
    'GetPlatformApplicationAttributes',
    later(
      async () => (await import('../handlers/get-platform-application-attributes.ts')).getPlatformApplicationAttributes,
    ),
  ),
  silentRow(
    'SetPlatformApplicationAttributes',
    later(
      async () => (await import('../handlers/set-platform-application-attributes.ts')).setPlatformApplicationAttributes,
    ),
  ),
  row(
    'ListPlatformApplications',
    later(async () => (await import('../handlers/list-platform-applications.ts')).listPlatformApplications),
  ),
  row(
    'CreatePlatformEndpoint',
    later(async () => (await import('../handlers/create-platform-endpoint.ts')).createPlatformEndpoint),
  ),
  silentRow(
    'DeleteEndpoint',
    later(async () => (await import('../handlers/delete-endpoint.ts')).deleteEndpoint),
  ),
  row(
    'GetEndpointAttributes',
    later(async () => (await import('../handlers/get-endpoint-attributes.ts')).getEndpointAttributes),
  ),
  silentRow(
    'SetEndpointAttributes',
    later(async () => (await import('../handlers/set-endpoint-attributes.ts')).setEndpointAttributes),
  ),
  row(
    'ListEndpointsByPlatformApplication',
    later(
      async () =>
        (await import('../handlers/list-endpoints-by-platform-application.ts')).listEndpointsByPlatformApplication,
    ),
  ),
];
