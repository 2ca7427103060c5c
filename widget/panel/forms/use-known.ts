// The values that fill a template's form by themselves, as far as they are there by now.
import type { OwnConversation } from '../../../shared/model.ts'
import { useShared } from '../shared-state.ts'
import type { Known } from './template-values.ts'
import { useRecordData } from './use-record-data.ts'

export function useKnown(conversation: OwnConversation): Known {
  const { client, zone, context } = useShared()
  const record = useRecordData(conversation.coordinationId)
  const { coordinationId, variables = {} } = context.value
  // Of a page about another record nothing belongs here.
  const isHere = coordinationId === undefined || coordinationId === conversation.coordinationId
  const { agent, senderName = null, organizationName = null } = client.ready.value ?? {}
  const names = { agentName: agent?.name ?? '', senderName, organizationName }
  return { record, page: isHere ? variables : {}, conversation, names, zone }
}
