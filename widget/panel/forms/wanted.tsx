// Opens the form of the page's choice, as soon as the template can be asked for.
import { useEffect } from 'preact/hooks'
import type { Target } from '../../client/panel.ts'
import { useShared } from '../shared-state.ts'
import { useScene } from '../thread-scene.ts'

export function Wanted({ template: wanted }: { template: NonNullable<Target['template']> }) {
  const { client } = useShared()
  const scene = useScene()
  const { name, variables = {} } = typeof wanted === 'string' ? { name: wanted } : wanted
  const isReady = client.ready.value !== null
  useEffect(() => {
    if (isReady)
      void client.findTemplate(name).then((template) => {
        if (template) scene.mode.value = { at: 'form', template, variables }
      })
  }, [scene, wanted, isReady])
  return null
}
