// Calls about what goes beside words. The bytes are at /media/:id, by a signed address that every message has.
import { z } from 'zod'
import { message, upload } from '../../../shared/model.ts'
import { retryItem } from '../../inbox/retry-media.ts'
import { param, type Route, route } from '../route.ts'

export const mediaRoutes: Route[] = [
  route({
    method: 'post',
    path: '/api/media',
    operation: 'uploadMedia',
    summary: 'Keeps a file of at most 16 MB (the field `file` of a form), for a message to go with.',
    takesFile: true,
    fails: ['unsupported_media', 'payload_too_large', 'validation_failed'],
    answers: { 201: upload },
    handle: async ({ uploads }, { request, caller }) => ({ status: 201, body: await uploads.receive(request, caller.orgId) }),
  }),
  route({
    method: 'post',
    path: '/api/media/:id/retry',
    operation: 'retryMedia',
    summary: 'Fetches an attachment again that could not be fetched; answers its message.',
    answers: { 202: z.object({ message }) },
    handle: async (parts, call) => ({ status: 202, body: { message: await retryItem(parts, call.caller, param(call, 'id')) } }),
  }),
]
