// The demo host's own script: theme, switch of agents, and what the page tells Hilo about itself.
{
  const root = document.documentElement
  const kept = () => {
    try {
      return localStorage.getItem('agora-theme')
    } catch {
      return null // storage is off in this browser
    }
  }
  const keep = (theme) => {
    try {
      localStorage.setItem('agora-theme', theme)
    } catch {
      // the choice lasts for this page then
    }
  }
  const preferred = matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light'
  let theme = new URLSearchParams(location.search).get('theme') ?? kept() ?? preferred
  root.dataset.theme = theme

  // Calls wait in this list until the widget is there.
  window.Hilo = window.Hilo || []
  window.Hilo.push(['init', { theme }])

  document.addEventListener('DOMContentLoaded', () => {
    const { record, phone, name, variables } = document.body.dataset
    if (record) window.Hilo.push(['setContext', { coordinationId: record, phone, name, variables: JSON.parse(variables) }])

    const toggle = document.querySelector('#theme')
    const show = () => {
      root.dataset.theme = theme
      toggle.textContent = theme === 'dark' ? toggle.dataset.light : toggle.dataset.dark
    }
    show()
    toggle.addEventListener('click', () => {
      theme = theme === 'dark' ? 'light' : 'dark'
      keep(theme)
      show()
      if (Array.isArray(window.Hilo)) window.Hilo.push(['init', { theme }])
      else window.Hilo.init({ theme })
    })

    // What an agent moved or a client confirmed is seen at once, on every page that shows it.
    const changes = new EventSource('/demo/changes')
    changes.addEventListener('message', async ({ data }) => {
      const { id } = JSON.parse(data)
      const cells = document.querySelectorAll(`[data-cell^="${CSS.escape(id)} "]`)
      if (cells.length === 0) return
      const answer = await fetch(location.href)
      const fresh = new DOMParser().parseFromString(await answer.text(), 'text/html')
      for (const cell of cells) {
        const now = fresh.querySelector(`[data-cell="${CSS.escape(cell.dataset.cell)}"]`)
        if (now) cell.replaceWith(document.importNode(now, true))
      }
      showPlan()
    })
    addEventListener('pagehide', () => changes.close())

    const move = document.querySelector('#move')
    move?.addEventListener('submit', async (event) => {
      event.preventDefault()
      const said = document.querySelector('#moved')
      const body = JSON.stringify({ startsAt: `${move.elements.startsAt.value}:00-03:00` })
      const answer = await fetch(`/demo/records/${move.dataset.id}`, {
        method: 'POST',
        headers: { 'Content-Type': 'application/json' },
        body,
      })
      said.textContent = answer.ok ? said.dataset.done : move.dataset.failed
      if (answer.ok) showPlan()
    })

    const plan = document.querySelector('#plan')
    async function showPlan() {
      if (plan === null) return
      const { token } = await (await fetch(`/demo/token?agent=${plan.dataset.agent}`)).json()
      const answer = await fetch(`/api/coordinations/${plan.dataset.id}/plan`, { headers: { Authorization: `Bearer ${token}` } })
      if (!answer.ok) return
      const { items, timezone } = await answer.json()
      const write = new Intl.DateTimeFormat(plan.dataset.locale, { timeZone: timezone, dateStyle: 'medium', timeStyle: 'short' })
      const lines = items
        .filter(({ skipped, text }) => skipped === null && text !== null)
        .map(({ dueAt, text }) => {
          const line = document.createElement('li')
          const time = document.createElement('time')
          time.dateTime = dueAt
          time.textContent = write.format(new Date(dueAt))
          line.append(time, ` ${text}`)
          return line
        })
      plan.replaceChildren(...lines)
      if (lines.length === 0) plan.append(plan.dataset.nothing)
    }
    showPlan()

    document.querySelector('#agent').addEventListener('change', (event) => {
      const address = new URL(location.href)
      address.searchParams.set('agent', event.target.value)
      location.assign(address)
    })
  })
}
